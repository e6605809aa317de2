// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connect;
import dev.argyle.client.Socks5Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Has a server connect to a target, which sends back what it gets, without ever waiting but in a selector.
 *
 * <p>Arguments: {@code server-url host port}. Prints the ends of the connection and the first line that comes.
 */
public final class NonBlockingExample {
    private NonBlockingExample() {}

    /** Connects, says hello, and prints the answer. */
    public static void main(String[] args) throws IOException {
        Socks5Client client = Socks5Client.at(args[0]);
        InetSocketAddress target = InetSocketAddress.createUnresolved(args[1], Integer.parseInt(args[2]));
        try (SocketChannel channel = SocketChannel.open()) {
            Socks5Connection connection = connect(client, channel, target);
            System.out.println(connection.target() + ", by " + connection.server() + ", from " + connection.bound());
            channel.configureBlocking(true);
            Lines.exchange(connection.socket(), "hello");
        }
    }

    private static Socks5Connection connect(Socks5Client client, SocketChannel channel, InetSocketAddress target)
            throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            Socks5Connect pending = client.begin(channel, target);
            SelectionKey key = channel.register(selector, pending.interestOps());
            Socks5Connection connection = pending.finish();
            while (connection == null) {
                key.interestOps(pending.interestOps());
                selector.select(Math.max(1, pending.remaining().toMillis()));
                selector.selectedKeys().clear();
                connection = pending.finish();
            }
            return connection;
        }
    }
}
