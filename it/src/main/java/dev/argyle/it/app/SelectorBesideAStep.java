// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Selects while another thread is in the midst of a step of the connect: it wants to write to standard error, which this
 * program keeps to itself.
 *
 * <p>Arguments: {@code host port}. Prints {@code held} once that thread waits, {@code woken} when the channel's descriptor has
 * become ready all the same, {@code idle} or how often a selector returned in 500 ms, and {@code connected} in the end.
 */
public final class SelectorBesideAStep {
    private static final long WINDOW_MILLIS = 500;
    private static final int FEW = 5;

    private SelectorBesideAStep() {}

    /** Connects on this thread. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws Exception {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            CountDownLatch release = new CountDownLatch(1);
            keepStandardError(release);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            channel.register(selector, SelectionKey.OP_CONNECT);
            while (!isSomeoneWriting()) {
                selector.select(20);
            }
            System.out.println("held");
            selector.select();
            System.out.println("woken");
            int returns = returns(selector);
            System.out.println(returns < FEW ? "idle" : returns + " returns");
            release.countDown();
            while (selector.selectedKeys().isEmpty()) {
                selector.select();
            }
            System.out.println(channel.finishConnect() ? "connected" : "not connected");
        }
    }

    private static int returns(Selector selector) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS);
        int returns = 0;
        for (long left = WINDOW_MILLIS; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
            selector.select(left);
            returns++;
        }
        return returns;
    }

    /** A stream formats its arguments in its lock. */
    private static void keepStandardError(CountDownLatch release) throws InterruptedException {
        CountDownLatch kept = new CountDownLatch(1);
        Object slow = new Object() {
            @Override
            public String toString() {
                kept.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return "written";
            }
        };
        new Thread(() -> System.err.printf("%s%n", slow), "writer").start();
        kept.await();
    }

    private static boolean isSomeoneWriting() {
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement element : entry.getValue()) {
                if (element.getClassName().equals("java.io.PrintStream")
                        && !entry.getKey().getName().equals("writer")) {
                    return true;
                }
            }
        }
        return false;
    }
}
