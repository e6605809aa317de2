// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up for callers that cannot wait, in a few daemon threads that end when there is nothing to do. Safe for use by
 * any thread.
 */
final class LookUps {
    private static final int THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    private final NameService names;
    private @Nullable ThreadPoolExecutor threads; // guarded by this

    LookUps(NameService names) {
        this.names = names;
    }

    /** Begins to look a name up. */
    LookUp begin(String host, Runnable whenDone) {
        LookUp lookUp = new LookUp(names, host, whenDone);
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
    static final class LookUp implements Runnable {
        private final NameService names;
        private final String host;
        private final Runnable whenDone;
        private volatile InetAddress @Nullable [] addresses;
        private volatile @Nullable UnknownHostException unknown;

        private LookUp(NameService names, String host, Runnable whenDone) {
            this.names = names;
            this.host = host;
            this.whenDone = whenDone;
        }

        @Override
        public void run() {
            try {
                addresses = names.lookUp(host);
            } catch (UnknownHostException e) {
                unknown = e;
            } finally {
                whenDone.run();
            }
        }

        /**
         * Returns the addresses, or null while they are not known.
         *
         * @throws UnknownHostException if there are none
         */
        InetAddress @Nullable [] addresses() throws UnknownHostException {
            UnknownHostException e = unknown;
            if (e != null) {
                throw e;
            }
            return addresses;
        }
    }
}
