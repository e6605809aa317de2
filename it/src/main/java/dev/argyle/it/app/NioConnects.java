// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Measures non-blocking connects on one selector: plain ones, or through a SOCKSv5 server with a handshake of its own,
 * as short as one can write it.
 *
 * <p>Arguments: {@code address port}, and the address and port of the SOCKS server if there is one. Standard input is as
 * {@link ConnectTimes} has it.
 */
public final class NioConnects {
    private final InetSocketAddress target;
    private final @Nullable InetSocketAddress server;
    private final Selector selector = Selector.open();
    private final Deque<Slot> free = new ArrayDeque<>();
    private ConnectTimes times = ConnectTimes.begin(0);

    private NioConnects(InetSocketAddress target, @Nullable InetSocketAddress server) throws IOException {
        this.target = target;
        this.server = server;
    }

    /** Measures until standard input ends. */
    public static void main(String[] args) throws Exception {
        NioConnects connects = new NioConnects(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                args.length == 2 ? null : new InetSocketAddress(args[2], Integer.parseInt(args[3])));
        ConnectTimes.whenTold(connects::measure);
    }

    private void measure(int connects, int inFlight) throws IOException {
        free.clear();
        for (int i = 0; i < inFlight; i++) {
            free.add(new Slot());
        }
        times = ConnectTimes.begin(connects);
        int left = connects;
        while (!times.isComplete()) {
            while (left > 0 && !free.isEmpty()) {
                free.remove().connect();
                left--;
            }
            if (free.size() < inFlight) {
                selector.select(key -> ((Slot) key.attachment()).ready(key));
            }
        }
        times.say();
    }

    /** What the handshake waits for, if there is one. */
    private enum Step {
        METHOD(2),
        REPLY(10);

        private final int octets;

        Step(int octets) {
            this.octets = octets;
        }
    }

    /** A place for one connection after the other. */
    private final class Slot {
        private final ByteBuffer greeting = direct(5, 1, 0);
        private final ByteBuffer request = request();
        private final ByteBuffer received = ByteBuffer.allocateDirect(Step.REPLY.octets);
        private Step step = Step.METHOD;
        private long begunNanos;

        void connect() throws IOException {
            begunNanos = System.nanoTime();
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            // closed by a reset, so that no port is left waiting for a minute
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            SelectionKey key = channel.register(selector, 0, this);
            if (channel.connect(server == null ? target : server)) {
                connected(key);
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        }

        void ready(SelectionKey key) {
            try {
                SocketChannel channel = (SocketChannel) key.channel();
                if (key.isConnectable() && channel.finishConnect()) {
                    connected(key);
                } else if (key.isReadable()) {
                    if (channel.read(received) < 0) {
                        throw new EOFException();
                    }
                    if (!received.hasRemaining()) {
                        received(key);
                    }
                }
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        private void connected(SelectionKey key) throws IOException {
            if (server == null) {
                open(key);
            } else {
                key.interestOps(SelectionKey.OP_READ);
                send(greeting, key);
                await(Step.METHOD);
            }
        }

        private void received(SelectionKey key) throws IOException {
            if (received.get(0) != 5 || received.get(1) != 0) {
                throw new IOException("refused");
            }
            if (step == Step.METHOD) {
                send(request, key);
                await(Step.REPLY);
            } else {
                open(key);
            }
        }

        private void send(ByteBuffer message, SelectionKey key) throws IOException {
            ((SocketChannel) key.channel()).write(message.rewind());
            if (message.hasRemaining()) {
                throw new IOException("no room in a new socket's buffer");
            }
        }

        private void await(Step next) {
            step = next;
            received.clear().limit(next.octets);
        }

        private void open(SelectionKey key) throws IOException {
            long openNanos = System.nanoTime();
            key.channel().close();
            times.add(begunNanos, openNanos);
            free.add(this);
        }

        private ByteBuffer request() {
            byte[] address = target.getAddress().getAddress();
            return direct(
                    5,
                    1,
                    0,
                    1,
                    address[0],
                    address[1],
                    address[2],
                    address[3],
                    target.getPort() >> 8,
                    target.getPort());
        }

        private static ByteBuffer direct(int... octets) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(octets.length);
            for (int octet : octets) {
                buffer.put((byte) octet);
            }
            return buffer;
        }
    }
}
