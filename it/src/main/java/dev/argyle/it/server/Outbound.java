// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Makes the connections of the servers to their targets. */
final class Outbound {
    private Outbound() {}

    /**
     * Connects, from a given address where the target is of its family.
     *
     * @throws IOException if the connection fails
     */
    static SocketChannel connect(@Nullable InetAddress from, InetSocketAddress target) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (from != null && from.getClass() == target.getAddress().getClass()) {
                channel.bind(new InetSocketAddress(from, 0));
            }
            channel.connect(target);
            return channel;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }
}
