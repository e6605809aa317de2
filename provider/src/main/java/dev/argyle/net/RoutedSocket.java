// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Connector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * A socket that connects by its configuration's routes, through a SOCKS server or directly, and is else as the platform's:
 * it has its states and messages from {@link Socket}, and all that reaches the kernel from a socket of the platform's.
 * Safe for use by any thread.
 */
public final class RoutedSocket extends Socket {
    private final RoutedSocketImpl impl;

    /** Makes an unconnected socket. */
    public RoutedSocket(Connector connector) throws SocketException {
        this(new RoutedSocketImpl(connector));
    }

    private RoutedSocket(RoutedSocketImpl impl) throws SocketException {
        super(impl);
        this.impl = impl;
        impl.belongTo(this);
    }

    /** The platform's own stream: that of {@link Socket} would be a second one around it. */
    @Override
    public InputStream getInputStream() throws IOException {
        super.getInputStream(); // for its checks
        return impl.getInputStream();
    }

    /** The platform's own stream: that of {@link Socket} would be a second one around it. */
    @Override
    public OutputStream getOutputStream() throws IOException {
        super.getOutputStream(); // for its checks
        return impl.getOutputStream();
    }
}
