// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A gate that holds whoever arrives until a test opens it; tests delay a server with it instead of sleeping. */
public final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Semaphore arrivals = new Semaphore(0);

    /** Lets everybody pass, now and from now on. */
    public void open() {
        opened.countDown();
    }

    /**
     * Waits until somebody has arrived whom no earlier call has reported.
     *
     * @throws AssertionError if nobody arrives in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public void awaitArrival() throws InterruptedException {
        if (!arrivals.tryAcquire(Waiting.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody arrived at the gate in " + Waiting.PATIENCE_SECONDS + " s");
        }
    }

    void pass() throws InterruptedException {
        arrivals.release();
        opened.await();
    }
}
