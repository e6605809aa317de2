// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import java.time.Duration;
import java.util.Objects;

/** When a call's time ends. Immutable. */
final class Deadline {
    /** So long that no sum of two is too long for a long. */
    private static final Duration LONGEST = Duration.ofDays(365L * 50);

    private final boolean limited;
    private final long endNanos;

    private Deadline(boolean limited, long endNanos) {
        this.limited = limited;
        this.endNanos = endNanos;
    }

    /**
     * Begins now.
     *
     * @param timeout zero for none
     * @throws IllegalArgumentException if it is negative
     */
    static Deadline in(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
            throw new IllegalArgumentException("timeout can't be negative: " + timeout);
        }
        Duration capped = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        return new Deadline(!timeout.isZero(), System.nanoTime() + capped.toNanos());
    }

    /** Whether there is one. */
    boolean isLimited() {
        return limited;
    }

    boolean isOver() {
        return limited && System.nanoTime() - endNanos >= 0;
    }

    /** What is left, at least 1; 0 if there is none. */
    long leftNanos() {
        return limited ? Math.max(1, endNanos - System.nanoTime()) : 0;
    }

    /** The same in milliseconds, rounded up, as sockets take it. */
    int leftMillis() {
        return (int) Math.min(Integer.MAX_VALUE, (leftNanos() + 999_999) / 1_000_000);
    }
}
