// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The port at which a server waits for the one peer of a BIND (RFC 1928 §4). Confined to the connection's thread. */
final class PeerSocket implements AutoCloseable {
    private final ServerSocketChannel channel;

    private PeerSocket(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /** Listens at an address, on a free port. */
    static PeerSocket open(InetAddress at) throws IOException {
        return new PeerSocket(Ports.bind(at, PeerSocket::listen));
    }

    private static ServerSocketChannel listen(InetSocketAddress at) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            return channel.bind(at);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /**
     * Waits for a peer, which is the only one: the port is closed then.
     *
     * @throws EOFException if the client ends its stream first
     * @throws ProtocolException if the client sends something first
     * @throws InterruptedException if the server is closed
     */
    SocketChannel await(SocketChannel client) throws IOException, InterruptedException {
        try (channel;
                Selector selector = Selector.open()) {
            client.configureBlocking(false);
            channel.configureBlocking(false);
            SelectionKey said = client.register(selector, SelectionKey.OP_READ);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                SocketChannel peer = channel.accept();
                if (peer != null) {
                    peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    return peer;
                }
                if (said.isReadable()) {
                    listenTo(client);
                }
                selector.selectedKeys().clear();
            }
        } finally {
            // the selector has let it go
            if (client.isOpen()) {
                client.configureBlocking(true);
            }
        }
    }

    private static void listenTo(SocketChannel client) throws IOException {
        int count = client.read(ByteBuffer.allocate(1));
        if (count < 0) {
            throw new EOFException("the client left before a peer came");
        }
        if (count > 0) {
            throw new ProtocolException("the client spoke before a peer came");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
