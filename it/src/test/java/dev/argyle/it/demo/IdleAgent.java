// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import java.lang.instrument.Instrumentation;

/** An agent that does nothing: with it the program's connections go direct. */
public final class IdleAgent {
    private IdleAgent() {}

    /** Does nothing. */
    public static void premain(String argument, Instrumentation instrumentation) {}
}
