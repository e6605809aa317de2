// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Closes sockets whose time is up. To give the platform a timeout instead, for a connect or a read, would make the socket
 * non-blocking for good, and each later read that has to wait would cost two system calls more.
 *
 * <p>One daemon thread for all connects, which ends when there is nothing to watch. Safe for use by any thread.
 */
public final class Watchdog implements Runnable {
    /** The one of this JVM. */
    public static final Watchdog SHARED = new Watchdog(TimeUnit.SECONDS.toNanos(10));

    private final long longestSleepNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final List<Watch> watches = new ArrayList<>(); // guarded by lock
    private boolean running; // guarded by lock
    private long wakesAtNanos; // guarded by lock

    /** @param longestSleepNanos how long the thread stays with nothing to watch */
    Watchdog(long longestSleepNanos) {
        this.longestSleepNanos = longestSleepNanos;
    }

    /** What can be closed, at once. */
    public interface Watched {
        /** Closes it, and lets nothing linger. Must not wait. */
        void abort();
    }

    /** One socket for one blocking call. */
    public final class Watch {
        private final Watched socket;
        private final long endNanos;
        private boolean expired; // guarded by lock

        private Watch(Watched socket, long endNanos) {
            this.socket = socket;
            this.endNanos = endNanos;
        }

        /** Ends the watch, however often; tells whether the time was up before, and the socket is closed therefore. */
        public boolean end() {
            lock.lock();
            try {
                watches.remove(this);
                return expired;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Begins to watch a socket: in so many nanoseconds it is closed, unless the watch ends before. */
    public Watch watch(Watched socket, long nanos) {
        long now = System.nanoTime();
        Watch watch = new Watch(socket, now + nanos);
        lock.lock();
        try {
            if (!running) {
                start();
                running = true;
            } else if (watch.endNanos - wakesAtNanos < 0) {
                earlier.signal();
            }
            watches.add(watch);
        } finally {
            lock.unlock();
        }
        return watch;
    }

    private void start() {
        Thread thread = new Thread(null, this, "argyle-timeouts", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    @Override
    public void run() {
        lock.lock();
        try {
            while (!watches.isEmpty()) {
                long left = closeExpired();
                wakesAtNanos = System.nanoTime() + left;
                try {
                    earlier.awaitNanos(left);
                } catch (InterruptedException e) {
                    // nobody has a reason to interrupt this thread, and it has work to do
                }
            }
        } finally {
            running = false;
            lock.unlock();
        }
    }

    /** Returns how long there is nothing to do. What ends a watch meanwhile wakes nobody. */
    private long closeExpired() {
        long now = System.nanoTime();
        long left = longestSleepNanos;
        for (int i = watches.size() - 1; i >= 0; i--) {
            Watch watch = watches.get(i);
            long itsLeft = watch.endNanos - now;
            if (itsLeft > 0) {
                left = Math.min(left, itsLeft);
            } else {
                watches.remove(i);
                watch.expired = true;
                watch.socket.abort();
            }
        }
        return left;
    }
}
