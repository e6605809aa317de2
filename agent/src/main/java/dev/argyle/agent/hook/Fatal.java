// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

package dev.argyle.agent.hook;

import dev.argyle.observe.Log;
import org.jspecify.annotations.Nullable;

/** The end of a JVM that must not go on, because its connections would go direct. */
final class Fatal {
    private Fatal() {}

    /** Says why and ends the JVM; nothing that the program has registered is run. */
    static void halt(String message, @Nullable Throwable cause) {
        System.err.println(Log.PREFIX + message);
        if (cause != null) {
            cause.printStackTrace();
        }
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }
}
