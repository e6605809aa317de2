// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The peer behind a relay that a descriptor is connected to. For the kernel it is connected to the relay instead: to
 * the server while there is no relay, and to a port that nobody has when the relay is gone. Who uses it off the
 * program's threads holds the owner of the descriptor meanwhile. Safe for use by any thread.
 */
final class SocksDatagramConnection {
    /** As many as a kernel keeps, in order of magnitude, while it looks for the address of a neighbour. */
    private static final int MOST_HELD = 16;

    private final FileDescriptor fd;
    private final ProtocolFamily family;

    private volatile @Nullable SocksDatagramPeer peer; // written with the lock of this

    /** What the kernel's socket is connected to, in place of the peer. */
    private volatile @Nullable InetSocketAddress kernelPeer; // written with the lock of this

    /** Whether the next to receive or send shall hear that the peer is gone. */
    private volatile boolean lost;

    /** What the next to send shall hear instead; written before {@link #lost}. */
    private @Nullable IOException reason;

    private boolean closed; // guarded by this

    /** What waits for the association. Guarded by this. */
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(0);

    private volatile boolean holds; // written with the lock of this

    SocksDatagramConnection(FileDescriptor fd, ProtocolFamily family) {
        this.fd = fd;
        this.family = family;
    }

    /** Returns the peer; null if it is not connected to one behind a relay. */
    @Nullable
    SocksDatagramPeer peer() {
        return peer;
    }

    /** Returns what the kernel's socket is connected to in place of the peer; null if to nothing. */
    @Nullable
    InetSocketAddress kernelPeer() {
        return kernelPeer;
    }

    void connect(SocksDatagramPeer to) throws IOException {
        InetSocketAddress server = to.server();
        synchronized (this) {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (server != null) {
                Net.connect(family, fd, server.getAddress(), server.getPort());
            }
            kernelPeer = server;
            lost = false;
            drop();
            peer = to;
        }
    }

    synchronized void disconnect() {
        peer = null;
        kernelPeer = null;
        lost = false;
        drop();
    }

    /** Before the descriptor is closed: from then on it is not touched. */
    synchronized void close() {
        closed = true;
        drop();
    }

    private void drop() {
        held.clear();
        holds = false;
    }

    /** Returns where it is bound; null if it is closed. */
    synchronized @Nullable InetSocketAddress localAddress() throws IOException {
        return closed ? null : Net.localAddress(fd);
    }

    // ---- its datagrams, header and all

    /** Sends a datagram to the relay. It is lost, as datagrams may be, if the socket is closed or disconnected meanwhile. */
    int write(ByteBuffer datagram, InetSocketAddress relay, NativeDispatcher dispatcher) throws IOException {
        if ((!relay.equals(kernelPeer) || holds) && !connectTo(relay)) {
            return datagram.remaining();
        }
        try {
            return IOUtil.write(fd, datagram, -1, dispatcher);
        } catch (PortUnreachableException e) {
            unreachable();
            throw e;
        }
    }

    /** Reads the next datagram, whoever has sent it. */
    int read(ByteBuffer datagram, NativeDispatcher dispatcher) throws IOException {
        try {
            return IOUtil.read(fd, datagram, -1, dispatcher);
        } catch (PortUnreachableException e) {
            unreachable();
            throw e;
        }
    }

    /** Returns false if it is closed or disconnected. */
    private synchronized boolean connectTo(InetSocketAddress relay) throws IOException {
        if (closed || peer == null) {
            return false;
        }
        if (!relay.equals(kernelPeer)) {
            Net.connect(family, fd, relay.getAddress(), relay.getPort());
            kernelPeer = relay;
        }
        while (!held.isEmpty()) {
            // one that the kernel does not take is lost, as datagrams are
            IOUtil.write(fd, held.remove(), -1, SocksDatagramSocket.DISPATCHER);
        }
        holds = false;
        return true;
    }

    // ---- before there is a relay

    /** Keeps a datagram of a channel that cannot wait, as a kernel does that has to look for the way. */
    synchronized boolean hold(ByteBuffer datagram) {
        if (held.size() >= MOST_HELD) {
            return false;
        }
        held.add(ByteBuffer.allocate(datagram.remaining())
                .put(datagram.duplicate())
                .flip());
        holds = true;
        return true;
    }

    /** Sends what has been kept, if there is a relay now. */
    void sendHeld() {
        if (!holds) {
            return;
        }
        SocksDatagramPeer to = peer;
        try {
            InetSocketAddress relay = to == null || to.isOpening() ? null : to.relay();
            if (relay != null) {
                connectTo(relay);
            }
        } catch (IOException e) {
            synchronized (this) {
                drop();
                reason = e;
            }
            lose();
        }
    }

    // ---- when the relay is gone

    /**
     * The kernel says to readers, selectors and writers what it says of a direct peer that has gone away, since it is
     * sent to a port that nobody has.
     */
    void lose() {
        try {
            synchronized (this) {
                if (closed || peer == null) {
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
        }
    }

    private void sendInVain() throws IOException {
        try {
            IOUtil.write(fd, ByteBuffer.allocate(1), -1, SocksDatagramSocket.DISPATCHER);
        } catch (PortUnreachableException e) {
            // what the kernel still had to say of the relay, and now has said
            IOUtil.write(fd, ByteBuffer.allocate(1), -1, SocksDatagramSocket.DISPATCHER);
        }
    }

    /** Whether who sends now is to hear that the peer is gone, by {@link #writeLost}. */
    boolean isLost() {
        return lost;
    }

    /** Has the kernel say so, for once, unless there is more to say. */
    int writeLost(ByteBuffer datagram, NativeDispatcher dispatcher) throws IOException {
        IOException why = reason;
        reason = null;
        lost = false;
        if (why != null) {
            why.fillInStackTrace();
            throw why;
        }
        return IOUtil.write(fd, datagram, -1, dispatcher);
    }

    /** The kernel has said that the peer is gone: the relay, or what has been put in its place. */
    void unreachable() {
        SocksDatagramPeer to = peer;
        if (lost) {
            lost = false;
        } else if (to != null) {
            to.unreachable();
        }
    }
}
