// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class DatagramChannelImpl extends DatagramChannel implements SelChImpl {
    DatagramChannelImpl(SelectorProvider provider) {
        super(provider);
    }

    InetSocketAddress localAddress() {
        throw new UnsupportedOperationException();
    }
}
