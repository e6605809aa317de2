// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A SOCKS server at 127.0.0.1 without authentication that answers each request with the same octets, and then keeps the
 * connection until the client leaves or it is told to end.
 */
final class AssociatingServer implements AutoCloseable {
    /** REP 7. */
    static final String NOT_SUPPORTED = "05070001 00000000 0000";

    /** What it answers a request with, in hexadecimal; nothing: it closes the connection. May wait. */
    interface Answer {
        String octets() throws InterruptedException;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final List<Socket> visitors = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile Answer answer;

    AssociatingServer(Answer answer) throws IOException {
        this.answer = answer;
        start(this::accept);
    }

    /** Has its relay at a port of its own address. */
    static AssociatingServer granting(int relayPort) throws IOException {
        return new AssociatingServer(() -> grant(relayPort));
    }

    static String grant(int relayPort) {
        return "05000001 7F000001 " + HexFormat.of().toHexDigits((short) relayPort);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "associating server");
        thread.setDaemon(true);
        thread.start();
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
            OutputStream out = visitor.getOutputStream();
            in.readUnsignedByte();
            in.readNBytes(in.readUnsignedByte());
            out.write(hex("0500"));
            requests.add(HexFormat.of().formatHex(in.readNBytes(10)));
            String octets = answer.octets();
            out.write(hex(octets));
            while (!octets.isEmpty() && in.read() >= 0) {
                // what follows is of no meaning
            }
        } catch (IOException | InterruptedException e) {
            // the visitor has left, or is made to
        } finally {
            open.decrementAndGet();
        }
    }

    private static byte[] hex(String octets) {
        return HexFormat.of().parseHex(octets.replace(" ", ""));
    }

    /** What it answers from now on. */
    void answer(Answer next) {
        answer = next;
    }

    String url() {
        return "socks5h://127.0.0.1:" + listener.getLocalPort();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Each request with an address of IPv4, in hexadecimal. */
    List<String> requests() {
        return requests;
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
