// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes the octets of one handshake. Confined to the connection's thread. */
final class Wire {
    /** Room for the longest handshake in one flight, and for some of what a hasty client sends after it. */
    private static final int BUFFER_OCTETS = 4096;

    private final SocketChannel channel;
    private Fault.@Nullable Drip drip;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_OCTETS).limit(0);

    Wire(SocketChannel channel, Fault.@Nullable Drip drip) {
        this.channel = channel;
        this.drip = drip;
    }

    /**
     * Reads one octet.
     *
     * @throws EOFException if the client has ended its stream
     */
    int octet() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException("the client left in the handshake");
            }
        }
        return Byte.toUnsignedInt(in.get());
    }

    byte[] octets(int count) throws IOException {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) octet();
        }
        return octets;
    }

    int port() throws IOException {
        return octet() << 8 | octet();
    }

    /** Reads a length octet and so many octets of text. */
    String text() throws IOException {
        return new String(octets(octet()), UTF_8);
    }

    /** What was read beyond the handshake: the client's first data. */
    ByteBuffer rest() {
        return in;
    }

    /** Sends the messages from now on as a drip. */
    void drip(Fault.Drip another) {
        drip = another;
    }

    /** Sends a message of the handshake, in one write or as a drip. */
    void send(String octets) throws IOException {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        if (drip == null) {
            write(ByteBuffer.wrap(bytes));
            return;
        }
        for (int i = 0; i < bytes.length; i++) {
            write(ByteBuffer.wrap(bytes, i, 1));
            LockSupport.parkNanos(drip.pause().toNanos());
        }
    }

    /** Sends a message and the data after it in one write. */
    void send(String octets, ByteBuffer data) throws IOException {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        write(ByteBuffer.allocate(bytes.length + data.remaining())
                .put(bytes)
                .put(data)
                .flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Leaves the connection. */
    void end(Ending ending) throws IOException {
        switch (ending) {
            case RESET -> Relay.reset(channel);
            case SILENCE -> {
                drain();
                channel.close();
            }
            case CLOSE -> {
                channel.shutdownOutput();
                // what is left unread would turn the close into a reset
                channel.configureBlocking(false);
                drain();
                channel.close();
            }
        }
    }

    /** Reads all that comes: until the client leaves, or if the channel does not block what is there. */
    private void drain() throws IOException {
        ByteBuffer dropped = ByteBuffer.allocate(BUFFER_OCTETS);
        while (channel.read(dropped.clear()) > 0) {
            // not kept
        }
    }
}
