// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;

/**
 * Runs another program in a scope of listening sockets; then listens itself, outside of it.
 *
 * <p>Arguments: the expected peer's host and port, the other program's main class, and its arguments. An exception of the
 * scope itself is printed.
 */
public final class ListenInScope {
    private ListenInScope() {}

    /** Runs the other program. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress peer = InetSocketAddress.createUnresolved(args[0], Integer.parseInt(args[1]));
        try {
            Argyle.callWithBind(
                    peer,
                    () -> Class.forName(args[2])
                            .getMethod("main", String[].class)
                            .invoke(null, (Object) Arrays.copyOfRange(args, 3, args.length)));
        } catch (IllegalStateException e) {
            System.out.println(e);
        }
        try (ServerSocket outside = new ServerSocket(0)) {
            System.out.println("outside " + outside.getInetAddress().isAnyLocalAddress());
        }
    }
}
