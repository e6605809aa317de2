// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connect of a platform socket, {@code NioSocketImpl}, whose code is not hooked: with its own lock, states and way
 * to wait, so that a close, an interrupt and a timeout are the JDK's business here too. Safe for use by any thread.
 */
public final class SocksPlatformSocket {
    private static final MethodHandle READ_LOCK;
    private static final MethodHandle NON_BLOCKING;
    private static final MethodHandle IS_OPEN;
    private static final MethodHandle BEGIN_CONNECT;
    private static final MethodHandle END_CONNECT;
    private static final MethodHandle PARK;

    static {
        try {
            Class<?> type = Class.forName("sun.nio.ch.NioSocketImpl", false, null);
            MethodHandles.Lookup lookup = SocksInternals.of(type);
            READ_LOCK = ofAnyImpl(lookup.findGetter(type, "readLock", ReentrantLock.class));
            NON_BLOCKING = ofAnyImpl(lookup.findGetter(type, "nonBlocking", boolean.class));
            IS_OPEN = method(lookup, "isOpen", boolean.class);
            BEGIN_CONNECT = method(lookup, "beginConnect", FileDescriptor.class, InetAddress.class, int.class);
            END_CONNECT = method(lookup, "endConnect", void.class, FileDescriptor.class, boolean.class);
            PARK = method(lookup, "park", void.class, FileDescriptor.class, int.class, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private SocksPlatformSocket() {}

    private static MethodHandle method(
            MethodHandles.Lookup lookup, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        MethodType type = MethodType.methodType(result, parameters);
        return ofAnyImpl(lookup.findVirtual(lookup.lookupClass(), name, type));
    }

    private static MethodHandle ofAnyImpl(MethodHandle handle) {
        return handle.asType(handle.type().changeParameterType(0, SocketImpl.class));
    }

    /**
     * Connects, if the connect is routed.
     *
     * @param impl the platform's own
     * @param fd its descriptor
     * @param stream false for a datagram socket in the disguise of a Socket
     * @param bound whether the application has bound it
     * @param remote resolved
     * @param timeoutMillis the application's timeout, 0 for none
     * @return whether it was routed; where not, nothing has been done
     * @throws IOException if it was routed and has failed; the caller closes the socket
     */
    public static boolean connect(
            SocketImpl impl,
            FileDescriptor fd,
            boolean stream,
            boolean bound,
            InetSocketAddress remote,
            int timeoutMillis)
            throws IOException {
        // what the JDK puts in place of the wildcard address: this machine
        InetSocketAddress target = remote.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLocalHost(), remote.getPort())
                : remote;
        if (!stream) {
            SocksSeam.connectDatagram(target);
            return false;
        }
        try {
            ReentrantLock lock = (ReentrantLock) READ_LOCK.invokeExact(impl);
            lock.lock();
            try {
                if (!SocksSeam.begin(fd, target, timeoutMillis, (boolean) NON_BLOCKING.invokeExact(impl), bound)) {
                    return false;
                }
                advance(impl, target);
                return true;
            } finally {
                SocksSeam.ended(fd);
                lock.unlock();
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void advance(SocketImpl impl, InetSocketAddress target) throws Throwable {
        FileDescriptor fd = (FileDescriptor) BEGIN_CONNECT.invokeExact(impl, target.getAddress(), target.getPort());
        boolean connected = false;
        try {
            boolean open = true;
            while (open && !connected) {
                connected = SocksSeam.pollConnectNow(fd);
                if (!connected) {
                    PARK.invokeExact(impl, fd, SocksSeam.event(fd, Net.POLLOUT), SocksSeam.nanos(0, fd, 0));
                }
                open = (boolean) IS_OPEN.invokeExact(impl);
            }
            connected &= open;
        } finally {
            END_CONNECT.invokeExact(impl, fd, connected);
        }
    }
}
