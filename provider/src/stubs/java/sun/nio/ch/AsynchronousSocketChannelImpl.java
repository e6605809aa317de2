// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import org.jspecify.annotations.Nullable;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class AsynchronousSocketChannelImpl extends AsynchronousSocketChannel {
    // assigned below, so that the compiler copies no value
    static final int ST_PENDING;

    static {
        ST_PENDING = 0;
    }

    protected final FileDescriptor fd;
    protected volatile @Nullable InetSocketAddress localAddress;
    protected volatile int state;

    AsynchronousSocketChannelImpl(AsynchronousChannelProvider provider, FileDescriptor fd) {
        super(provider);
        this.fd = fd;
    }

    final void begin() throws IOException {
        throw new UnsupportedOperationException();
    }

    final void end() {
        throw new UnsupportedOperationException();
    }
}
