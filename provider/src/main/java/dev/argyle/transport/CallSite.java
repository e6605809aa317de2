// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import org.jspecify.annotations.Nullable;

/** The place in the program that has led here. Stateless. */
final class CallSite {
    private CallSite() {}

    /** Returns the innermost frame that is neither of the JDK nor ours, as stack traces print it. */
    static String find() {
        for (StackTraceElement frame : new Throwable().getStackTrace()) {
            if (!isOurs(frame.getClassName()) && !isOfTheJdk(frame.getModuleName())) {
                return "at " + frame;
            }
        }
        return "in thread \"" + Thread.currentThread().getName() + "\", which runs the JDK's code alone";
    }

    /** What can be between the program and here, but for the seam, which is of the JDK's module. */
    private static boolean isOurs(String className) {
        return className.startsWith("dev.argyle.transport.")
                || className.startsWith("dev.argyle.net.")
                || className.startsWith("dev.argyle.Socks5");
    }

    private static boolean isOfTheJdk(@Nullable String module) {
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }
}
