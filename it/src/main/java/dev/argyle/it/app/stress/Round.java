// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: where it goes, what it may come to, and what it has come to.
 *
 * <p>Safe for use by several threads.
 */
final class Round implements AutoCloseable {
    private static final int PERCENT = 100;
    private static final int LINGERING_PERCENT = 20;
    private static final int BOUND_PERCENT = 10;
    private static final String BOUND_TO = "127.0.0.3";
    private static final int SPINS = 3_000;
    private static final int LONG_PAUSE_NANOS = 2_500_000;

    /** For those whose server is slow. */
    private static final int LONGER_TIMES = 12;

    private static final long POLL_NANOS = 200_000;

    private final Stress stress;
    private final long seed;
    private final String scenario;
    private final Random random;
    private final Role role;
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Plan.LIMIT_SECONDS);
    private final Deque<AutoCloseable> toClose = new ConcurrentLinkedDeque<>();
    private volatile String state = "begun";
    private volatile @Nullable String outcome;
    private volatile boolean interfered;
    private volatile boolean timed;

    Round(Stress stress, long seed, String scenario) {
        this.stress = stress;
        this.seed = seed;
        this.scenario = scenario;
        random = new Random(seed);
        role = Plan.role(random);
    }

    Stress stress() {
        return stress;
    }

    String scenario() {
        return scenario;
    }

    Role role() {
        return role;
    }

    InetSocketAddress target() {
        return stress.plan().at(role);
    }

    /** A word that no other round sends. */
    String word() {
        return "ping " + Long.toHexString(seed) + "\n";
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean either() {
        return random.nextBoolean();
    }

    /** Waits a moment, from no time at all to many milliseconds. */
    void pause() {
        switch (below(5)) {
            case 0 -> {}
            case 1, 2 -> {
                for (int left = below(SPINS); left > 0; left--) {
                    Thread.onSpinWait();
                }
            }
            case 3 -> LockSupport.parkNanos(below(LONG_PAUSE_NANOS / 10));
            default -> LockSupport.parkNanos(below(LONG_PAUSE_NANOS) * (long) (either() ? 1 : LONGER_TIMES));
        }
    }

    /** Between two looks at what has no other way to say that it has changed. */
    static void poll() {
        LockSupport.parkNanos(POLL_NANOS);
    }

    /** Says what it is about, for the case that it does not come to an end. */
    void now(String what) {
        state = what;
    }

    boolean isOverdue(long graceNanos) {
        return System.nanoTime() - endNanos > graceNanos;
    }

    /** What is left of the time; 1 if none is, since 0 is for ever to those who are told to wait that long. */
    long leftMillis() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }

    /**
     * Fails if the time is over.
     *
     * @throws Wrong then
     */
    void checkTime() {
        if (isOverdue(0)) {
            throw new Wrong("not in " + Plan.LIMIT_SECONDS + " s: " + state);
        }
    }

    /** Waits until something is the case; false if the time is over before. */
    boolean waitFor(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (isOverdue(0)) {
                return false;
            }
            poll();
        }
        return true;
    }

    /** Has it closed at the end. */
    <T extends AutoCloseable> T closing(T resource) {
        toClose.addFirst(resource);
        return resource;
    }

    /** A new channel; most of them leave no port behind that waits for its time to be over, and some are bound. */
    SocketChannel channel() throws IOException {
        SocketChannel channel = closing(SocketChannel.open());
        if (below(PERCENT) >= LINGERING_PERCENT) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        if (below(PERCENT) < BOUND_PERCENT) {
            channel.bind(new InetSocketAddress(BOUND_TO, 0));
        }
        return channel;
    }

    SocketChannel nonBlocking() throws IOException {
        SocketChannel channel = channel();
        channel.configureBlocking(false);
        return channel;
    }

    /** A non-blocking channel whose connect has begun; null if it has failed at once, as it may. */
    @Nullable
    SocketChannel connecting() throws Exception {
        SocketChannel channel = nonBlocking();
        return begins(channel) ? channel : null;
    }

    boolean begins(SocketChannel channel) throws Exception {
        try {
            channel.connect(target());
            return true;
        } catch (IOException failure) {
            failed(failure, channel);
            return false;
        }
    }

    Selector selector() throws IOException {
        return closing(Selector.open());
    }

    <T> Future<T> fork(Callable<T> call) {
        return stress.helpers().submit(call);
    }

    /**
     * Waits for a call's end.
     *
     * @throws Wrong if it does not come in time, or if the call has failed
     */
    <T> T join(Future<T> call) throws InterruptedException {
        try {
            return call.get(leftMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Wrong wrong ? wrong : new Wrong("in a helper", failure.getCause());
        } catch (TimeoutException late) {
            throw new Wrong("a helper is not done: " + state, late);
        }
    }

    /** From now on the connect may fail because it was closed or interrupted. */
    void interferes() {
        interfered = true;
    }

    /** From now on the connect may fail because its time is over. */
    void isTimed() {
        timed = true;
    }

    /** Tells whether the connect has succeeded; notes it if it has failed as it may. */
    boolean connects(Channel channel, Callable<Boolean> connect) throws Exception {
        boolean connected;
        try {
            connected = connect.call();
        } catch (IOException failure) {
            failed(failure, channel);
            return false;
        }
        if (!connected) {
            throw new Wrong("not connected in time");
        }
        mayConnect();
        return true;
    }

    /**
     * Says that the connect has succeeded.
     *
     * @throws Wrong if it cannot have
     */
    void mayConnect() {
        if (role == Role.REFUSED) {
            throw new Wrong("connected to a port at which nothing listens");
        }
    }

    /**
     * Says that the connect has failed.
     *
     * @throws Wrong if it must not have, not so, or has left the channel open
     */
    void failed(Throwable failure, Channel channel) {
        if (!mayBe(failure)) {
            throw new Wrong("connect", failure);
        }
        if (channel.isOpen()) {
            throw new Wrong("open after it has failed", failure);
        }
        ends(failure.getClass().getSimpleName());
    }

    private boolean mayBe(Throwable failure) {
        if (failure instanceof ClosedChannelException) {
            return interfered;
        }
        if (failure instanceof SocketTimeoutException) {
            return timed;
        }
        // of a channel's socket
        if (interfered && failure instanceof SocketException && "Socket is closed".equals(failure.getMessage())) {
            return true;
        }
        if (role == Role.REFUSED && failure instanceof ConnectException) {
            return true;
        }
        return stress.plan().failures() && failure instanceof SocketException;
    }

    /** Says how it ends; the first word counts. */
    synchronized void ends(String how) {
        if (outcome == null) {
            outcome = how;
        }
    }

    /** How it has ended. */
    String outcome() {
        String known = outcome;
        return known == null ? "no outcome" : known;
    }

    /** Closes what was registered, the last first. */
    @Override
    public void close() throws Exception {
        for (AutoCloseable resource : toClose) {
            resource.close();
        }
    }

    @Override
    public String toString() {
        return scenario + " seed=" + seed + " target=" + role + " state=" + state + " outcome=" + outcome;
    }
}
