// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads one output of a process on a thread of its own, so that the process never waits for a reader. */
final class Output {
    private static final int BUFFER_OCTETS = 8192;

    private final Thread thread;

    /** Guarded by this. */
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    /** Guarded by this. */
    private boolean ended;

    private Output(InputStream in, String name) {
        thread = new Thread(() -> read(in), name);
        thread.setDaemon(true);
    }

    static Output of(InputStream in, String name) {
        Output output = new Output(in, name);
        output.thread.start();
        return output;
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[BUFFER_OCTETS];
        try (in) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                add(buffer, count);
            }
        } catch (IOException closed) {
            // the process was destroyed
        } finally {
            end();
        }
    }

    private synchronized void add(byte[] buffer, int count) {
        octets.write(buffer, 0, count);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized String text() {
        return octets.toString(UTF_8);
    }

    /** Waits until the text contains something; tells whether it does. */
    synchronized boolean await(String part, long deadlineNanos) throws InterruptedException {
        while (!text().contains(part)) {
            if (ended || !waitUntil(deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    /** Waits until there is no more to come; tells whether that is so. */
    synchronized boolean awaitEnd(long deadlineNanos) throws InterruptedException {
        while (!ended) {
            if (!waitUntil(deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("WaitNotInLoop") // both callers loop
    private synchronized boolean waitUntil(long deadlineNanos) throws InterruptedException {
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            return false;
        }
        wait(leftMillis);
        return true;
    }
}
