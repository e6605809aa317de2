// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens control connections, those of associations and of sockets that listen at a server, and watches them: one daemon
 * thread, from the first on, which no program's data pass through. Safe for use by any thread.
 */
final class Controls implements Runnable {
    private final Log log;
    private final Queue<Controlled> due = new ConcurrentLinkedQueue<>();
    private final Set<Controlled> timed = new HashSet<>(); // the daemon's
    private volatile @Nullable Thread thread;
    private @Nullable Selector selector; // written before thread

    Controls(Log log) {
        this.log = log;
    }

    /** Whether this thread is the daemon, whose connections go direct. */
    boolean isDaemon() {
        return Thread.currentThread() == thread;
    }

    /** Has the daemon look at it: there is something to begin or to end, or a server's name is known. */
    void see(Controlled controlled) {
        due.add(controlled);
        try {
            daemonsSelector(controlled).wakeup();
        } catch (IOException e) {
            notSeen(controlled, e);
        } catch (OutOfMemoryError e) { // what the JDK throws where no thread can be had
            notSeen(controlled, fault(e));
        }
    }

    private void notSeen(Controlled controlled, IOException reason) {
        boolean unused = due.remove(controlled);
        controlled.failed(reason);
    }

    /** What a fault of ours becomes for those who wait. */
    static SocketException fault(Throwable e) {
        SocketException fault = new SocketException("Argyle has failed: " + e);
        fault.initCause(e);
        return fault;
    }

    private synchronized Selector daemonsSelector(Controlled first) throws IOException {
        Selector awaited = selector;
        if (awaited == null) {
            awaited = first.provider().openSelector();
            selector = awaited;
            Thread daemon = daemon();
            thread = daemon;
            boolean started = false;
            try {
                daemon.start();
                started = true;
            } finally {
                if (!started) {
                    selector = null;
                    awaited.close();
                }
            }
        }
        return awaited;
    }

    /** It must not keep the protection domains of the program that happens to need it first (up to Java 23). */
    @SuppressWarnings("removal")
    private Thread daemon() {
        return AccessController.doPrivileged(new PrivilegedAction<Thread>() {
            @Override
            public Thread run() {
                Thread daemon = new Thread(null, Controls.this, "argyle-controls", 0, false);
                daemon.setDaemon(true);
                daemon.setContextClassLoader(null);
                return daemon;
            }
        });
    }

    @Override
    public void run() {
        Selector awaited = selector;
        if (awaited == null) {
            throw new IllegalStateException("Not begun");
        }
        while (true) {
            try {
                watch(awaited);
            } catch (IOException | RuntimeException | Error e) {
                say(e);
            }
        }
    }

    private void watch(Selector awaited) throws IOException {
        boolean unused = Thread.interrupted(); // it would not wait; a program may interrupt all that it finds
        awaited.select(timeoutMillis());
        // a copy: who goes on may select
        List<SelectionKey> ready = new ArrayList<>(awaited.selectedKeys());
        awaited.selectedKeys().clear();
        for (SelectionKey key : ready) {
            see((Controlled) key.attachment(), awaited);
        }
        for (Controlled each : new ArrayList<>(timed)) {
            if (each.remainingNanos() <= 1) {
                see(each, awaited);
            }
        }
        // the last: who selects takes the wakeup away that comes with what is due
        for (Controlled next = due.poll(); next != null; next = due.poll()) {
            see(next, awaited);
        }
    }

    /** The fault of one shall not be another's. */
    private void see(Controlled controlled, Selector awaited) {
        try {
            controlled.goOn(awaited);
        } catch (RuntimeException | Error e) {
            say(e);
        }
        if (controlled.remainingNanos() == Long.MAX_VALUE) {
            timed.remove(controlled);
        } else {
            timed.add(controlled);
        }
    }

    /** Without this thread nobody would be told of anything any more: no fault ends it. */
    private void say(Throwable e) {
        try {
            log.log(LogLevel.ERROR, "the watch over control connections: " + e);
        } catch (RuntimeException | Error again) {
            // there is no memory to say it
        }
    }

    private long timeoutMillis() {
        long nanos = Long.MAX_VALUE;
        for (Controlled each : timed) {
            nanos = Math.min(nanos, each.remainingNanos());
        }
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
}
