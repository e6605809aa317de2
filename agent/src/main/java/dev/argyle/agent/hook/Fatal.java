// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.observe.Log;
import org.jspecify.annotations.Nullable;

/** The end of a JVM that must not go on, because its connections would go direct. */
final class Fatal implements Runnable {
    private Fatal() {}

    /**
     * Says why, and ends the JVM with status 1 from another thread: from Java 26 on it does not end before the callback
     * that the caller is in has returned.
     */
    static void end(String message, @Nullable Throwable cause) {
        System.err.println(Log.PREFIX + message);
        if (cause != null) {
            cause.printStackTrace();
        }
        System.err.flush();
        new Thread(null, new Fatal(), "argyle-fatal", 0, false).start();
    }

    @Override
    public void run() {
        Runtime.getRuntime().halt(1);
    }
}
