// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class SocketChannelImpl extends SocketChannel implements SelChImpl {
    SocketChannelImpl(SelectorProvider provider) {
        super(provider);
    }

    SocketAddress localAddress() {
        throw new UnsupportedOperationException();
    }
}
