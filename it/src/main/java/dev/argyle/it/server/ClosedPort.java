// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** A TCP port that is bound and does not listen: connecting to it is refused, and nobody else can get it meanwhile. */
public final class ClosedPort implements AutoCloseable {
    private final SocketChannel holder;
    private final InetSocketAddress address;

    private ClosedPort(SocketChannel holder) throws IOException {
        this.holder = holder;
        address = (InetSocketAddress) holder.getLocalAddress();
    }

    /** Takes a port of an address of this machine. */
    public static ClosedPort at(InetAddress address) throws IOException {
        SocketChannel holder = SocketChannel.open();
        return new ClosedPort(Ports.bind(address, holder::bind));
    }

    public InetSocketAddress address() {
        return address;
    }

    public int port() {
        return address.getPort();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
