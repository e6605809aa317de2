// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketImpl;
import java.nio.channels.AsynchronousCloseException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the hooked places of listening sockets call, and all that ask the kernel for a socket's own address. Safe for use by
 * any thread.
 */
public final class SocksListeners {
    /** Those that are opened at a server. FileDescriptor has the identity of an object. */
    private static final ConcurrentHashMap<FileDescriptor, SocksListener> LISTENERS = new ConcurrentHashMap<>();

    /** The own addresses of connections that say another than the kernel's. */
    private static final Map<FileDescriptor, InetSocketAddress> OWN = new WeakHashMap<>(); // guarded by itself

    private static volatile boolean anyOwn;

    private SocksListeners() {}

    // ---- NioSocketImpl, ServerSocketChannelImpl, AsynchronousServerSocketChannelImpl: bind

    /** In place of {@code Net.bind(fd, host, port)} in {@code NioSocketImpl}: what its address is. */
    public static InetAddress bind(FileDescriptor fd, InetAddress host, int port, SocketImpl impl, boolean server)
            throws IOException {
        SocksListener listener = new SocksListener(fd, false);
        if (!server || !bind(listener, null, fd, host, port, impl)) {
            Net.bind(fd, host, port);
            return host;
        }
        return listener.bound().getAddress();
    }

    /** In place of {@code Net.bind(family, fd, host, port)}. */
    public static void bind(
            ProtocolFamily family, FileDescriptor fd, InetAddress host, int port, ServerSocketChannelImpl channel)
            throws IOException {
        if (!bindChannel(new SocksListener(fd, true), family, fd, host, port, channel)) {
            Net.bind(family, fd, host, port);
        }
    }

    /** In place of {@code Net.bind(fd, host, port)}. */
    public static void bind(FileDescriptor fd, InetAddress host, int port, AsynchronousServerSocketChannelImpl channel)
            throws IOException {
        if (!bindChannel(new SocksListener(fd, false), null, fd, host, port, channel)) {
            Net.bind(fd, host, port);
        }
    }

    /** What ends the wait of a channel that is closed has a channel's words. */
    private static boolean bindChannel(
            SocksListener listener,
            @Nullable ProtocolFamily family,
            FileDescriptor fd,
            InetAddress host,
            int port,
            Object channel)
            throws IOException {
        try {
            return bind(listener, family, fd, host, port, channel);
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw e;
            }
            AsynchronousCloseException closed = new AsynchronousCloseException();
            closed.initCause(e);
            throw closed;
        }
    }

    /**
     * Binds a socket that is to listen at a server. A failure leaves it as it was. A close meanwhile ends the wait.
     *
     * @return false if it listens here
     */
    private static boolean bind(
            SocksListener listener,
            @Nullable ProtocolFamily family,
            FileDescriptor fd,
            InetAddress host,
            int port,
            Object owner)
            throws IOException {
        boolean bound = false;
        LISTENERS.put(fd, listener); // before the decision, which may wait for a name: a close must find it
        try {
            if (!listener.open(host, port)) {
                return false;
            }
            listener.bound();
            if (family == null) {
                Net.bind(fd, SocksListener.loopback(), 0);
            } else {
                Net.bind(family, fd, SocksListener.loopback(), 0);
            }
            listener.listens();
            bound = true;
        } finally {
            if (!bound) {
                listener.run();
            }
        }
        CleanerFactory.cleaner().register(owner, listener);
        return true;
    }

    /** That of a closed socket stays, so that no late accept finds the JDK's own listener. */
    static void forget(FileDescriptor fd) {
        LISTENERS.remove(fd);
    }

    // ---- the same: accept, close

    /** In place of {@code Net.accept(fd, newfd, remote)}. */
    public static int accept(FileDescriptor fd, FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        SocksListener listener = bound(fd);
        return listener == null ? Net.accept(fd, newfd, remote) : listener.accept(newfd, remote);
    }

    /** Before anything is closed. */
    public static void closing(FileDescriptor fd) {
        SocksListener listener = LISTENERS.get(fd);
        if (listener != null) {
            listener.close();
        }
    }

    /** At the head of {@code ServerSocketChannelImpl.implCloseSelectableChannel}. */
    public static void closing(ServerSocketChannelImpl channel) {
        closing(channel.getFD());
    }

    /** At the head of {@code AsynchronousServerSocketChannelImpl.close}. */
    public static void closing(AsynchronousServerSocketChannelImpl channel) {
        closing(channel.fd);
    }

    // ---- own addresses

    /** At the head of {@code ServerSocket}'s methods that tell its address. */
    public static void local(@Nullable SocketImpl impl) {
        if (impl != null && !LISTENERS.isEmpty()) {
            InetSocketAddress bound = address(SocksListenInternals.descriptor(impl));
            if (bound != null) {
                SocksListenInternals.setLocal(impl, bound);
            }
        }
    }

    /** At the head of the methods that tell its address. */
    public static void local(ServerSocketChannelImpl channel) {
        if (!LISTENERS.isEmpty()) {
            InetSocketAddress bound = address(channel.getFD());
            if (bound != null) {
                SocksListenInternals.setLocal(channel, bound);
            }
        }
    }

    /** At the head of the method that tells its address. */
    public static void local(AsynchronousServerSocketChannelImpl channel) {
        if (!LISTENERS.isEmpty()) {
            InetSocketAddress bound = address(channel.fd);
            if (bound != null) {
                channel.localAddress = bound;
            }
        }
    }

    /** Returns where the server listens now; null if the socket is none of ours, or closed meanwhile. */
    private static @Nullable InetSocketAddress address(@Nullable FileDescriptor fd) {
        SocksListener listener = fd == null ? null : bound(fd);
        try {
            return listener == null ? null : listener.bound();
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns null if the socket is none of ours, or not bound yet. */
    private static @Nullable SocksListener bound(FileDescriptor fd) {
        SocksListener listener = LISTENERS.get(fd);
        return listener == null || !listener.isListening() ? null : listener;
    }

    /** In place of {@code Net.localAddress(fd)}. */
    public static InetSocketAddress localAddress(FileDescriptor fd) throws IOException {
        SocksListener listener = bound(fd);
        if (listener != null) {
            return listener.bound();
        }
        InetSocketAddress own = own(fd);
        return own == null ? Net.localAddress(fd) : own;
    }

    /** Returns the own address of a connection that says another than the kernel's; null if it is the kernel's. */
    public static @Nullable InetSocketAddress own(FileDescriptor fd) {
        if (!anyOwn) {
            return null;
        }
        synchronized (OWN) {
            return OWN.get(fd);
        }
    }

    /** Says what the own address of a connection is, in place of the kernel's. */
    static void ownAddress(FileDescriptor fd, InetSocketAddress own) {
        synchronized (OWN) {
            OWN.put(fd, own);
            anyOwn = true;
        }
    }
}
