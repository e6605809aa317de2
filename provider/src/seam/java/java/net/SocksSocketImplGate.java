// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

import java.lang.invoke.MethodHandles;

/**
 * The way into the rest of {@code java.base} for those to whom {@code java.net} is open: only code of that module itself
 * can export more of it, or look into its other packages. Not public: who reaches it could define this class himself.
 */
final class SocksSocketImplGate {
    private SocksSocketImplGate() {}

    /** Exports the seam's package to the engine, and returns a look-up that may define classes in each package. */
    static MethodHandles.Lookup open(Module engine) {
        Object.class.getModule().addExports("sun.nio.ch", engine);
        return MethodHandles.lookup();
    }
}
