// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A selector that waits for many connects of which none ends. */
final class Idle {
    private static final int CHANNELS = 30;
    private static final long SETTLING_MILLIS = 1_000;
    private static final long MILLIS = 2_000;

    private Idle() {}

    /**
     * Prints {@code idle returns=<of select> self=<CPU ms of the thread that selects> all=<CPU ms of all threads>}, for two
     * seconds.
     */
    static void print(PrintStream out, SocketAddress stalled, Random random) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < CHANNELS; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.connect(stalled);
                // any of the three operations, or none
                int[] operations = {0, 1, 4, 5, 8, 9, 12, 13};
                channel.register(selector, operations[random.nextInt(operations.length)]);
            }
            selectFor(selector, SETTLING_MILLIS);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long selfBefore = threads.getCurrentThreadCpuTime();
            long allBefore = allNanos(threads);
            int returns = selectFor(selector, MILLIS);
            long allNanos = allNanos(threads) - allBefore;
            long selfNanos = threads.getCurrentThreadCpuTime() - selfBefore;
            out.println("idle returns=" + returns + " self=" + TimeUnit.NANOSECONDS.toMillis(selfNanos) + " all="
                    + TimeUnit.NANOSECONDS.toMillis(allNanos));
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static int selectFor(Selector selector, long millis) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int returns = 0;
        for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
            selector.select(left);
            returns++;
        }
        return returns;
    }

    private static long allNanos(ThreadMXBean threads) {
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            nanos += Math.max(0, threads.getThreadCpuTime(id));
        }
        return nanos;
    }
}
