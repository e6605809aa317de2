// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket of the platform's, {@code DatagramSocketAdaptor} over {@code DatagramChannelImpl}, whose code is
 * not hooked. What it sends and receives is worked on by {@link SocksDatagramSocket}, as where it is; the JDK's own
 * code waits, with its own locks and states. Safe for use by any thread, but that one at a time receives and connects.
 */
public final class SocksPlatformDatagrams {
    private static final MethodHandle READ_LOCK;
    private static final MethodHandle WRITE_LOCK;
    private static final MethodHandle BEGIN_WRITE;
    private static final MethodHandle END_WRITE;

    static {
        try {
            Class<?> type = DatagramChannelImpl.class;
            MethodHandles.Lookup lookup = SocksInternals.of(type);
            READ_LOCK = lookup.findGetter(type, "readLock", ReentrantLock.class);
            WRITE_LOCK = lookup.findGetter(type, "writeLock", ReentrantLock.class);
            BEGIN_WRITE = lookup.findVirtual(
                    type, "beginWrite", MethodType.methodType(SocketAddress.class, boolean.class, boolean.class));
            END_WRITE = lookup.findVirtual(
                    type, "endWrite", MethodType.methodType(void.class, boolean.class, boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** No datagram has more octets. */
    private static final int MOST_OCTETS = 0xFFFF;

    private final DatagramChannelImpl channel;
    private final MulticastSocket socket;

    /** Null until it has sent, or connected. */
    private volatile @Nullable SocksDatagramSocket routed; // written with the lock of this

    private boolean closed; // guarded by this

    /** What the program has connected it to; null if it is not connected. */
    private volatile @Nullable InetSocketAddress connected;

    private volatile int timeoutMillis;

    /** What was sent to last. Guarded by the channel's lock for writing. */
    private @Nullable InetSocketAddress lastTarget;

    // of whoever receives
    private final DatagramPacket packet = new DatagramPacket(new byte[0], 0);
    private ByteBuffer payload = ByteBuffer.wrap(packet.getData());
    private @Nullable InetSocketAddress lastFrom;

    private SocksPlatformDatagrams(DatagramChannelImpl channel) {
        this.channel = channel;
        socket = (MulticastSocket) channel.socket();
    }

    /**
     * Opens one as {@code DatagramSocket} does where no factory is set: an interrupt does not close it, as it would a
     * channel.
     */
    public static SocksPlatformDatagrams open() throws IOException {
        return new SocksPlatformDatagrams(
                (DatagramChannelImpl) DefaultSelectorProvider.get().openUninterruptibleDatagramChannel());
    }

    /** Returns the platform's own, for all but connecting, sending and receiving. */
    public MulticastSocket socket() {
        return socket;
    }

    private SocksDatagramSocket routed() throws SocketException {
        SocksDatagramSocket state = routed;
        return state == null ? makeRouted() : state;
    }

    private synchronized SocksDatagramSocket makeRouted() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        SocksDatagramSocket state = SocksDatagrams.socket(channel);
        routed = state;
        return state;
    }

    /**
     * Connects to a server, or receives. The program's own frames are below, and a policy may grant them less than that
     * takes (up to Java 23); what it may send and hear {@code DatagramSocket} checks, which knows the program's own
     * peers.
     */
    private record Action(
            SocksPlatformDatagrams datagrams, @Nullable InetSocketAddress server)
            implements PrivilegedExceptionAction<@Nullable Void> {
        @Override
        public @Nullable Void run() throws IOException {
            if (server == null) {
                datagrams.socket.receive(datagrams.packet);
            } else {
                datagrams.socket.connect(server);
            }
            return null;
        }
    }

    @SuppressWarnings("removal")
    private void privileged(@Nullable InetSocketAddress server) throws IOException {
        try {
            AccessController.doPrivileged(new Action(this, server));
        } catch (PrivilegedActionException e) {
            throw (IOException) e.getException();
        }
    }

    // ---- connecting

    /**
     * Connects it.
     *
     * @throws SocketException if nothing must be sent to the peer, or if the kernel refuses
     */
    public void connect(InetSocketAddress remote) throws SocketException {
        try {
            implConnect(remote);
        } catch (SocketException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (IOException e) {
            SocketException wrapped = new SocketException(e.getMessage());
            wrapped.initCause(e);
            throw wrapped;
        }
    }

    private void implConnect(InetSocketAddress remote) throws IOException {
        SocksDatagramSocket state = routed();
        ReentrantLock lock = writeLock();
        SocksDatagramPeer peer;
        lock.lock();
        try {
            peer = state.peer(remote);
        } finally {
            lock.unlock();
        }
        InetSocketAddress direct = peer.direct();
        InetSocketAddress server = direct == null ? server(peer) : null;
        lockBoth();
        try {
            if (server == null) {
                socket.connect(direct);
                state.disconnected();
            } else {
                // the channel is connected to something in the kernel's place, which is then connected to the relay
                connectTo(server);
                state.connect(remote.getAddress(), remote.getPort());
            }
            connected = remote;
        } finally {
            unlockBoth();
        }
    }

    /** As the channel's own connect does: who sends finds it connected or not, and nothing in between. */
    private void lockBoth() {
        readLock().lock();
        writeLock().lock();
    }

    private void unlockBoth() {
        writeLock().unlock();
        readLock().unlock();
    }

    /** Before any address of the server is known, the relay must be. */
    private static InetSocketAddress server(SocksDatagramPeer peer) throws IOException {
        InetSocketAddress server = peer.server();
        while (server == null) {
            server = peer.relay();
            if (server == null) {
                peer.await();
            }
        }
        return server;
    }

    @SuppressWarnings("removal")
    private void connectTo(InetSocketAddress server) throws IOException {
        if (System.getSecurityManager() == null) {
            socket.connect(server);
        } else {
            privileged(server);
        }
    }

    /** Dissolves the connection. */
    public void disconnect() {
        lockBoth();
        try {
            SocksDatagramSocket state = routed;
            if (state != null) {
                state.disconnected(); // first: what ends now must not connect it to anything any more
            }
            socket.disconnect();
            connected = null;
        } finally {
            unlockBoth();
        }
    }

    /** It receives from a group. */
    public void joined() throws SocketException {
        routed().joined();
    }

    /** Closes it, and the connections to servers that it has. */
    public void close() {
        synchronized (this) {
            closed = true; // from here on there is none that the next line does not find
        }
        SocksDatagrams.closing(channel);
        socket.close();
    }

    // ---- sending

    /**
     * Sends a datagram. Waits for the association that it needs.
     *
     * @param program the program's, with the address of the peer if it is connected
     */
    public void send(DatagramPacket program) throws IOException {
        SocksDatagramSocket state = routed();
        ReentrantLock lock = writeLock();
        InetSocketAddress target;
        InetSocketAddress direct;
        lock.lock();
        try {
            target = target(program);
            direct = state.isConnected() && target.equals(connected)
                    ? null
                    : state.peer(target).direct();
        } finally {
            lock.unlock();
        }
        if (direct != null && direct.equals(target)) {
            socket.send(program);
        } else if (direct != null) {
            socket.send(new DatagramPacket(program.getData(), program.getOffset(), program.getLength(), direct));
        } else {
            ByteBuffer src = Util.getTemporaryDirectBuffer(program.getLength());
            try {
                src.put(program.getData(), program.getOffset(), program.getLength())
                        .flip();
                send(state, src, target);
            } catch (ClosedChannelException e) {
                throw closed(e);
            } finally {
                Util.offerFirstTemporaryDirectBuffer(src);
            }
        }
    }

    private static SocketException closed(ClosedChannelException e) {
        SocketException closed = new SocketException("Socket closed");
        closed.initCause(e);
        return closed;
    }

    /** The same object for the same address: what is known of it is found by that. */
    private InetSocketAddress target(DatagramPacket program) {
        InetSocketAddress peer = connected;
        if (peer != null
                && peer.getPort() == program.getPort()
                && peer.getAddress().equals(program.getAddress())) {
            return peer;
        }
        InetSocketAddress target = lastTarget;
        if (target == null || !isOf(program, target)) {
            target = (InetSocketAddress) program.getSocketAddress();
            lastTarget = target;
        }
        return target;
    }

    /** Whether it is the address of the packet, under the same name. */
    @SuppressWarnings("ReferenceEquality") // addresses that are equal may have names that are not
    private static boolean isOf(DatagramPacket any, InetSocketAddress address) {
        return any.getPort() == address.getPort() && any.getAddress() == address.getAddress();
    }

    private ReentrantLock readLock() {
        try {
            return (ReentrantLock) READ_LOCK.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private ReentrantLock writeLock() {
        try {
            return (ReentrantLock) WRITE_LOCK.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** As the JDK's channel does it. */
    private void send(SocksDatagramSocket state, ByteBuffer src, InetSocketAddress target) throws IOException {
        ReentrantLock lock = writeLock();
        lock.lock();
        try {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            boolean completed = false;
            try {
                SocketAddress remote = (SocketAddress) BEGIN_WRITE.invokeExact(channel, true, false);
                int n = trySend(state, src, target, remote != null);
                while ((n == IOStatus.UNAVAILABLE || n == IOStatus.INTERRUPTED) && channel.isOpen()) {
                    SocksDatagrams.park(channel, Net.POLLOUT);
                    n = trySend(state, src, target, remote != null);
                }
                completed = n >= 0;
            } finally {
                END_WRITE.invokeExact(channel, true, completed);
            }
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        } finally {
            lock.unlock();
        }
    }

    private int trySend(SocksDatagramSocket state, ByteBuffer src, InetSocketAddress target, boolean isConnected)
            throws IOException {
        if (!isConnected) {
            return state.sender.send(channel, src, target);
        }
        if (!target.equals(connected)) {
            throw new IllegalArgumentException("Connected and packet address differ");
        }
        return state.sender.write(src, SocksDatagramSocket.DISPATCHER, channel);
    }

    // ---- receiving

    /** Sets how long {@link #receive} waits; 0 is without end. */
    public void setSoTimeout(int millis) throws SocketException {
        socket.setSoTimeout(millis);
        timeoutMillis = millis;
    }

    /** Returns what {@link #setSoTimeout} has set. */
    public int getSoTimeout() throws SocketException {
        socket.getSoTimeout(); // for its check
        return timeoutMillis;
    }

    /**
     * Receives the next datagram that is not to be dropped.
     *
     * @param room that the program has for it
     * @return where it is from; its octets are in {@link #payload}
     * @throws SocketTimeoutException if none comes in time, however many are dropped
     */
    public InetSocketAddress receive(int room) throws IOException {
        int millis = timeoutMillis;
        long start = millis == 0 ? 0 : System.nanoTime();
        boolean changed = false;
        try {
            while (true) {
                receiveAny(Math.min(room, MOST_OCTETS) + SocksDatagramEngine.MOST_HEADER_OCTETS);
                InetSocketAddress from = from();
                SocksDatagramSocket state = routed;
                InetSocketAddress source = state == null ? from : state.receiver.source(payload, from);
                if (source != null) {
                    return source;
                }
                if (millis > 0) {
                    changed = true;
                    socket.setSoTimeout(remaining(millis, start));
                }
            }
        } finally {
            if (changed && !socket.isClosed()) {
                socket.setSoTimeout(timeoutMillis);
            }
        }
    }

    private static int remaining(int millis, long start) throws SocketTimeoutException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis) - (System.nanoTime() - start);
        if (nanos <= 0) {
            throw new SocketTimeoutException("Receive timed out");
        }
        return (int) TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
    }

    /** Returns the octets of the datagram that was received last. */
    public ByteBuffer payload() {
        return payload;
    }

    /** Always with room for a header: the association may come about while this waits. */
    private void receiveAny(int octets) throws IOException {
        if (payload.capacity() < octets) {
            payload = ByteBuffer.allocate(octets);
            packet.setData(payload.array());
        }
        packet.setLength(octets);
        try {
            receiveAny();
        } catch (PortUnreachableException e) {
            SocksDatagramSocket state = routed;
            if (state != null) {
                state.unreachable();
            }
            throw e;
        } catch (SocketException e) {
            if (!channel.isOpen()) {
                SocksDatagrams.closing(channel); // an interrupt of a virtual thread closes it
            }
            throw e;
        }
        payload.clear().limit(packet.getLength());
    }

    @SuppressWarnings("removal")
    private void receiveAny() throws IOException {
        if (System.getSecurityManager() == null) {
            socket.receive(packet);
        } else {
            privileged(null);
        }
    }

    /** The same object for the same sender, whose address the JDK keeps too. */
    private InetSocketAddress from() {
        InetSocketAddress from = lastFrom;
        if (from == null || !isOf(packet, from)) {
            from = (InetSocketAddress) packet.getSocketAddress();
            lastFrom = from;
        }
        return from;
    }
}
