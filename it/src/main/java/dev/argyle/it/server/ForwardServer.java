// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * Forwards each connection to one target through the same {@link Relay} as {@link ScriptedServer}, without SOCKS: the
 * plain side of a fair comparison.
 */
public final class ForwardServer implements AutoCloseable {
    private final InetSocketAddress target;
    private final Relay relay;
    private final Listener listener;

    private ForwardServer(InetSocketAddress target) throws IOException {
        this.target = target;
        relay = Relay.start("forward server relay");
        listener = Listener.start(
                "forward server", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::forward);
    }

    /** Starts a forwarder on the loopback address. */
    public static ForwardServer to(InetSocketAddress target) throws IOException {
        return new ForwardServer(target);
    }

    private Listener.Task forward(SocketChannel client) {
        return () -> relay.join(client, Outbound.connect(ScriptedServer.OUTBOUND, target), new Tally());
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    public int port() {
        return address().getPort();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        listener.close();
        relay.close();
    }
}
