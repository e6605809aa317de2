// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/**
 * One thread and one selector for many connections, as servers and clients have: it selects for ever, and whatever is asked
 * of it comes with a wakeup.
 *
 * <p>Safe for use by several threads.
 */
final class EventLoop implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final Queue<Connection> coming = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    EventLoop(String name) throws IOException {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private record Connection(Round round, SocketChannel channel, int interest, CompletableFuture<String> done) {}

    /** Connects a channel, waits until something may be read, and gives it back. */
    Future<String> connect(Round round, SocketChannel channel, int interest) {
        Connection connection = new Connection(round, channel, interest, new CompletableFuture<>());
        round.now("on its way to the event loop");
        coming.add(connection);
        selector.wakeup();
        round.stress().score().wakeup();
        return connection.done;
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(this::ready);
                for (Connection each = coming.poll(); each != null; each = coming.poll()) {
                    begin(each);
                }
            }
        } catch (IOException failure) {
            throw new Wrong("an event loop", failure);
        }
    }

    private void begin(Connection connection) {
        perform(connection, () -> {
            connection.round.now("on the event loop");
            if (connection.round.begins(connection.channel)) {
                connection.channel.register(selector, connection.interest, connection);
            } else {
                connection.done.complete("");
            }
        });
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        perform(connection, () -> {
            if (key.isConnectable()) {
                if (!connection.round.connects(connection.channel, connection.channel::finishConnect)) {
                    connection.done.complete("");
                    return;
                }
                key.interestOps(SelectionKey.OP_READ);
                if (connection.round.role() == Role.ECHO) {
                    Talk.say(connection.round, connection.channel);
                }
            } else if (key.isReadable()) {
                talk(connection);
                key.cancel();
            } else if (!connection.channel.isConnected()) {
                throw new Wrong("ready for " + key.readyOps() + " before it is connected");
            }
        });
    }

    /** What there is to read is there already, but for the rest of a split line. */
    private static void talk(Connection connection) throws Exception {
        Round round = connection.round;
        switch (round.role()) {
            case FIRST -> Talk.hear(round, connection.channel, Talk::polling, Talk.GREETING + "\n");
            case ECHO -> Talk.hear(round, connection.channel, Talk::polling, round.word());
            default -> Talk.talk(round, connection.channel, Talk::polling);
        }
        round.ends("connected");
        connection.done.complete("");
    }

    private interface Step {
        void take() throws Exception;
    }

    /** A round's failure is its own, and not the loop's. */
    private static void perform(Connection connection, Step step) {
        try {
            step.take();
        } catch (Exception failure) {
            connection.done.completeExceptionally(failure);
            try {
                connection.channel.close();
            } catch (IOException gone) {
                failure.addSuppressed(gone);
            }
        }
    }

    @Override
    public void close() throws Exception {
        closing = true;
        selector.wakeup();
        thread.join();
        selector.close();
    }
}
