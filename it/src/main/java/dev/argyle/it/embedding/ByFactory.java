// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.net.Socket;

/**
 * Connects with the library's socket factory, by the configuration of the system.
 *
 * <p>Arguments: {@code host port}. Prints {@code ok <remote address>} if an echo answers.
 */
public final class ByFactory {
    private ByFactory() {}

    /** Sends and receives. */
    public static void main(String[] args) throws IOException {
        try (Socket socket = new Socks5SocketFactory().createSocket(args[0], Integer.parseInt(args[1]))) {
            socket.getOutputStream().write('x');
            System.out.println(
                    socket.getInputStream().read() == 'x' ? "ok " + socket.getRemoteSocketAddress() : "no echo");
        }
    }
}
