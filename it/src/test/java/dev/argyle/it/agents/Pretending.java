// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.lang.instrument.Instrumentation;

/** Given before ours, makes the JVM look like another: sets system properties. Argument: "key=value;key=value". */
public final class Pretending {
    private Pretending() {}

    public static void premain(String argument, Instrumentation instrumentation) {
        for (String pair : argument.split(";", -1)) {
            int equals = pair.indexOf('=');
            System.setProperty(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }
}
