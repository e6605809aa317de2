// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one descriptor. The kernel sends them to the relay, and takes them from it: a socket that is connected to
 * a peer behind a relay is, for the kernel, connected to the relay. Sending is done with the JDK's lock for writing, receiving
 * with the one for reading, connecting with both; the rest by any thread.
 */
public final class SocksDatagramSocket implements Consumer<SelectionKey>, Runnable {
    static final NativeDispatcher DISPATCHER = new DatagramDispatcher();

    /** As many as a kernel keeps, in order of magnitude, while it looks for the address of a neighbour. */
    private static final int MOST_HELD = 16;

    private final FileDescriptor fd;
    private final ProtocolFamily family;
    private final @Nullable WeakReference<DatagramChannelImpl> channel;
    private final SocksDatagramEngine engine;

    /** The peer that it is connected to, if that is behind a relay. */
    private volatile @Nullable SocksDatagramPeer connected;

    /** What the last sender could not send for. */
    private volatile @Nullable SocksDatagramPeer awaited;

    /** What the kernel's socket is connected to, in place of that peer. */
    private volatile @Nullable InetSocketAddress kernelPeer; // written with the lock of this

    /** Whether the next to receive or send shall hear that the peer is gone. */
    private volatile boolean lost;

    /** What the next to send shall hear instead; written before {@link #lost}. */
    private @Nullable IOException reason;

    private boolean closed; // guarded by this

    /** What waits for the association of the connected peer. Guarded by this. */
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(0);

    private volatile boolean holds; // written with the lock of this

    /** Where the datagram that was received last is from. */
    @Nullable
    InetSocketAddress source;

    /** @param channel null for the datagrams of a Socket */
    SocksDatagramSocket(FileDescriptor fd, ProtocolFamily family, @Nullable DatagramChannelImpl channel) {
        this.fd = fd;
        this.family = family;
        this.channel = channel == null ? null : new WeakReference<>(channel);
        engine = SocksSeam.engine().datagrams(this);
    }

    /**
     * Whom the descriptor belongs to, null if he has been collected: the number may be another's then. Whoever uses it for the
     * daemon holds him meanwhile.
     */
    private @Nullable Object owner() {
        return channel == null ? this : channel.get();
    }

    /** Whether it can send to an IPv6 address. */
    public boolean supportsIPv6() {
        return family != StandardProtocolFamily.INET && Net.isIPv6Available();
    }

    /** Returns what it is bound to, or null if that cannot be told. */
    public @Nullable InetSocketAddress localAddress() {
        Object owner = owner();
        try {
            synchronized (this) {
                return closed || owner == null ? null : Net.localAddress(fd);
            }
        } catch (IOException e) {
            return null;
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    /** Returns the JDK's own provider. */
    public SelectorProvider provider() {
        return DefaultSelectorProvider.get();
    }

    SocksDatagramPeer peer(InetSocketAddress target) throws IOException {
        return engine.peer(target);
    }

    /** Whether it is connected to a peer behind a relay. */
    boolean isConnected() {
        return connected != null;
    }

    // ---- connecting

    /** In place of the kernel's connect. */
    int connect(InetAddress address, int port) throws IOException {
        SocksDatagramPeer peer = engine.peer(new InetSocketAddress(address, port));
        InetSocketAddress direct = peer.direct();
        if (direct != null) {
            disconnected();
            return Net.connect(family, fd, direct.getAddress(), direct.getPort());
        }
        InetSocketAddress server = peer.server();
        synchronized (this) {
            if (server != null) {
                Net.connect(family, fd, server.getAddress(), server.getPort());
            }
            kernelPeer = server;
            lost = false;
            drop();
            connected = peer;
        }
        engine.connected(peer);
        return 1;
    }

    void disconnected() {
        synchronized (this) {
            connected = null;
            kernelPeer = null;
            lost = false;
            drop();
        }
        engine.connected(null);
    }

    /** It receives from a group. */
    void joined() {
        engine.joined();
    }

    private void drop() {
        held.clear();
        holds = false;
    }

    // ---- sending

    /** In place of the JDK's way to send from an unconnected channel. */
    int send(DatagramChannelImpl owner, ByteBuffer src, InetSocketAddress target) throws IOException {
        SocksDatagramPeer peer = engine.peer(target);
        InetSocketAddress direct = peer.direct();
        if (direct != null) {
            return SocksDatagramInternals.send(owner, fd, src, direct);
        }
        InetSocketAddress relay = relay(peer, owner);
        if (relay == null) {
            return IOStatus.UNAVAILABLE;
        }
        int octets = src.remaining();
        peer.requireFits(relay, octets);
        byte[] header = peer.header();
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(header.length + octets);
        int n = IOStatus.UNAVAILABLE;
        int position = src.position();
        try {
            datagram.put(header).put(src).flip();
            n = SocksDatagramInternals.send(owner, fd, datagram, relay);
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
            if (n < 0) {
                src.position(position);
            }
        }
        return n < 0 ? n : octets;
    }

    private @Nullable InetSocketAddress relay(SocksDatagramPeer peer, @Nullable DatagramChannelImpl owner)
            throws IOException {
        InetSocketAddress relay = peer.relay();
        if (relay == null) {
            awaited = peer;
            if (owner != null && !owner.isBlocking()) {
                SocksChannelInternals.forEachKey(owner, this);
            }
        }
        return relay;
    }

    /** In place of a write; null for the owner of a Socket, which is blocking. */
    int write(ByteBuffer src, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner) throws IOException {
        SocksDatagramPeer peer = connected;
        if (peer == null) {
            return IOUtil.write(fd, src, -1, dispatcher);
        }
        int octets = src.remaining();
        if (octets == 0) {
            return 0; // as the JDK has it: nothing is sent
        }
        int position = src.position();
        byte[] header = peer.header();
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(header.length + octets);
        int n = IOStatus.UNAVAILABLE;
        try {
            datagram.put(header).put(src).flip();
            n = write(peer, datagram, dispatcher, owner);
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
            if (n < 0) {
                src.position(position);
            }
        }
        return n < 0 ? n : octets;
    }

    /** In place of a gathering write. */
    long write(
            ByteBuffer[] srcs, int offset, int length, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner)
            throws IOException {
        SocksDatagramPeer peer = connected;
        if (peer == null) {
            return IOUtil.write(fd, srcs, offset, length, dispatcher);
        }
        long octets = 0;
        for (int i = offset; i < offset + length; i++) {
            octets += srcs[i].remaining();
        }
        if (octets == 0) {
            return 0;
        }
        byte[] header = peer.header();
        int capacity = (int) Math.min(octets, Integer.MAX_VALUE >> 1);
        requireFits(peer, capacity);
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(header.length + capacity);
        int n;
        try {
            datagram.put(header);
            for (int i = offset; i < offset + length; i++) {
                int position = srcs[i].position();
                datagram.put(srcs[i]);
                srcs[i].position(position);
            }
            n = write(peer, datagram.flip(), dispatcher, owner);
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
        }
        if (n < 0) {
            return n;
        }
        for (int i = offset; i < offset + length; i++) {
            srcs[i].position(srcs[i].limit());
        }
        return octets;
    }

    /** Before there is a relay it is the server's address family that counts; without any, IPv4's. */
    private void requireFits(SocksDatagramPeer peer, int octets) throws IOException {
        InetSocketAddress to = kernelPeer;
        peer.requireFits(to == null ? new InetSocketAddress(Net.inet4LoopbackAddress(), 0) : to, octets);
    }

    /** Sends a datagram, header and all, to the peer that it is connected to. */
    private int write(
            SocksDatagramPeer peer,
            ByteBuffer datagram,
            NativeDispatcher dispatcher,
            @Nullable DatagramChannelImpl owner)
            throws IOException {
        if (lost) {
            // what the kernel has to say, for once
            IOException why = reason;
            reason = null;
            lost = false;
            if (why != null) {
                why.fillInStackTrace();
                throw why;
            }
            return IOUtil.write(fd, datagram, -1, dispatcher);
        }
        int octets = datagram.remaining() - peer.header().length;
        InetSocketAddress relay = relay(peer, owner);
        if (relay == null) {
            requireFits(peer, octets);
            if (owner == null || owner.isBlocking() || !hold(datagram)) {
                return IOStatus.UNAVAILABLE;
            }
            if (!peer.isOpening()) {
                sendHeld(); // who opens it may have looked before this one was there
            }
            return octets;
        }
        peer.requireFits(relay, octets);
        if (!relay.equals(kernelPeer) || holds) {
            connectTo(relay);
        }
        try {
            return IOUtil.write(fd, datagram, -1, dispatcher);
        } catch (PortUnreachableException e) {
            unreachable();
            throw e;
        }
    }

    /** The kernel has said that the peer is gone: the relay, or what has been put in its place. */
    void unreachable() {
        SocksDatagramPeer peer = connected;
        if (lost) {
            lost = false;
        } else if (peer != null) {
            peer.unreachable();
        }
    }

    /** Keeps a datagram of a connected channel that cannot wait, as a kernel does that has to look for the way. */
    private synchronized boolean hold(ByteBuffer datagram) {
        if (held.size() >= MOST_HELD) {
            return false;
        }
        held.add(ByteBuffer.allocate(datagram.remaining())
                .put(datagram.duplicate())
                .flip());
        holds = true;
        return true;
    }

    private synchronized void connectTo(InetSocketAddress relay) throws IOException {
        if (closed || connected == null) {
            return;
        }
        if (!relay.equals(kernelPeer)) {
            Net.connect(family, fd, relay.getAddress(), relay.getPort());
            kernelPeer = relay;
        }
        while (!held.isEmpty()) {
            // one that the kernel does not take is lost, as datagrams are
            IOUtil.write(fd, held.remove(), -1, DISPATCHER);
        }
        holds = false;
    }

    /** Whether who wants to send must wait for an association. */
    boolean isPending() {
        SocksDatagramPeer peer = awaited;
        return peer != null && peer.isOpening();
    }

    /** Waits for it. */
    void await() {
        SocksDatagramPeer peer = awaited;
        if (peer != null) {
            peer.await();
        }
    }

    // ---- receiving

    /** In place of the JDK's way to receive into a direct buffer. */
    static int receive(DatagramChannelImpl owner, ByteBuffer dst, int octets, int position, boolean isConnected)
            throws IOException {
        FileDescriptor fd = owner.getFD();
        SocksDatagramSocket socket = SocksDatagrams.SOCKETS.get(fd);
        if (isConnected && (socket == null || !socket.isConnected())) {
            if (socket != null) {
                socket.source = null;
            }
            return SocksDatagramInternals.receive(owner, dst, octets, position, true);
        }
        // always with room for a header: the association may come about while this waits
        int room = octets + SocksDatagramEngine.MOST_HEADER_OCTETS;
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(room);
        try {
            while (true) {
                datagram.clear().limit(room);
                int n = receive(owner, datagram, room, isConnected, socket);
                if (n < 0 || (n == 0 && !owner.isOpen())) {
                    return n;
                }
                datagram.limit(n).position(0);
                socket = SocksDatagrams.SOCKETS.get(fd);
                if (socket == null || socket.isFrom(owner, datagram, isConnected)) {
                    return copy(datagram, dst, octets, position);
                }
            }
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
        }
    }

    private static int receive(
            DatagramChannelImpl owner,
            ByteBuffer datagram,
            int room,
            boolean isConnected,
            @Nullable SocksDatagramSocket socket)
            throws IOException {
        try {
            return SocksDatagramInternals.receive(owner, datagram, room, 0, isConnected);
        } catch (PortUnreachableException e) {
            if (socket != null) {
                socket.unreachable();
            }
            throw e;
        }
    }

    /** Whether the application is to have it, and notes where it is from. */
    private boolean isFrom(DatagramChannelImpl owner, ByteBuffer datagram, boolean isConnected) throws IOException {
        source = null;
        InetSocketAddress from = isConnected ? kernelPeer : SocksDatagramInternals.source(owner);
        source = from == null ? null : engine.source(datagram, from);
        return source != null;
    }

    private static int copy(ByteBuffer datagram, ByteBuffer dst, int octets, int position) {
        int n = Math.min(datagram.remaining(), octets);
        datagram.limit(datagram.position() + n);
        int limit = dst.limit();
        dst.limit(position + n).position(position);
        dst.put(datagram);
        dst.limit(limit);
        return n;
    }

    /** In place of a read. */
    int read(ByteBuffer dst, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner) throws IOException {
        if (connected == null) {
            return IOUtil.read(fd, dst, -1, dispatcher);
        }
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        int octets = dst.remaining();
        if (octets == 0) {
            return 0;
        }
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(octets + SocksDatagramEngine.MOST_HEADER_OCTETS);
        try {
            int n = readFrom(datagram, dispatcher, owner);
            if (n > 0) {
                n = Math.min(n, octets);
                datagram.limit(datagram.position() + n);
                dst.put(datagram);
            }
            return n;
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
        }
    }

    /** In place of a scattering read. */
    long read(
            ByteBuffer[] dsts, int offset, int length, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner)
            throws IOException {
        if (connected == null) {
            return IOUtil.read(fd, dsts, offset, length, dispatcher);
        }
        long octets = 0;
        for (int i = offset; i < offset + length; i++) {
            if (dsts[i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
            octets += dsts[i].remaining();
        }
        if (octets == 0) {
            return 0;
        }
        int room = (int) Math.min(octets, 1 << 16);
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(room + SocksDatagramEngine.MOST_HEADER_OCTETS);
        try {
            int n = readFrom(datagram, dispatcher, owner);
            if (n <= 0) {
                return n;
            }
            int end = datagram.position() + Math.min(n, room);
            int read = end - datagram.position();
            for (int i = offset; i < offset + length && datagram.position() < end; i++) {
                datagram.limit(Math.min(end, datagram.position() + dsts[i].remaining()));
                dsts[i].put(datagram);
            }
            return read;
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
        }
    }

    /** Reads the next datagram of the peer, and leaves its payload. */
    private int readFrom(ByteBuffer datagram, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner)
            throws IOException {
        int room = datagram.limit();
        while (true) {
            datagram.clear().limit(room);
            int n;
            try {
                n = IOUtil.read(fd, datagram, -1, dispatcher);
            } catch (PortUnreachableException e) {
                unreachable();
                throw e;
            }
            if (n < 0 && (n != IOStatus.EOF || owner == null || !owner.isOpen())) {
                return n;
            }
            datagram.flip();
            InetSocketAddress from = kernelPeer;
            if (from != null && engine.source(datagram, from) != null) {
                // as the JDK has it: an empty one reads as an end
                return datagram.hasRemaining() ? datagram.remaining() : IOStatus.EOF;
            }
        }
    }

    /**
     * Tells where a datagram is from that the JDK's own code has received, and leaves its payload.
     *
     * @return null for one to be dropped
     */
    @Nullable
    InetSocketAddress source(ByteBuffer datagram, InetSocketAddress from) {
        return engine.source(datagram, from);
    }

    // ---- what the engine tells

    /** The association that was awaited stands, or has failed. */
    public void changed() {
        Object owner = owner();
        try {
            if (owner != null && holds) {
                sendHeld();
            }
            if (owner instanceof DatagramChannelImpl selectable) {
                SocksChannelInternals.forEachKey(selectable, this);
            }
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    private void sendHeld() {
        SocksDatagramPeer peer = connected;
        try {
            InetSocketAddress relay = peer == null || peer.isOpening() ? null : peer.relay();
            if (relay != null) {
                connectTo(relay);
            }
        } catch (IOException e) {
            synchronized (this) {
                drop();
                reason = e;
            }
            lost();
        }
    }

    /** Has the selector of a key ask again what to wait for, if that is to write. */
    @Override
    public void accept(SelectionKey key) {
        try {
            if (key.isValid() && (key.interestOps() & SelectionKey.OP_WRITE) != 0) {
                SelectorImpl selector = (SelectorImpl) key.selector();
                selector.setEventOps((SelectionKeyImpl) key);
                selector.wakeup();
            }
        } catch (ClosedSelectorException e) {
            // nobody waits there any more
        }
    }

    /**
     * The association of the connected peer is gone. The kernel says to readers, selectors and writers what it says of a
     * direct peer that has gone away, since it is sent to a port that nobody has.
     */
    public void lost() {
        Object owner = owner();
        try {
            synchronized (this) {
                if (closed || owner == null || connected == null) {
                    return;
                }
                InetSocketAddress dead = SocksDeadPort.forSocketAt(Net.localAddress(fd));
                Net.connect(family, fd, dead.getAddress(), dead.getPort());
                kernelPeer = dead;
                lost = true;
                sendInVain();
            }
        } catch (IOException e) {
            lost = false; // who sends next has another association opened
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    private void sendInVain() throws IOException {
        try {
            IOUtil.write(fd, ByteBuffer.allocate(1), -1, DISPATCHER);
        } catch (PortUnreachableException e) {
            // what the kernel still had to say of the relay, and now has said
            IOUtil.write(fd, ByteBuffer.allocate(1), -1, DISPATCHER);
        }
    }

    // ---- the end

    /** At the close, before the descriptor is closed; and when the channel has been collected. */
    void close() {
        synchronized (this) {
            closed = true;
            drop();
        }
        engine.close();
    }

    /** The channel has been collected. */
    @Override
    public void run() {
        SocksDatagrams.closed(fd);
    }
}
