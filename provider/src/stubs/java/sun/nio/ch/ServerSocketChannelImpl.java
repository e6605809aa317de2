// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class ServerSocketChannelImpl extends ServerSocketChannel implements SelChImpl {
    ServerSocketChannelImpl(SelectorProvider provider) {
        super(provider);
    }
}
