// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Forwards each connection to one target through the same {@link Relay} as {@link ScriptedServer}, without SOCKS: the
 * plain side of a fair comparison.
 */
public final class ForwardServer implements AutoCloseable {
    private final InetSocketAddress target;
    private final @Nullable InetAddress outbound;
    private final Relay relay;
    private final Listener listener;

    private ForwardServer(InetSocketAddress target, @Nullable InetAddress outbound) throws IOException {
        this.target = target;
        this.outbound = outbound;
        relay = Relay.start("forward server relay");
        listener = Listener.start(
                "forward server", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::forward);
    }

    /** Starts a forwarder on the loopback address, which connects to its target from {@link ScriptedServer#OUTBOUND}. */
    public static ForwardServer to(InetSocketAddress target) throws IOException {
        return new ForwardServer(target, ScriptedServer.OUTBOUND);
    }

    /** The same from an address and port of the kernel's choice, as {@link ScriptedServer.Builder#anyOutbound}. */
    public static ForwardServer fromAnywhereTo(InetSocketAddress target) throws IOException {
        return new ForwardServer(target, null);
    }

    private Listener.Task forward(SocketChannel client) {
        return () -> relay.join(client, Outbound.connect(outbound, target), new Tally());
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
