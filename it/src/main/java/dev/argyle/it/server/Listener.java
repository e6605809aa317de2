// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Listens on an ephemeral port and gives each connection to a handler, on a thread of its own with a small stack.
 *
 * <p>Safe for use by several threads.
 */
final class Listener implements AutoCloseable {
    /** As much as Linux gives by default. */
    private static final int BACKLOG = 4096;

    private static final long STACK_OCTETS = 256 * 1024;

    /** Takes connections in the order in which they come; called on one thread, so it must not block. */
    interface Handler {
        /** Notes a connection, and says what is to be done with it. */
        Task accepted(SocketChannel channel) throws IOException;
    }

    /** What is to be done with a connection, on a thread of its own. */
    interface Task {
        /** Closes the channel in the end or hands it on; if this throws, the listener closes it. */
        void run() throws IOException, InterruptedException;
    }

    private final String name;
    private final Handler handler;
    private final ExecutorService threads;

    /** Starts the others, which takes longer than to accept: many may come at once. */
    private final ExecutorService starter;

    private final Set<SocketChannel> handled = ConcurrentHashMap.newKeySet();
    private final InetSocketAddress address;

    /** Guarded by this; null while refusing. */
    private @Nullable ServerSocketChannel socket;

    /** Guarded by this; holds the port while refusing. */
    private @Nullable SocketChannel holder;

    /** Guarded by this. */
    private Thread acceptor;

    private Listener(String name, ServerSocketChannel socket, Handler handler) throws IOException {
        this.name = name;
        this.socket = socket;
        this.handler = handler;
        address = (InetSocketAddress) socket.getLocalAddress();
        threads = Executors.newCachedThreadPool(task -> daemon(task, name));
        starter = Executors.newSingleThreadExecutor(task -> daemon(task, name + " start"));
        acceptor = daemon(() -> accept(socket), name + " accept");
    }

    /** Starts to listen at an address; port 0 chooses a free one. */
    static Listener start(String name, InetSocketAddress at, Handler handler) throws IOException {
        ServerSocketChannel socket = at.getPort() == 0 ? Ports.bind(at.getAddress(), Listener::listen) : listen(at);
        Listener listener = new Listener(name, socket, handler);
        synchronized (listener) {
            listener.acceptor.start();
        }
        return listener;
    }

    private static ServerSocketChannel listen(InetSocketAddress at) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            return socket.bind(at, BACKLOG);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, STACK_OCTETS);
        thread.setDaemon(true);
        return thread;
    }

    InetSocketAddress address() {
        return address;
    }

    private void accept(ServerSocketChannel from) {
        while (from.isOpen()) {
            try {
                SocketChannel channel = from.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                handled.add(channel);
                Task task = handler.accepted(channel);
                starter.execute(() -> start(task, channel));
            } catch (IOException | RejectedExecutionException closed) {
                // the loop's condition tells whether this was the listener's end or one connection's
            }
        }
    }

    private void start(Task task, SocketChannel channel) {
        try {
            threads.execute(() -> run(task, channel));
        } catch (RejectedExecutionException closed) {
            // with the listener, which closes the channel, too
        }
    }

    private void run(Task task, SocketChannel channel) {
        try {
            task.run();
        } catch (IOException | InterruptedException | RuntimeException failure) {
            try {
                channel.close();
            } catch (IOException gone) {
                failure.addSuppressed(gone);
            }
            if (failure instanceof RuntimeException mistake) {
                throw mistake;
            }
        } finally {
            handled.remove(channel);
        }
    }

    /** Stops to listen and keeps the port, so that connecting to it is refused; connections in being go on. */
    synchronized void refuse() throws IOException, InterruptedException {
        if (socket != null) {
            socket.close();
            socket = null;
            // the port is free when the thread has left accept()
            acceptor.join();
            SocketChannel unconnected = SocketChannel.open();
            unconnected.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            holder = unconnected.bind(address);
        }
    }

    /** Listens again on the same port after {@link #refuse}. */
    synchronized void resume() throws IOException {
        if (holder != null) {
            holder.close();
            holder = null;
            ServerSocketChannel again = listen(address);
            socket = again;
            acceptor = daemon(() -> accept(again), name + " accept");
            acceptor.start();
        }
    }

    /** Stops to listen, interrupts the handlers and closes the connections that they still have. */
    @Override
    public synchronized void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        if (holder != null) {
            holder.close();
        }
        starter.shutdownNow();
        threads.shutdownNow();
        for (SocketChannel channel : handled) {
            channel.close();
        }
    }
}
