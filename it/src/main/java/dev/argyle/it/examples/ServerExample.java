// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import dev.argyle.Configuration;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Server;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Tells which server is for a destination.
 *
 * <p>Arguments: {@code host port}. The routes are those of the system properties and the environment. Prints the server, or
 * {@code none}.
 */
public final class ServerExample {
    private ServerExample() {}

    /** Asks. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress target = InetSocketAddress.createUnresolved(args[0], Integer.parseInt(args[1]));

        Socks5Server server = Socks5Client.of(Configuration.ofSystem()).server(target);
        System.out.println(server == null ? "none" : server.host() + " port " + server.port());
    }
}
