// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.lang.instrument.Instrumentation;

/** Given before ours, has loaded a class of the program's, which has not run yet. Argument: its name. */
public final class Loading {
    private Loading() {}

    public static void premain(String argument, Instrumentation instrumentation) throws ClassNotFoundException {
        Class.forName(argument, false, ClassLoader.getSystemClassLoader());
    }
}
