// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import sun.nio.ch.SocksListeners;
import sun.nio.ch.SocksPlatformSocket;
import sun.nio.ch.SocksSeam;

/**
 * A platform socket that connects through the engine, and is the platform's in everything else. A DelegatingSocketImpl,
 * because {@code ServerSocket.implAccept} takes the platform's implementation out of one. Safe for use by any thread.
 */
final class Socks5SocketImpl extends DelegatingSocketImpl {
    /** Java 24 and later: Socket closes itself whatever connect throws. Before, it says that of an interrupt, and then only. */
    private static final boolean CLOSED_BY_SOCKET = Runtime.version().feature() >= 24;

    /** Java 17 and 21 have datagram sockets in the disguise of a Socket. */
    private volatile boolean stream = true;

    private volatile InetSocketAddress local; // in place of the kernel's, or null

    Socks5SocketImpl(SocketImpl platform) {
        super(platform);
    }

    @Override
    protected void create(boolean asStream) throws IOException {
        stream = asStream;
        delegate.create(asStream);
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress address, int timeoutMillis) throws IOException {
        if (!(address instanceof InetSocketAddress)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        boolean routed;
        SocketAddress remote;
        try {
            remote = SocksSeam.remote(address);
            routed = !((InetSocketAddress) remote).isUnresolved()
                    && SocksPlatformSocket.connect(
                            delegate,
                            delegate.fd,
                            stream,
                            delegate.localport != 0,
                            (InetSocketAddress) remote,
                            timeoutMillis);
        } catch (SocketTimeoutException e) {
            delegate.close();
            throw e;
        } catch (InterruptedIOException e) {
            // thrown in virtual threads alone
            delegate.close();
            throw CLOSED_BY_SOCKET ? new SocketException("Closed by interrupt") : e;
        } catch (IOException e) {
            delegate.close();
            throw e;
        }
        if (routed) {
            local = SocksListeners.own(delegate.fd);
        } else {
            delegate.connect(remote, timeoutMillis);
        }
    }

    @Override
    protected int getLocalPort() {
        InetSocketAddress told = local;
        return told == null ? delegate.getLocalPort() : told.getPort();
    }

    @Override
    public Object getOption(int option) throws SocketException {
        Object value = delegate.getOption(option);
        InetSocketAddress told = option == SocketOptions.SO_BINDADDR ? local : null;
        return told == null ? value : told.getAddress();
    }

    @Override
    protected void close() throws IOException {
        SocksSeam.closing(delegate.fd);
        delegate.close();
    }
}
