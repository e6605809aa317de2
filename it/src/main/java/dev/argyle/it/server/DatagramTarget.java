// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A service that receives datagrams at an ephemeral port, on a daemon thread of its own. */
final class DatagramTarget implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    /** What a service does with a datagram. */
    interface Service {
        /** Answers, if it does, by one of the channels. */
        void received(ByteBuffer datagram, InetSocketAddress from, DatagramChannel socket, DatagramChannel other)
                throws IOException;
    }

    private final Service service;
    private final Waiting<InetSocketAddress> visitors;
    private final DatagramChannel socket;
    private final DatagramChannel other;
    private final InetSocketAddress address;
    private final AtomicLong received = new AtomicLong();

    private DatagramTarget(InetAddress at, Service service, Waiting<InetSocketAddress> visitors) throws IOException {
        this.service = service;
        this.visitors = visitors;
        socket = bound(at);
        try {
            other = bound(at);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
        address = (InetSocketAddress) socket.getLocalAddress();
    }

    /**
     * Starts a service.
     *
     * @param visitors where datagrams came from, each address and port once
     */
    static DatagramTarget start(String name, InetAddress at, Service service, Waiting<InetSocketAddress> visitors)
            throws IOException {
        DatagramTarget target = new DatagramTarget(at, service, visitors);
        Thread thread = new Thread(target::run, name);
        thread.setDaemon(true);
        thread.start();
        return target;
    }

    private static DatagramChannel bound(InetAddress at) throws IOException {
        ProtocolFamily family = at.getAddress().length == Socks.IPV4_OCTETS
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            return Ports.bind(at, channel::bind);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** How many datagrams have come, from whomever. */
    long received() {
        return received.get();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
        Set<InetSocketAddress> known = new HashSet<>();
        try {
            while (true) {
                InetSocketAddress from = (InetSocketAddress) socket.receive(buffer.clear());
                received.lazySet(received.get() + 1);
                if (known.add(from)) {
                    visitors.add(from);
                }
                answer(buffer.flip(), from);
            }
        } catch (ClosedChannelException closed) {
            // by close()
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void answer(ByteBuffer datagram, InetSocketAddress to) throws IOException {
        try {
            service.received(datagram, to, socket, other);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException lost) {
            // as any datagram may be
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        other.close();
    }
}
