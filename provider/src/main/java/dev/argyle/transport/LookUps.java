// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the name service for callers that cannot wait, or not for long, in a few daemon threads that end when there is
 * nothing to do. Safe for use by any thread.
 */
final class LookUps {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private @Nullable ThreadPoolExecutor threads; // guarded by this

    /** A question to the name service. */
    interface Question<T> {
        /**
         * Asks it, and waits for the answer.
         *
         * @throws UnknownHostException if there is none
         */
        T ask() throws UnknownHostException;
    }

    /** Begins to look something up. */
    <T> LookUp<T> begin(Question<T> question, Runnable whenDone) {
        LookUp<T> lookUp = new LookUp<>(question, whenDone);
        threads().execute(lookUp);
        return lookUp;
    }

    private synchronized ThreadPoolExecutor threads() {
        if (threads == null) {
            threads = new ThreadPoolExecutor(
                    THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Daemons());
            threads.allowCoreThreadTimeOut(true);
        }
        return threads;
    }

    private static final class Daemons implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(null, task, "argyle-names", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        }
    }

    /** One look-up. Safe for use by any thread. */
    static final class LookUp<T> implements Runnable {
        private final Question<T> question;
        private final Runnable whenDone;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable T answer;
        private volatile @Nullable UnknownHostException unknown;

        private LookUp(Question<T> question, Runnable whenDone) {
            this.question = question;
            this.whenDone = whenDone;
        }

        @Override
        public void run() {
            try {
                answer = question.ask();
            } catch (UnknownHostException e) {
                unknown = e;
            } finally {
                done.countDown();
                whenDone.run();
            }
        }

        /**
         * Returns the answer, or null while it is not known.
         *
         * @throws UnknownHostException if there is none
         */
        @Nullable
        T answer() throws UnknownHostException {
            UnknownHostException e = unknown;
            if (e != null) {
                throw e;
            }
            return answer;
        }

        /** Waits until the look-up has ended, or for so long. An interrupt does not end it: it is kept for later. */
        void await(long nanos) {
            long end = System.nanoTime() + nanos;
            boolean interrupted = false;
            while (true) {
                try {
                    boolean unused = done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
