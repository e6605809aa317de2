// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.endurance;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** A socket that sends numbers to a service that sends them back. Used by one thread at a time. */
interface Conversation extends Closeable {
    int KINDS = 5;

    /** How long an answer is waited for. */
    int TIMEOUT_MILLIS = 300;

    /**
     * Sends a number and waits until it is back; what was sent before is passed over.
     *
     * @return false if it does not come, since datagrams may be lost
     */
    boolean talk(long number) throws IOException;

    /** Opens one of a kind, below {@value #KINDS}; the even ones may be forgotten, and the collector frees them. */
    static Conversation open(int kind, InetSocketAddress target) throws IOException {
        return switch (kind) {
            case 0 -> new OfSocket(new DatagramSocket(), target, false);
            case 1 -> new OfSelector(target, false);
            case 2 -> new OfSocket(new DatagramSocket(), target, true);
            case 3 -> new OfSelector(target, true);
            case 4 -> new OfSocket(DatagramChannel.open().socket(), target, false);
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    /** Blocks, with a timeout. */
    final class OfSocket implements Conversation {
        private final DatagramSocket socket;
        private final DatagramPacket packet;
        private final ByteBuffer octets = ByteBuffer.allocate(Long.BYTES);
        private final InetSocketAddress target;

        private OfSocket(DatagramSocket socket, InetSocketAddress target, boolean connected) throws IOException {
            this.socket = socket;
            this.target = target;
            packet = new DatagramPacket(octets.array(), Long.BYTES, target);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (connected) {
                socket.connect(target);
            }
        }

        @Override
        public boolean talk(long number) throws IOException {
            octets.putLong(0, number);
            packet.setSocketAddress(target);
            socket.send(packet);
            try {
                do {
                    socket.receive(packet);
                } while (octets.getLong(0) != number);
                return true;
            } catch (SocketTimeoutException lost) {
                return false;
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** Never blocks, but in its selector. */
    final class OfSelector implements Conversation {
        private final DatagramChannel channel = DatagramChannel.open();
        private final Selector selector = Selector.open();
        private final SelectionKey key;
        private final ByteBuffer octets = ByteBuffer.allocateDirect(Long.BYTES);
        private final InetSocketAddress target;
        private final boolean connected;

        private OfSelector(InetSocketAddress target, boolean connected) throws IOException {
            this.target = target;
            this.connected = connected;
            channel.configureBlocking(false);
            key = channel.register(selector, 0);
            if (connected) {
                channel.connect(target);
            }
        }

        @Override
        public boolean talk(long number) throws IOException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
            octets.clear().putLong(number).flip();
            while ((connected ? channel.write(octets) : channel.send(octets, target)) == 0) {
                if (!select(SelectionKey.OP_WRITE, end)) {
                    return false;
                }
            }
            do {
                while (!receive()) {
                    if (!select(SelectionKey.OP_READ, end)) {
                        return false;
                    }
                }
            } while (octets.getLong(0) != number);
            return true;
        }

        private boolean receive() throws IOException {
            octets.clear();
            return connected ? channel.read(octets) != 0 : channel.receive(octets) != null;
        }

        private boolean select(int operation, long endNanos) throws IOException {
            key.interestOps(operation);
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis <= 0) {
                return false;
            }
            selector.select(leftMillis);
            selector.selectedKeys().clear();
            return true;
        }

        @Override
        public void close() throws IOException {
            channel.close();
            selector.close();
        }
    }
}
