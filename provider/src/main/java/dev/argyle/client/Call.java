// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.SocketCarrier;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.AddressType;
import dev.argyle.protocol.Command;
import dev.argyle.route.Transport;
import dev.argyle.transport.Carrier;
import dev.argyle.transport.Connect;
import dev.argyle.transport.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** One request of a program's to servers, from the choice of them to the first reply. Confined to the thread that calls. */
final class Call {
    private final Servers servers;
    private final Command command;
    private final @Nullable InetSocketAddress target;
    private final Deadline deadline;

    /** @param target that is asked for, or the expected peer; null for an association */
    Call(Servers servers, Command command, @Nullable InetSocketAddress target, Deadline deadline) {
        this.servers = servers;
        this.command = command;
        this.target = target;
        this.deadline = deadline;
    }

    /**
     * Chooses the servers.
     *
     * @throws IOException if there are none, as programs are told
     */
    Servers.Choice choose() throws IOException {
        InetSocketAddress routed = isAnybody() ? null : target;
        try {
            return servers.choose(routed, command == Command.UDP_ASSOCIATE ? Transport.UDP : Transport.TCP);
        } catch (IOException e) {
            throw Failures.unrouted(e, target);
        }
    }

    /** Of a BIND: whether no peer in particular is expected. IPv6's zeros say so to few servers. */
    private boolean isAnybody() {
        return command == Command.BIND
                && target != null
                && !target.isUnresolved()
                && target.getAddress().isAnyLocalAddress();
    }

    /** Begins the request, which is not sent yet. */
    Connect begin(Carrier carrier, Servers.Choice choice, Requests.@Nullable Destination ownAddress)
            throws IOException {
        Address named = target != null && isAnybody() ? Address.ip(new byte[4], target.getPort()) : choice.address();
        return choice.requests().begin(carrier, command, named, ownAddress, choice.via(), deadline.leftNanos(), null);
    }

    /**
     * Waits for the first reply over a socket.
     *
     * @throws IOException if it is none to go on with, as programs are told
     */
    void drive(SocketCarrier carrier, Connect connect) throws IOException {
        boolean former = Engine.mark();
        try {
            carrier.drive(connect);
        } catch (IOException e) {
            throw carrier.isInterrupted() ? new SocketException(SocketCarrier.INTERRUPTED) : told(e, connect, carrier);
        } finally {
            Engine.restore(former);
        }
    }

    /** The same over a channel. */
    void drive(ChannelCarrier carrier, Connect connect) throws IOException {
        while (!advance(carrier, connect)) {
            // each call has waited already
        }
    }

    /** Goes as far as the channel lets it. */
    boolean advance(ChannelCarrier carrier, Connect connect) throws IOException {
        boolean former = Engine.mark();
        try {
            return connect.advance();
        } catch (IOException e) {
            ClosedChannelException closed = carrier.closed();
            throw closed == null ? told(e, connect, carrier) : closed;
        } finally {
            Engine.restore(former);
        }
    }

    /** A socket that is closed by now has been closed, whatever was wrong before. */
    private IOException told(IOException e, Connect connect, Carrier carrier) {
        return carrier.isClosing() ? Failures.closed() : Failures.requested(e, command, target, connect.failedAt());
    }

    /** What came of it. */
    static Connect.Granted granted(Connect connect) {
        Connect.Granted granted = connect.granted();
        if (granted == null) {
            throw new IllegalStateException("no reply has come");
        }
        return granted;
    }

    /** An address as a reply has it: a name unresolved. */
    static InetSocketAddress socketAddress(Address address) {
        if (address.type() == AddressType.DOMAINNAME) {
            return InetSocketAddress.createUnresolved(address.host(), address.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.octets()), address.port());
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
