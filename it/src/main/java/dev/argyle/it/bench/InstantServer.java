// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A SOCKSv5 server that does as little as it can, in a JVM of its own: it agrees to every request at once and connects
 * nowhere, all on one thread. Beside it, a listener that accepts, for connects that are direct. What a client spends then
 * shows, where a real server would hide it behind its own connect to the target and, on a machine with few cores, behind
 * the CPU that it takes from the client.
 *
 * <p>It expects each message of the handshake in one piece. Confined to one thread; closing it ends the JVM.
 */
final class InstantServer implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int BACKLOG = 1024;
    private static final int BUFFER_OCTETS = 1024;

    /** What it can be asked, and the figures of the answers. */
    private static final String PORTS = "ports";

    private static final String ACCEPT = "accept";
    private static final String SOCKS = "socks";
    private static final String FIGURES = "figures";
    private static final String REQUESTS = "requests";
    private static final String CPU = "cpu";

    private final Measured program;
    private final int acceptPort;
    private final int socksPort;

    private InstantServer(Measured program, Map<String, Double> ports) {
        this.program = program;
        acceptPort = ports.getOrDefault(ACCEPT, 0.0).intValue();
        socksPort = ports.getOrDefault(SOCKS, 0.0).intValue();
    }

    static InstantServer start(Path demoJar) throws IOException, InterruptedException {
        JvmProcess process =
                Jvm.of(InstantServer.class).classPath(demoJar).timeout(LONGEST).start();
        Measured program = new Measured(process);
        return new InstantServer(program, program.measure(PORTS));
    }

    int acceptPort() {
        return acceptPort;
    }

    int socksPort() {
        return socksPort;
    }

    /**
     * What the server has done since it started.
     *
     * @param requests how many requests it has agreed to
     * @param cpuMicros the CPU of its thread
     */
    record Done(double requests, double cpuMicros) {}

    Done done() throws IOException, InterruptedException {
        Map<String, Double> figures = program.measure(FIGURES);
        return new Done(figures.getOrDefault(REQUESTS, 0.0), figures.getOrDefault(CPU, 0.0));
    }

    @Override
    public void close() throws InterruptedException {
        program.close();
    }

    /** Serves until standard input ends, which is at the latest when the process that started it does. */
    public static void main(String[] arguments) throws IOException {
        Serving serving = new Serving();
        long servingThread = Thread.currentThread().getId();
        Thread answering = new Thread(() -> answer(serving, servingThread), "figures");
        answering.setDaemon(true);
        answering.start();
        serving.run();
    }

    private static void answer(Serving serving, long servingThread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int answers = 0;
        try (Scanner in = new Scanner(System.in, US_ASCII)) {
            while (in.hasNextLine()) {
                if (in.nextLine().equals(PORTS)) {
                    say(ACCEPT, serving.accept.socket().getLocalPort());
                    say(SOCKS, serving.socks.socket().getLocalPort());
                } else {
                    say(REQUESTS, (double) serving.requests.get());
                    say(CPU, threads.getThreadCpuTime(servingThread) / 1e3);
                }
                answers++;
                System.out.println("done " + answers);
            }
        }
        System.exit(0);
    }

    private static void say(String figure, double number) {
        System.out.println(figure + " " + number);
    }

    /** Where a connection is in the handshake: the message that it sends next, or none. */
    private enum Next {
        GREETING,
        REQUEST,
        NOTHING
    }

    private static final class Serving {
        private static final byte[] METHOD = {5, 0};
        private static final byte[] REPLY = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};

        final ServerSocketChannel accept;
        final ServerSocketChannel socks;
        final AtomicLong requests = new AtomicLong();
        private final Selector selector = Selector.open();
        private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER_OCTETS);
        private final ByteBuffer method =
                ByteBuffer.allocateDirect(METHOD.length).put(METHOD);
        private final ByteBuffer reply = ByteBuffer.allocateDirect(REPLY.length).put(REPLY);

        Serving() throws IOException {
            accept = listen(Next.NOTHING);
            socks = listen(Next.GREETING);
        }

        private ServerSocketChannel listen(Next next) throws IOException {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, next);
            return listener;
        }

        /** Serves for ever, or to the first failure. */
        void run() throws IOException {
            while (true) {
                selector.select(this::ready);
            }
        }

        private void ready(SelectionKey key) {
            try {
                if (key.isAcceptable()) {
                    SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
                    if (client != null) {
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ, key.attachment());
                    }
                } else {
                    readable((SocketChannel) key.channel(), key);
                }
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        private void readable(SocketChannel client, SelectionKey key) throws IOException {
            if (key.attachment() == Next.NOTHING) {
                client.close();
                return;
            }
            client.read(received.clear());
            received.flip();
            if (key.attachment() == Next.GREETING) {
                require(received.remaining() == 2 + received.get(1));
                client.write(method.rewind());
                key.attach(Next.REQUEST);
            } else {
                require(received.remaining() == REPLY.length && received.get(1) == 1 && received.get(3) == 1);
                requests.incrementAndGet();
                client.write(reply.rewind());
                key.attach(Next.NOTHING);
            }
        }

        private static void require(boolean whole) throws IOException {
            if (!whole) {
                throw new IOException("not one message, whole, to connect to an IPv4 address");
            }
        }
    }
}
