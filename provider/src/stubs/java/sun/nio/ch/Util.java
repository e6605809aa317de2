// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.ByteBuffer;

/** The shape of the JDK's class of this name, for the compiler alone. */
public class Util {
    static ByteBuffer getTemporaryDirectBuffer(int size) {
        throw new UnsupportedOperationException();
    }

    static void offerFirstTemporaryDirectBuffer(ByteBuffer buf) {
        throw new UnsupportedOperationException();
    }
}
