// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes a daemon thread that has nothing of the program that happens to need it. Thread-confined. */
final class SocksDaemon implements PrivilegedAction<Thread> {
    private final Runnable task;
    private final String name;

    private SocksDaemon(Runnable task, String name) {
        this.task = task;
        this.name = name;
    }

    /**
     * Returns it, not started. Up to Java 23 a thread keeps the protection domains of the frames that make it, and with
     * them the program's class loader; and a policy may grant these frames less than it needs.
     */
    @SuppressWarnings("removal")
    static Thread of(Runnable task, String name) {
        return AccessController.doPrivileged(new SocksDaemon(task, name));
    }

    @Override
    public Thread run() {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }
}
