// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.pingpong;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Datagrams of one size to one target and back, by one of the JDK's ways. Confined to one thread, but for the close. */
interface Messages extends Closeable {
    int OCTETS = 200;

    /** Sends one. */
    void send() throws IOException;

    /** Waits for one, and returns how many octets it has. */
    int receive() throws IOException;

    /** Opens those of a kind: {@code socket}, {@code connected-socket}, {@code channel} or {@code connected-channel}. */
    static Messages open(String kind, InetSocketAddress target) throws IOException {
        return switch (kind) {
            case "socket" -> new OfSocket(target, false);
            case "connected-socket" -> new OfSocket(target, true);
            case "channel" -> new OfChannel(target);
            case "connected-channel" -> new OfConnectedChannel(target);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** DatagramSocket; a packet that it sends has the target's address in any case. */
    final class OfSocket implements Messages {
        private final DatagramSocket socket = new DatagramSocket();
        private final DatagramPacket sent;
        private final DatagramPacket received = new DatagramPacket(new byte[OCTETS], OCTETS);

        private OfSocket(InetSocketAddress target, boolean connected) throws IOException {
            sent = new DatagramPacket(new byte[OCTETS], OCTETS, target);
            if (connected) {
                socket.connect(target);
            }
        }

        @Override
        public void send() throws IOException {
            socket.send(sent);
        }

        @Override
        public int receive() throws IOException {
            received.setLength(OCTETS);
            socket.receive(received);
            return received.getLength();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** A blocking channel's {@code send} and {@code receive}, with direct buffers. */
    final class OfChannel implements Messages {
        private final DatagramChannel channel = DatagramChannel.open();
        private final InetSocketAddress target;
        private final ByteBuffer sent = ByteBuffer.allocateDirect(OCTETS);
        private final ByteBuffer received = ByteBuffer.allocateDirect(OCTETS);

        private OfChannel(InetSocketAddress target) throws IOException {
            this.target = target;
        }

        @Override
        public void send() throws IOException {
            channel.send(sent.clear(), target);
        }

        @Override
        public int receive() throws IOException {
            channel.receive(received.clear());
            return received.position();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** A blocking, connected channel's {@code write} and {@code read}, with direct buffers. */
    final class OfConnectedChannel implements Messages {
        private final DatagramChannel channel = DatagramChannel.open();
        private final ByteBuffer sent = ByteBuffer.allocateDirect(OCTETS);
        private final ByteBuffer received = ByteBuffer.allocateDirect(OCTETS);

        private OfConnectedChannel(InetSocketAddress target) throws IOException {
            channel.connect(target);
        }

        @Override
        public void send() throws IOException {
            channel.write(sent.clear());
        }

        @Override
        public int receive() throws IOException {
            return channel.read(received.clear());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
