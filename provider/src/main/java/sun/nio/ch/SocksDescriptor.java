// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The application's descriptor in the hands of the engine, from its connect to the reply. Non-blocking while it is
 * there. Used by one thread at a time, but for {@link #closing}.
 */
public final class SocksDescriptor {
    static final NativeDispatcher DISPATCHER = new SocketDispatcher();

    private final FileDescriptor fd;
    private final ProtocolFamily family;
    private boolean nonBlocking;
    private final boolean bound;
    private @Nullable InetSocketAddress local;

    /** What to do next; null while the route is being decided. */
    volatile @Nullable SocksConnect connect;

    private volatile boolean closing;

    /**
     * @param family of the socket, INET6 where it takes both
     * @param nonBlocking the mode in which the application has it, and gets it back
     * @param bound whether the application has bound it
     */
    SocksDescriptor(FileDescriptor fd, ProtocolFamily family, boolean nonBlocking, boolean bound) {
        this.fd = fd;
        this.family = family;
        this.nonBlocking = nonBlocking;
        this.bound = bound;
    }

    /** Notes that the application closes it. */
    void closing() {
        closing = true;
    }

    /** Whether the application closes it: what fails from then on is no server's fault. */
    public boolean isClosing() {
        return closing;
    }

    /** Says what its own address is, once it is connected, in place of the kernel's. */
    public void ownAddress(InetSocketAddress own) {
        SocksListeners.ownAddress(fd, own);
    }

    /** Whether it can be connected to an IPv6 address. */
    public boolean supportsIPv6() {
        return family != StandardProtocolFamily.INET && Net.isIPv6Available();
    }

    /** Makes it non-blocking and notes where it is bound. */
    public void acquire() throws IOException {
        if (bound) {
            local = Net.localAddress(fd);
        }
        if (!nonBlocking) {
            IOUtil.configureBlocking(fd, false);
        }
    }

    /** Makes it non-blocking again, since the application has made it blocking in the meantime. */
    void acquireBlocking() throws IOException {
        if (nonBlocking) {
            nonBlocking = false;
            IOUtil.configureBlocking(fd, false);
        }
    }

    /** Gives it back in the mode in which it came. */
    public void release() throws IOException {
        if (!nonBlocking) {
            IOUtil.configureBlocking(fd, true);
        }
    }

    /** Begins to connect; true if it is connected at once. */
    public boolean connect(InetSocketAddress address) throws IOException {
        return Net.connect(family, fd, address.getAddress(), address.getPort()) > 0;
    }

    /** Tells whether the connect has ended, without waiting. */
    public boolean finishConnect() throws IOException {
        return Net.pollConnectNow(fd);
    }

    /** Reads what is there: the number of octets, 0 if there are none yet, -1 at the end of the stream. */
    public int read(ByteBuffer dst) throws IOException {
        int n = IOUtil.read(fd, dst, -1, DISPATCHER);
        return n < IOStatus.EOF ? 0 : n;
    }

    /** Writes what the kernel takes: the number of octets, 0 if it takes none now. */
    public int write(ByteBuffer src) throws IOException {
        return Math.max(0, IOUtil.write(fd, src, -1, DISPATCHER));
    }

    /**
     * Dissolves the connection, so that the descriptor can be connected again. Its options stay, and so does the
     * address that the application bound it to. The way is that of {@code DatagramChannel.disconnect}: a connect to
     * AF_UNSPEC, which Linux does for streams too.
     *
     * @throws IOException if this platform cannot
     */
    public void disconnect() throws IOException {
        SocksDatagramInternals.disconnect(fd, supportsIPv6());
        if (local != null) {
            rebind(local);
        }
    }

    /** Ends what there is of a connection, so that whoever waits for the descriptor hears of it. */
    void shutdown() {
        try {
            Net.shutdown(fd, Net.SHUT_RDWR);
        } catch (IOException e) {
            // there is none, which whoever waits hears of as well
        }
    }

    /** An ephemeral port was given back with the connection; an explicit one was kept, and cannot be bound again. */
    private void rebind(InetSocketAddress address) throws IOException {
        try {
            Net.bind(family, fd, address.getAddress(), address.getPort());
        } catch (SocketException e) {
            if (Net.localAddress(fd).getPort() != address.getPort()) {
                throw e;
            }
        }
    }
}
