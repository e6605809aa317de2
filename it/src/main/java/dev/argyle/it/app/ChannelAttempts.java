// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects channels to an echo service, in each way that the JDK has, one after the other or all at once.
 *
 * <p>Arguments: {@code host port one-by-one|at-once [way ...]}. For each way a line {@code <way> <milliseconds> ok ping}, or
 * {@code <way> <milliseconds> failed <class>: <message>}; behind it what a failover or a failure must not leave behind: an
 * option or a local port that is not as it was before, or a channel that is still open.
 */
public final class ChannelAttempts {
    private static final byte[] PING = "ping\n".getBytes(ISO_8859_1);
    private static final long PATIENCE_SECONDS = 60;
    private static final int ADAPTOR_TIMEOUT_MILLIS = 20_000;

    private ChannelAttempts() {}

    private enum Way {
        BLOCKING,
        BOUND,
        INET_FAMILY,
        ADAPTOR,
        TIMED_ADAPTOR,
        SELECTOR,
        REGISTERED_BEFORE,
        READ_INTEREST_ALONE,
        LOOP,
        FUTURE,
        HANDLER
    }

    /** Runs the ways. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        List<Way> ways = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            ways.add(Way.valueOf(args[i]));
        }
        List<Thread> threads = new ArrayList<>();
        for (Way way : ways.isEmpty() ? List.of(Way.values()) : ways) {
            Thread thread = new Thread(() -> System.out.println(way + " " + outcome(way, target)), way.name());
            thread.start();
            threads.add(thread);
            if (args[2].equals("one-by-one")) {
                thread.join();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static String outcome(Way way, InetSocketAddress target) {
        long begin = System.nanoTime();
        StringBuilder outcome = new StringBuilder();
        try {
            if (way == Way.FUTURE || way == Way.HANDLER) {
                asynchronous(way, target, outcome);
            } else {
                selectable(way, target, outcome);
            }
        } catch (Exception e) {
            outcome.append(e);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " " + outcome;
    }

    private static void selectable(Way way, InetSocketAddress target, StringBuilder outcome) throws IOException {
        try (SocketChannel channel = way == Way.INET_FAMILY
                        ? SocketChannel.open(StandardProtocolFamily.INET)
                        : SocketChannel.open();
                Selector selector = Selector.open()) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (way == Way.BOUND) {
                channel.bind(null);
            }
            SocketAddress local = channel.getLocalAddress();
            try {
                connect(way, channel, selector, target);
            } catch (IOException e) {
                failed(outcome, e, channel);
                return;
            }
            for (SelectionKey key : selector.keys()) {
                key.cancel();
            }
            selector.selectNow();
            channel.configureBlocking(true);
            channel.write(ByteBuffer.wrap(PING));
            ByteBuffer answer = ByteBuffer.allocate(PING.length);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                // until all of it is there
            }
            connected(outcome, answer, channel, local);
        }
    }

    private static void connect(Way way, SocketChannel channel, Selector selector, InetSocketAddress target)
            throws IOException {
        switch (way) {
            case BLOCKING, BOUND, INET_FAMILY -> channel.connect(target);
            case ADAPTOR -> channel.socket().connect(target);
            case TIMED_ADAPTOR -> channel.socket().connect(target, ADAPTOR_TIMEOUT_MILLIS);
            case SELECTOR -> {
                channel.configureBlocking(false);
                channel.connect(target);
                channel.register(selector, SelectionKey.OP_CONNECT);
                awaitConnected(channel, selector);
            }
            case REGISTERED_BEFORE -> {
                channel.configureBlocking(false);
                SelectionKey key = channel.register(selector, 0);
                channel.connect(target);
                key.interestOps(SelectionKey.OP_CONNECT | SelectionKey.OP_READ);
                awaitConnected(channel, selector);
            }
            case READ_INTEREST_ALONE -> {
                channel.configureBlocking(false);
                channel.connect(target);
                channel.register(selector, SelectionKey.OP_READ);
                // told of a failure alone: a connect that succeeds is seen by asking
                while (!channel.finishConnect()) {
                    selector.select(20);
                    selector.selectedKeys().clear();
                }
            }
            default -> {
                channel.configureBlocking(false);
                channel.connect(target);
                while (!channel.finishConnect()) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void awaitConnected(SocketChannel channel, Selector selector) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (selector.selectedKeys().isEmpty()) {
            selector.select(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (System.nanoTime() - end > 0) {
                throw new IOException("never ready");
            }
        }
        if (!channel.finishConnect()) {
            throw new IOException("ready, but not connected");
        }
    }

    private static void asynchronous(Way way, InetSocketAddress target, StringBuilder outcome) throws Exception {
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            try {
                if (way == Way.FUTURE) {
                    channel.connect(target).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } else {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    channel.connect(target, done, new Completing());
                    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
            } catch (ExecutionException e) {
                failed(outcome, e.getCause(), channel);
                return;
            }
            channel.write(ByteBuffer.wrap(PING)).get();
            ByteBuffer answer = ByteBuffer.allocate(PING.length);
            while (answer.hasRemaining() && channel.read(answer).get() >= 0) {
                // until all of it is there
            }
            connected(outcome, answer, channel, null);
        }
    }

    private static final class Completing implements CompletionHandler<Void, CompletableFuture<Void>> {
        @Override
        public void completed(Void result, CompletableFuture<Void> done) {
            done.complete(null);
        }

        @Override
        public void failed(Throwable e, CompletableFuture<Void> done) {
            done.completeExceptionally(e);
        }
    }

    private static void connected(
            StringBuilder outcome, ByteBuffer answer, NetworkChannel channel, @Nullable SocketAddress local)
            throws IOException {
        outcome.append("ok ").append(ISO_8859_1.decode(answer.flip()).toString().trim());
        if (!channel.getOption(StandardSocketOptions.SO_KEEPALIVE)) {
            outcome.append(", lost an option");
        }
        InetSocketAddress now = (InetSocketAddress) channel.getLocalAddress();
        if (local instanceof InetSocketAddress before && before.getPort() != now.getPort()) {
            outcome.append(", bound to ").append(now).append(" instead of ").append(before);
        }
    }

    private static void failed(StringBuilder outcome, @Nullable Throwable e, NetworkChannel channel) {
        outcome.append("failed ").append(e);
        if (channel.isOpen()) {
            outcome.append(", still open");
        }
    }
}
