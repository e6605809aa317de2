// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Connect;
import dev.argyle.transport.Connector;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RoutedSocket} asks the platform for, by way of a socket of the platform's. That is another one after each
 * server that could not be used, and stays the same from the end of the connect on. Safe for use by any thread.
 */
final class RoutedSocketImpl extends SocketImpl implements SocketCarrier.Owner {
    /** Java 24 and later: Socket closes itself whatever connect throws. Before, it says that of an interrupt, and then only. */
    private static final boolean CLOSED_BY_SOCKET = Runtime.version().feature() >= 24;

    private final Connector connector;

    /** Held while connecting: a second connect waits for the first, as the platform's does. */
    private final ReentrantLock connectLock = new ReentrantLock();

    private final Object stateLock = new Object();
    private final SocketSettings settings = new SocketSettings(); // guarded by stateLock
    private volatile PlatformSocket socket = new PlatformSocket(); // changed under stateLock
    private @Nullable RoutedSocket owner;
    private boolean connected; // guarded by stateLock
    private volatile boolean closing; // changed under stateLock

    /** Kept from the socket until it is connected: the time that reads may take is none of the handshake's. */
    private int soTimeoutMillis; // guarded by stateLock

    RoutedSocketImpl(Connector connector) {
        this.connector = connector;
    }

    /** Says whose it is, before it is used. */
    void belongTo(RoutedSocket routed) {
        owner = routed;
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public void abort() {
        socket.abort();
    }

    /** Whether the application closes it. */
    @Override
    public boolean isClosing() {
        return closing;
    }

    private static SocketException closed() {
        return new SocketException("Socket closed");
    }

    private void ensureOpen() throws SocketException {
        if (closing) {
            throw closed();
        }
    }

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("Datagram socket creation not supported");
        }
    }

    @Override
    protected void connect(String host, int remotePort) throws IOException {
        connect(new InetSocketAddress(host, remotePort), 0);
    }

    @Override
    protected void connect(InetAddress host, int remotePort) throws IOException {
        connect(new InetSocketAddress(host, remotePort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int timeoutMillis) throws IOException {
        if (!(remote instanceof InetSocketAddress given)) {
            throw new IOException("Unsupported address type");
        }
        InetSocketAddress target = connector.targets().standInFor(given);
        if (target.isUnresolved()) {
            socket.connect(target, timeoutMillis); // throws, in the platform's own words
        }
        connectLock.lock();
        try {
            boolean stands = false;
            try {
                implConnect(target, timeoutMillis);
                stands = true;
            } finally {
                if (!stands) {
                    close();
                }
            }
        } finally {
            connectLock.unlock();
        }
    }

    private void implConnect(InetSocketAddress given, int timeoutMillis) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (connected) {
                throw new SocketException("Already connected");
            }
        }
        InetSocketAddress remote = given;
        if (given.getAddress().isAnyLocalAddress()) {
            remote = new InetSocketAddress(InetAddress.getLocalHost(), given.getPort());
        }
        SocketCarrier carrier = new SocketCarrier(this);
        Connect connect = connector.connect(carrier, remote, timeoutMillis, null);
        try {
            if (connect == null) {
                socket.connect(remote, timeoutMillis);
            } else {
                carrier.drive(connect);
            }
        } catch (SocketException e) {
            if (closing) {
                throw closed();
            }
            if (carrier.isInterrupted() || SocketCarrier.isInterrupt(e)) {
                throw CLOSED_BY_SOCKET ? new SocketException(SocketCarrier.INTERRUPTED) : interrupted(e);
            }
            throw e;
        }
        connected(remote);
    }

    private static InterruptedIOException interrupted(SocketException cause) {
        InterruptedIOException interrupted = new InterruptedIOException(SocketCarrier.INTERRUPTED);
        interrupted.initCause(cause);
        return interrupted;
    }

    private void connected(InetSocketAddress remote) throws SocketException {
        synchronized (stateLock) {
            ensureOpen();
            if (soTimeoutMillis > 0) {
                socket.setSoTimeout(soTimeoutMillis);
            }
            address = remote.getAddress();
            port = remote.getPort();
            localport = socket.getLocalPort();
            connected = true;
            if (owner != null) {
                socket.belongTo(owner);
            }
        }
    }

    /**
     * Puts a fresh socket in the place of one that has failed, as the application has made the first.
     *
     * @throws SocketException if the application has closed it
     * @throws IOException if the fresh one cannot be bound where the application has bound the first
     */
    @Override
    public void replaceSocket() throws IOException {
        socket.abort();
        synchronized (stateLock) {
            ensureOpen();
            PlatformSocket fresh = new PlatformSocket();
            socket = fresh;
            settings.applyTo(fresh);
        }
    }

    @Override
    protected void bind(InetAddress host, int local) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            socket.bind(new InetSocketAddress(host, local));
            address = host;
            localport = socket.getLocalPort();
            settings.bound(host, localport);
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("Not a socket of a server");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        throw new SocketException("Not a socket of a server");
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        return socket.getInputStream();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    protected int available() throws IOException {
        return getInputStream().available();
    }

    @Override
    protected void close() throws IOException {
        synchronized (stateLock) {
            if (closing) {
                return;
            }
            closing = true;
        }
        socket.closeThis();
    }

    @Override
    protected void shutdownInput() throws IOException {
        ensureOpen();
        socket.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        ensureOpen();
        socket.shutdownOutput();
    }

    @Override
    protected boolean supportsUrgentData() {
        return true;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            if (!connected) {
                throw new SocketException("Not connected");
            }
        }
        socket.sendUrgentData(data);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            socket.setOption(option, value);
            if (!connected) {
                settings.set(option, value);
            }
        }
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        synchronized (stateLock) {
            ensureOpen();
            return socket.getOption(option);
        }
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        synchronized (stateLock) {
            ensureOpen();
            if (option == SocketOptions.SO_TIMEOUT) {
                soTimeoutMillis = (int) value;
                if (connected) {
                    socket.setSoTimeout(soTimeoutMillis);
                }
                return;
            }
            SocketSettings.apply(socket, option, value);
            if (!connected) {
                settings.set(option, value);
            }
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        synchronized (stateLock) {
            ensureOpen();
            return option == SocketOptions.SO_TIMEOUT ? (Object) soTimeoutMillis : SocketSettings.read(socket, option);
        }
    }
}
