// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.nio.channels.AsynchronousChannelGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Makes connections for some time, many at once, each in a way of {@link SelectorScenarios}, {@link Threads} and
 * {@link AsynchronousScenarios} that is chosen at random, and checks each.
 *
 * <p>Takes the arguments of {@link Plan}. Prints the seed, {@code scenario <name>: <outcomes>}, a line {@code failure ...} for
 * whatever was not as it must be, then {@code left ...} for what is left behind, {@code idle ...} if a stalled target is
 * given, and {@code end}. A round that does not end ends the JVM, with {@code stuck ...} and all stacks.
 */
public final class Stress {
    /** How many event loops there are. */
    static final int LOOPS = 2;

    private static final int ASYNCHRONOUS_THREADS = 3;
    private static final int WARM_UPS = 3;
    private static final int FAILED = 2;

    private final Plan plan;
    private final Score score = new Score();
    private final Map<String, Scenario> scenarios = new LinkedHashMap<>();
    private final ExecutorService helpers = Executors.newCachedThreadPool(daemons("stress helper"));
    private final AsynchronousChannelGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final Set<Round> running = ConcurrentHashMap.newKeySet();

    private Stress(Plan plan) throws Exception {
        this.plan = plan;
        group = AsynchronousChannelGroup.withFixedThreadPool(ASYNCHRONOUS_THREADS, daemons("stress group"));
        for (int i = 0; i < LOOPS; i++) {
            loops.add(new EventLoop("stress loop " + i));
        }
        Map<String, Scenario> all = new LinkedHashMap<>();
        SelectorScenarios.addTo(all);
        Threads.addTo(all);
        AsynchronousScenarios.addTo(all);
        Pattern only = Pattern.compile(plan.only());
        all.forEach((name, scenario) -> {
            if (only.matcher(name).matches()) {
                scenarios.put(name, scenario);
            }
        });
    }

    /** Takes the arguments of {@link Plan} and ends the JVM, whatever threads are left. */
    public static void main(String[] args) throws Exception {
        Stress stress = new Stress(new Plan(args));
        stress.run();
        System.out.println("end");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return body -> {
            Thread thread = new Thread(body, name + " " + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Plan plan() {
        return plan;
    }

    Score score() {
        return score;
    }

    ExecutorService helpers() {
        return helpers;
    }

    AsynchronousChannelGroup group() {
        return group;
    }

    EventLoop loop(int number) {
        return loops.get(number);
    }

    private void run() throws Exception {
        long seed = plan.seed();
        System.out.println("seed " + seed);
        Thread watchdog = new Thread(this::watch, "stress watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        Random random = new Random(seed);
        // what is loaded and opened once is there afterwards
        for (int i = 0; i < WARM_UPS; i++) {
            for (Map.Entry<String, Scenario> each : scenarios.entrySet()) {
                run(each.getKey(), each.getValue(), random.nextLong());
            }
        }
        Leaks leaks = Leaks.before();
        race(random);
        score.print(System.out);
        leaks.print(System.out);
        if (plan.stalled() != null) {
            Idle.print(System.out, plan.stalled(), random);
        }
    }

    private void race(Random seeds) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.seconds());
        List<Thread> racers = new ArrayList<>();
        for (int i = 0; i < plan.threads(); i++) {
            Random random = new Random(seeds.nextLong());
            racers.add(new Thread(() -> race(random, endNanos), "stress racer " + i));
        }
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }
    }

    private void race(Random random, long endNanos) {
        List<Map.Entry<String, Scenario>> all = List.copyOf(scenarios.entrySet());
        while (System.nanoTime() - endNanos < 0) {
            Map.Entry<String, Scenario> each = all.get(random.nextInt(all.size()));
            run(each.getKey(), each.getValue(), random.nextLong());
        }
    }

    private void run(String name, Scenario scenario, long seed) {
        Round round = new Round(this, seed, name);
        running.add(round);
        try (round) {
            scenario.run(round);
        } catch (Throwable failure) {
            round.ends("WRONG");
            score.failed(round, failure);
        } finally {
            running.remove(round);
        }
        score.ended(round);
    }

    /** Whatever waits for ever has lost something. */
    private void watch() {
        long graceNanos = TimeUnit.SECONDS.toNanos(Plan.LIMIT_SECONDS / 2);
        while (true) {
            for (Round round : running) {
                if (round.isOverdue(graceNanos)) {
                    stop(round);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException never) {
                return;
            }
        }
    }

    private void stop(Round stuck) {
        score.print(System.out);
        System.out.println("stuck " + stuck);
        running.forEach(round -> System.err.println("running " + round));
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            System.err.println(thread);
            for (StackTraceElement frame : stack) {
                System.err.println("    at " + frame);
            }
        });
        System.out.flush();
        Runtime.getRuntime().halt(FAILED);
    }
}
