// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Connects of AsynchronousSocketChannel. */
final class AsynchronousScenarios {
    private AsynchronousScenarios() {}

    static void addTo(Map<String, Scenario> scenarios) {
        scenarios.put("asynchronous connect", AsynchronousScenarios::connects);
        scenarios.put("asynchronous connect, read too early", AsynchronousScenarios::early);
        scenarios.put("asynchronous connect cancelled", AsynchronousScenarios::cancelled);
        scenarios.put("asynchronous channel closed", AsynchronousScenarios::closed);
    }

    /** An end, which must come once. */
    private static final class Once extends CompletableFuture<Void> implements CompletionHandler<Void, Round> {
        private final AtomicInteger calls = new AtomicInteger();

        private void once(Round round) {
            if (calls.incrementAndGet() > 1) {
                round.stress().score().failed(round, new Wrong("a handler is called twice"));
            }
        }

        @Override
        public void completed(Void result, Round round) {
            once(round);
            complete(null);
        }

        @Override
        public void failed(Throwable failure, Round round) {
            once(round);
            completeExceptionally(failure);
        }
    }

    private static AsynchronousSocketChannel open(Round round) throws IOException {
        return round.closing(AsynchronousSocketChannel.open(round.stress().group()));
    }

    private static Future<Void> begin(Round round, AsynchronousSocketChannel channel) {
        round.now("asynchronous connect");
        if (round.either()) {
            return channel.connect(round.target());
        }
        Once once = new Once();
        channel.connect(round.target(), round, once);
        return once;
    }

    private static <T> T await(Round round, Future<T> future) throws Exception {
        try {
            return future.get(round.leftMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new Wrong("not in time", late);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException expected) {
                throw expected;
            }
            throw new Wrong("a failure of another kind", failure.getCause());
        }
    }

    private static boolean connected(Round round, AsynchronousSocketChannel channel, Future<Void> connect)
            throws Exception {
        return round.connects(channel, () -> {
            await(round, connect);
            return true;
        });
    }

    private static void connects(Round round) throws Exception {
        AsynchronousSocketChannel channel = open(round);
        if (connected(round, channel, begin(round, channel))) {
            talk(round, channel, null);
        }
    }

    /** What is too early is refused; what is not gets what the target has sent. */
    private static void early(Round round) throws Exception {
        AsynchronousSocketChannel channel = open(round);
        Future<Void> connect = begin(round, channel);
        ByteBuffer heard = ByteBuffer.allocate(Talk.GREETING.length() + 1);
        Future<Integer> reading = null;
        if (round.either()) {
            round.pause();
        }
        // a failed connect has closed the channel
        round.interferes();
        try {
            reading = channel.read(heard);
        } catch (NotYetConnectedException tooEarly) {
            round.stress().score().tooEarly();
        }
        try {
            await(round, channel.connect(round.target()));
            throw new Wrong("connected twice");
        } catch (ConnectionPendingException | AlreadyConnectedException asItMust) {
            round.now("asynchronous connect, tried again");
        } catch (IOException closed) {
            round.now("asynchronous connect, failed");
        }
        if (connected(round, channel, connect)) {
            talk(round, channel, reading == null ? null : new Reading(reading, heard));
        }
    }

    private record Reading(Future<Integer> begun, ByteBuffer heard) {}

    /** As on other channels; a read may have begun before, of as many octets as the greeting has. */
    private static void talk(Round round, AsynchronousSocketChannel channel, @Nullable Reading early) throws Exception {
        round.now("asynchronous talk");
        if (round.role() == Role.CLOSER) {
            hearTheEnd(round, channel, early);
            round.ends("connected");
            return;
        }
        Reading reading = early;
        if (round.role() == Role.FIRST) {
            hear(round, channel, Talk.GREETING + "\n", reading);
            reading = null;
        }
        ByteBuffer octets = US_ASCII.encode(round.word());
        while (octets.hasRemaining()) {
            await(round, channel.write(octets));
        }
        hear(round, channel, round.word(), reading);
        round.ends("connected");
    }

    private static void hear(Round round, AsynchronousSocketChannel channel, String expected, @Nullable Reading early)
            throws Exception {
        ByteBuffer heard = ByteBuffer.allocate(expected.length());
        if (early != null) {
            await(round, early.begun);
            heard.put(early.heard.flip());
        }
        while (heard.hasRemaining()) {
            if (await(round, channel.read(heard)) < 0) {
                throw new Wrong("the end instead of " + expected.trim());
            }
        }
        Talk.check(expected, heard);
    }

    private static void hearTheEnd(Round round, AsynchronousSocketChannel channel, @Nullable Reading early)
            throws Exception {
        int count;
        try {
            count = await(round, early == null ? channel.read(ByteBuffer.allocate(1)) : early.begun);
        } catch (IOException reset) {
            return;
        }
        if (count >= 0) {
            throw new Wrong("octets of one that says nothing");
        }
    }

    /** Cancelled with an interrupt, that is closed, or without; the future says so, or the connect was faster. */
    private static void cancelled(Round round) throws Exception {
        AsynchronousSocketChannel channel = open(round);
        Future<Void> connect = channel.connect(round.target());
        round.pause();
        round.interferes();
        boolean interrupt = round.either();
        boolean cancelled = connect.cancel(interrupt);
        round.now("cancelled: " + cancelled);
        if (cancelled) {
            try {
                connect.get(round.leftMillis(), TimeUnit.MILLISECONDS);
                throw new Wrong("a result of what was cancelled");
            } catch (CancellationException asItMust) {
                round.ends("cancelled");
            }
            if (interrupt && channel.isOpen()) {
                throw new Wrong("open after a cancel with an interrupt");
            }
        } else if (connected(round, channel, connect)) {
            talk(round, channel, null);
        }
    }

    private static void closed(Round round) throws Exception {
        AsynchronousSocketChannel channel = open(round);
        Future<Void> connect = begin(round, channel);
        round.pause();
        round.interferes();
        channel.close();
        round.now("closed");
        if (connected(round, channel, connect)) {
            round.ends("connected, then closed");
        }
    }
}
