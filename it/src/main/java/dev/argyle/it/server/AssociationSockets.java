// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import dev.argyle.it.server.Disturbance.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one association: the control connection, the relay's socket and one towards the targets for each family
 * of addresses.
 *
 * <p>Confined to the relay's thread once it has begun, and before that to the connection's.
 */
final class AssociationSockets {
    /** How many datagrams of one socket are moved before the others get their turn. */
    private static final int DATAGRAMS_IN_TURN = 16;

    private final DatagramRelay thread;
    private final Session.Setup setup;
    private final SocketChannel control;
    private final Exchange exchange;
    private final Association association;
    private DatagramChannel relay;

    private @Nullable DatagramChannel outbound4;
    private @Nullable DatagramChannel outbound6;
    private @Nullable DatagramChannel stranger;

    /** Where a host or port of a header stands for another: who answers, and as whom. */
    private final Map<InetSocketAddress, InetSocketAddress> aliases = new HashMap<>();

    private InetAddress clientAddress;

    /** 0 until the client has sent something. */
    private int clientPort;

    private @Nullable InetSocketAddress client;
    private byte[] lastHeader = {};
    private @Nullable InetSocketAddress lastTarget;

    private AssociationSockets(
            DatagramRelay thread, Session.Setup setup, SocketChannel control, Exchange exchange, DatagramChannel relay)
            throws IOException {
        this.thread = thread;
        this.setup = setup;
        this.control = control;
        this.exchange = exchange;
        this.relay = relay;
        association = new Association(this, thread, exchange, (InetSocketAddress) relay.getLocalAddress());
        clientAddress = ((InetSocketAddress) control.getRemoteAddress()).getAddress();
    }

    /**
     * Opens the relay's socket.
     *
     * @param host the DST.ADDR of the request: who may send, if it is an address and not all zeros
     * @param port the DST.PORT of the request; 0: the client's first datagram tells
     */
    static AssociationSockets open(
            DatagramRelay thread, Session.Setup setup, SocketChannel control, Exchange exchange, String host, int port)
            throws IOException {
        InetAddress scripted = setup.relayAddress();
        InetAddress at = scripted == null ? ((InetSocketAddress) control.getLocalAddress()).getAddress() : scripted;
        DatagramChannel relay = bound(at, at);
        try {
            AssociationSockets sockets = new AssociationSockets(thread, setup, control, exchange, relay);
            sockets.clientPort = port;
            if (exchange.addressType() != Socks.NAME) {
                InetAddress said = InetAddress.getByName(host);
                if (!said.isAnyLocalAddress()) {
                    sockets.clientAddress = said;
                }
            }
            return sockets;
        } catch (IOException | RuntimeException failure) {
            relay.close();
            throw failure;
        }
    }

    private static DatagramChannel bound(@Nullable InetAddress at, InetAddress family) throws IOException {
        ProtocolFamily protocols = family.getAddress().length == Socks.IPV4_OCTETS
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        DatagramChannel channel = DatagramChannel.open(protocols);
        try {
            return channel.bind(new InetSocketAddress(at, 0));
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    Association association() {
        return association;
    }

    void begin() throws IOException {
        thread.register(relay, this::fromClient);
        thread.register(control, this::fromControl);
    }

    private void fromControl() throws IOException {
        ByteBuffer ignored = thread.buffer();
        try {
            while (control.read(ignored.clear()) > 0) {
                // nothing is to be said there
            }
            if (control.read(ignored.clear()) < 0) {
                end(Ending.CLOSE);
            }
        } catch (IOException reset) {
            end(Ending.RESET);
        }
    }

    private void fromClient() throws IOException {
        for (int turn = 0; turn < DATAGRAMS_IN_TURN && relay.isOpen(); turn++) {
            ByteBuffer buffer = thread.buffer();
            InetSocketAddress from = (InetSocketAddress) relay.receive(buffer);
            if (from == null) {
                return;
            }
            buffer.flip();
            if (isClient(from)) {
                up(buffer);
            } else {
                association.droppedStranger();
            }
        }
    }

    private boolean isClient(InetSocketAddress from) {
        if (from.equals(client)) {
            return true;
        }
        if (!from.getAddress().equals(clientAddress) || clientPort != 0 && clientPort != from.getPort()) {
            return false;
        }
        clientPort = from.getPort();
        client = from;
        association.client(from);
        return true;
    }

    private void up(ByteBuffer datagram) throws IOException {
        InetSocketAddress target = target(datagram);
        if (target == null) {
            association.droppedMalformed();
            return;
        }
        if (setup.echoes()) {
            datagram.position(0);
            association.up(datagram.remaining() - lastHeader.length);
            down(datagram);
            return;
        }
        Disturber disturber = association.disturber();
        if (disturber.isHonest()) {
            toTarget(datagram, target);
        } else {
            for (Disturber.Packet packet : disturber.disturb(Direction.UP, datagram, target)) {
                toTarget(packet.buffer(), packet.to());
            }
            endIf(disturber);
        }
    }

    private void toTarget(ByteBuffer payload, InetSocketAddress target) throws IOException {
        try {
            DatagramChannel from = outbound(target.getAddress());
            // first: a test whose target or client has it may ask at once
            association.up(payload.remaining());
            from.send(payload, target);
        } catch (IOException failure) {
            association.failed(failure);
        }
    }

    /** Reads a header, up to the payload. */
    private @Nullable InetSocketAddress target(ByteBuffer datagram) {
        if (isLastHeader(datagram)) {
            association.saw(null, datagram.position(lastHeader.length).remaining());
            return lastTarget;
        }
        Datagram header = RelayOctets.read(datagram);
        if (header == null) {
            return null;
        }
        association.saw(header, header.octets());
        lastHeader = new byte[0];
        // a relay that does not put fragments together has to drop them
        if (header.fragment() != 0 || header.reserved() != 0) {
            return null;
        }
        try {
            InetSocketAddress target = setup.names().find(header.host(), header.port());
            // a name's address is the target's: the client never saw another
            InetSocketAddress said = new InetSocketAddress(
                    header.addressType() == Socks.NAME ? target.getAddress() : InetAddress.getByName(header.host()),
                    header.port());
            if (!said.equals(target)) {
                aliases.put(target, said);
            }
            lastHeader = new byte[datagram.position()];
            datagram.get(0, lastHeader);
            lastTarget = target;
            return target;
        } catch (UnknownHostException nobody) {
            association.failed(nobody);
            return null;
        }
    }

    private boolean isLastHeader(ByteBuffer datagram) {
        int octets = lastHeader.length;
        if (octets == 0 || datagram.remaining() < octets) {
            return false;
        }
        for (int i = 0; i < octets; i++) {
            if (datagram.get(i) != lastHeader[i]) {
                return false;
            }
        }
        return true;
    }

    private DatagramChannel outbound(InetAddress target) throws IOException {
        boolean isFour = target.getAddress().length == Socks.IPV4_OCTETS;
        DatagramChannel channel = isFour ? outbound4 : outbound6;
        if (channel == null) {
            InetAddress from = setup.outbound();
            DatagramChannel opened = bound(from != null && from.getClass() == target.getClass() ? from : null, target);
            if (isFour) {
                outbound4 = opened;
            } else {
                outbound6 = opened;
            }
            association.outbound((InetSocketAddress) opened.getLocalAddress());
            thread.register(opened, () -> fromTargets(opened));
            return opened;
        }
        return channel;
    }

    private void fromTargets(DatagramChannel channel) throws IOException {
        for (int turn = 0; turn < DATAGRAMS_IN_TURN && channel.isOpen(); turn++) {
            ByteBuffer buffer = thread.buffer().position(RelayOctets.LONGEST_HEADER);
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
            if (from == null) {
                return;
            }
            buffer.limit(buffer.position()).position(RelayOctets.LONGEST_HEADER);
            RelayOctets.prepend(aliases.isEmpty() ? from : aliases.getOrDefault(from, from), buffer);
            down(buffer);
        }
    }

    private void down(ByteBuffer datagram) throws IOException {
        InetSocketAddress to = client;
        if (to == null) {
            return;
        }
        Disturber disturber = association.disturber();
        if (disturber.isHonest()) {
            toClient(relay, datagram, to);
        } else {
            for (Disturber.Packet packet : disturber.disturb(Direction.DOWN, datagram, to)) {
                toClient(packet.origin() == Origin.RELAY ? relay : stranger(), packet.buffer(), packet.to());
            }
            endIf(disturber);
        }
    }

    private void toClient(DatagramChannel from, ByteBuffer datagram, InetSocketAddress to) {
        association.down(datagram.remaining());
        try {
            from.send(datagram, to);
        } catch (IOException failure) {
            association.failed(failure);
        }
    }

    private DatagramChannel stranger() throws IOException {
        if (stranger == null) {
            InetAddress at = ((InetSocketAddress) relay.getLocalAddress()).getAddress();
            stranger = bound(at, at);
        }
        return stranger;
    }

    private void endIf(Disturber disturber) throws IOException {
        Ending ending = disturber.ending();
        if (ending != null) {
            end(ending);
        }
    }

    /** Sends the client a datagram of any octets, if it has sent one before or said its port. */
    void sendToClient(Origin origin, byte[] octets) throws IOException {
        InetSocketAddress to = client == null ? new InetSocketAddress(clientAddress, clientPort) : client;
        if (to.getPort() == 0) {
            throw new IOException("the client's port is not known: it has sent nothing");
        }
        association.down(octets.length);
        (origin == Origin.RELAY ? relay : stranger()).send(ByteBuffer.wrap(octets), to);
    }

    /** Goes on at another port. */
    void restart() throws IOException {
        InetAddress at = ((InetSocketAddress) relay.getLocalAddress()).getAddress();
        DatagramChannel other = bound(at, at);
        relay.close();
        relay = other;
        thread.register(other, this::fromClient);
        association.relay((InetSocketAddress) other.getLocalAddress());
    }

    /** Ends the control connection and the relay with it; where the ending is silence, the relay alone. */
    void end(Ending ending) throws IOException {
        closeRelay();
        switch (ending) {
            case CLOSE -> control.close();
            case RESET -> Relay.reset(control);
            case SILENCE -> {
                // the connection stays as it is, and is still watched for its end
            }
        }
        if (ending != Ending.SILENCE) {
            thread.ended(this);
        }
        if (exchange.ending() == null) {
            exchange.ended(ending);
        }
    }

    private void closeRelay() throws IOException {
        relay.close();
        for (DatagramChannel channel : new DatagramChannel[] {outbound4, outbound6, stranger}) {
            if (channel != null) {
                channel.close();
            }
        }
    }

    void close() throws IOException {
        closeRelay();
        control.close();
    }
}
