// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.route.Route;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket of a program's, which listens at a server: a BIND for each connection that it accepts (RFC 1928
 * sections 4 and 6). What has come of a BIND is told by a connection to the socket of this machine that the program has,
 * so that the kernel wakes whoever waits there; who {@linkplain #take takes} it gets the connection of the peer. Safe for use
 * by any thread.
 *
 * <pre>
 *   IDLE --begin()--&gt; ASKED --first reply--&gt; LISTENING --second reply--&gt; ENDED --take()--&gt; IDLE
 *                       |                       |                         ^
 *                       +------ a failure ------+-------------------------+
 * </pre>
 */
public final class Binding implements Controlled {
    private static final long TELLS_AGAIN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A program that goes on after each failure would else keep this machine and the server busy. */
    private static final long BINDS_AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum Phase {
        IDLE,
        ASKED,
        LISTENING,
        ENDED,
        CLOSED
    }

    /**
     * A peer's connection.
     *
     * @param channel the connection, not blocking, with nothing read of what the peer has sent
     * @param peer who has connected
     * @param local where the server listened
     */
    public record Accepted(SocketChannel channel, InetSocketAddress peer, InetSocketAddress local) {}

    private final Controls controls;
    private final Requests requests;
    private final Route.Via via;
    private final Address expected;
    private final @Nullable InetAddress shown;
    private final SelectorProvider provider;
    private final boolean ipv6;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.IDLE; // guarded by lock
    private @Nullable InetSocketAddress bound; // guarded by lock; the last one
    private @Nullable InetSocketAddress tellsAt; // guarded by lock
    private @Nullable InetSocketAddress tellsFrom; // guarded by lock
    private @Nullable SocketChannel accepted; // guarded by lock
    private @Nullable InetSocketAddress peer; // guarded by lock
    private @Nullable IOException failure; // guarded by lock
    private @Nullable BindConnection connection; // the daemon's
    private @Nullable SocketChannel teller; // the daemon's
    private int failures; // the daemon's; in a row
    private long failedNanos; // the daemon's; when the last of them was
    private long againNanos; // the daemon's; when to look again though nothing has come, 0 if it need not

    /**
     * @param expected who may connect, in the request's terms
     * @param shown what the program is told instead of the peer's address: the stand-in of the name that is expected, by
     *     which alone the program knows the peer. Null for the address itself
     * @param ipv6 whether this machine has IPv6
     */
    Binding(
            Controls controls,
            Requests requests,
            Route.Via via,
            Address expected,
            @Nullable InetAddress shown,
            SelectorProvider provider,
            boolean ipv6) {
        this.controls = controls;
        this.requests = requests;
        this.via = via;
        this.expected = expected;
        this.shown = shown;
        this.provider = provider;
        this.ipv6 = ipv6;
    }

    /** Has BIND asked for, unless it has been. Waits for nothing. */
    public void begin() {
        lock.lock();
        try {
            if (phase != Phase.IDLE) {
                return;
            }
            phase = Phase.ASKED;
        } finally {
            lock.unlock();
        }
        controls.see(this);
    }

    /**
     * Returns where the server listens; {@linkplain #begin begins} and waits until it is known.
     *
     * @return where it listened before, if it does no more and that is for the next accept to tell, or if it is closed
     * @throws IOException if it has never listened: the reason, and the next call begins again; or that it is closed
     */
    public InetSocketAddress bound() throws IOException {
        lock.lock();
        try {
            while (true) {
                begin();
                while (phase == Phase.ASKED) {
                    changed.awaitUninterruptibly();
                }
                if (bound != null) {
                    return bound;
                }
                if (phase == Phase.CLOSED) {
                    throw Connect.closed();
                }
                IOException reason = failure;
                if (reason != null) {
                    failure = null;
                    phase = Phase.IDLE;
                    throw here(reason);
                }
                // another thread was told of that failure
            }
        } finally {
            lock.unlock();
        }
    }

    /** The caller's stack says more than the daemon's. */
    private static IOException here(IOException reason) {
        reason.fillInStackTrace();
        return reason;
    }

    /** Says where this machine's socket listens, which is told from then on what comes of it. */
    public void tellAt(InetSocketAddress loopback) {
        lock.lock();
        try {
            tellsAt = loopback;
        } finally {
            lock.unlock();
        }
        controls.see(this);
    }

    /**
     * Takes what has come of it.
     *
     * @param from where the connection came from that this machine's socket has accepted
     * @return null if it was another's
     * @throws IOException if nothing came of it: the reason
     */
    public @Nullable Accepted take(InetSocketAddress from) throws IOException {
        lock.lock();
        try {
            if (phase != Phase.ENDED || !from.equals(tellsFrom)) {
                return null;
            }
            phase = Phase.IDLE;
            tellsFrom = null;
            SocketChannel channel = accepted;
            InetSocketAddress who = peer;
            InetSocketAddress where = bound;
            IOException reason = failure;
            accepted = null;
            peer = null;
            failure = null;
            controls.see(this); // which closes what has told
            if (channel == null || who == null || where == null) {
                if (reason == null) {
                    throw new IllegalStateException("neither accepted nor failed");
                }
                throw here(reason);
            }
            return new Accepted(channel, who, where);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it. Who waits is told that the socket is closed. */
    public void close() {
        lock.lock();
        try {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        controls.see(this);
    }

    boolean isClosed() {
        return is(Phase.CLOSED);
    }

    /** Whether this machine has IPv6. */
    boolean supportsIPv6() {
        return ipv6;
    }

    private boolean is(Phase asked) {
        lock.lock();
        try {
            return phase == asked;
        } finally {
            lock.unlock();
        }
    }

    // ---- the daemon's

    @Override
    public SelectorProvider provider() {
        return provider;
    }

    @Override
    public long remainingNanos() {
        if (againNanos != 0) {
            return Math.max(1, againNanos - System.nanoTime());
        }
        return connection == null ? Long.MAX_VALUE : connection.remainingNanos();
    }

    @Override
    public void goOn(Selector awaited) {
        againNanos = 0;
        if (isClosed()) {
            end();
            return;
        }
        try {
            if (connection == null && is(Phase.ASKED) && isDue()) {
                connection = new BindConnection(this, awaited);
                connection.begin(requests.begin(connection, Command.BIND, expected, null, via, 0, new Runnable() {
                    @Override
                    public void run() {
                        controls.see(Binding.this);
                    }
                }));
            }
            if (connection != null) {
                goOn(connection);
            }
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            failed(Controls.fault(e));
        }
        tell();
    }

    /** Whether it is time to ask; the first failure may well be the peer's. */
    private boolean isDue() {
        boolean due = failures < 2 || System.nanoTime() - failedNanos >= BINDS_AGAIN_AFTER_NANOS;
        if (!due) {
            againNanos = failedNanos + BINDS_AGAIN_AFTER_NANOS;
        }
        return due;
    }

    private void goOn(BindConnection current) throws IOException {
        InetSocketAddress listens = current.first();
        if (listens == null) {
            return;
        }
        if (is(Phase.ASKED)) {
            listens(listens);
        }
        InetSocketAddress who = current.second();
        if (who != null) {
            SocketChannel channel = current.detach();
            connection = null;
            accepted(channel, who);
        }
    }

    private void listens(InetSocketAddress at) {
        lock.lock();
        try {
            if (phase == Phase.ASKED) {
                phase = Phase.LISTENING;
                bound = at;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accepted(SocketChannel channel, InetSocketAddress who) {
        failures = 0;
        lock.lock();
        try {
            if (phase == Phase.LISTENING) {
                phase = Phase.ENDED;
                peer = shown == null ? who : new InetSocketAddress(shown, who.getPort());
            }
            accepted = channel; // in a close too, which ends it
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(IOException reason) {
        failures++;
        failedNanos = System.nanoTime();
        lock.lock();
        try {
            if (phase == Phase.ASKED || phase == Phase.LISTENING) {
                phase = Phase.ENDED;
                failure = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        BindConnection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
    }

    /** Has whoever waits at this machine's socket look, once for each end. */
    private void tell() {
        InetSocketAddress at;
        boolean heard;
        lock.lock();
        try {
            heard = tellsFrom == null;
            at = heard && phase == Phase.ENDED ? tellsAt : null;
        } finally {
            lock.unlock();
        }
        if (heard) {
            close(teller);
            teller = null;
        }
        if (at != null) {
            try {
                tell(at);
            } catch (IOException | RuntimeException | Error e) {
                // of descriptors, ports or memory there is none just now, and nobody else would tell
                againNanos = System.nanoTime() + TELLS_AGAIN_AFTER_NANOS;
            }
        }
    }

    /** The backlog may be full: the kernel goes on trying. */
    private void tell(InetSocketAddress at) throws IOException {
        boolean inet6 = at.getAddress() instanceof Inet6Address;
        SocketChannel made =
                provider.openSocketChannel(inet6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        teller = made;
        boolean told = false;
        try {
            made.configureBlocking(false);
            made.bind(new InetSocketAddress(at.getAddress(), 0));
            tellsFrom((InetSocketAddress) made.getLocalAddress());
            boolean unused = made.connect(at);
            told = true;
        } finally {
            if (!told) {
                tellsFrom(null);
                close(made);
                teller = null;
            }
        }
    }

    private void tellsFrom(@Nullable InetSocketAddress from) {
        lock.lock();
        try {
            tellsFrom = from;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
        SocketChannel untaken;
        lock.lock();
        try {
            untaken = accepted;
            accepted = null;
        } finally {
            lock.unlock();
        }
        close(untaken);
        close(teller);
        teller = null;
    }

    private static void close(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // nothing is left to be lost
            }
        }
    }
}
