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
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the hooked places in the JDK's datagram channels call, which datagram sockets are made of: {@link SocksSeam} for
 * them. What is sent gets a header and goes to a relay, what comes from there loses it; the JDK's own code does the
 * rest. Safe for use by any thread.
 */
public final class SocksDatagrams {
    /**
     * Those that have sent or connected, until they close. What a thread does not find there of a channel that is
     * closed by another may have been connected to a relay: it must not touch the descriptor. FileDescriptor has the
     * identity of an object.
     */
    static final ConcurrentHashMap<FileDescriptor, SocksDatagramSocket> SOCKETS = new ConcurrentHashMap<>();

    private SocksDatagrams() {}

    static SocksDatagramSocket socket(DatagramChannelImpl channel) {
        FileDescriptor fd = channel.getFD();
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket == null) {
            socket = new SocksDatagramSocket(fd, SocksDatagramInternals.family(channel), channel);
            SocksDatagramSocket other = SOCKETS.putIfAbsent(fd, socket);
            if (other != null) {
                return other;
            }
            CleanerFactory.cleaner().register(channel, socket);
            if (!channel.isOpen()) {
                closed(fd); // a close from before could not find it
            }
        }
        return socket;
    }

    /** At the head of {@code connect}: the peer, in place of what was given. What has none is left to the JDK. */
    public static @Nullable SocketAddress peer(DatagramChannelImpl channel, @Nullable SocketAddress remote)
            throws IOException {
        if (remote instanceof InetSocketAddress address
                && !address.isUnresolved()
                && address.getPort() != 0
                && channel.isOpen()) {
            InetSocketAddress direct = socket(channel).peer(address).direct();
            return direct == null ? remote : direct;
        }
        return remote;
    }

    /** In place of {@code Net.connect(family, fd, address, port)} in {@code connect}. */
    public static int connect(
            ProtocolFamily family, FileDescriptor fd, InetAddress address, int port, DatagramChannelImpl channel)
            throws IOException {
        return socket(channel).connect(address, port);
    }

    /** At the head of {@code innerJoin}. What is no group is left to the JDK. */
    public static void join(DatagramChannelImpl channel, InetAddress group) throws IOException {
        SocksGuard.join(group);
        if (channel.isOpen()) {
            socket(channel).joined();
        }
    }

    /** In place of {@code disconnect0(fd, isIPv6)} in {@code disconnect}. */
    public static void disconnect(FileDescriptor fd, boolean isIPv6, DatagramChannelImpl channel) throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket != null) {
            socket.disconnected(); // first: from then on nobody else connects the descriptor
        }
        SocksDatagramInternals.disconnect(fd, isIPv6);
    }

    /** In place of {@code channel.send(fd, src, target)}. */
    public static int send(DatagramChannelImpl channel, FileDescriptor fd, ByteBuffer src, InetSocketAddress target)
            throws IOException {
        return socket(channel).sender.send(channel, src, target);
    }

    /** In place of {@code IOUtil.write(fd, src, -1, dispatcher)}. */
    public static int write(
            FileDescriptor fd, ByteBuffer src, long position, NativeDispatcher dispatcher, DatagramChannelImpl channel)
            throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket != null) {
            return socket.sender.write(src, dispatcher, channel);
        }
        return channel.isOpen() ? IOUtil.write(fd, src, position, dispatcher) : IOStatus.UNAVAILABLE;
    }

    /** In place of {@code IOUtil.write(fd, srcs, offset, length, dispatcher)}. */
    public static long write(
            FileDescriptor fd,
            ByteBuffer[] srcs,
            int offset,
            int length,
            NativeDispatcher dispatcher,
            DatagramChannelImpl channel)
            throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket != null) {
            return socket.sender.write(srcs, offset, length, dispatcher, channel);
        }
        return channel.isOpen() ? IOUtil.write(fd, srcs, offset, length, dispatcher) : IOStatus.UNAVAILABLE;
    }

    /** In place of {@code park(event)} of those who send. */
    public static void park(DatagramChannelImpl channel, int event) throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(channel.getFD());
        if (socket != null && socket.sender.isPending()) {
            socket.sender.await();
        } else {
            channel.park(event, 0);
        }
    }

    /** In place of {@code channel.receiveIntoNativeBuffer(dst, octets, position, connected)}. */
    public static int receive(DatagramChannelImpl channel, ByteBuffer dst, int octets, int position, boolean connected)
            throws IOException {
        return SocksDatagramReceiver.receive(channel, dst, octets, position, connected);
    }

    /** At the head of {@code sourceSocketAddress}; null lets it go on. */
    public static @Nullable InetSocketAddress source(DatagramChannelImpl channel) {
        SocksDatagramSocket socket = SOCKETS.get(channel.getFD());
        return socket == null ? null : socket.receiver.source();
    }

    /** In place of {@code IOUtil.read(fd, dst, -1, dispatcher)}. */
    public static int read(
            FileDescriptor fd, ByteBuffer dst, long position, NativeDispatcher dispatcher, DatagramChannelImpl channel)
            throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket != null) {
            return socket.receiver.read(dst, dispatcher, channel);
        }
        return channel.isOpen() ? IOUtil.read(fd, dst, position, dispatcher) : IOStatus.UNAVAILABLE;
    }

    /** In place of {@code IOUtil.read(fd, dsts, offset, length, dispatcher)}. */
    public static long read(
            FileDescriptor fd,
            ByteBuffer[] dsts,
            int offset,
            int length,
            NativeDispatcher dispatcher,
            DatagramChannelImpl channel)
            throws IOException {
        SocksDatagramSocket socket = SOCKETS.get(fd);
        if (socket != null) {
            return socket.receiver.read(dsts, offset, length, dispatcher, channel);
        }
        return channel.isOpen() ? IOUtil.read(fd, dsts, offset, length, dispatcher) : IOStatus.UNAVAILABLE;
    }

    /** At the head of {@code implCloseSelectableChannel}. */
    public static void closing(DatagramChannelImpl channel) {
        closed(channel.getFD());
    }

    static void closed(FileDescriptor fd) {
        SocksDatagramSocket socket = SOCKETS.remove(fd);
        if (socket != null) {
            socket.close();
        }
    }

    /** Whether a selector must not say yet that the channel can be written to. */
    static boolean isPending(DatagramChannelImpl channel) {
        SocksDatagramSocket socket = SOCKETS.get(channel.getFD());
        return socket != null && socket.sender.isPending();
    }

    // ---- NioSocketImpl, on Java 17 and 21: new Socket(host, port, false)

    /** The private ways of a platform socket to read and write. */
    private static final class Streams {
        static final MethodHandle TRY_READ;
        static final MethodHandle TRY_WRITE;

        static {
            MethodType each =
                    MethodType.methodType(int.class, FileDescriptor.class, byte[].class, int.class, int.class);
            MethodType ofAny = each.insertParameterTypes(0, SocketImpl.class);
            try {
                Class<?> type = Class.forName("sun.nio.ch.NioSocketImpl", false, null);
                MethodHandles.Lookup lookup = SocksInternals.of(type);
                TRY_READ = lookup.findVirtual(type, "tryRead", each).asType(ofAny);
                TRY_WRITE = lookup.findVirtual(type, "tryWrite", each).asType(ofAny);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** In place of the kernel's connect. */
    static int connectSocket(FileDescriptor fd, InetAddress address, int port) throws IOException {
        ProtocolFamily family = Net.isIPv6Available() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        SocksDatagramSocket socket = new SocksDatagramSocket(fd, family, null);
        SOCKETS.put(fd, socket);
        return socket.connect(address, port);
    }

    /** In place of {@code tryRead(fd, octets, offset, length)}. */
    public static int tryRead(SocketImpl impl, FileDescriptor fd, byte[] octets, int offset, int length, boolean stream)
            throws IOException {
        SocksDatagramSocket socket = stream ? null : SOCKETS.get(fd);
        if (socket == null && !stream) {
            return IOStatus.UNAVAILABLE; // it is being closed
        }
        if (socket != null && socket.isConnected()) {
            return socket.receiver.read(ByteBuffer.wrap(octets, offset, length), SocksDatagramSocket.DISPATCHER, null);
        }
        try {
            return (int) Streams.TRY_READ.invokeExact(impl, fd, octets, offset, length);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }

    /** In place of {@code tryWrite(fd, octets, offset, length)}. */
    public static int tryWrite(
            SocketImpl impl, FileDescriptor fd, byte[] octets, int offset, int length, boolean stream)
            throws IOException {
        SocksDatagramSocket socket = stream ? null : SOCKETS.get(fd);
        if (socket == null && !stream) {
            return IOStatus.UNAVAILABLE; // it is being closed
        }
        if (socket != null && socket.isConnected()) {
            int n = socket.sender.write(ByteBuffer.wrap(octets, offset, length), SocksDatagramSocket.DISPATCHER, null);
            while (n == IOStatus.UNAVAILABLE && socket.sender.isPending()) {
                socket.sender.await();
                n = socket.sender.write(ByteBuffer.wrap(octets, offset, length), SocksDatagramSocket.DISPATCHER, null);
            }
            return n;
        }
        try {
            return (int) Streams.TRY_WRITE.invokeExact(impl, fd, octets, offset, length);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }
}
