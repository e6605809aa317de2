// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.DatagramHeader;
import dev.argyle.protocol.Reassembly;
import dev.argyle.route.Transport;
import dev.argyle.transport.Peer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams through a server's relay: what {@code socks5udp_associate} makes (RFC 1928 sections 4, 6 and 7, UDP ASSOCIATE). The
 * association lasts as long as its connection to the server, which this holds: it ends when either side closes that.
 *
 * <p>Safe for use by any thread: one at a time receives, any may send meanwhile, and any may close.
 */
public final class Socks5Datagrams implements Closeable {
    private static final int MOST_OCTETS = 65_535;

    /** How often a full send buffer is tried again, should the channel be closed without a selector's knowing. */
    private static final long RETRY_MILLIS = 100;

    private final Servers servers;
    private final SocketChannel control;
    private final DatagramChannel datagrams;
    private final Selector selector;
    private final Socks5Server server;
    private final InetSocketAddress rendezvous;
    private final InetSocketAddress localAddress;

    private final ReentrantLock receiving = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_OCTETS); // guarded by receiving
    private final Reassembly reassembly = new Reassembly(); // guarded by receiving

    /** Held while something is closed: a selector ends the descriptors of channels that are closing, with no regard to writers. */
    private final ReentrantLock closing = new ReentrantLock();

    private volatile boolean closed;
    private volatile boolean ended;
    private volatile @Nullable IOException endReason;

    /**
     * Takes an association that stands.
     *
     * @param control in blocking mode
     * @param datagrams connected to the rendezvous address
     */
    Socks5Datagrams(
            Servers.Choice choice,
            Socks5Server server,
            InetSocketAddress rendezvous,
            SocketChannel control,
            DatagramChannel datagrams)
            throws IOException {
        servers = new Servers.Given(choice.connector(), choice.via());
        this.server = server;
        this.rendezvous = rendezvous;
        this.control = control;
        this.datagrams = datagrams;
        localAddress = (InetSocketAddress) datagrams.getLocalAddress();
        control.configureBlocking(false);
        datagrams.configureBlocking(false);
        selector = datagrams.provider().openSelector();
        control.register(selector, SelectionKey.OP_READ);
        datagrams.register(selector, SelectionKey.OP_READ);
    }

    /** Returns the relay's address, to which all datagrams go: what AIX writes over {@code Dst}. */
    public InetSocketAddress rendezvous() {
        return rendezvous;
    }

    /** Returns the server. */
    public Socks5Server server() {
        return server;
    }

    /** Returns the address that datagrams are sent to the relay from. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Sends one datagram to a target: {@code socks5udp_sendto} (RFC 1928 section 7). That it has been sent says nothing of its
     * arrival.
     *
     * @param payload from its position to its limit, which is its position afterwards; if this fails it is as it was
     * @param target an address, or an unresolved name, which goes to the server as a name if it resolves names, and is looked
     *     up here each time if not
     * @throws UnknownHostException if the target's name is looked up here and has no address, or no header could carry it
     * @throws PortUnreachableException if the relay's machine has said that nobody takes datagrams there
     * @throws ClosedByInterruptException if the thread is interrupted while there is no room for the datagram; this is closed
     *     then
     * @throws SocketException if the datagram is too long, if the association has ended, or if this is closed
     */
    public void send(ByteBuffer payload, InetSocketAddress target) throws IOException {
        Objects.requireNonNull(target, "target"); // which would else be nobody, and be sent
        requireOpen();
        byte[] header = DatagramHeader.of(servers.choose(target, Transport.UDP).address());
        int most = Peer.mostOctets(rendezvous) - header.length;
        if (payload.remaining() > most) {
            throw new SocketException("Message too long: " + payload.remaining() + " octets to " + target
                    + " through the SOCKS relay " + rendezvous + ", which takes at most " + most);
        }
        ByteBuffer datagram = ByteBuffer.allocate(header.length + payload.remaining());
        datagram.put(header).put(payload.duplicate()).flip();
        try {
            requireControl();
            while (datagrams.write(datagram) == 0) {
                awaitWritable();
            }
        } catch (ClosedChannelException e) {
            throw closed(e);
        }
        payload.position(payload.limit());
    }

    private void awaitWritable() throws IOException {
        Selector room = datagrams.provider().openSelector();
        try {
            datagrams.register(room, SelectionKey.OP_WRITE);
            room.select(RETRY_MILLIS);
        } finally {
            closing.lock();
            try {
                room.close();
            } finally {
                closing.unlock();
            }
        }
        requireNotInterrupted();
        requireOpen();
    }

    /**
     * Waits for a datagram, from whatever target. Fragments are put together; what has no header of SOCKS, and fragments that
     * are not completed within 5 s, are dropped.
     *
     * @param dst takes the payload; what it has no room for is lost, as with {@link DatagramChannel#receive}
     * @param timeout zero for none
     * @return the source that the relay names: an address, or an unresolved name
     * @throws IllegalArgumentException if the timeout is negative, or dst is read-only
     * @throws SocketTimeoutException if the timeout ends before
     * @throws PortUnreachableException if the relay's machine has said that nobody takes datagrams there
     * @throws ClosedByInterruptException if the thread is interrupted; this is closed then
     * @throws SocketException if the association has ended, or if this is closed, also meanwhile
     */
    public InetSocketAddress receive(ByteBuffer dst, Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        receiving.lock();
        try {
            while (true) {
                requireOpen();
                buffer.clear();
                if (datagrams.read(buffer) > 0) {
                    InetSocketAddress source = source(buffer.flip(), dst);
                    if (source != null) {
                        return source;
                    }
                } else {
                    requireControl();
                    requireNotInterrupted();
                    selector.select(deadline.leftMillis());
                    selector.selectedKeys().clear();
                }
                if (deadline.isOver()) {
                    throw new SocketTimeoutException("Receive timed out");
                }
            }
        } catch (ClosedChannelException e) {
            throw closed(e);
        } catch (ClosedSelectorException e) {
            throw closed(new ClosedChannelException());
        } finally {
            receiving.unlock();
        }
    }

    /** Returns where it is from, and leaves its payload in dst; null where there is no whole datagram. */
    private @Nullable InetSocketAddress source(ByteBuffer datagram, ByteBuffer dst) {
        ByteBuffer whole = reassembly.add(datagram, System.nanoTime());
        if (whole == null) {
            return null;
        }
        Address source = DatagramHeader.address(whole);
        whole.position(whole.position() + DatagramHeader.length(whole));
        whole.limit(whole.position() + Math.min(whole.remaining(), dst.remaining()));
        dst.put(whole);
        return Call.socketAddress(source);
    }

    /** Looks whether the server has ended the association. What else it sends there has no meaning. */
    private void requireControl() throws IOException {
        int n;
        do {
            try {
                n = control.read(ByteBuffer.allocate(32));
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                endReason = e;
                n = -1;
            }
        } while (n > 0);
        if (n < 0) {
            ended = true;
            close();
            throw Failures.ended(server, endReason);
        }
    }

    /** What does not wait does not look; a selector only returns. */
    private static void requireNotInterrupted() throws ClosedByInterruptException {
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
    }

    private void requireOpen() throws IOException {
        requireNotEnded();
        if (closed) {
            throw Failures.closed();
        }
    }

    private IOException closed(ClosedChannelException e) throws IOException {
        close();
        requireNotEnded();
        return e instanceof ClosedByInterruptException ? e : Failures.closed();
    }

    private void requireNotEnded() throws IOException {
        if (ended) {
            throw Failures.ended(server, endReason);
        }
    }

    /**
     * Ends the association. A thread that receives gets a {@link SocketException}.
     *
     * @throws IOException as {@link SocketChannel#close} does
     */
    @Override
    public void close() throws IOException {
        closed = true;
        closing.lock();
        try {
            selector.close();
            datagrams.close();
            control.close();
        } finally {
            closing.unlock();
        }
    }
}
