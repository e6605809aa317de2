// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a descriptor sends: to a peer behind a relay with a header, to that relay. Sending is done with the JDK's lock
 * for writing; the rest by any thread.
 */
final class SocksDatagramSender implements Consumer<SelectionKey> {
    private final FileDescriptor fd;
    private final SocksDatagramEngine engine;
    private final SocksDatagramConnection connection;

    /** What the last sender could not send for. */
    private volatile @Nullable SocksDatagramPeer awaited;

    SocksDatagramSender(FileDescriptor fd, SocksDatagramEngine engine, SocksDatagramConnection connection) {
        this.fd = fd;
        this.engine = engine;
        this.connection = connection;
    }

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

    /** In place of a write; null for the owner of a Socket, which is blocking. */
    int write(ByteBuffer src, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner) throws IOException {
        SocksDatagramPeer peer = connection.peer();
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
        SocksDatagramPeer peer = connection.peer();
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
        InetSocketAddress to = connection.kernelPeer();
        peer.requireFits(to == null ? new InetSocketAddress(Net.inet4LoopbackAddress(), 0) : to, octets);
    }

    /** Sends a datagram, header and all, to the peer that it is connected to. */
    private int write(
            SocksDatagramPeer peer,
            ByteBuffer datagram,
            NativeDispatcher dispatcher,
            @Nullable DatagramChannelImpl owner)
            throws IOException {
        if (connection.isLost()) {
            return connection.writeLost(datagram, dispatcher);
        }
        int octets = datagram.remaining() - peer.header().length;
        InetSocketAddress relay = relay(peer, owner);
        if (relay != null) {
            peer.requireFits(relay, octets);
            return connection.write(datagram, relay, dispatcher);
        }
        requireFits(peer, octets);
        if (owner == null || owner.isBlocking() || !connection.hold(datagram)) {
            return IOStatus.UNAVAILABLE;
        }
        if (!peer.isOpening()) {
            connection.sendHeld(); // who opens it may have looked before this one was there
        }
        return octets;
    }

    // ---- waiting for an association

    private @Nullable InetSocketAddress relay(SocksDatagramPeer peer, @Nullable DatagramChannelImpl owner)
            throws IOException {
        InetSocketAddress relay = peer.relay();
        if (relay == null) {
            awaited = peer;
            if (owner != null && !owner.isBlocking()) {
                tellSelectors(owner);
            }
        }
        return relay;
    }

    /** Whether who wants to send must wait for one. */
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

    /** What {@link #isPending} says has changed. */
    void tellSelectors(DatagramChannelImpl owner) {
        SocksChannelInternals.forEachKey(owner, this);
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
}
