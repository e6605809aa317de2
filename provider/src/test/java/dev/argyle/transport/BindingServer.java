// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A SOCKS server at 127.0.0.1 without authentication that answers each request with the same octets; what comes after
 * those it is told for each. It keeps the connection until the client leaves or it is told to end.
 */
final class BindingServer implements AutoCloseable {
    /** It listens at 203.0.113.7:8000. */
    static final String LISTENS = "05000001 CB007107 1F40";

    /** 198.51.100.5:4711 has connected. */
    static final String PEER = "05000001 C6336405 1267";

    /** What it answers a request with, in hexadecimal. May wait. */
    interface Answer {
        String octets() throws InterruptedException;
    }

    /** One request. */
    static final class Asked {
        private final Socket visitor;
        private final String request;
        private final long atNanos = System.nanoTime();
        private volatile boolean answered;
        private volatile boolean left;

        Asked(Socket visitor, String request) {
            this.visitor = visitor;
            this.request = request;
        }

        /** In hexadecimal. */
        String request() {
            return request;
        }

        /** When it came. */
        long atNanos() {
            return atNanos;
        }

        /** Whether the client has closed the connection. */
        boolean isLeft() {
            return left;
        }

        /** Sends octets behind those of the answer. */
        void say(String octets) throws IOException {
            DatagramsFixture.await().until(() -> answered);
            visitor.getOutputStream().write(hex(octets));
        }

        void end() throws IOException {
            visitor.close();
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final List<Socket> visitors = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Answer answer;

    BindingServer(Answer answer) throws IOException {
        this.answer = answer;
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "binding server");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] hex(String octets) {
        return HexFormat.of().parseHex(octets.replace(" ", ""));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket visitor = listener.accept();
                visitors.add(visitor);
                start(() -> serve(visitor));
            } catch (IOException e) {
                // the loop's condition tells whether this was the end
            }
        }
    }

    private void serve(Socket visitor) {
        try {
            DataInputStream in = new DataInputStream(visitor.getInputStream());
            in.readUnsignedByte();
            in.readNBytes(in.readUnsignedByte());
            visitor.getOutputStream().write(hex("0500"));
            Asked request = new Asked(visitor, HexFormat.of().formatHex(request(in)));
            asked.add(request);
            visitor.getOutputStream().write(hex(answer.octets()));
            request.answered = true;
            request.left = in.read() < 0;
        } catch (IOException | InterruptedException e) {
            // the visitor has left, or is made to
        }
    }

    private static byte[] request(DataInputStream in) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        byte[] head = in.readNBytes(5);
        request.write(head);
        int octets = switch (head[3]) {
            case 1 -> 3;
            case 4 -> 15;
            default -> head[4];
        };
        request.write(in.readNBytes(octets + 2));
        return request.toByteArray();
    }

    /** What it answers from now on. */
    void answer(Answer next) {
        answer = next;
    }

    String url() {
        return "socks5h://127.0.0.1:" + port();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits for the request of this number, from 0 on. */
    Asked asked(int number) {
        DatagramsFixture.await().until(() -> asked.size() > number);
        return asked.get(number);
    }

    /** How many requests have come. */
    int count() {
        return asked.size();
    }

    void assertAsked(String... requests) {
        assertThat(asked.stream().map(Asked::request)).containsExactly(requests);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket visitor : visitors) {
            visitor.close();
        }
    }
}
