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

    /** Returns it, not started. A policy may grant the program's own frames less than it needs (up to Java 23). */
    @SuppressWarnings("removal")
    static Thread of(Runnable task, String name) {
        SocksDaemon daemon = new SocksDaemon(task, name);
        return System.getSecurityManager() == null ? daemon.run() : AccessController.doPrivileged(daemon);
    }

    @Override
    public Thread run() {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }
}
