// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Reassembly;
import dev.argyle.route.Route;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one socket sends to one list of servers through: UDP ASSOCIATE at the first of them that grants it (RFC 1928 sections
 * 4 and 7). Opened when it is first needed, and again when it was lost. Safe for use by any thread.
 *
 * <pre>
 *   IDLE --relay()--&gt; OPENING --granted--&gt; STANDS --control connection ended--&gt; IDLE
 *     ^                  |
 *     +--the failure is--+ failed
 *        handed over
 * </pre>
 */
final class Association implements Controlled {
    /** What they have sent has come by the time that a socket has had so many. */
    private static final int MOST_FORMER = 100;

    final Route.Via via;
    final DatagramOwner owner;

    /** Null until a fragment has come; no fragment of one before it belongs to what comes by the next. */
    volatile @Nullable Reassembly reassembly;

    private final Associations associations;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<InetSocketAddress> former = new HashSet<>(); // guarded by lock
    private volatile @Nullable InetSocketAddress relay;
    private volatile boolean opening; // written with the lock
    private @Nullable IOException failure; // guarded by lock
    private volatile boolean closed; // written with the lock
    private volatile long closedAtNanos; // written before closed
    private boolean dropped; // guarded by lock
    private volatile boolean connected;

    /** The control connection; the daemon's. */
    @Nullable
    Control control;

    Association(Associations associations, Route.Via via, DatagramOwner owner) {
        this.associations = associations;
        this.via = via;
        this.owner = owner;
    }

    /** Returns where datagrams go now; null if it does not stand. */
    @Nullable
    InetSocketAddress standing() {
        return relay;
    }

    /**
     * Returns where datagrams go; has it opened where it does not stand.
     *
     * @return null while it is being opened
     * @throws IOException if it has failed, or must
     */
    @Nullable
    InetSocketAddress relay() throws IOException {
        InetSocketAddress at = relay;
        if (at != null) {
            return at;
        }
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (relay != null || opening) {
                return relay;
            }
            IOException reason = failure;
            failure = null;
            if (reason != null) {
                reason.fillInStackTrace();
                throw reason;
            }
            associations.requireUdp(via);
            opening = true;
        } finally {
            lock.unlock();
        }
        associations.see(this);
        return null;
    }

    boolean isOpening() {
        return opening && !closed;
    }

    /** Waits until it stands, has failed, or is closed. */
    void await() {
        lock.lock();
        try {
            while (opening && !closed) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns an address of the server's. */
    @Nullable
    InetSocketAddress server() {
        InetSocketAddress at = relay;
        return at == null ? associations.server(via, owner) : at;
    }

    /** Whether datagrams have come from there by this association, or one before it. */
    boolean isFormerRelay(InetSocketAddress address) {
        lock.lock();
        try {
            return former.contains(address);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the socket is connected to a peer through it. */
    void setConnected(boolean isConnected) {
        connected = isConnected;
    }

    void stands(InetSocketAddress at) {
        lock.lock();
        try {
            reassembly = null;
            if (!closed) {
                relay = at;
            }
            if (former.size() >= MOST_FORMER) {
                former.clear();
            }
            former.add(at);
            opening = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        owner.changed();
    }

    @Override
    public void failed(IOException reason) {
        lock.lock();
        try {
            failure = reason;
            opening = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        owner.changed();
    }

    /** Is told by the daemon that the control connection has ended. */
    void lost() {
        boolean told;
        lock.lock();
        try {
            relay = null;
            told = dropped; // by the kernel, while the daemon was on its way
            dropped = false;
        } finally {
            lock.unlock();
        }
        if (connected && !closed && !told) {
            owner.lost();
        }
    }

    /** Is told that nobody takes datagrams where the relay was: whoever sends next has it opened again. */
    void dropped() {
        lock.lock();
        try {
            if (relay == null) {
                return;
            }
            relay = null;
            dropped = true;
        } finally {
            lock.unlock();
        }
        associations.see(this);
    }

    /** Whether the control connection that there is belongs to a relay that is gone. */
    boolean takeDropped() {
        lock.lock();
        try {
            boolean was = dropped;
            dropped = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SelectorProvider provider() {
        return owner.provider();
    }

    @Override
    public void goOn(Selector awaited) {
        associations.goOn(this, awaited);
    }

    @Override
    public long remainingNanos() {
        return associations.remainingNanos(this);
    }

    boolean isClosed() {
        return closed;
    }

    /** How long ago it was closed. */
    long closedForNanos() {
        return System.nanoTime() - closedAtNanos;
    }

    void close() {
        boolean used;
        lock.lock();
        try {
            closedAtNanos = System.nanoTime();
            closed = true;
            used = relay != null || opening || dropped;
            relay = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (used) {
            associations.see(this);
        }
    }
}
