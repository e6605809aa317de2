// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import java.lang.instrument.Instrumentation;

/** An agent that does nothing: what {@code -javaagent} costs by itself. {@link StartUp} puts it into a jar of its own. */
public final class EmptyAgent {
    private EmptyAgent() {}

    /** Returns. */
    public static void premain(String argument, Instrumentation instrumentation) {}
}
