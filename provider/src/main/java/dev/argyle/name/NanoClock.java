// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.util.function.LongSupplier;

/** {@link System#nanoTime}, without a lambda: those are paid at every JVM start. */
final class NanoClock implements LongSupplier {
    @Override
    public long getAsLong() {
        return System.nanoTime();
    }
}
