// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the hooked places in the JDK's channels and selection keys call: {@link SocksSeam} for them. A connect is pending
 * until the SOCKS reply has come, and the JDK's own code does the rest: locks, states, interrupts, closing. Each event that a
 * selector or a channel group gets moves the handshake on. Safe for use by any thread.
 */
public final class SocksChannels {
    /** The routed connects whose outcome has not been handed over. FileDescriptor has the identity of an object. */
    static final ConcurrentHashMap<FileDescriptor, SocksChannelConnect> CONNECTS = new ConcurrentHashMap<>();

    /** How often a look-up is asked about by a channel that has become blocking meanwhile. */
    private static final long LOOK_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private SocksChannels() {}

    // ---- SocketChannelImpl

    /** In place of {@code Net.connect(family, fd, remote)} in {@code connect}. */
    public static int connect(
            ProtocolFamily family,
            FileDescriptor fd,
            SocketAddress remote,
            SocketChannelImpl channel,
            boolean forcedNonBlocking)
            throws IOException {
        return connect(family, fd, remote, channel, !channel.isBlocking() || forcedNonBlocking, 0);
    }

    /** In place of {@code Net.connect(family, fd, remote)} in {@code blockingConnect}, which has made it non-blocking. */
    public static int connect(
            ProtocolFamily family, FileDescriptor fd, SocketAddress remote, SocketChannelImpl channel, long nanos)
            throws IOException {
        long millis = nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
        return connect(family, fd, remote, channel, true, (int) millis);
    }

    private static int connect(
            ProtocolFamily family,
            FileDescriptor fd,
            SocketAddress remote,
            SocketChannelImpl channel,
            boolean nonBlocking,
            int timeoutMillis)
            throws IOException {
        SocksDescriptor descriptor = new SocksDescriptor(fd, family, nonBlocking, channel.localAddress() != null);
        SocksSelectableConnect pending = new SocksSelectableConnect(channel, descriptor);
        Runnable whenLookedUp = channel.isBlocking() ? null : pending;
        if (!begin(fd, pending, (InetSocketAddress) remote, timeoutMillis, whenLookedUp)) {
            return Net.connect(family, fd, remote);
        }
        boolean goesOn = false;
        try {
            pending.advance(null);
            // one that is not blocking is told of a failure when it finishes the connect
            goesOn = !(channel.isBlocking() ? pending.outcome() : pending.isConnected());
            if (goesOn) {
                pending.begun();
            }
            return goesOn ? IOStatus.UNAVAILABLE : 1;
        } finally {
            // a close from before it could be found here
            if (!goesOn || !channel.isOpen()) {
                CONNECTS.remove(fd);
            }
        }
    }

    /** Decides, and tells whether the connect is routed. */
    private static boolean begin(
            FileDescriptor fd,
            SocksChannelConnect pending,
            InetSocketAddress remote,
            int timeoutMillis,
            @Nullable Runnable whenLookedUp)
            throws IOException {
        SocksDescriptor descriptor = pending.descriptor;
        boolean routed = false;
        // before the decision, which may wait for a server's name: a close must find it
        CONNECTS.put(fd, pending);
        try {
            descriptor.connect = SocksSeam.engine().connect(descriptor, remote, timeoutMillis, whenLookedUp);
            routed = descriptor.connect != null;
            return routed;
        } finally {
            if (!routed) {
                CONNECTS.remove(fd);
            }
        }
    }

    /** In place of {@code Net.pollConnectNow(fd)}. */
    public static boolean pollConnectNow(FileDescriptor fd, SocketChannelImpl channel, boolean forcedNonBlocking)
            throws IOException {
        SocksSelectableConnect pending = (SocksSelectableConnect) CONNECTS.get(fd);
        if (pending == null) {
            return Net.pollConnectNow(fd);
        }
        boolean connected = pending.finish(forcedNonBlocking);
        if (connected) {
            CONNECTS.remove(fd);
        }
        // one that has failed stays until the close that follows: another thread may finish it as well before
        return connected;
    }

    /** In place of {@code park(event)}. */
    public static void park(SocketChannelImpl channel, int event) throws IOException {
        park(channel, event, 0);
    }

    /** In place of {@code park(event, nanos)}; 0 is without end. */
    public static void park(SocketChannelImpl channel, int event, long nanos) throws IOException {
        SocksChannelConnect pending = CONNECTS.get(channel.getFD());
        if (pending == null) {
            channel.park(event, nanos);
            return;
        }
        long limit = Math.max(1, pending.endNanos() - System.nanoTime());
        if (nanos > 0) {
            limit = Math.min(nanos, limit);
        }
        if (pending.event() == SocksChannelConnect.NOTHING) {
            LockSupport.parkNanos(Math.min(limit, LOOK_UP_NANOS));
        } else {
            channel.park(pending.event(), limit);
        }
    }

    /** At the head of {@code implCloseSelectableChannel}. */
    public static void closing(SocketChannelImpl channel) {
        closing(channel.getFD());
    }

    private static void closing(FileDescriptor fd) {
        SocksChannelConnect pending = CONNECTS.get(fd);
        if (pending != null) {
            pending.descriptor.closing(); // first, so that no server is blamed for what follows
            CONNECTS.remove(fd);
        }
    }

    // ---- SelectionKeyImpl

    /** In place of {@code channel.translateInterestOps(ops)}. */
    public static int translateInterestOps(SelChImpl channel, int ops, SelectionKeyImpl key) {
        if (isPendingDatagrams(channel)) {
            return channel.translateInterestOps(ops) & ~Net.POLLOUT;
        }
        SocksSelectableConnect pending = pending(channel);
        return pending == null || ops == 0 ? channel.translateInterestOps(ops) : pending.events(ops, key);
    }

    /** In place of {@code channel.translateAndUpdateReadyOps(ops, key)}. */
    public static boolean translateAndUpdateReadyOps(SelChImpl channel, int ops, SelectionKeyImpl key) {
        return channel.translateAndUpdateReadyOps(ready(channel, ops, key), key);
    }

    /** In place of {@code channel.translateAndSetReadyOps(ops, key)}. */
    public static boolean translateAndSetReadyOps(SelChImpl channel, int ops, SelectionKeyImpl key) {
        return channel.translateAndSetReadyOps(ready(channel, ops, key), key);
    }

    private static int ready(SelChImpl channel, int ops, SelectionKeyImpl key) {
        if (isPendingDatagrams(channel)) {
            return ops & ~Net.POLLOUT;
        }
        SocksSelectableConnect pending = pending(channel);
        return pending == null ? ops : pending.ready(ops, key);
    }

    /** Asks for a socket's channel first: the JVM is not to load the class for datagrams where there are none. */
    private static boolean isPendingDatagrams(SelChImpl channel) {
        return !(channel instanceof SocketChannelImpl)
                && channel instanceof DatagramChannelImpl datagrams
                && SocksDatagrams.isPending(datagrams);
    }

    private static @Nullable SocksSelectableConnect pending(SelChImpl channel) {
        if (!(channel instanceof SocketChannelImpl) || !((SocketChannel) channel).isConnectionPending()) {
            return null;
        }
        SocksChannelConnect pending = CONNECTS.get(channel.getFD());
        return pending == null || pending.descriptor.connect == null ? null : (SocksSelectableConnect) pending;
    }

    // ---- AsynchronousSocketChannelImpl and UnixAsynchronousSocketChannelImpl

    /** At the head of {@code connect}: what to connect to, in place of what was given. */
    public static SocketAddress remote(AsynchronousSocketChannelImpl channel, SocketAddress remote) {
        SocketAddress given;
        try {
            given = SocksSeam.remote(remote);
        } catch (UnknownHostException e) {
            throw (UnresolvedAddressException) new UnresolvedAddressException().initCause(e);
        }
        if (given instanceof InetSocketAddress address && !address.isUnresolved() && !isHooked(channel)) {
            try {
                SocksSeam.engine().requireDirect(address, false, "an asynchronous channel of this platform");
            } catch (IOException e) {
                throw (UnsupportedOperationException) new UnsupportedOperationException(e.getMessage()).initCause(e);
            }
        }
        return given;
    }

    /** By name, since a platform may not have the class. */
    private static boolean isHooked(AsynchronousSocketChannelImpl channel) {
        return channel.getClass().getName().equals("sun.nio.ch.UnixAsynchronousSocketChannelImpl");
    }

    /** In place of {@code Net.connect(fd, address, port)} in {@code implConnect}. */
    public static int connect(
            FileDescriptor fd, InetAddress address, int port, UnixAsynchronousSocketChannelImpl channel)
            throws IOException {
        InetAddress target = address.isAnyLocalAddress() ? Net.inet4LoopbackAddress() : address;
        SocksDescriptor descriptor =
                new SocksDescriptor(fd, StandardProtocolFamily.INET6, true, channel.localAddress != null);
        SocksAsynchronousConnect pending = new SocksAsynchronousConnect(channel, descriptor);
        if (!begin(fd, pending, new InetSocketAddress(target, port), 0, pending)) {
            return Net.connect(fd, address, port);
        }
        boolean goesOn = false;
        try {
            pending.advance(SocksAsynchronousConnect.BEGIN);
            goesOn = !pending.isConnected();
            return goesOn ? IOStatus.UNAVAILABLE : 1;
        } finally {
            if (!goesOn) {
                CONNECTS.remove(fd);
            }
        }
    }

    /** At the head of {@code onEvent}: what has happened, in place of what was told. */
    public static int events(UnixAsynchronousSocketChannelImpl channel, int events) {
        if (channel.state != AsynchronousSocketChannelImpl.ST_PENDING) {
            return events;
        }
        SocksChannelConnect pending = CONNECTS.get(channel.fd);
        return pending == null ? events : ((SocksAsynchronousConnect) pending).ready(events);
    }

    /** Before {@code checkConnect} in {@code finishConnect}. */
    public static void connected(UnixAsynchronousSocketChannelImpl channel) throws IOException {
        SocksChannelConnect pending = CONNECTS.remove(channel.fd);
        if (pending != null && !pending.outcome()) {
            throw new IllegalStateException("The connect has not ended");
        }
    }

    /** At the head of {@code implClose}. */
    public static void closing(UnixAsynchronousSocketChannelImpl channel) {
        closing(channel.fd);
    }
}
