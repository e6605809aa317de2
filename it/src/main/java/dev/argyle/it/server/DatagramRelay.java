// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * Moves the datagrams of a server's associations, all of them on one daemon thread with one buffer.
 *
 * <p>Safe for use by several threads, but for {@link #register} and {@link #buffer}, which are the relay's thread's.
 */
final class DatagramRelay implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    /** What there is to do on the relay's thread. */
    interface Task {
        void run() throws IOException;
    }

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<AssociationSockets> associations = ConcurrentHashMap.newKeySet();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(RelayOctets.LONGEST_HEADER + LARGEST_DATAGRAM);
    private volatile boolean closing;

    private DatagramRelay(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts a relay whose thread has this name. */
    static DatagramRelay start(String name) throws IOException {
        DatagramRelay relay = new DatagramRelay(name);
        relay.thread.start();
        return relay;
    }

    /** Moves the datagrams of an association until it ends. */
    void begin(AssociationSockets association) throws IOException {
        associations.add(association);
        tasks.add(() -> run(association::begin));
        selector.wakeup();
        if (closing) {
            association.close();
        }
    }

    /**
     * Does something on the relay's thread, and waits until it is done.
     *
     * @throws IOException if the task does
     * @throws CancellationException if the relay is closed
     */
    void call(Task task) throws IOException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (IOException | RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        selector.wakeup();
        if (closing) {
            done.cancel(false);
        }
        try {
            done.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        }
    }

    /** A task of an association that fails has ended it: its sockets are gone. */
    private static void run(Task task) {
        try {
            task.run();
        } catch (IOException | CancelledKeyException gone) {
            // what it was for is over
        }
    }

    void register(SelectableChannel channel, Task ready) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, ready);
    }

    void ended(AssociationSockets association) {
        associations.remove(association);
    }

    /** Room for the longest header and the longest datagram; what it holds is of no use. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    private void run() {
        try (selector) {
            while (!closing) {
                selector.select(key -> {
                    if (key.isValid()) {
                        run((Task) key.attachment());
                    }
                });
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Ends the thread and every association. */
    @Override
    public void close() throws IOException, InterruptedException {
        closing = true;
        selector.wakeup();
        thread.join();
        for (AssociationSockets association : associations) {
            association.close();
        }
    }
}
