// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Connects a channel to an echo service by a selector.
 *
 * <p>Arguments: {@code host port}. Prints {@code ok <remote address>} when "ping" came back.
 */
public final class ChannelOnce {
    private static final int LENGTH = 5;

    private ChannelOnce() {}

    /** Runs the connection. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            await(selector);
            channel.finishConnect();
            channel.write(US_ASCII.encode("ping\n"));
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer answer = ByteBuffer.allocate(LENGTH);
            while (answer.hasRemaining()) {
                await(selector);
                if (channel.read(answer) < 0) {
                    throw new IOException("closed after " + answer.position() + " octets");
                }
            }
            System.out.println("ok " + channel.getRemoteAddress());
        }
    }

    private static void await(Selector selector) throws IOException {
        selector.selectedKeys().clear();
        while (selector.selectedKeys().isEmpty()) {
            selector.select();
        }
    }
}
