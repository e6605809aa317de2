// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import sun.net.PlatformSocketImpl;
import sun.nio.ch.SocksAccepted;
import sun.nio.ch.SocksPlatformListener;

/**
 * A platform socket that listens at a server where the engine says so, and is the platform's in everything else. It says
 * of itself that it is a platform's, because {@code ServerSocket.implAccept} then accepts into a platform's, and takes those
 * of subclasses of Socket, as TLS has them. Safe for use by any thread.
 */
final class Socks5ServerSocketImpl extends DelegatingSocketImpl implements PlatformSocketImpl {
    /** Held while accepting: what a server has accepted is asked for and taken by one thread at a time. */
    private final ReentrantLock acceptLock = new ReentrantLock();

    private volatile SocksPlatformListener listener; // null: it listens here
    private volatile InetSocketAddress bound; // where the server has listened last
    private volatile int timeoutMillis;
    private volatile int receiveBuffer; // what is accepted has that of its listener; 0: the kernel's choice
    private volatile boolean closed;

    Socks5ServerSocketImpl(SocketImpl platform) {
        super(platform);
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
        SocksPlatformListener opened = SocksPlatformListener.open(host, port);
        if (opened == null) {
            delegate.bind(host, port);
            return;
        }
        listener = opened;
        boolean stands = false;
        try {
            if (closed) {
                opened.close(); // which may have come too early to find it
            }
            bound = opened.bound();
            // that of IPv4, which sockets of both families have
            delegate.bind(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
            stands = true;
        } finally {
            if (!stands) {
                listener = null;
                opened.close();
            }
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        delegate.listen(backlog);
        SocksPlatformListener opened = listener;
        if (opened != null) {
            opened.listens(this, new InetSocketAddress(delegate.getInetAddress(), delegate.getLocalPort()));
        }
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        SocksPlatformListener opened = listener;
        if (opened == null) {
            delegate.accept(accepted);
            return;
        }
        int millis = timeoutMillis;
        long start = System.nanoTime();
        lock(millis);
        try {
            while (!accept(opened, accepted, remaining(millis, start))) {
                // somebody on this machine had connected, to whom no port was given
                SocksPlatformListener.renew(accepted);
            }
        } finally {
            acceptLock.unlock();
        }
    }

    private boolean accept(SocksPlatformListener opened, SocketImpl accepted, int millis) throws IOException {
        delegate.setOption(SocketOptions.SO_TIMEOUT, millis);
        opened.begin();
        delegate.accept(accepted);
        boolean taken = false;
        try {
            InetSocketAddress from = new InetSocketAddress(accepted.address, accepted.port);
            SocksAccepted what = opened.take(from, accepted.fd);
            if (what != null) {
                accepted.address = what.peer().getAddress();
                accepted.port = what.peer().getPort();
                accepted.localport = what.local().getPort();
                if (receiveBuffer != 0) {
                    accepted.setOption(SocketOptions.SO_RCVBUF, receiveBuffer);
                }
                taken = true;
            }
        } finally {
            if (!taken) {
                accepted.close();
            }
        }
        return taken;
    }

    private void lock(int millis) throws SocketTimeoutException {
        if (millis == 0) {
            acceptLock.lock();
            return;
        }
        boolean locked = false;
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = end - System.nanoTime();
        while (!locked && left > 0) {
            try {
                locked = acceptLock.tryLock(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // of a platform thread, which this does not end; a virtual one finds it below
            }
            left = end - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!locked) {
            throw new SocketTimeoutException("Accept timed out");
        }
    }

    /** Of a timeout, 0 of which is none. */
    private static int remaining(int millis, long start) throws SocketTimeoutException {
        if (millis == 0) {
            return 0;
        }
        long left = millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (left <= 0) {
            throw new SocketTimeoutException("Accept timed out");
        }
        return (int) left;
    }

    @Override
    protected InetAddress getInetAddress() {
        InetSocketAddress local = local();
        return local == null ? delegate.getInetAddress() : local.getAddress();
    }

    @Override
    protected int getLocalPort() {
        InetSocketAddress local = local();
        return local == null ? delegate.getLocalPort() : local.getPort();
    }

    /** Where the server listens, or did last; null if it does not. */
    private InetSocketAddress local() {
        SocksPlatformListener opened = listener;
        if (opened == null) {
            return null;
        }
        try {
            bound = opened.bound();
        } catch (IOException e) {
            // closed: the platform's says where it was, too
        }
        return bound;
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        delegate.setOption(option, value);
        if (option == SocketOptions.SO_TIMEOUT) {
            timeoutMillis = (int) value;
        } else if (option == SocketOptions.SO_RCVBUF) {
            receiveBuffer = (int) value;
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        delegate.setOption(option, value);
        if (option == StandardSocketOptions.SO_RCVBUF) {
            receiveBuffer = (Integer) value;
        }
    }

    @Override
    public Object getOption(int option) throws SocketException {
        Object value = delegate.getOption(option);
        return option == SocketOptions.SO_TIMEOUT ? (Object) timeoutMillis : value;
    }

    @Override
    protected void close() throws IOException {
        closed = true;
        SocksPlatformListener opened = listener;
        if (opened != null) {
            opened.close();
        }
        delegate.close();
    }
}
