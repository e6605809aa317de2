// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends what nobody else would: a connect that is not blocking has no thread that waits for it, and its selector waits for
 * the server alone. One daemon thread, from the first such connect on. Safe for use by any thread.
 */
final class SocksDeadlines implements Runnable {
    /** Farther away than any deadline, and near enough to be compared. */
    static final long FAR_NANOS = Long.MAX_VALUE / 4;

    /** When the application is at a connect itself at its deadline. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** One that has become blocking is its finisher's, unless it changes again. */
    private static final long BLOCKING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static volatile long wakesAtNanos = System.nanoTime() + FAR_NANOS;
    private static volatile @Nullable Thread thread;

    private SocksDeadlines() {}

    /** Sees to a connect at its deadline, which is published already. */
    static void watch(long endNanos) {
        Thread watching = thread;
        if (watching == null) {
            watching = start();
        }
        if (endNanos - wakesAtNanos < 0) {
            LockSupport.unpark(watching);
        }
    }

    /** Calls a connect's {@code run} again, soon: in this thread, which sees to it by itself if it is the caller. */
    static void again(SocksChannelConnect connect) {
        connect.overdue = true;
        if (Thread.currentThread() != thread) {
            watch(System.nanoTime());
        }
    }

    private static synchronized Thread start() {
        Thread watching = thread;
        if (watching == null) {
            watching = SocksDaemon.of(new SocksDeadlines(), "argyle-deadlines");
            watching.start();
            thread = watching;
        }
        return watching;
    }

    @Override
    public void run() {
        while (true) {
            // who comes while the others are gone through wakes this thread
            wakesAtNanos = System.nanoTime() + FAR_NANOS;
            long next = goThrough();
            wakesAtNanos = next;
            LockSupport.parkNanos(Math.max(1, next - System.nanoTime()));
        }
    }

    /** Whatever goes wrong with one, the others have this thread alone. */
    private static void see(SocksChannelConnect connect) {
        try {
            connect.run();
        } catch (RuntimeException | Error e) {
            Thread watching = Thread.currentThread();
            watching.getUncaughtExceptionHandler().uncaughtException(watching, e);
        }
    }

    /** Returns when to do so again. */
    private static long goThrough() {
        long now = System.nanoTime();
        long next = now + FAR_NANOS;
        for (SocksChannelConnect connect : SocksChannels.CONNECTS.values()) {
            if (connect.isEnded()) {
                continue;
            }
            long left = connect.endNanos() - now;
            if (left <= 0 || connect.overdue) {
                connect.overdue = false;
                see(connect);
                left = connect.overdue ? AGAIN_NANOS : connect.endNanos() - now;
                if (left <= 0) {
                    left = BLOCKING_NANOS;
                }
            }
            if (now + left - next < 0) {
                next = now + left;
            }
        }
        return next;
    }
}
