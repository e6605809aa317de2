// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the addresses of the servers that are given by name: looked up ahead, and again in the background when they are
 * used and old, so that no connect waits for them but the first. One daemon thread, and none if all servers are given by
 * address. Safe for use by any thread.
 */
final class ServerNames implements Runnable {
    static final long FRESH_FOR_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final NameService names;
    private final long freshForNanos;
    private final List<ServerState> named = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition lookedUp = lock.newCondition();
    private boolean want; // guarded by lock
    private long rounds; // guarded by lock
    private long lookedUpAtNanos; // guarded by lock
    private final Set<Runnable> waiting = Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by lock

    /** @param freshForNanos how old addresses must be to be looked up again */
    ServerNames(NameService names, Iterable<ServerState> servers, long freshForNanos) {
        this.names = names;
        this.freshForNanos = freshForNanos;
        for (ServerState server : servers) {
            if (!server.literal) {
                named.add(server);
            }
        }
    }

    /** Looks the names up ahead. */
    void start() {
        if (!named.isEmpty()) {
            Thread thread = new Thread(null, this, "argyle-server-names", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
        }
    }

    @Override
    public void run() {
        while (true) {
            for (ServerState server : named) {
                server.lookUp(names);
                tell();
            }
            roundEnded();
            tell();
            awaitWant();
        }
    }

    private void roundEnded() {
        lock.lock();
        try {
            want = false;
            rounds++;
            lookedUpAtNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private void awaitWant() {
        lock.lock();
        try {
            while (!want) {
                wanted.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many times all names have been looked up. */
    long rounds() {
        lock.lock();
        try {
            return rounds;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the addresses of a server as they are known, without waiting.
     *
     * @param round of the caller's begin: what has ended since counts
     * @param whenLookedUp is run by another thread when it is worth to ask again, if null was returned
     * @return null if the first look-up has not ended
     * @throws UnknownHostException if the look-up has failed
     */
    InetAddress @Nullable [] addresses(ServerState server, long round, Runnable whenLookedUp)
            throws UnknownHostException {
        InetAddress[] known = server.addresses();
        if (server.literal && known != null) {
            return known;
        }
        lock.lock();
        try {
            known = current(server);
            if (known != null) {
                return known;
            }
            if (rounds == round) {
                waiting.add(whenLookedUp);
                return null;
            }
        } finally {
            lock.unlock();
        }
        throw unknown(server);
    }

    /** Looks again in the lock, since a look-up may have ended before it was had; has old names looked up again. */
    private InetAddress @Nullable [] current(ServerState server) {
        InetAddress[] known = server.addresses();
        if (rounds > 0 && (known == null || System.nanoTime() - lookedUpAtNanos > freshForNanos)) {
            want = true;
            wanted.signal();
        }
        return known;
    }

    private static UnknownHostException unknown(ServerState server) {
        UnknownHostException e = new UnknownHostException(server.server.host());
        e.initCause(server.unknown());
        return e;
    }

    /**
     * Returns the addresses of a server as they are known. Waits only if they never were.
     *
     * @param timeoutNanos how long to wait
     * @throws UnknownHostException if the look-up has failed
     * @throws SocketTimeoutException if it has not ended in time
     */
    InetAddress[] addresses(ServerState server, long timeoutNanos) throws UnknownHostException, SocketTimeoutException {
        InetAddress[] known = server.addresses();
        if (server.literal && known != null) {
            return known;
        }
        lock.lock();
        try {
            known = current(server);
            if (known != null) {
                return known;
            }
            long round = rounds;
            long left = timeoutNanos;
            while (rounds == round && known == null) {
                if (left <= 0) {
                    throw new SocketTimeoutException(server.server.host() + " is still being looked up");
                }
                left = await(left);
                known = server.addresses();
            }
        } finally {
            lock.unlock();
        }
        if (known == null) {
            throw unknown(server);
        }
        return known;
    }

    private void tell() {
        List<Runnable> ready;
        lock.lock();
        try {
            lookedUp.signalAll();
            ready = new ArrayList<>(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        for (Runnable whenLookedUp : ready) {
            whenLookedUp.run();
        }
    }

    /** An interrupt does not end a connect of a platform thread's, nor a look-up: it is kept for later. */
    private long await(long nanos) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    return lookedUp.awaitNanos(deadline - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
