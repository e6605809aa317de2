// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.SocketCarrier;
import dev.argyle.protocol.Address;
import dev.argyle.transport.Connect;
import dev.argyle.transport.SecondReply;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A server's socket that listens for one connection: what {@code socks5tcp_bind} makes (RFC 1928 section 4, BIND). The program
 * tells the peer {@link #bound where} to connect to, and {@link #accept accepts}. Until then the server listens as long as
 * this is open.
 *
 * <p>Safe for use by any thread: one at a time accepts, and any may close.
 */
public final class Socks5Listener implements Closeable {
    private enum State {
        LISTENING,
        ACCEPTED,
        CLOSED
    }

    private final ListenerCarrier carrier;
    private final @Nullable GivenSocket given;
    private final SecondReply secondReply; // guarded by accepting
    private final InetSocketAddress expectedPeer;
    private final InetSocketAddress bound;
    private final Socks5Server server;

    /** Held while waiting: a second accept waits for the first, as the platform's does. */
    private final ReentrantLock accepting = new ReentrantLock();

    private State state = State.LISTENING; // guarded by this

    /** @param connect whose first reply has come */
    Socks5Listener(
            ListenerCarrier carrier, @Nullable GivenSocket given, Connect connect, InetSocketAddress expectedPeer) {
        this.carrier = carrier;
        this.given = given;
        this.expectedPeer = expectedPeer;
        Connect.Granted granted = Call.granted(connect);
        bound = Call.socketAddress(granted.bound());
        server = Failures.server(granted.server());
        secondReply = connect.secondReply();
    }

    /**
     * Returns where the server listens: BND of the first reply, as the server gives it. May be all zeros, and an unresolved
     * name.
     */
    public InetSocketAddress bound() {
        return bound;
    }

    /** Returns who is expected to connect, as it was given. What a server makes of that is its affair. */
    public InetSocketAddress expectedPeer() {
        return expectedPeer;
    }

    /** Returns the server. */
    public Socks5Server server() {
        return server;
    }

    /**
     * Waits until the peer has connected: {@code socks5tcp_accept}, the second reply. It is accepted once; for the next
     * connection there is another BIND. An interrupt does not end the wait of a platform thread; that of a virtual thread
     * closes the socket.
     *
     * @param timeout zero for none
     * @return the connection: its target is the peer that the reply names, its bound address the server's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws SocketTimeoutException if the timeout ends before: the server still listens, and accept may be called again
     * @throws ConnectException if the server's rules refuse the peer (also one that is not the expected), or as the second
     *     reply says
     * @throws NoRouteToHostException if the second reply says so
     * @throws SocketException if the second reply is another failure or makes no sense, or the server has closed the
     *     connection; if this is closed, or closed meanwhile; if a connection has been accepted before. But for that last, this
     *     is closed then
     */
    public Socks5Connection accept(Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        accepting.lock();
        try {
            requireListening();
            carrier.await(deadline);
            while (true) {
                Address peer = advance();
                if (peer != null) {
                    return accepted(peer);
                }
                if (deadline.isOver()) {
                    throw Failures.acceptTimedOut(expectedPeer, server);
                }
            }
        } finally {
            accepting.unlock();
        }
    }

    private synchronized void requireListening() throws SocketException {
        if (state == State.ACCEPTED) {
            throw new SocketException("Already accepted: a server listens for one connection for each BIND");
        }
        if (state == State.CLOSED) {
            throw Failures.closed();
        }
    }

    private @Nullable Address advance() throws IOException {
        try {
            return secondReply.advance();
        } catch (IOException e) {
            boolean closing = carrier.isClosing();
            close();
            if (carrier.isInterrupted()) {
                throw new SocketException(SocketCarrier.INTERRUPTED);
            }
            throw closing ? Failures.closed() : Failures.accepted(e, expectedPeer, server);
        }
    }

    private synchronized Socks5Connection accepted(Address peer) throws SocketException {
        requireListening();
        Socket socket = carrier.socket();
        if (given == null) {
            socket.setSoTimeout(0);
        } else {
            given.release();
        }
        state = State.ACCEPTED;
        return new Socks5Connection(socket, Call.socketAddress(peer), bound, server);
    }

    /**
     * Ends the listening; a thread that waits in {@link #accept} gets a {@link SocketException}. Does nothing where a connection
     * has been accepted: that is its own.
     *
     * @throws IOException as {@link Socket#close} does
     */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (state != State.LISTENING) {
                return;
            }
            state = State.CLOSED;
        }
        carrier.close();
    }
}
