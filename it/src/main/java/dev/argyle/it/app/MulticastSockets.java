// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;

/** Sockets for groups whose ports are theirs alone. */
public final class MulticastSockets {
    private MulticastSockets() {}

    /** One at a port of the system's choice. */
    public static MulticastSocket open() throws IOException {
        MulticastSocket socket = new MulticastSocket(null);
        // else another, also of another program, may get the same port, and hear its answers
        socket.setReuseAddress(false);
        socket.bind(new InetSocketAddress(0));
        return socket;
    }
}
