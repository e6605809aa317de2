// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import org.jspecify.annotations.Nullable;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class AsynchronousServerSocketChannelImpl extends AsynchronousServerSocketChannel {
    protected final FileDescriptor fd;
    protected volatile @Nullable InetSocketAddress localAddress;

    AsynchronousServerSocketChannelImpl(AsynchronousChannelProvider provider, FileDescriptor fd) {
        super(provider);
        this.fd = fd;
    }
}
