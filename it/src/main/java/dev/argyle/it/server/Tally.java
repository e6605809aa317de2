// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the octets of a relayed connection and tells how it ended. Written by one thread, read by any. */
public class Tally {
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile @Nullable Ending ending;

    /** Octets passed on from the client to the target. */
    public final long up() {
        return up.get();
    }

    /** Octets passed on from the target to the client. */
    public final long down() {
        return down.get();
    }

    /** How the connection ended: {@code CLOSE} in good order, {@code RESET} by either side; null while it lasts. */
    public final @Nullable Ending ending() {
        return ending;
    }

    final AtomicLong upCounter() {
        return up;
    }

    final AtomicLong downCounter() {
        return down;
    }

    /** Called once, when both directions have ended. */
    void ended(Ending how) {
        ending = how;
    }
}
