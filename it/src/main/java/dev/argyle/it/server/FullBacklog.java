// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that listens, never accepts, and whose backlog is full: Linux drops the SYN of who connects then, so that a
 * connect lasts until its own timeout.
 */
final class FullBacklog implements AutoCloseable {
    private static final int BACKLOG = 1;

    private final ServerSocketChannel socket;
    private final List<SocketChannel> queued = new ArrayList<>();

    private FullBacklog(ServerSocketChannel socket) {
        this.socket = socket;
    }

    static FullBacklog at(InetAddress address) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        FullBacklog full = new FullBacklog(Ports.bind(address, at -> socket.bind(at, BACKLOG)));
        // Linux queues one more than the backlog says
        for (int i = 0; i <= BACKLOG; i++) {
            full.queued.add(SocketChannel.open(socket.getLocalAddress()));
        }
        return full;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : queued) {
            channel.close();
        }
        socket.close();
    }
}
