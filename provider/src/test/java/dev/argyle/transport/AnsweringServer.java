// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A SOCKS server at 127.0.0.1 without authentication that answers each request with the same octets, and then says what
 * it is told for each. It keeps the connection until the client leaves or it is told to end.
 */
final class AnsweringServer implements AutoCloseable {
    /** REP 1. */
    static final String GENERAL_FAILURE = "05010001 00000000 0000";

    /** REP 2. */
    static final String NOT_ALLOWED = "05020001 00000000 0000";

    /** REP 7. */
    static final String NOT_SUPPORTED = "05070001 00000000 0000";

    /** It listens at 203.0.113.7:8000. */
    static final String LISTENS = "05000001 CB007107 1F40";

    /** 198.51.100.5:4711 has connected. */
    static final String PEER = "05000001 C6336405 1267";

    /** What it answers a request with, in hexadecimal; nothing: it ends what it says. May wait. */
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
            ServerFixture.await().until(() -> answered);
            visitor.getOutputStream().write(hex(octets));
        }

        void end() throws IOException {
            visitor.close();
        }
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final List<Socket> visitors = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile Answer answer;

    AnsweringServer(Answer answer) throws IOException {
        this.answer = answer;
        start(this::accept);
    }

    /** The answer that a relay is at a port of the server's own address. */
    static String grant(int relayPort) {
        return "05000001 7F000001 " + HexFormat.of().toHexDigits((short) relayPort);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "answering server");
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
                open.incrementAndGet();
                start(() -> serve(visitor));
            } catch (IOException e) {
                // the loop's condition tells whether this was the end
            }
        }
    }

    private void serve(Socket visitor) {
        try (visitor) {
            DataInputStream in = new DataInputStream(visitor.getInputStream());
            in.readUnsignedByte();
            in.readNBytes(in.readUnsignedByte());
            visitor.getOutputStream().write(hex("0500"));
            Asked request = new Asked(visitor, request(in));
            asked.add(request);
            String octets = answer.octets();
            if (octets.isEmpty()) {
                visitor.shutdownOutput();
            } else {
                visitor.getOutputStream().write(hex(octets));
            }
            request.answered = true;
            request.left = in.read() < 0;
        } catch (IOException | InterruptedException e) {
            // the visitor has left, or is made to
        } finally {
            open.decrementAndGet();
        }
    }

    private static String request(DataInputStream in) throws IOException {
        byte[] head = new byte[5];
        in.readFully(head);
        int octets = switch (head[3]) {
            case 1 -> 3;
            case 4 -> 15;
            default -> head[4];
        };
        byte[] rest = new byte[octets + 2];
        in.readFully(rest);
        return HexFormat.of().formatHex(head) + HexFormat.of().formatHex(rest);
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

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Waits for the request of this number, from 0 on. */
    Asked asked(int number) {
        ServerFixture.await().until(() -> asked.size() > number);
        return asked.get(number);
    }

    /** Each request, in hexadecimal. */
    List<String> requests() {
        return asked.stream().map(each -> each.request).toList();
    }

    /** Where the visitors came from. */
    List<InetAddress> visitors() {
        return visitors.stream().map(Socket::getInetAddress).toList();
    }

    /** The port that the first visitor came from. */
    int visitorPort() {
        return visitors.get(0).getPort();
    }

    /** How many connections there are now. */
    int open() {
        return open.get();
    }

    /** Ends the connections. */
    void end() throws IOException {
        for (Socket visitor : visitors) {
            visitor.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        end();
    }
}
