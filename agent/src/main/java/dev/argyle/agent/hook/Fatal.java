// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.observe.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The end of a JVM that must not go on, because its connections would go direct. While it ends, the JVM asks no transformer
 * any more, and its other threads go on for a moment: what loads then is not hooked. So the class at hand never finishes to
 * load, for whoever waits for it, and the others that are to be hooked load before.
 */
final class Fatal implements Runnable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String loading;

    private Fatal(String loading) {
        this.loading = loading;
    }

    /**
     * Says why, and ends the JVM with status 1 from another thread. From Java 26 on the JVM waits for the callback that the
     * caller is in, for a minute at most, before it ends. Never returns.
     *
     * @param loading the class that the calling thread loads, as in class files
     */
    static void end(String loading, String message, @Nullable Throwable cause) {
        say(message, cause);
        new Thread(null, new Fatal(loading), "argyle-fatal", 0, false).start();
        while (true) {
            LockSupport.park();
        }
    }

    /** Says what is wrong. */
    static void say(String message, @Nullable Throwable cause) {
        System.err.println(Log.PREFIX + message);
        if (cause != null) {
            cause.printStackTrace();
        }
        System.err.flush();
    }

    @Override
    public void run() {
        List<Thread> loads = new ArrayList<>();
        for (String name : Hooked.CLASSES) {
            if (!name.equals(loading)) {
                Thread thread = new Thread(null, new Load(name.replace('/', '.')), "argyle-fatal-load", 0, false);
                thread.setDaemon(true);
                thread.start();
                loads.add(thread);
            }
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Thread thread : loads) {
            join(thread, end);
        }
        Runtime.getRuntime().halt(1);
    }

    /** A class that another thread is stuck in never loads, for anybody: it is not waited for for long. */
    private static void join(Thread thread, long endNanos) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())));
        } catch (InterruptedException e) {
            // the JVM ends a little earlier
        }
    }

    private record Load(String name) implements Runnable {
        @Override
        public void run() {
            try {
                Class.forName(name, false, null);
            } catch (ClassNotFoundException | LinkageError e) {
                // it cannot be used either, then
            }
        }
    }
}
