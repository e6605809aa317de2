// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call that runs in a daemon or virtual thread of its own, with its result or what it threw. */
final class Background {
    private static final long SETTLE_MILLIS = 40;
    private static final long PATIENCE_MILLIS = 5_000;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Object value;
    private volatile @Nullable Throwable thrown;

    private Background(boolean virtual, String name, Callable<?> body) {
        Runnable runnable = () -> {
            try {
                value = body.call();
            } catch (Throwable e) {
                thrown = e;
            } finally {
                done.countDown();
            }
        };
        if (virtual) {
            thread = VirtualThreads.unstarted(runnable);
        } else {
            thread = new Thread(runnable, name);
            thread.setDaemon(true);
        }
    }

    /** Starts the call in a daemon thread. */
    static Background platform(String name, Callable<?> body) {
        Background background = new Background(false, name, body);
        background.thread.start();
        return background;
    }

    /** Starts the call in a virtual thread; only where {@link VirtualThreads#available()}. */
    static Background virtual(Callable<?> body) {
        Background background = new Background(true, "", body);
        background.thread.start();
        return background;
    }

    Thread thread() {
        return thread;
    }

    /** Waits for the end; false when it has not come in that time. */
    boolean ends(long time, TimeUnit unit) throws InterruptedException {
        return done.await(time, unit);
    }

    @Nullable
    Throwable thrown() {
        return thrown;
    }

    /** The result, or what was thrown, or "still running" after ten seconds. */
    @Nullable
    Object outcome() throws InterruptedException {
        if (!ends(10, TimeUnit.SECONDS)) {
            return "still running";
        }
        return thrown != null ? thrown : value;
    }

    /** "yes" when it runs still, that much later. */
    String runsFor(long millis) throws InterruptedException {
        return ends(millis, TimeUnit.MILLISECONDS) ? "no" : "yes";
    }

    /**
     * Waits until the thread stays where it is inside a method of that name, as a blocked one does: it is parked, or in
     * native code, and not one that a loaded machine has no time for. A thread that never gets there is not waited for
     * longer than some seconds.
     */
    void awaitBlockedIn(String method) throws InterruptedException {
        long startNanos = System.nanoTime();
        StackTraceElement[] before = {};
        while (System.nanoTime() - startNanos < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            StackTraceElement[] now = thread.getStackTrace();
            boolean inside =
                    Arrays.stream(now).anyMatch(frame -> frame.getMethodName().equals(method));
            if (inside && Arrays.equals(before, now) && isBlocked(now[0])) {
                return;
            }
            before = now;
            if (ends(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private boolean isBlocked(StackTraceElement top) {
        return top.isNativeMethod() || thread.getState() != Thread.State.RUNNABLE;
    }

    void printStack() {
        Throwable failure = thrown;
        if (failure != null) {
            failure.printStackTrace();
        } else {
            System.err.println("stuck: " + Arrays.toString(thread.getStackTrace()));
        }
    }
}
