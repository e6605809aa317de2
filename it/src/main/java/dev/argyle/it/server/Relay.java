// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes octets between pairs of connections, all of them on one daemon thread.
 *
 * <p>Every read goes into one direct buffer of 64 KiB and from there at once to the other side; only what that side does
 * not take is copied. An end of stream is passed on as one (half close), a reset as a reset. A reset is unseen while its
 * side is not read: after its end of stream, or while the other side takes nothing.
 *
 * <p>Safe for use by several threads. What it is given, it closes.
 */
public final class Relay implements AutoCloseable {
    private static final int BUFFER_OCTETS = 64 * 1024;

    /** How often a busy connection is read before the others get their turn. */
    private static final int READS_IN_TURN = 8;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Pipe[]> joining = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    /** Used by the relay's thread alone. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);

    private Relay(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts a relay whose thread has this name. */
    public static Relay start(String name) throws IOException {
        Relay relay = new Relay(name);
        relay.thread.start();
        return relay;
    }

    /**
     * Relays between two connected channels until both directions have ended, then closes both.
     *
     * @throws IOException if a channel is closed already; the other is then closed too
     */
    public void join(SocketChannel client, SocketChannel target, Tally tally) throws IOException {
        Leg clientLeg = new Leg(client, tally);
        Leg targetLeg = new Leg(target, tally);
        begin(new Pipe(clientLeg, targetLeg, tally.upCounter()), new Pipe(targetLeg, clientLeg, tally.downCounter()));
    }

    /**
     * Sends back what arrives on a connected channel until its end of stream, then closes it.
     *
     * @throws IOException if the channel is closed already
     */
    public void echo(SocketChannel client, Tally tally) throws IOException {
        Leg leg = new Leg(client, tally);
        begin(new Pipe(leg, leg, tally.upCounter()));
    }

    private void begin(Pipe... pipes) throws IOException {
        try {
            for (Pipe pipe : pipes) {
                pipe.from.channel.configureBlocking(false);
            }
        } catch (IOException | RuntimeException failure) {
            abort(pipes[0]);
            throw failure;
        }
        joining.add(pipes);
        selector.wakeup();
        if (closing) {
            abort(pipes[0]);
        }
    }

    private void run() {
        try (selector) {
            while (!closing) {
                selector.select(this::ready);
                registerJoining();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void registerJoining() {
        for (Pipe[] pipes = joining.poll(); pipes != null; pipes = joining.poll()) {
            try {
                for (Pipe pipe : pipes) {
                    Leg leg = pipe.from;
                    leg.key = leg.channel.register(selector, SelectionKey.OP_READ, leg);
                }
            } catch (IOException | RuntimeException failure) {
                abort(pipes[0]);
            }
        }
    }

    private void ready(SelectionKey key) {
        Leg leg = (Leg) key.attachment();
        try {
            if (key.isValid() && key.isWritable()) {
                flush(leg.in());
            }
            if (key.isValid() && key.isReadable()) {
                pump(leg.out());
            }
        } catch (IOException | CancelledKeyException failure) {
            // which of the two has failed does not matter: the other learns it by a reset
            abort(leg.out());
        }
    }

    private void pump(Pipe pipe) throws IOException {
        for (int turn = 0; turn < READS_IN_TURN && pipe.pending == null; turn++) {
            buffer.clear();
            int count = pipe.from.channel.read(buffer);
            if (count < 0) {
                end(pipe);
                return;
            }
            pipe.counter.lazySet(pipe.counter.get() + count);
            buffer.flip();
            pipe.to.channel.write(buffer);
            if (buffer.hasRemaining()) {
                pipe.pending = pipe.keep(buffer);
                pipe.from.updateInterest();
                pipe.to.updateInterest();
            }
            if (count < BUFFER_OCTETS) {
                return;
            }
        }
    }

    private static void flush(Pipe pipe) throws IOException {
        ByteBuffer pending = pipe.pending;
        if (pending != null) {
            pipe.to.channel.write(pending);
            if (!pending.hasRemaining()) {
                pipe.pending = null;
                pipe.to.updateInterest();
                pipe.from.updateInterest();
            }
        }
    }

    private static void end(Pipe pipe) throws IOException {
        pipe.ended = true;
        pipe.to.channel.shutdownOutput();
        if (pipe.to.out().ended) {
            pipe.from.channel.close();
            pipe.to.channel.close();
            pipe.from.tally.ended(Ending.CLOSE);
        } else {
            pipe.from.updateInterest();
        }
    }

    private static void abort(Pipe pipe) {
        reset(pipe.from.channel);
        reset(pipe.to.channel);
        if (pipe.from.tally.ending() == null) {
            pipe.from.tally.ended(Ending.RESET);
        }
    }

    /** Closes a channel so that its peer sees a reset. */
    static void reset(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            // the peer was faster
        }
    }

    /** Ends the thread and closes every channel that is being relayed. */
    @Override
    public void close() throws InterruptedException {
        closing = true;
        selector.wakeup();
        thread.join();
        for (Pipe[] pipes = joining.poll(); pipes != null; pipes = joining.poll()) {
            abort(pipes[0]);
        }
    }

    /** One connection: what is read from it leaves through {@code out}, what is written to it comes from {@code in}. */
    private static final class Leg {
        final SocketChannel channel;
        final Tally tally;

        @Nullable
        SelectionKey key;

        private @Nullable Pipe out;
        private @Nullable Pipe in;

        Leg(SocketChannel channel, Tally tally) {
            this.channel = channel;
            this.tally = tally;
        }

        Pipe out() {
            return Objects.requireNonNull(out);
        }

        Pipe in() {
            return Objects.requireNonNull(in);
        }

        void updateInterest() {
            int operations = 0;
            if (!out().ended && out().pending == null) {
                operations |= SelectionKey.OP_READ;
            }
            if (in().pending != null) {
                operations |= SelectionKey.OP_WRITE;
            }
            if (key != null) {
                key.interestOps(operations);
            }
        }
    }

    /** One direction. */
    private static final class Pipe {
        final Leg from;
        final Leg to;
        final AtomicLong counter;
        /** What the receiver did not take, or null; nothing more is read before it has. */
        @Nullable
        ByteBuffer pending;

        boolean ended;
        private @Nullable ByteBuffer kept;

        Pipe(Leg from, Leg to, AtomicLong counter) {
            this.from = from;
            this.to = to;
            this.counter = counter;
            from.out = this;
            to.in = this;
        }

        ByteBuffer keep(ByteBuffer rest) {
            if (kept == null) {
                kept = ByteBuffer.allocateDirect(BUFFER_OCTETS);
            }
            return kept.clear().put(rest).flip();
        }
    }
}
