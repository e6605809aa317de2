// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a descriptor receives: from a relay without the header, with the address that was in it; what the engine does
 * not let pass is dropped. Used with the JDK's lock for reading.
 */
final class SocksDatagramReceiver {
    private final FileDescriptor fd;
    private final SocksDatagramEngine engine;
    private final SocksDatagramConnection connection;

    /** Where the datagram that was received last is from; null if the JDK knows. */
    private @Nullable InetSocketAddress source;

    SocksDatagramReceiver(FileDescriptor fd, SocksDatagramEngine engine, SocksDatagramConnection connection) {
        this.fd = fd;
        this.engine = engine;
        this.connection = connection;
    }

    // ---- receive

    /** In place of the JDK's way to receive into a direct buffer; the channel may have sent nothing yet. */
    static int receive(DatagramChannelImpl owner, ByteBuffer dst, int octets, int position, boolean isConnected)
            throws IOException {
        FileDescriptor fd = owner.getFD();
        SocksDatagramReceiver receiver = of(fd);
        if (isConnected && (receiver == null || receiver.connection.peer() == null)) {
            if (receiver != null) {
                receiver.source = null;
            } else if (!owner.isOpen()) {
                return IOStatus.UNAVAILABLE; // what comes may be from a relay
            }
            return SocksDatagramInternals.receive(owner, dst, octets, position, true);
        }
        // always with room for a header: the association may come about while this waits
        int room = octets + SocksDatagramEngine.MOST_HEADER_OCTETS;
        ByteBuffer datagram = Util.getTemporaryDirectBuffer(room);
        try {
            while (true) {
                datagram.clear().limit(room);
                int n = receive(owner, datagram, room, isConnected, receiver);
                if (n < 0 || (n == 0 && !owner.isOpen())) {
                    return n;
                }
                datagram.limit(n).position(0);
                if (receiver == null) {
                    receiver = of(fd);
                    if (receiver == null && !owner.isOpen()) {
                        return IOStatus.UNAVAILABLE;
                    }
                }
                if (receiver == null || receiver.isFrom(owner, datagram, isConnected)) {
                    return copy(datagram, dst, octets, position);
                }
            }
        } finally {
            Util.offerFirstTemporaryDirectBuffer(datagram);
        }
    }

    private static @Nullable SocksDatagramReceiver of(FileDescriptor fd) {
        SocksDatagramSocket socket = SocksDatagrams.SOCKETS.get(fd);
        return socket == null ? null : socket.receiver;
    }

    private static int receive(
            DatagramChannelImpl owner,
            ByteBuffer datagram,
            int room,
            boolean isConnected,
            @Nullable SocksDatagramReceiver receiver)
            throws IOException {
        try {
            return SocksDatagramInternals.receive(owner, datagram, room, 0, isConnected);
        } catch (PortUnreachableException e) {
            if (receiver != null) {
                receiver.connection.unreachable();
            }
            throw e;
        }
    }

    /** Whether the application is to have it, and notes where it is from. */
    private boolean isFrom(DatagramChannelImpl owner, ByteBuffer datagram, boolean isConnected) throws IOException {
        source = null;
        InetSocketAddress from = isConnected ? connection.kernelPeer() : SocksDatagramInternals.source(owner);
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

    /** Returns where the datagram is from that was received last; null if that is where the JDK has it from. */
    @Nullable
    InetSocketAddress source() {
        return source;
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

    // ---- read

    /** In place of a read; null for the owner of a Socket. */
    int read(ByteBuffer dst, NativeDispatcher dispatcher, @Nullable DatagramChannelImpl owner) throws IOException {
        if (connection.peer() == null) {
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
        if (connection.peer() == null) {
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
            int n = connection.read(datagram, dispatcher);
            if (n < 0 && (n != IOStatus.EOF || owner == null || !owner.isOpen())) {
                return n;
            }
            datagram.flip();
            InetSocketAddress from = connection.kernelPeer();
            if (from != null && engine.source(datagram, from) != null) {
                // as the JDK has it: an empty one reads as an end
                return datagram.hasRemaining() ? datagram.remaining() : IOStatus.EOF;
            }
        }
    }
}
