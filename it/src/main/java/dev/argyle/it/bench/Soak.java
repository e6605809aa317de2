// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.app.endurance.DatagramSoak;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Datagrams of many sockets through the scripted server, for a long time and at a bounded rate, while control connections
 * are cut. It fails, with status 1, if what the program holds has grown between the first samples and the last: the heap, the
 * direct buffers, the descriptors, the threads.
 *
 * <pre>
 * options = *( "--seconds" number | "--rate" perSecond | "--sockets" number | "--jdk" home | "--agent" jar )
 * </pre>
 *
 * <p>600 seconds, 2,000 a second and 50 sockets unless told otherwise.
 */
public final class Soak {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int STRETCHES = 10;
    private static final long WARM_UP_MILLIS = 2_000;
    private static final long CUT_MILLIS = 200;

    /** The samples at each end that count: what is not collected yet is no growth. */
    private static final int AT_AN_END = 3;

    /** What compiled code and the JDK's own caches may take; one object for each socket that is replaced is more. */
    private static final long SPARE_OCTETS = 512 * 1024;

    private static final List<String> HELD = List.of("heap", "direct", "descriptors", "threads");

    private int seconds = 600;
    private int perSecond = 2_000;
    private int sockets = 50;
    private final List<Map<String, Double>> samples = new ArrayList<>();
    private final Random random = new Random();
    private final AtomicInteger cuts = new AtomicInteger();
    private double failed;

    private Soak() {}

    /** Runs; its status is 1 if something has grown or a socket has failed. */
    public static void main(String[] arguments) throws Exception {
        Soak soak = new Soak();
        Options options = Options.parse(soak.parse(arguments), 1);
        for (Path home : options.homes()) {
            soak.run(home, options);
            soak.judge();
        }
    }

    /** Takes its own options, and returns the others. */
    private String[] parse(String... arguments) {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--rate" -> perSecond = Integer.parseInt(value);
                case "--sockets" -> sockets = Integer.parseInt(value);
                default -> others.addAll(List.of(arguments).subList(i, Math.min(i + 2, arguments.length)));
            }
        }
        return others.toArray(String[]::new);
    }

    private void run(Path home, Options options) throws Exception {
        samples.clear();
        failed = 0;
        ScheduledExecutorService cutter = Executors.newSingleThreadScheduledExecutor();
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.start();
                Measured program = new Measured(Jvm.of(DatagramSoak.class)
                        .home(home)
                        .classPath(options.demoJar())
                        .timeout(LONGEST)
                        .options("-javaagent:" + options.agentJar() + "=proxy=socks5h://127.0.0.1:" + server.port()
                                + ",bypass=none")
                        .arguments(targets.address().getHostAddress(), targets.datagramEcho(), sockets, perSecond)
                        .start())) {
            System.out.printf(
                    Locale.ROOT,
                    "Java %s: %d sockets, at most %d datagrams a second there and back, %d s%n",
                    Options.version(home),
                    sockets,
                    perSecond,
                    seconds);
            long stretchMillis = TimeUnit.SECONDS.toMillis(seconds) / STRETCHES;
            long warmUpMillis = Math.min(WARM_UP_MILLIS, stretchMillis);
            program.measure("run " + warmUpMillis);
            // so that what is made once, with the first association that is lost, is there
            for (Association each : alive(server)) {
                end(each, Ending.CLOSE);
            }
            program.measure("run " + warmUpMillis);
            for (int i = 0; i < STRETCHES; i++) {
                Future<?> cutting =
                        cutter.scheduleWithFixedDelay(() -> cut(server), CUT_MILLIS, CUT_MILLIS, TimeUnit.MILLISECONDS);
                Map<String, Double> figures = program.measure("run " + stretchMillis);
                cutting.cancel(false);
                // none is cut any more when the sample is taken
                cutter.submit(() -> {}).get();
                sample(program);
                print(figures);
            }
            if (!targets.directVisitors().isEmpty()) {
                throw new IllegalStateException("datagrams came direct");
            }
        } finally {
            cutter.shutdown();
        }
    }

    private static List<Association> alive(ScriptedServer server) {
        return server.associations().stream()
                .filter(association -> association.exchange().ending() == null)
                .toList();
    }

    private void cut(ScriptedServer server) {
        List<Association> alive = alive(server);
        if (!alive.isEmpty()
                && end(alive.get(random.nextInt(alive.size())), random.nextBoolean() ? Ending.CLOSE : Ending.RESET)) {
            cuts.incrementAndGet();
        }
    }

    private static boolean end(Association association, Ending ending) {
        try {
            association.end(ending);
            return true;
        } catch (IOException ended) {
            return false; // by the program, meanwhile
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void sample(Measured program) throws IOException, InterruptedException {
        samples.add(program.measure("sample"));
    }

    private void print(Map<String, Double> figures) {
        Map<String, Double> sample = samples.get(samples.size() - 1);
        failed += figures.getOrDefault("failed", 0.0);
        System.out.printf(
                Locale.ROOT,
                "heap %.0f KiB, direct %.0f KiB, %.0f descriptors, %.0f threads; %.0f back, %.0f lost, %d cut, %.0f"
                        + " unreachable, %.0f failed, %.0f opened, of others %.0f forgotten%n",
                sample.getOrDefault("heap", 0.0) / 1024,
                sample.getOrDefault("direct", 0.0) / 1024,
                sample.getOrDefault("descriptors", 0.0),
                sample.getOrDefault("threads", 0.0),
                figures.getOrDefault("back", 0.0),
                figures.getOrDefault("lost", 0.0),
                cuts.getAndSet(0),
                figures.getOrDefault("unreachable", 0.0),
                figures.getOrDefault("failed", 0.0),
                figures.getOrDefault("opened", 0.0),
                figures.getOrDefault("forgotten", 0.0));
    }

    private void judge() {
        List<Map<String, Double>> first = samples.subList(0, AT_AN_END);
        List<Map<String, Double>> last = samples.subList(samples.size() - AT_AN_END, samples.size());
        boolean wrong = failed > 0;
        for (String held : HELD) {
            boolean octets = held.equals("heap") || held.equals("direct");
            // what the JDK has one of, and keeps, comes with any of the first stretches
            double before = octets ? least(held, first) : most(held, first);
            double after = least(held, last);
            boolean grown = after > before + (octets ? SPARE_OCTETS : 0);
            System.out.printf(Locale.ROOT, "%s: %.0f, then %.0f%s%n", held, before, after, grown ? ": HAS GROWN" : "");
            wrong |= grown;
        }
        System.out.println(wrong ? "failed" : "kept");
        if (wrong) {
            System.exit(1);
        }
    }

    private static double least(String held, List<Map<String, Double>> among) {
        return among.stream()
                .mapToDouble(sample -> sample.getOrDefault(held, 0.0))
                .min()
                .orElseThrow();
    }

    private static double most(String held, List<Map<String, Double>> among) {
        return among.stream()
                .mapToDouble(sample -> sample.getOrDefault(held, 0.0))
                .max()
                .orElseThrow();
    }
}
