// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.UdpRelay;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.AddressType;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.Reply;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.route.Route;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The control connection of an association: carries its request, and then is watched, since the association ends with it.
 * Confined to the daemon.
 */
final class Control extends ControlConnection implements Connect.Request {
    private static final byte[] ZEROS = new byte[4];

    private final Association association;
    private final Associations associations;
    private final @Nullable InetSocketAddress local;
    private @Nullable Connect connect;
    private @Nullable InetSocketAddress relay;

    Control(Association association, Associations associations, Selector selector) {
        super(association, selector, association.owner.localAddress());
        this.association = association;
        this.associations = associations;
        local = association.owner.localAddress();
    }

    void begin(Connect begun) {
        connect = begun;
    }

    /** Whether the association has been granted. */
    boolean stands() {
        return connect == null;
    }

    /** How long it may take until the next step. */
    long remainingNanos() {
        return connect == null ? Long.MAX_VALUE : connect.remainingNanos();
    }

    /**
     * Goes on as far as it can.
     *
     * @return whether the association stands
     * @throws IOException if it cannot be had, or has ended
     */
    boolean goOn() throws IOException {
        if (connect != null) {
            if (!advance(connect)) {
                return false;
            }
            connect = null;
        }
        if (read(ByteBuffer.allocate(32)) < 0) {
            throw new IOException("the server has closed the control connection");
        }
        return true;
    }

    /** Where the relay takes datagrams. */
    InetSocketAddress relay() {
        return Objects.requireNonNull(relay);
    }

    // ---- Carrier

    @Override
    public boolean supportsIPv6() {
        return association.owner.supportsIPv6();
    }

    @Override
    public boolean isClosing() {
        return association.isClosed();
    }

    // ---- Connect.Request

    @Override
    public Handshake handshake(ServerState server) throws IOException {
        return Handshake.of(Command.UDP_ASSOCIATE, destination(), server.authentications, Handshake.Flight.STEPWISE);
    }

    private Address destination() throws IOException {
        InetAddress own = ((InetSocketAddress) open().getLocalAddress()).getAddress();
        InetAddress server = ((InetSocketAddress) open().getRemoteAddress()).getAddress();
        return destination(own, server, local);
    }

    /**
     * What the datagrams will come from, as far as that is of use: a translation of addresses on the way would make it wrong,
     * which there is none of within this machine alone.
     */
    static Address destination(InetAddress own, InetAddress server, @Nullable InetSocketAddress local) {
        boolean within = own.equals(server) || server.isLoopbackAddress();
        return within && local != null ? Address.ip(own.getAddress(), local.getPort()) : Address.ip(ZEROS, 0);
    }

    @Override
    public void granted(Reply reply, InetSocketAddress server) throws SocksException {
        relay = relay(reply.bound(), server.getAddress(), association.via, associations, supportsIPv6());
    }

    /**
     * Returns where datagrams go, by the reply of a server.
     *
     * @throws SocksException if they cannot go there, or must not
     */
    static InetSocketAddress relay(
            Address bound, InetAddress server, Route.Via via, Associations associations, boolean supportsIPv6)
            throws SocksException {
        if (bound.type() == AddressType.DOMAINNAME || bound.port() == 0) {
            throw unusable("its relay is " + bound + ", which is no address to send to");
        }
        InetAddress address;
        try {
            address = InetAddress.getByAddress(bound.octets());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        if (address.isAnyLocalAddress() || address.equals(server)) {
            address = server; // with its scope, if it has one
        } else if (associations.udpRelay() == UdpRelay.SERVER && !associations.isOfServer(via, address)) {
            throw unusable("its relay is " + bound + ", which is not the server; udp.relay=any allows it");
        }
        if (!(address instanceof Inet4Address) && !supportsIPv6) {
            throw unusable("its relay is " + bound + ", and this socket has no IPv6");
        }
        return new InetSocketAddress(address, bound.port());
    }

    private static SocksException unusable(String message) {
        return new SocksException(SocksException.Kind.MALFORMED, Stage.REQUEST, -1, message);
    }

    @Override
    public boolean goesOn(int replyCode) {
        return replyCode == ReplyCode.GENERAL_FAILURE || replyCode == ReplyCode.COMMAND_NOT_SUPPORTED;
    }

    /** No target can be the slow one. */
    @Override
    public boolean goesOnWithoutReply() {
        return true;
    }

    @Override
    public void failed(Hop hop, IOException reason) {
        if (ConnectFailures.hasNoUdp(reason)) {
            associations.hasNoUdp(hop, reason);
        } else {
            hop.failed();
        }
    }
}
