// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Small things done with channels and selectors in many cases. */
final class Channels {
    private static final long POLL_NANOS = 200_000;
    private static final long SETTLED_MILLIS = 200;

    private Channels() {}

    /** A new channel, closed at the end of the case. */
    static SocketChannel open(Scene scene) throws IOException {
        return scene.closing(SocketChannel.open());
    }

    static SocketChannel nonBlocking(Scene scene) throws IOException {
        SocketChannel channel = open(scene);
        channel.configureBlocking(false);
        return channel;
    }

    /** A channel in blocking mode that is connected to a target. */
    static SocketChannel connected(Scene scene, SocketAddress target) throws IOException {
        SocketChannel channel = open(scene);
        channel.connect(target);
        return channel;
    }

    /** A non-blocking channel whose connect to a target has begun. */
    static SocketChannel connecting(Scene scene, SocketAddress target) throws IOException {
        SocketChannel channel = nonBlocking(scene);
        channel.connect(target);
        return channel;
    }

    /** A non-blocking channel whose connect never ends. */
    static SocketChannel pending(Scene scene) throws IOException {
        return connecting(scene, scene.at("stalled"));
    }

    static Selector selector(Scene scene) throws IOException {
        return scene.closing(Selector.open());
    }

    /** Asks until the connect is over, for as long as a case may last. */
    static boolean finish(SocketChannel channel) throws IOException {
        long endNanos = end(Scene.PATIENCE_MILLIS);
        while (!channel.finishConnect()) {
            if (System.nanoTime() - endNanos > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer octets = US_ASCII.encode(text);
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    /** Reads that many bytes, in either mode; fewer only at the end of the stream. */
    static String read(SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        long endNanos = end(Scene.PATIENCE_MILLIS);
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer);
            if (count < 0) {
                break;
            }
            if (count == 0) {
                if (System.nanoTime() - endNanos > 0) {
                    throw new EOFException("no more than " + text(buffer));
                }
                pause();
            }
        }
        return text(buffer);
    }

    /** So many octets, or fewer if it ends before. */
    static String read(AsynchronousSocketChannel channel, int octets) throws Exception {
        ByteBuffer received = ByteBuffer.allocate(octets);
        int count = 0;
        while (received.hasRemaining() && count >= 0) {
            count = channel.read(received).get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return text(received);
    }

    /** What a buffer was filled with. */
    static String text(ByteBuffer buffer) {
        return US_ASCII.decode(buffer.duplicate().flip()).toString().trim();
    }

    /** Sends "ping" and says what comes back: the connection carries bytes both ways. */
    static String ping(SocketChannel channel) throws IOException {
        write(channel, "ping\n");
        return read(channel, 5);
    }

    static String flags(SocketChannel channel) {
        return (channel.isOpen() ? " open" : " closed")
                + (channel.isBlocking() ? " blocking" : "")
                + (channel.isRegistered() ? " registered" : "")
                + (channel.isConnectionPending() ? " pending" : "")
                + (channel.isConnected() ? " connected" : "");
    }

    /** Selects for that long, or until something is ready: clears what was selected and names its operations. */
    static String during(Selector selector, long millis) throws IOException {
        long endNanos = end(millis);
        for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
            selector.select(left);
            if (!selector.selectedKeys().isEmpty()) {
                StringJoiner ready = new StringJoiner(",");
                for (SelectionKey key : selector.selectedKeys()) {
                    ready.add(key.isValid() ? operations(key.readyOps()) : "cancelled");
                }
                selector.selectedKeys().clear();
                return ready.toString();
            }
        }
        return "nothing";
    }

    /** The same, for as long as a case may last. */
    static String next(Selector selector) throws IOException {
        return during(selector, Scene.PATIENCE_MILLIS);
    }

    /** Selects until that lasts as long as it should: whatever was to happen at once has happened. */
    static void settle(Selector selector) throws IOException {
        long millis = 0;
        for (int left = 30; left > 0 && millis < SETTLED_MILLIS - 5; left--) {
            long startNanos = System.nanoTime();
            selector.select(SETTLED_MILLIS);
            millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }
    }

    /** Between two looks at what has no other way to say that it has changed. */
    static void pause() {
        LockSupport.parkNanos(POLL_NANOS);
    }

    static String operations(int operations) {
        return ((operations & SelectionKey.OP_ACCEPT) != 0 ? "accept" : "")
                + ((operations & SelectionKey.OP_CONNECT) != 0 ? "connect" : "")
                + ((operations & SelectionKey.OP_READ) != 0 ? "read" : "")
                + ((operations & SelectionKey.OP_WRITE) != 0 ? "write" : "");
    }

    private static long end(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
