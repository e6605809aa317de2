// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Closes a socket that connects, once it is told so by a line of standard input, then connects another.
 *
 * <p>Arguments: {@code host port timeoutMillis}. Prints for each what {@link Attempts} prints of an attempt's outcome.
 */
public final class CloseWhileConnecting {
    private CloseWhileConnecting() {}

    /** Connects on this thread, and closes on another. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        int timeoutMillis = Integer.parseInt(args[2]);
        Socket closed = new Socket();
        Thread closer = new Thread(() -> {
            try {
                System.in.read();
                closed.close();
            } catch (IOException e) {
                System.out.println("close " + Attempts.report(e));
            }
        });
        closer.start();
        connect(closed, target, timeoutMillis);
        closer.join();
        connect(new Socket(), target, timeoutMillis);
    }

    private static void connect(Socket socket, InetSocketAddress target, int timeoutMillis) {
        try (socket) {
            socket.connect(target, timeoutMillis);
            System.out.println("ok " + Attempts.speak(socket));
        } catch (IOException e) {
            System.out.println(Attempts.report(e));
        }
    }
}
