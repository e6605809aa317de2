// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package jdk.internal.ref;

import java.lang.ref.Cleaner;

/** The shape of the JDK's class of this name, for the compiler alone. */
public final class CleanerFactory {
    private CleanerFactory() {}

    public static Cleaner cleaner() {
        throw new UnsupportedOperationException();
    }
}
