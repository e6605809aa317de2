// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.bench.PingPongProcess.Way;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What datagrams of 200 octets through the relay of a SOCKS server cost, there and back and in a flood: with the agent, in a
 * program that does it by hand, with Dante's socksify, which is preloaded into the JVM, and with PySocks; and direct. First
 * through Dante, then through the scripted server. What is not installed is said, and left out.
 *
 * <p>The programs all run at once and are told in turn to measure for a fraction of a second. Then each runs alone under
 * strace, which counts its system calls.
 *
 * <p>Arguments: those of {@link Options}; 25 rounds.
 */
public final class Datagrams {
    private static final int DEFAULT_ROUNDS = 25;
    private static final int PINGS = 1_000;
    private static final int FLOOD_MILLIS = 150;
    private static final int ALLOCATIONS = 2_000;
    private static final int TRACED = 500;

    private static final String PING = "ping ";
    private static final String FLOOD = "flood ";
    private static final String EXCHANGE = "exchange ";
    private static final String RECEIVED = "received";
    private static final String CPU = "cpu";

    /** One program, and one kind of its sockets. */
    private record Row(Way way, String kind) {
        String label() {
            return switch (way) {
                case BY_HAND -> "by hand";
                case PYSOCKS -> "PySocks";
                case DIRECT, ARGYLE, SOCKSIFY ->
                    (way == Way.ARGYLE ? "Argyle" : way.name().toLowerCase(Locale.ROOT)) + ", "
                            + kind.replace('-', ' ');
            };
        }

        Measured in(Map<Way, Measured> programs) {
            return Objects.requireNonNull(programs.get(way));
        }

        static Stream<Row> of(Way way) {
            return way.kinds().stream().map(kind -> new Row(way, kind));
        }
    }

    private static final Row BASELINE = new Row(Way.BY_HAND, Way.BY_HAND.kinds().get(0));

    private final PingPongProcess processes;
    private final List<Way> ways;
    private final Options options;
    private final DatagramServers targets;
    private final Rounds rounds = new Rounds();

    private Datagrams(PingPongProcess processes, List<Way> ways, Options options, DatagramServers targets) {
        this.processes = processes;
        this.ways = ways;
        this.options = options;
        this.targets = targets;
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, DEFAULT_ROUNDS);
        List<Way> ways = new ArrayList<>();
        for (Way way : Way.values()) {
            if (!isLacking(PingPongProcess.lack(way))) {
                ways.add(way);
            }
        }
        boolean dante = !isLacking(Dante.lack());
        Path directory = Files.createTempDirectory("argyle-datagrams");
        try (DatagramServers targets = DatagramServers.start(options.demoJar())) {
            for (Path home : options.homes()) {
                if (dante) {
                    try (Dante server = Dante.start()) {
                        run("Dante", server.port(), directory, home, ways, options, targets);
                    }
                }
                run("the scripted server", targets.socksPort(), directory, home, ways, options, targets)
                        // which are the same whatever the server
                        .count(directory.resolve("strace"));
            }
        } finally {
            delete(directory);
        }
    }

    private static boolean isLacking(@Nullable String lack) {
        if (lack != null) {
            System.out.println("Left out: " + lack);
        }
        return lack != null;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Datagrams run(
            String server,
            int socksPort,
            Path directory,
            Path home,
            List<Way> ways,
            Options options,
            DatagramServers targets)
            throws IOException, InterruptedException {
        PingPongProcess processes = new PingPongProcess(directory, home, options, targets, socksPort);
        Datagrams datagrams = new Datagrams(processes, ways, options, targets);
        datagrams.measure();
        System.out.printf(
                Locale.ROOT,
                "Java %s, through %s, %d rounds. Medians; a ratio is the median of the rounds' ratios, to that by hand.%n"
                        + "There and back: us, and us of the process's CPU. Flood: a second, and us of the process's CPU"
                        + " for each that is sent.%n%n",
                Options.version(home),
                server,
                options.rounds());
        datagrams.print();
        return datagrams;
    }

    /**
     * What runs just before, in the same process or in another, and a flood above all, tells in what is measured: so each
     * round has an order of its own, and its floods at the end.
     */
    private void measure() throws IOException, InterruptedException {
        Map<Way, Measured> programs = new EnumMap<>(Way.class);
        try {
            for (Way way : ways) {
                programs.put(way, processes.start(way));
            }
            List<Row> rows = new ArrayList<>(rows());
            int warmUp = options.warmUpRounds();
            for (int round = 0; round < warmUp + options.rounds(); round++) {
                Collections.shuffle(rows);
                for (Row row : rows) {
                    ping(row, row.in(programs), round >= warmUp);
                }
                for (Row row : rows) {
                    flood(row, row.in(programs), round >= warmUp);
                }
            }
            for (Row row : rows()) {
                if (row.way.allocates()) {
                    add(row, "", row.in(programs).measure("allocation " + row.kind + " " + ALLOCATIONS));
                }
            }
        } finally {
            for (Measured program : programs.values()) {
                program.close();
            }
        }
    }

    private void ping(Row row, Measured program, boolean counted) throws IOException, InterruptedException {
        DatagramServers.Seen before = targets.seen();
        Map<String, Double> figures = program.measure(PING + row.kind + " " + PINGS);
        DatagramServers.Seen after = targets.seen();
        double direct = after.direct() - before.direct();
        double routed = after.routed() - before.routed();
        if (row.way.isRouted() ? direct != 0 || routed < PINGS : direct < PINGS) {
            throw new IllegalStateException(
                    row.label() + ": " + direct + " datagrams came direct, " + routed + " routed");
        }
        if (counted) {
            add(row, PING, figures);
        }
    }

    private void flood(Row row, Measured program, boolean counted) throws IOException, InterruptedException {
        double before = targets.seen().taken();
        Map<String, Double> figures = program.measure(FLOOD + row.kind + " " + FLOOD_MILLIS);
        double taken = targets.seen().taken() - before;
        if (counted) {
            add(row, FLOOD, figures);
            rounds.add(row.label(), FLOOD + RECEIVED, taken * 1000 / FLOOD_MILLIS);
        }
    }

    private void add(Row row, String measurement, Map<String, Double> figures) {
        figures.forEach((figure, value) -> rounds.add(row.label(), measurement + figure, value));
    }

    private List<Row> rows() {
        return ways.stream().flatMap(Row::of).toList();
    }

    private void print() {
        System.out.printf(
                "%-27s %6s %5s   %6s %5s   %6s %5s   %7s %8s   %6s %5s   %s%n",
                "",
                "p50",
                "ratio",
                "p99",
                "ratio",
                "CPU",
                "ratio",
                "sent",
                "received",
                "CPU",
                "ratio",
                "octets allocated");
        for (Row row : rows()) {
            System.out.printf(Locale.ROOT, "%-27s", row.label());
            printTime(row, PING + "p50");
            printTime(row, PING + "p99");
            printTime(row, PING + CPU);
            System.out.printf(
                    Locale.ROOT,
                    " %7.0f %8.0f  ",
                    rounds.median(row.label(), FLOOD + "sent"),
                    rounds.median(row.label(), FLOOD + RECEIVED));
            printTime(row, FLOOD + CPU);
            System.out.println(
                    row.way.allocates()
                            ? String.format(Locale.ROOT, " %.1f", rounds.median(row.label(), "octets"))
                            : " -");
        }
        System.out.println();
    }

    private void printTime(Row row, String figure) {
        System.out.printf(
                Locale.ROOT,
                " %6.1f %5.2f  ",
                rounds.median(row.label(), figure),
                rounds.ratio(row.label(), BASELINE.label(), figure));
    }

    private void count(Path file) throws IOException, InterruptedException {
        System.out.println("System calls there and back");
        for (Way way : ways) {
            try (Measured program = processes.start(way, SystemCalls.trace(file))) {
                for (Row row : Row.of(way).toList()) {
                    // the first is warm-up, with what is there only at the start
                    program.measure(EXCHANGE + row.kind + " 1");
                    program.measure(EXCHANGE + row.kind + " " + TRACED);
                }
                JvmResult result = program.end();
                if (result.exitCode() != 0) {
                    throw new IllegalStateException(way + " under strace: " + result);
                }
                List<SystemCalls> calls = SystemCalls.read(file);
                for (int i = 0; i < way.kinds().size(); i++) {
                    SystemCalls counted = calls.get(2 * i + 1);
                    Row row = new Row(way, way.kinds().get(i));
                    System.out.printf(
                            Locale.ROOT,
                            "%-27s %6.1f   %s%n",
                            row.label(),
                            counted.each(TRACED),
                            counted.kinds(TRACED));
                }
            }
        }
        System.out.println();
    }
}
