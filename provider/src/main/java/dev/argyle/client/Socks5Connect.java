// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.transport.Connect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being asked for over a channel in non-blocking mode (AIX's {@code EINPROGRESS}): the program selects
 * the channel for {@link #interestOps}, and calls {@link #finish} when it is ready, or {@link #remaining} is over, until that
 * returns the connection.
 *
 * <p>Safe for use by any thread; one at a time goes on.
 */
public final class Socks5Connect {
    private final Call call;
    private final Connect connect;
    private final ChannelCarrier carrier;
    private final InetSocketAddress target;
    private @Nullable Socks5Connection connection; // guarded by this
    private boolean failed; // guarded by this

    Socks5Connect(Call call, Connect connect, ChannelCarrier carrier, InetSocketAddress target) {
        this.call = call;
        this.connect = connect;
        this.carrier = carrier;
        this.target = target;
    }

    /**
     * Goes on as far as it can without waiting, as {@link SocketChannel#finishConnect} does. To call it too early does no harm.
     *
     * @return null while the connection is not there; then the same each time
     * @throws ClosedChannelException if the channel has been closed, or an attempt has failed before
     * @throws ConnectException if the target refuses, the server's rules do, its TTL expires, the server cannot be reached, or
     *     does not answer within {@code connect.timeout} or {@code handshake.timeout}
     * @throws NoRouteToHostException if the server cannot reach the target or its network, or cannot be reached itself
     * @throws SocketException if the server fails in another way
     */
    public synchronized @Nullable Socks5Connection finish() throws IOException {
        if (connection != null) {
            return connection;
        }
        if (failed) {
            throw new ClosedChannelException();
        }
        failed = true;
        try {
            if (call.advance(carrier, connect)) {
                connection = Socks5Client.connection(carrier.channel().socket(), target, connect);
            }
            failed = false;
            return connection;
        } finally {
            if (failed) {
                carrier.abort();
            }
        }
    }

    /**
     * Returns what the channel is to be selected for until the next call of {@link #finish}: {@link SelectionKey#OP_CONNECT},
     * {@link SelectionKey#OP_WRITE} or {@link SelectionKey#OP_READ}. It changes with each call. 0 once the attempt has ended.
     */
    public synchronized int interestOps() {
        if (connection != null || failed) {
            return 0;
        }
        if (carrier.channel().isConnectionPending()) {
            return SelectionKey.OP_CONNECT;
        }
        return connect.awaitsReadable() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
    }

    /** Returns how long the program may wait until it calls {@link #finish}, ready or not; zero once the attempt has ended. */
    public synchronized Duration remaining() {
        return connection != null || failed ? Duration.ZERO : Duration.ofNanos(connect.remainingNanos());
    }
}
