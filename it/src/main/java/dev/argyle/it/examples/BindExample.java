// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Has a server listen for a peer, which sends back what it gets.
 *
 * <p>Arguments: {@code server-url host}, of the peer. Prints the address at which the server listens, which the peer has to be told,
 * then who has connected and the first line that comes.
 */
public final class BindExample {
    private BindExample() {}

    /** Waits for the peer, says hello, and prints the answer. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws IOException {
        Socks5Client client = Socks5Client.at(args[0]);
        InetSocketAddress expectedPeer = new InetSocketAddress(args[1], 0);

        try (Socks5Listener listener = client.bind(expectedPeer, Duration.ofSeconds(10))) {
            System.out.println("listening at " + listener.bound());
            try (Socks5Connection connection = listener.accept(Duration.ofMinutes(1))) {
                System.out.println("connected from " + connection.target());
                Lines.exchange(connection.socket(), "hello");
            }
        }
    }
}
