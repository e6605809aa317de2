// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketImpl;
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
        SocksListener listener = server ? listen(fd, host, port, false) : null;
        if (listener == null) {
            Net.bind(fd, host, port);
            return host;
        }
        bind(listener, null, fd, impl);
        return listener.bound().getAddress();
    }

    /** In place of {@code Net.bind(family, fd, host, port)}. */
    public static void bind(
            ProtocolFamily family, FileDescriptor fd, InetAddress host, int port, ServerSocketChannelImpl channel)
            throws IOException {
        SocksListener listener = listen(fd, host, port, true);
        if (listener == null) {
            Net.bind(family, fd, host, port);
        } else {
            bind(listener, family, fd, channel);
        }
    }

    /** In place of {@code Net.bind(fd, host, port)}. */
    public static void bind(FileDescriptor fd, InetAddress host, int port, AsynchronousServerSocketChannelImpl channel)
            throws IOException {
        SocksListener listener = listen(fd, host, port, false);
        if (listener == null) {
            Net.bind(fd, host, port);
        } else {
            bind(listener, null, fd, channel);
        }
    }

    private static @Nullable SocksListener listen(FileDescriptor fd, InetAddress host, int port, boolean selectable)
            throws IOException {
        SocksBinding binding =
                SocksSeam.engine().listen(host, port, DefaultSelectorProvider.get(), Net.isIPv6Available());
        return binding == null ? null : new SocksListener(fd, binding, selectable);
    }

    /** A failure leaves the socket as it was. A close meanwhile ends the wait. */
    private static void bind(SocksListener listener, @Nullable ProtocolFamily family, FileDescriptor fd, Object owner)
            throws IOException {
        boolean bound = false;
        LISTENERS.put(fd, listener);
        try {
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
    }

    /** That of a closed socket stays, so that no late accept finds the JDK's own listener. */
    static void forget(FileDescriptor fd) {
        LISTENERS.remove(fd);
    }

    // ---- the same: accept, close

    /** In place of {@code Net.accept(fd, newfd, remote)}. */
    public static int accept(FileDescriptor fd, FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        SocksListener listener = LISTENERS.get(fd);
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

    /** At the head of {@code UnixAsynchronousServerSocketChannelImpl.implClose}. */
    public static void closing(AsynchronousServerSocketChannelImpl channel) {
        closing(channel.fd);
    }

    // ---- own addresses

    /** At the head of {@code ServerSocket}'s methods that tell its address. */
    public static void local(@Nullable SocketImpl impl) {
        if (impl != null && !LISTENERS.isEmpty()) {
            InetSocketAddress bound = bound(SocksListenInternals.descriptor(impl));
            if (bound != null) {
                SocksListenInternals.setLocal(impl, bound);
            }
        }
    }

    /** At the head of the methods that tell its address. */
    public static void local(ServerSocketChannelImpl channel) {
        if (!LISTENERS.isEmpty()) {
            InetSocketAddress bound = bound(channel.getFD());
            if (bound != null) {
                SocksListenInternals.setLocal(channel, bound);
            }
        }
    }

    /** At the head of the method that tells its address. */
    public static void local(AsynchronousServerSocketChannelImpl channel) {
        if (!LISTENERS.isEmpty()) {
            InetSocketAddress bound = bound(channel.fd);
            if (bound != null) {
                channel.localAddress = bound;
            }
        }
    }

    /** Returns where the server listens now; null if the socket is none of ours, or closed meanwhile. */
    private static @Nullable InetSocketAddress bound(@Nullable FileDescriptor fd) {
        SocksListener listener = fd == null ? null : LISTENERS.get(fd);
        try {
            return listener == null ? null : listener.bound();
        } catch (IOException e) {
            return null;
        }
    }

    /** In place of {@code Net.localAddress(fd)}. */
    public static InetSocketAddress localAddress(FileDescriptor fd) throws IOException {
        SocksListener listener = LISTENERS.get(fd);
        if (listener != null) {
            return listener.bound();
        }
        InetSocketAddress own = null;
        if (anyOwn) {
            synchronized (OWN) {
                own = OWN.get(fd);
            }
        }
        return own == null ? Net.localAddress(fd) : own;
    }

    /** Says what the own address of a connection is, in place of the kernel's. */
    static void ownAddress(FileDescriptor fd, InetSocketAddress own) {
        synchronized (OWN) {
            OWN.put(fd, own);
            anyOwn = true;
        }
    }
}
