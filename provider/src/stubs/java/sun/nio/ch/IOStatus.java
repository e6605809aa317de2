// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

/** The shape of the JDK's class of this name, for the compiler alone. */
final class IOStatus {
    static final int EOF = -1;
    static final int UNAVAILABLE = -2;
    static final int INTERRUPTED = -3;

    private IOStatus() {}
}
