// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.channels.SelectionKey;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class SelectionKeyImpl extends SelectionKey {
    int nioInterestOps() {
        throw new UnsupportedOperationException();
    }
}
