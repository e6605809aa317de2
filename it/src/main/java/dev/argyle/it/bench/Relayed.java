// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.bench.TrafficJvm.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a connection through the SOCKS server costs, in two parts. Once it is open: the same program, plain through a
 * forwarder and with the agent through the SOCKS server, which pass octets on by the same relay, so that any difference
 * is the agent's. While it is opened: plain and direct, plain through the forwarder, with the JDK's own SOCKS client, and
 * with the agent.
 *
 * <p>The programs all run at once and are told in turn to measure for a fraction of a second.
 *
 * <p>Arguments: those of {@link Options}; 25 rounds.
 */
public final class Relayed {
    private static final int DEFAULT_ROUNDS = 25;
    private static final String CONNECT = "connect";
    private static final List<String> ONCE_OPEN = List.of("ping 1", "ping 64", "ping 4096", "up", "down");

    private final Rounds rounds = new Rounds();
    private final List<TrafficJvm> programs = new ArrayList<>();

    private Relayed() {}

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, DEFAULT_ROUNDS);
        try (Servers servers = Servers.start(options.demoJar())) {
            for (Path home : options.homes()) {
                Relayed relayed = new Relayed();
                try {
                    for (Way way : Way.values()) {
                        relayed.programs.add(TrafficJvm.start(way, home, options, servers));
                    }
                    relayed.measure(options.warmUpRounds(), options.rounds());
                } finally {
                    for (TrafficJvm program : relayed.programs) {
                        program.close();
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "Java %s, %d rounds. Medians; a ratio is the median of the rounds' ratios.%n%n",
                        Options.version(home),
                        options.rounds());
                relayed.print();
            }
        }
    }

    private void measure(int warmUp, int counted) throws IOException, InterruptedException {
        for (int round = 0; round < warmUp + counted; round++) {
            Collections.reverse(programs); // so that none always comes after the same other
            for (TrafficJvm program : programs) {
                measure(program, CONNECT, round >= warmUp);
            }
            for (String measurement : ONCE_OPEN) {
                for (TrafficJvm program : programs) {
                    if (program.way() == Way.FORWARDED || program.way() == Way.ARGYLE) {
                        measure(program, measurement, round >= warmUp);
                    }
                }
            }
        }
    }

    private void measure(TrafficJvm program, String measurement, boolean counts)
            throws IOException, InterruptedException {
        program.measure(measurement).forEach((figure, value) -> {
            if (counts) {
                rounds.add(program.way().label(), measurement + " " + figure, value);
            }
        });
    }

    private void print() {
        System.out.println("Once open                      forwarded    Argyle   ratio");
        for (int octets : new int[] {1, 64, 4096}) {
            printOpen(octets + " there and back, p50, us", "ping " + octets + " p50");
            printOpen(octets + " there and back, p99, us", "ping " + octets + " p99");
        }
        printOpen("up, MB/s", "up rate");
        printOpen("down, MB/s", "down rate");
        System.out.println();
        System.out.println("Connect, echo, close             p50, us   ratio   CPU, us   ratio");
        for (Way way : Way.values()) {
            printConnect(way.label(), way, Way.DIRECT);
        }
        printConnect("Argyle to JDK's SOCKS", Way.ARGYLE, Way.JDK);
        System.out.println();
    }

    private void printOpen(String label, String figure) {
        System.out.printf(
                Locale.ROOT,
                "%-30s %9.1f %9.1f   %5.2f%n",
                label,
                rounds.median(Way.FORWARDED.label(), figure),
                rounds.median(Way.ARGYLE.label(), figure),
                rounds.ratio(Way.ARGYLE.label(), Way.FORWARDED.label(), figure));
    }

    private void printConnect(String label, Way way, Way other) {
        System.out.printf(
                Locale.ROOT,
                "%-30s %9.1f   %5.2f %9.1f   %5.2f%n",
                label,
                rounds.median(way.label(), "connect p50"),
                rounds.ratio(way.label(), other.label(), "connect p50"),
                rounds.median(way.label(), "connect cpu"),
                rounds.ratio(way.label(), other.label(), "connect cpu"));
    }
}
