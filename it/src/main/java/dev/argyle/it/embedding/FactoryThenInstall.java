// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import dev.argyle.Configuration;
import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.net.Socket;

/**
 * Makes a socket factory, then routes the whole JVM, then uses the factory.
 *
 * <p>Arguments: {@code configuration host port}. Prints {@code <octet>} that an echo has sent back.
 */
public final class FactoryThenInstall {
    private static final int OCTET = 42;

    private FactoryThenInstall() {}

    /** Sends and receives. */
    public static void main(String[] args) throws IOException {
        Configuration configuration = Configuration.of(args[0]);
        Socks5SocketFactory sockets = new Socks5SocketFactory(configuration);
        Argyle.install(configuration);
        try (Socket socket = sockets.createSocket(args[1], Integer.parseInt(args[2]))) {
            socket.getOutputStream().write(OCTET);
            System.out.println(socket.getInputStream().read());
        }
    }
}
