// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the hooked places in the JDK's classes for sockets and names call instead of, or before, what they called, and
 * {@link SocksPlatformSocket} where none is hooked. A connect is simply not over until the SOCKS reply has come: the JDK's
 * own loops, locks, timeouts, interrupts and states stay as they are. Channels are in {@link SocksChannels}. Safe for use
 * by any thread.
 */
public final class SocksSeam {
    private static volatile @Nullable SocksEngine engine;

    /** The routed connects under way. FileDescriptor has the identity of an object. */
    private static final ConcurrentHashMap<FileDescriptor, SocksDescriptor> CONNECTS = new ConcurrentHashMap<>();

    private SocksSeam() {}

    /**
     * Sets the engine, once.
     *
     * @throws IllegalStateException if there is one
     */
    public static synchronized void install(SocksEngine socksEngine) {
        if (engine != null) {
            throw new IllegalStateException("An engine is installed already");
        }
        engine = socksEngine;
    }

    /** The engine. A hook that runs without one must not go on, since the JDK would then connect directly. */
    static SocksEngine engine() {
        SocksEngine socksEngine = engine;
        if (socksEngine == null) {
            throw new IllegalStateException("No engine is installed");
        }
        return socksEngine;
    }

    // ---- NioSocketImpl.connect

    /** At the head of {@code NioSocketImpl.connect}: what to connect to, in place of what was given. */
    public static SocketAddress remote(SocketAddress remote) throws UnknownHostException {
        return remote instanceof InetSocketAddress address && address.isUnresolved()
                ? engine().remote(address)
                : remote;
    }

    /** In place of {@code Net.connect(fd, address, port)}; what follows these three is read from the socket. */
    public static int connect(
            FileDescriptor fd,
            InetAddress address,
            int port,
            SocketAddress remote,
            int timeoutMillis,
            boolean nonBlocking,
            int localPort,
            boolean stream)
            throws IOException {
        InetSocketAddress target = (InetSocketAddress) remote;
        if (target.getAddress().isAnyLocalAddress()) {
            target = new InetSocketAddress(address, port); // what the JDK has put in its place: this machine
        }
        if (!stream) {
            return SocksDatagrams.connectSocket(fd, target.getAddress(), port);
        }
        if (!begin(fd, target, timeoutMillis, nonBlocking, localPort != 0)) {
            return Net.connect(fd, address, port);
        }
        return pollConnectNow(fd) ? 1 : IOStatus.UNAVAILABLE;
    }

    /** Lets a datagram socket connect whose datagrams cannot be carried, or throws. */
    static void connectDatagram(InetSocketAddress target) throws IOException {
        engine().requireDirect(target, true, "UDP of new Socket(host, port, false)");
    }

    /** Decides, and tells whether the connect is routed; {@link #pollConnectNow} then goes on with it. */
    static boolean begin(
            FileDescriptor fd, InetSocketAddress target, int timeoutMillis, boolean nonBlocking, boolean bound)
            throws IOException {
        SocksDescriptor descriptor = new SocksDescriptor(fd, StandardProtocolFamily.INET6, nonBlocking, bound);
        // before the decision, which may wait for a server's name: a close must find it
        CONNECTS.put(fd, descriptor);
        descriptor.connect = engine().connect(descriptor, target, timeoutMillis, null);
        if (descriptor.connect == null) {
            CONNECTS.remove(fd);
            return false;
        }
        return true;
    }

    /** In place of {@code Net.pollConnectNow(fd)}. */
    public static boolean pollConnectNow(FileDescriptor fd) throws IOException {
        SocksConnect connect = connect(fd);
        if (connect == null) {
            return Net.pollConnectNow(fd);
        }
        if (!connect.advance()) {
            return false;
        }
        CONNECTS.remove(fd);
        return true;
    }

    private static @Nullable SocksConnect connect(FileDescriptor fd) {
        SocksDescriptor descriptor = CONNECTS.get(fd);
        return descriptor == null ? null : descriptor.connect;
    }

    /** The event to park for, in place of the one given. */
    public static int event(FileDescriptor fd, int event) {
        SocksConnect connect = connect(fd);
        return connect == null ? event : connect.awaitsReadable() ? Net.POLLIN : Net.POLLOUT;
    }

    /** How long to park, in place of the time given; 0 is without end. */
    public static long nanos(long nanos, FileDescriptor fd, int event) {
        SocksConnect connect = connect(fd);
        if (connect == null) {
            return nanos;
        }
        long limit = connect.remainingNanos();
        return nanos == 0 ? limit : Math.min(nanos, limit);
    }

    /** At the head of {@code NioSocketImpl.endConnect}: the connect has ended in one way or another. */
    public static void ended(FileDescriptor fd) {
        CONNECTS.remove(fd);
    }

    /** At the head of {@code NioSocketImpl.close}, before anything is closed. */
    public static void closing(@Nullable FileDescriptor fd) {
        if (fd != null) {
            SocksDatagrams.closed(fd);
            SocksListeners.closing(fd);
            SocksDescriptor descriptor = CONNECTS.get(fd);
            if (descriptor != null) {
                descriptor.closing();
            }
        }
    }

    // ---- InetAddress

    /** At the head of {@code InetAddress.getAddressesFromNameService}; null lets it go on. */
    public static InetAddress @Nullable [] addresses(String host) throws UnknownHostException {
        return engine().addresses(host);
    }

    /** Before {@code InetAddress.getAddressesFromNameService} returns what it has looked up. */
    public static InetAddress[] lookedUp(InetAddress[] addresses, String host) {
        engine().lookedUp(host, addresses);
        return addresses;
    }

    /** At the head of {@code InetAddress.isReachable}: whether it is false. What is no number for it is left to it. */
    public static boolean mustNotBeProbed(InetAddress address, int ttl, int timeoutMillis) throws IOException {
        return ttl >= 0 && timeoutMillis >= 0 && engine().mustNotBeProbed(address);
    }

    /** At the head of {@code InetAddress.getHostFromNameService}; null lets it go on. */
    public static @Nullable String host(InetAddress address) {
        return engine().host(address);
    }

    // ---- DefaultProxySelector.select

    /** Of what the JDK's system properties say: all but SOCKS, which is done below the socket, once. */
    public static List<Proxy> withoutSocks(List<Proxy> proxies) {
        return engine().withoutSocks(proxies);
    }
}
