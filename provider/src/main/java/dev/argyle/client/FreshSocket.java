// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.SocketCarrier;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;

/** A socket that nobody has seen, of which there is another after each server that cannot be used. */
final class FreshSocket implements SocketCarrier.Owner {
    private volatile Socket socket = new Socket(Proxy.NO_PROXY);

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public void abort() {
        abort(socket);
    }

    /** Closes a socket, and lets nothing linger. */
    static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // it is closed already
        }
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be lost
        }
    }

    @Override
    public boolean isClosing() {
        return false;
    }

    @Override
    public void replaceSocket() {
        abort();
        socket = new Socket(Proxy.NO_PROXY);
    }
}
