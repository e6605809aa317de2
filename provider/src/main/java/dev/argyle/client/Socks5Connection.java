// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;

/**
 * A connection that a server relays, and its ends as they are out there: what AIX writes over {@code Dst} and {@code Svr}
 * when {@code socks5tcp_connect} or {@code socks5tcp_accept} succeeds. Immutable; the socket is as safe for use by several
 * threads as any.
 *
 * @param socket what is read and written: the first octet is the target's. Its own addresses are those of the connection to
 *     the server. Of a connection by channel it is the channel's {@link java.nio.channels.SocketChannel#socket() socket}
 * @param target the end that the server is connected to: as it was asked for, a name unresolved; after accept the peer that
 *     the second reply names
 * @param bound the server's end, BND of the reply (RFC 1928 section 6), as the server gives it: may be all zeros, and an
 *     unresolved name
 * @param server that relays
 */
public record Socks5Connection(Socket socket, InetSocketAddress target, InetSocketAddress bound, Socks5Server server)
        implements Closeable {
    /** @throws NullPointerException if one of them is null */
    public Socks5Connection {
        Objects.requireNonNull(socket, "socket");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(bound, "bound");
        Objects.requireNonNull(server, "server");
    }

    /**
     * Closes the socket.
     *
     * @throws IOException as {@link Socket#close} does
     */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
