// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Has a server connect to a target, which sends back what it gets.
 *
 * <p>Arguments: {@code server-url host port}. Prints the ends of the connection and the first line that comes.
 */
public final class ConnectExample {
    private ConnectExample() {}

    /** Connects, says hello, and prints the answer. */
    public static void main(String[] args) throws IOException {
        String server = args[0];
        String host = args[1];
        int port = Integer.parseInt(args[2]);

        Socks5Client client = Socks5Client.at(server);
        InetSocketAddress target = InetSocketAddress.createUnresolved(host, port);
        try (Socks5Connection connection = client.connect(target, Duration.ofSeconds(10))) {
            System.out.println(connection.target() + ", by " + connection.server() + ", from " + connection.bound());
            Lines.exchange(connection.socket(), "hello");
        }
    }
}
