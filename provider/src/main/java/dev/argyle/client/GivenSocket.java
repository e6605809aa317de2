// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.SocketCarrier;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** A socket of the program's, which connects once: there is no other in its place. */
final class GivenSocket implements SocketCarrier.Owner {
    private final Socket socket;
    private final int soTimeoutMillis;
    private volatile boolean aborted;

    /**
     * Takes it from the program.
     *
     * @throws SocketException if it is closed or connected, in the words of {@link Socket#connect}; it stays as it is
     */
    GivenSocket(Socket socket) throws SocketException {
        this.socket = socket;
        if (socket.isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (socket.isConnected()) {
            throw new SocketException("already connected");
        }
        soTimeoutMillis = socket.getSoTimeout();
        if (soTimeoutMillis != 0) {
            socket.setSoTimeout(0); // the time that the program's reads may take is none of the handshake's
        }
    }

    /** Gives it back. */
    void release() throws SocketException {
        socket.setSoTimeout(soTimeoutMillis);
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public void abort() {
        aborted = true;
        FreshSocket.abort(socket);
    }

    @Override
    public boolean isClosing() {
        return socket.isClosed() && !aborted;
    }

    @Override
    public void replaceSocket() throws IOException {
        throw new SocketException("this socket connects once, and no other server is tried with it");
    }
}
