// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes sockets as most programs do: each method is a constructor of Socket. */
final class NewSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
        return new Socket();
    }

    @Override
    public Socket createSocket(@Nullable String host, int port) throws IOException {
        return new Socket(host, port);
    }

    @Override
    public Socket createSocket(@Nullable String host, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        return new Socket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        return new Socket(address, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, @Nullable InetAddress local, int localPort)
            throws IOException {
        return new Socket(address, port, local, localPort);
    }
}
