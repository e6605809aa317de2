// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.DatagramOwner;
import dev.argyle.transport.Datagrams;
import dev.argyle.transport.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.PrivilegedExceptionAction;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SocksDatagramEngine;
import sun.nio.ch.SocksDatagramPeer;
import sun.nio.ch.SocksDatagramSocket;

/** The datagrams of a socket as the seam knows them. One thread at a time sends, and one receives. */
final class SeamDatagrams implements SocksDatagramEngine {
    private final Datagrams datagrams;

    SeamDatagrams(Datagrams datagrams) {
        this.datagrams = datagrams;
    }

    @Override
    public SocksDatagramPeer peer(InetSocketAddress target) throws IOException {
        Peer known = datagrams.known(target);
        if (known != null) {
            return (SeamPeer) known;
        }
        return SocketEngine.privileged(new PrivilegedExceptionAction<SeamPeer>() {
            @Override
            public SeamPeer run() throws IOException {
                return (SeamPeer) datagrams.peer(target);
            }
        });
    }

    @Override
    public void connected(@Nullable SocksDatagramPeer peer) {
        datagrams.connect((SeamPeer) peer);
    }

    @Override
    public void joined() {
        datagrams.joined();
    }

    /** An object for the action is too much for each datagram. */
    @Override
    @SuppressWarnings("removal")
    public @Nullable InetSocketAddress source(ByteBuffer datagram, InetSocketAddress from) {
        if (System.getSecurityManager() == null) {
            return datagrams.source(datagram, from);
        }
        return AccessController.doPrivileged(new PrivilegedAction<@Nullable InetSocketAddress>() {
            @Override
            public @Nullable InetSocketAddress run() {
                return datagrams.source(datagram, from);
            }
        });
    }

    @Override
    public void close() {
        datagrams.close();
    }

    private static final class SeamPeer extends Peer implements SocksDatagramPeer {
        SeamPeer(Decision decision) {
            super(decision);
        }

        @Override
        public @Nullable InetSocketAddress relay() throws IOException {
            InetSocketAddress standing = standing();
            if (standing != null) {
                return standing;
            }
            return SocketEngine.privileged(new PrivilegedExceptionAction<@Nullable InetSocketAddress>() {
                @Override
                public @Nullable InetSocketAddress run() throws IOException {
                    return SeamPeer.super.relay();
                }
            });
        }
    }

    /** The socket, as the engine knows it. */
    record Owner(SocksDatagramSocket socket) implements DatagramOwner {
        @Override
        public boolean supportsIPv6() {
            return socket.supportsIPv6();
        }

        @Override
        public @Nullable InetSocketAddress localAddress() {
            return socket.localAddress();
        }

        @Override
        public SelectorProvider provider() {
            return socket.provider();
        }

        @Override
        public Peer newPeer(Peer.Decision decision) {
            return new SeamPeer(decision);
        }

        @Override
        public void changed() {
            socket.changed();
        }

        @Override
        public void lost() {
            socket.lost();
        }
    }
}
