// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.bench.ConnectsJvm.Way;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a non-blocking connect through a SOCKS server costs, one at a time and many at once on one selector: with the
 * agent, in a program that does the handshake by hand, and in Netty with its own handler. In each case a connect is over
 * when the application may write, and the connection is closed without a word. The server is {@link InstantServer}.
 *
 * <p>The programs all run at once and are told in turn to measure for a fraction of a second. Then each runs alone under
 * strace, which counts its system calls.
 *
 * <p>Arguments: those of {@link Options}; 25 rounds.
 */
public final class Connects {
    private static final int DEFAULT_ROUNDS = 25;
    private static final int WARM_UP_TRACED = 100;
    private static final int TRACED = 500;

    /** How many connects are made, and how many of them at once. */
    private record Load(int connects, int inFlight) {
        @Override
        public String toString() {
            return connects + " " + inFlight;
        }
    }

    private record Running(Way way, Measured program) {}

    private static final List<Load> LOADS = List.of(new Load(500, 1), new Load(2_000, 64));

    private final Path home;
    private final Options options;
    private final InstantServer server;
    private final Rounds rounds = new Rounds();

    private Connects(Path home, Options options, InstantServer server) {
        this.home = home;
        this.options = options;
        this.server = server;
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, DEFAULT_ROUNDS);
        try (InstantServer server = InstantServer.start(options.demoJar())) {
            for (Path home : options.homes()) {
                Connects connects = new Connects(home, options, server);
                connects.measure();
                System.out.printf(
                        Locale.ROOT,
                        "Java %s, %d rounds. Medians; a ratio is the median of the rounds' ratios, to SOCKS by hand or to Netty's%n"
                                + "handler; server is how busy the server's thread was.%n%n",
                        Options.version(home),
                        options.rounds());
                LOADS.forEach(connects::print);
                connects.count();
            }
        }
    }

    private void measure() throws IOException, InterruptedException {
        List<Running> programs = new ArrayList<>();
        try {
            for (Way way : Way.values()) {
                programs.add(new Running(way, ConnectsJvm.start(way, home, options, server)));
            }
            int warmUp = options.warmUpRounds();
            for (int round = 0; round < warmUp + options.rounds(); round++) {
                Collections.reverse(programs); // so that none always comes after the same other
                for (Load load : LOADS) {
                    for (Running running : programs) {
                        measure(running.way, running.program, load, round >= warmUp);
                    }
                }
            }
        } finally {
            for (Running running : programs) {
                running.program.close();
            }
        }
    }

    private void measure(Way way, Measured program, Load load, boolean counted)
            throws IOException, InterruptedException {
        InstantServer.Done before = server.done();
        Map<String, Double> figures = program.measure(load.toString());
        InstantServer.Done after = server.done();
        requireRouted(way, before, after, load.connects);
        if (counted) {
            figures.forEach((figure, value) -> rounds.add(way.label(), load + figure, value));
            double cpuMicros = (after.cpuMicros() - before.cpuMicros()) / load.connects;
            rounds.add(way.label(), load + "server", 100 * cpuMicros * figures.getOrDefault("rate", 0.0) / 1e6);
        }
    }

    private static void requireRouted(Way way, InstantServer.Done before, InstantServer.Done after, int connects) {
        double requests = after.requests() - before.requests();
        if (requests != (way.isRouted() ? connects : 0)) {
            throw new IllegalStateException(
                    way.label() + ": the server had " + requests + " requests in " + connects + " connects");
        }
    }

    private void print(Load load) {
        System.out.printf(
                Locale.ROOT,
                "%-27s %7s %6s   %7s %6s   %7s %6s   %7s %6s   %6s%n",
                load.inFlight + (load.inFlight == 1 ? " at a time" : " at once"),
                "per s",
                "ratio",
                "p50, us",
                "ratio",
                "p99, us",
                "ratio",
                "CPU, us",
                "ratio",
                "server");
        for (Way way : Way.values()) {
            System.out.printf(Locale.ROOT, "%-27s", way.label());
            for (String figure : List.of("rate", "p50", "p99", "cpu")) {
                System.out.printf(
                        Locale.ROOT,
                        figure.equals("rate") ? " %7.0f %6.2f  " : " %7.1f %6.2f  ",
                        rounds.median(way.label(), load + figure),
                        rounds.ratio(way.label(), way.baseline().label(), load + figure));
            }
            System.out.printf(Locale.ROOT, " %4.0f %%%n", rounds.median(way.label(), load + "server"));
        }
        System.out.println();
    }

    private void count() throws IOException, InterruptedException {
        System.out.printf(Locale.ROOT, "%-27s", "System calls of a connect");
        for (Load load : LOADS) {
            System.out.printf(Locale.ROOT, " %12s", load.inFlight + (load.inFlight == 1 ? " at a time" : " at once"));
        }
        System.out.println("   of the former");
        for (Way way : Way.values()) {
            List<SystemCalls> calls = trace(way);
            System.out.printf(Locale.ROOT, "%-27s", way.label());
            for (SystemCalls measurement : calls) {
                System.out.printf(Locale.ROOT, " %12.1f", measurement.each(TRACED));
            }
            System.out.println("   " + calls.get(0).kinds(TRACED));
        }
        System.out.println();
    }

    /** What the program calls in a measurement of each load, after one that does not count. */
    private List<SystemCalls> trace(Way way) throws IOException, InterruptedException {
        Path file = Files.createTempFile("argyle-connects", ".strace");
        try (Measured program = ConnectsJvm.start(way, home, options, server, SystemCalls.trace(file))) {
            // one at a time, so that no other connection is left to be closed in what counts
            program.measure(new Load(WARM_UP_TRACED, 1).toString());
            for (Load load : LOADS) {
                program.measure(new Load(TRACED, load.inFlight).toString());
            }
            JvmResult result = program.end();
            if (result.exitCode() != 0) {
                throw new IllegalStateException(way.label() + " under strace: " + result);
            }
            List<SystemCalls> calls = SystemCalls.read(file);
            return calls.subList(1, calls.size());
        } finally {
            Files.delete(file);
        }
    }
}
