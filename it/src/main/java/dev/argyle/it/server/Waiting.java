// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A list that only grows, and on which tests can wait. Safe for use by several threads.
 *
 * @param <T> what is listed
 */
final class Waiting<T> {
    /** How long a test waits for what has to happen, in seconds; a loaded machine has to meet it. */
    static final int PATIENCE_SECONDS = 20;

    /** Guarded by this. */
    private final List<T> items = new ArrayList<>();

    synchronized void add(T item) {
        items.add(item);
        notifyAll();
    }

    /** Tells those who wait that an item has changed. */
    synchronized void changed() {
        notifyAll();
    }

    synchronized List<T> snapshot() {
        return List.copyOf(items);
    }

    /** Waits until so many items match, and returns these. */
    synchronized List<T> await(int count, Predicate<? super T> condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            List<T> found = items.stream().filter(condition).toList();
            if (found.size() >= count) {
                return found;
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0) {
                throw new AssertionError(
                        found.size() + " " + what + " in " + PATIENCE_SECONDS + " s, expected " + count + ": " + items);
            }
            wait(leftMillis);
        }
    }
}
