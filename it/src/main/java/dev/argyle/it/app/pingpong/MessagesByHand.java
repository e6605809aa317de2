// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.pingpong;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/**
 * Datagrams through the relay of a SOCKSv5 server, by hand, over IPv4, as well as one can: the header stands in the buffer
 * before the payload, once and for all, and a datagram takes one system call. Confined to one thread, but for the close.
 *
 * <pre>
 *  0     2      3      4                8          10
 * +-----+------+------+----------------+----------+---------+
 * | RSV | FRAG | ATYP | address        | port     | payload |
 * +-----+------+------+----------------+----------+---------+
 * </pre>
 */
final class MessagesByHand implements Messages {
    private static final int HEADER_OCTETS = 10;
    private static final int REPLY_OCTETS = 10;

    private final SocketChannel control;
    private final DatagramChannel channel = DatagramChannel.open();
    private final ByteBuffer sent = ByteBuffer.allocateDirect(HEADER_OCTETS + OCTETS);
    private final ByteBuffer received = ByteBuffer.allocateDirect(HEADER_OCTETS + OCTETS);
    private final long headerStart;
    private final short headerEnd;

    MessagesByHand(InetSocketAddress target, InetSocketAddress server) throws IOException {
        control = SocketChannel.open(server);
        control.write(ByteBuffer.wrap(new byte[] {5, 1, 0}));
        requireGranted(read(2));
        control.write(ByteBuffer.wrap(new byte[] {5, 3, 0, 1, 0, 0, 0, 0, 0, 0}));
        channel.connect(relay(read(REPLY_OCTETS), server));
        sent.putInt(0, 1);
        sent.put(4, target.getAddress().getAddress());
        sent.putShort(8, (short) target.getPort());
        headerStart = sent.getLong(0);
        headerEnd = sent.getShort(8);
    }

    private ByteBuffer read(int octets) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(octets);
        while (message.hasRemaining()) {
            if (control.read(message) < 0) {
                throw new EOFException("the server has closed the connection");
            }
        }
        return message;
    }

    private static void requireGranted(ByteBuffer message) throws IOException {
        if (message.get(1) != 0) {
            throw new IOException("the server says " + message.get(1));
        }
    }

    private static InetSocketAddress relay(ByteBuffer reply, InetSocketAddress server) throws IOException {
        requireGranted(reply);
        byte[] address = new byte[4];
        reply.get(4, address);
        InetAddress relay = InetAddress.getByAddress(address);
        return new InetSocketAddress(
                relay.isAnyLocalAddress() ? server.getAddress() : relay, Short.toUnsignedInt(reply.getShort(8)));
    }

    @Override
    public void send() throws IOException {
        channel.write(sent.clear());
    }

    /** Passes over what is not of the target. */
    @Override
    public int receive() throws IOException {
        int octets;
        do {
            octets = channel.read(received.clear());
        } while (octets < HEADER_OCTETS || received.getLong(0) != headerStart || received.getShort(8) != headerEnd);
        return octets - HEADER_OCTETS;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        control.close();
    }
}
