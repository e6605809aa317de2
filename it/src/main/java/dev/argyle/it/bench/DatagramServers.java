// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.server.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that sends datagrams back, one that takes and counts them, and the scripted SOCKS server, in a JVM of their
 * own. Confined to one thread; closing it ends the JVM.
 */
final class DatagramServers implements AutoCloseable {
    /** The address of the services. */
    static final String TARGETS = "127.0.0.2";

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_OCTETS = 65_507;

    /** What it can be asked, and the figures of the answers. */
    private static final String PORTS = "ports";

    private static final String ECHO = "echo";
    private static final String SINK = "sink";
    private static final String SOCKS = "socks";
    private static final String FIGURES = "figures";
    private static final String ROUTED = "routed";
    private static final String DIRECT = "direct";
    private static final String TAKEN = "taken";

    private final Measured program;
    private final Map<String, Double> ports;

    private DatagramServers(Measured program, Map<String, Double> ports) {
        this.program = program;
        this.ports = ports;
    }

    static DatagramServers start(Path demoJar) throws IOException, InterruptedException {
        Measured program = new Measured(Jvm.of(DatagramServers.class)
                .classPath(demoJar)
                .timeout(LONGEST)
                .start());
        return new DatagramServers(program, program.measure(PORTS));
    }

    int echoPort() {
        return port(ECHO);
    }

    int sinkPort() {
        return port(SINK);
    }

    int socksPort() {
        return port(SOCKS);
    }

    private int port(String service) {
        return ports.getOrDefault(service, 0.0).intValue();
    }

    /**
     * What the services have seen since they started.
     *
     * @param routed the datagrams that came from the address from which servers send
     * @param direct those that came from another
     * @param taken those of the service that takes and counts
     */
    record Seen(double routed, double direct, double taken) {}

    Seen seen() throws IOException, InterruptedException {
        Map<String, Double> figures = program.measure(FIGURES);
        return new Seen(
                figures.getOrDefault(ROUTED, 0.0), figures.getOrDefault(DIRECT, 0.0), figures.getOrDefault(TAKEN, 0.0));
    }

    @Override
    public void close() throws InterruptedException {
        program.close();
    }

    /** Serves until standard input ends, which is at the latest when the process that started it does. */
    public static void main(String[] arguments) throws Exception {
        Service echo = new Service(true);
        Service sink = new Service(false);
        try (ScriptedServer socks = ScriptedServer.start();
                Scanner in = new Scanner(System.in, US_ASCII)) {
            int answers = 0;
            while (in.hasNextLine()) {
                if (in.nextLine().equals(PORTS)) {
                    say(ECHO, echo.port());
                    say(SINK, sink.port());
                    say(SOCKS, socks.port());
                } else {
                    echo.count();
                    sink.count();
                    say(ROUTED, echo.routed.get() + sink.routed.get());
                    say(DIRECT, echo.direct.get() + sink.direct.get());
                    say(TAKEN, sink.routed.get() + sink.direct.get());
                }
                answers++;
                System.out.println("done " + answers);
            }
        }
        System.exit(0);
    }

    private static void say(String figure, long number) {
        System.out.println(figure + " " + number);
    }

    private static final class Service {
        final AtomicLong routed = new AtomicLong();
        final AtomicLong direct = new AtomicLong();
        private final BlockingQueue<Boolean> counted = new LinkedBlockingQueue<>();
        private final boolean answers;
        private final DatagramChannel channel = DatagramChannel.open();

        Service(boolean answers) throws IOException {
            this.answers = answers;
            channel.bind(new InetSocketAddress(InetAddress.getByName(TARGETS), 0));
            Thread thread = new Thread(this::serve, answers ? ECHO : SINK);
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return channel.socket().getLocalPort();
        }

        /** Returns when all that has been sent to it before has been counted: an empty datagram comes behind that. */
        void count() throws IOException, InterruptedException {
            counted.clear();
            try (DatagramChannel end = DatagramChannel.open()) {
                do {
                    end.send(ByteBuffer.allocate(0), channel.getLocalAddress());
                } while (counted.poll(100, TimeUnit.MILLISECONDS) == null);
            }
        }

        private void serve() {
            ByteBuffer datagram = ByteBuffer.allocateDirect(MOST_OCTETS);
            try {
                while (true) {
                    InetSocketAddress from = (InetSocketAddress) channel.receive(datagram.clear());
                    if (datagram.position() == 0) {
                        counted.add(true);
                        continue;
                    }
                    if (answers) {
                        channel.send(datagram.flip(), from);
                    }
                    (from.getAddress().equals(ScriptedServer.OUTBOUND) ? routed : direct).incrementAndGet();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
