// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.JavaVersion;
import dev.argyle.it.jvm.Jvm;

/** The JDK that the child JVMs run on, which need not be the one that runs the tests. */
final class TestJava {
    private static final int FEATURE = ask();

    private TestJava() {}

    /** Its feature release, 17 for instance. */
    static int feature() {
        return FEATURE;
    }

    private static int ask() {
        try {
            return Integer.parseInt(Jvm.of(JavaVersion.class).run().lines().get(0));
        } catch (Exception e) {
            throw new IllegalStateException("The JDK under test cannot be run", e);
        }
    }
}
