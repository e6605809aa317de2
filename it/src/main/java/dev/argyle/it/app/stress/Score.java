// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.PrintStream;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how rounds have ended. Safe for use by several threads. */
final class Score {
    private static final int MOST_TOLD = 20;

    private final Map<String, Map<String, AtomicInteger>> outcomes = new ConcurrentSkipListMap<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger wakeups = new AtomicInteger();
    private final AtomicInteger tooEarly = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    void ended(Round round) {
        rounds.incrementAndGet();
        outcomes.computeIfAbsent(round.scenario(), scenario -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(round.role() + " " + round.outcome(), outcome -> new AtomicInteger())
                .incrementAndGet();
    }

    void failed(Round round, Throwable failure) {
        if (failures.incrementAndGet() <= MOST_TOLD) {
            told.add(round + ": " + failure);
            System.err.println(round);
            failure.printStackTrace();
        }
    }

    void wakeup() {
        wakeups.incrementAndGet();
    }

    /** A read was refused because the channel was not connected yet. */
    void tooEarly() {
        tooEarly.incrementAndGet();
    }

    /** Prints a line for each scenario and one for each failure, then the totals. */
    void print(PrintStream out) {
        outcomes.forEach((scenario, counts) -> out.println("scenario " + scenario + ": " + new TreeMap<>(counts)));
        told.forEach(failure -> out.println("failure " + failure));
        out.println("wakeups " + wakeups);
        out.println("too early " + tooEarly);
        out.println("rounds " + rounds);
        out.println("failures " + failures);
    }
}
