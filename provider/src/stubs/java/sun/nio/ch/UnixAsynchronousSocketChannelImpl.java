// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.nio.channels.spi.AsynchronousChannelProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class UnixAsynchronousSocketChannelImpl extends AsynchronousSocketChannelImpl {
    UnixAsynchronousSocketChannelImpl(AsynchronousChannelProvider provider, FileDescriptor fd) {
        super(provider, fd);
    }

    AsynchronousChannelGroupImpl group() {
        throw new UnsupportedOperationException();
    }
}
