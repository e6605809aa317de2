// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.it.server.Relay;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Tally;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A target that visits programs which listen: it reads {@code host:port} and a line feed, connects there, answers with
 * its own address there in the same way, and passes octets from one connection to the other from then on. Where it
 * cannot connect, it answers with the end of the stream.
 */
final class Visits implements AutoCloseable {
    /** An address that a server may say that it has, where it is not loopback's that a test needs. */
    static final String ELSEWHERE = "198.51.100.7";

    private final ServerSocketChannel server;
    private final Relay relay;
    private final ExecutorService threads = Executors.newCachedThreadPool(Visits::daemon);
    private final List<InetSocketAddress> visitors = new CopyOnWriteArrayList<>();

    private Visits(ServerSocketChannel server) throws IOException {
        this.server = server;
        relay = Relay.start("visits relay");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "visits");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins at an address, from which it also visits. */
    static Visits start(InetAddress address) throws IOException {
        Visits visits = new Visits(listen(address));
        visits.threads.execute(visits::accept);
        return visits;
    }

    /** Below the ports that systems give out, so that no other socket of a run has the same number. */
    private static ServerSocketChannel listen(InetAddress address) throws IOException {
        for (int left = 100; ; left--) {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                return channel.bind(new InetSocketAddress(
                        address, ThreadLocalRandom.current().nextInt(12_000, 32_000)));
            } catch (BindException e) {
                channel.close();
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** Where those came from who have asked for visits. */
    List<InetSocketAddress> visitors() {
        return visitors;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                visitors.add((InetSocketAddress) client.getRemoteAddress());
                threads.execute(() -> serve(client));
            }
        } catch (IOException closed) {
            threads.shutdown();
        }
    }

    private void serve(SocketChannel client) {
        try {
            String[] asked = line(client).split(":", 2);
            SocketChannel visitor = SocketChannel.open();
            try {
                visitor.bind(new InetSocketAddress(address().getAddress(), 0));
                visitor.connect(new InetSocketAddress(
                        asked[0].equals(ELSEWHERE) ? ScriptedServer.OUTBOUND.getHostAddress() : asked[0],
                        Integer.parseInt(asked[1])));
                InetSocketAddress local = (InetSocketAddress) visitor.getLocalAddress();
                write(client, local.getAddress().getHostAddress() + ":" + local.getPort() + "\n");
                relay.join(client, visitor, new Tally());
            } catch (IOException | RuntimeException nobody) {
                visitor.close();
                client.close();
            }
        } catch (IOException gone) {
            // the program has left, or the test is at its end
        }
    }

    private static String line(SocketChannel client) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer octet = ByteBuffer.allocate(1);
        while (client.read(octet.clear()) > 0) {
            if (octet.get(0) == '\n') {
                return line.toString();
            }
            line.append((char) octet.get(0));
        }
        throw new IOException("no whole line: " + line);
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer octets = US_ASCII.encode(text);
        while (octets.hasRemaining()) {
            client.write(octets);
        }
    }

    @Override
    public void close() throws Exception {
        server.close();
        relay.close();
        threads.shutdownNow();
    }
}
