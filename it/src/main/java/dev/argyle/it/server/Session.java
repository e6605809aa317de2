// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: the handshake of RFC 1928 and RFC 1929 with the script's faults, then the relay.
 *
 * <p>Confined to the connection's thread. Each stage tells whether to go on; where it says no, it has ended the connection.
 */
final class Session {
    private static final int FIRST_DATA_OCTETS = 16 * 1024;

    /** What the sessions of a server have in common. */
    record Setup(
            Names names,
            @Nullable InetAddress outbound,
            boolean echoes,
            List<Integer> methods,
            Map<String, String> users,
            Relay relay,
            DatagramRelay datagrams,
            @Nullable InetAddress relayAddress) {
        @Override
        public String toString() {
            return "Setup[methods=" + methods + "]";
        }
    }

    private final Setup setup;
    private Script script;
    private final Exchange exchange;
    private final SocketChannel client;
    private final Wire wire;

    Session(Setup setup, Exchange exchange, SocketChannel client) {
        this.setup = setup;
        this.exchange = exchange;
        this.client = client;
        script = new Script(exchange.faults());
        wire = new Wire(client, script.find(Fault.Drip.class));
    }

    void run() throws IOException, InterruptedException {
        boolean handedOn = false;
        try {
            handedOn = goesOn(Step.ACCEPTED) && negotiate() && request();
        } catch (EOFException left) {
            exchange.problem(String.valueOf(left.getMessage()));
            client.close();
        } catch (IOException failure) {
            exchange.problem(failure.toString());
            throw failure;
        } finally {
            if (!handedOn && exchange.ending() == null) {
                exchange.ended(Ending.CLOSE);
            }
        }
    }

    /** Plays what the script has for a step. */
    private boolean goesOn(Step step) throws IOException, InterruptedException {
        Fault.Hold hold = script.holdAt(step);
        if (hold != null) {
            hold.gate().pass();
        }
        Fault.Say say = script.sayAt(step);
        if (say != null) {
            wire.send(say.octets());
            return ends(say.ending());
        }
        Fault.End end = script.endAt(step);
        return end == null || ends(end.ending());
    }

    private boolean ends(Ending ending) throws IOException {
        wire.end(ending);
        exchange.ended(ending);
        return false;
    }

    private boolean refuse(String problem) throws IOException {
        exchange.problem(problem);
        return ends(Ending.CLOSE);
    }

    /** VER, NMETHODS, METHODS; VER, METHOD. */
    private boolean negotiate() throws IOException, InterruptedException {
        int version = wire.octet();
        if (version != Socks.VERSION) {
            return refuse("greeting of version " + version);
        }
        List<Integer> offered = new ArrayList<>();
        for (int left = wire.octet(); left > 0; left--) {
            offered.add(wire.octet());
        }
        exchange.greeted(List.copyOf(offered));
        if (!goesOn(Step.GREETING_READ)) {
            return false;
        }
        int chosen =
                setup.methods().stream().filter(offered::contains).findFirst().orElse(Socks.NO_ACCEPTABLE_METHODS);
        Fault.Method forced = script.find(Fault.Method.class);
        int method = forced == null ? chosen : forced.octet();
        Fault.MethodVersion otherVersion = script.find(Fault.MethodVersion.class);
        exchange.methodSent(method);
        wire.send(octets(otherVersion == null ? Socks.VERSION : otherVersion.octet(), method));
        if (!goesOn(Step.METHOD_SENT)) {
            return false;
        }
        if (method == Socks.NO_ACCEPTABLE_METHODS) {
            return refuse("no acceptable method among " + offered);
        }
        return method != Socks.USERNAME_PASSWORD || authenticate();
    }

    /** VER, ULEN, UNAME, PLEN, PASSWD; VER, STATUS. */
    private boolean authenticate() throws IOException, InterruptedException {
        int version = wire.octet();
        if (version != Socks.AUTH_VERSION) {
            return refuse("authentication of version " + version);
        }
        String name = wire.text();
        String password = wire.text();
        exchange.authenticated(name);
        if (!goesOn(Step.AUTH_READ)) {
            return false;
        }
        int status = password.equals(setup.users().get(name)) ? Socks.AUTH_SUCCESS : Socks.AUTH_FAILURE;
        Fault.AuthStatus otherStatus = script.find(Fault.AuthStatus.class);
        if (otherStatus != null) {
            status = otherStatus.octet();
        }
        Fault.AuthVersion otherVersion = script.find(Fault.AuthVersion.class);
        wire.send(octets(otherVersion == null ? Socks.AUTH_VERSION : otherVersion.octet(), status));
        if (!goesOn(Step.AUTH_SENT)) {
            return false;
        }
        return status == Socks.AUTH_SUCCESS || refuse("wrong user name or password");
    }

    /** VER, CMD, RSV, ATYP, DST.ADDR, DST.PORT. */
    private boolean request() throws IOException, InterruptedException {
        int version = wire.octet();
        int command = wire.octet();
        int reserved = wire.octet();
        int addressType = wire.octet();
        if (version != Socks.VERSION || reserved != 0) {
            return refuse("request of version " + version + " with RSV " + reserved);
        }
        String host = switch (addressType) {
            case Socks.IPV4 -> address(wire.octets(Socks.IPV4_OCTETS));
            case Socks.IPV6 -> address(wire.octets(Socks.IPV6_OCTETS));
            case Socks.NAME -> wire.text();
            default -> "";
        };
        int port = host.isEmpty() ? Exchange.NONE : wire.port();
        script = script.forRequest(command);
        exchange.requested(command, addressType, host, port);
        if (!goesOn(Step.REQUEST_READ)) {
            return false;
        }
        Fault.Reply scripted = script.find(Fault.Reply.class);
        if (scripted != null) {
            return fails(scripted.rep(), "by script");
        }
        if (host.isEmpty()) {
            return fails(Socks.ADDRESS_TYPE_NOT_SUPPORTED, "ATYP " + addressType + " or an empty name");
        }
        if (command == Socks.UDP_ASSOCIATE) {
            return associate(host, port);
        }
        if (command == Socks.BIND) {
            return bind(host, port);
        }
        if (command != Socks.CONNECT) {
            return fails(Socks.COMMAND_NOT_SUPPORTED, "CMD " + command);
        }
        return setup.echoes() ? echo() : connect(host, port);
    }

    private boolean echo() throws IOException, InterruptedException {
        InetSocketAddress bound = (InetSocketAddress) client.getLocalAddress();
        if (!reply(Socks.SUCCEEDED, reply(Socks.SUCCEEDED, bound.getAddress(), bound.getPort()))) {
            return false;
        }
        setup.relay().echo(client, exchange);
        return true;
    }

    /** Opens the relay, whose address the reply tells; the control connection goes with the association from then on. */
    private boolean associate(String host, int port) throws IOException, InterruptedException {
        AssociationSockets sockets = AssociationSockets.open(setup.datagrams(), setup, client, exchange, host, port);
        boolean handedOn = false;
        try {
            Fault.Disturb disturb = script.find(Fault.Disturb.class);
            if (disturb != null) {
                sockets.association().disturb(disturb.disturbances().toArray(new Disturbance[0]));
            }
            InetSocketAddress relay = sockets.association().relay();
            exchange.associated(sockets.association());
            handedOn = goesOn(Step.TARGET_TRIED)
                    && reply(Socks.SUCCEEDED, reply(Socks.SUCCEEDED, relay.getAddress(), relay.getPort()));
            if (handedOn) {
                setup.datagrams().begin(sockets);
            }
            return handedOn;
        } finally {
            if (!handedOn) {
                sockets.close();
            }
        }
    }

    /** Listens for a peer, where the first reply tells, then relays between it and the client. */
    private boolean bind(String host, int port) throws IOException, InterruptedException {
        InetAddress expected = null;
        if (script.find(Fault.OnlyThePeer.class) != null) {
            try {
                expected = setup.names().find(host, port).getAddress();
            } catch (UnknownHostException unknown) {
                return fails(Socks.HOST_UNREACHABLE, unknown.toString());
            }
        }
        InetAddress outbound = setup.outbound();
        InetAddress local = ((InetSocketAddress) client.getLocalAddress()).getAddress();
        try (PeerSocket socket = PeerSocket.open(outbound == null ? local : outbound)) {
            InetSocketAddress bound = socket.address();
            exchange.listens(bound);
            return goesOn(Step.TARGET_TRIED)
                    && reply(Socks.SUCCEEDED, reply(Socks.SUCCEEDED, bound.getAddress(), bound.getPort()))
                    && awaitPeer(socket, expected);
        }
    }

    private boolean awaitPeer(PeerSocket socket, @Nullable InetAddress expected)
            throws IOException, InterruptedException {
        script = script.forSecondReply();
        Fault.Drip drip = script.find(Fault.Drip.class);
        if (drip != null) {
            wire.drip(drip);
        }
        Fault.Reply scripted = script.find(Fault.Reply.class);
        if (scripted != null) {
            // first: who has the reply may ask at once
            socket.close();
            return fails(scripted.rep(), "by script");
        }
        if (wire.rest().hasRemaining()) {
            return refuse("the client spoke before a peer came");
        }
        SocketChannel peer;
        try {
            peer = socket.await(client);
        } catch (ProtocolException spoke) {
            return refuse(String.valueOf(spoke.getMessage()));
        }
        boolean handedOn = false;
        try {
            InetSocketAddress from = (InetSocketAddress) peer.getRemoteAddress();
            exchange.visited(from);
            handedOn = goesOn(Step.TARGET_TRIED)
                    && (expected == null || expected.isAnyLocalAddress() || expected.equals(from.getAddress())
                            ? succeed(peer, from) && relay(peer)
                            : turnAway(peer, from));
            return handedOn;
        } finally {
            if (!handedOn) {
                peer.close();
            }
        }
    }

    private boolean turnAway(SocketChannel peer, InetSocketAddress from) throws IOException, InterruptedException {
        peer.close();
        exchange.problem("a peer that was not expected: " + from);
        return reply(Socks.NOT_ALLOWED, reply(Socks.NOT_ALLOWED, from.getAddress(), from.getPort()))
                && ends(Ending.CLOSE);
    }

    private static String address(byte[] octets) throws UnknownHostException {
        return InetAddress.getByAddress(octets).getHostAddress();
    }

    private boolean connect(String host, int port) throws IOException, InterruptedException {
        SocketChannel target;
        try {
            target = Outbound.connect(setup.outbound(), setup.names().find(host, port));
        } catch (ConnectException refused) {
            return fails(Socks.CONNECTION_REFUSED, refused.toString());
        } catch (NoRouteToHostException | UnknownHostException unreachable) {
            return fails(Socks.HOST_UNREACHABLE, unreachable.toString());
        } catch (IOException failure) {
            return fails(Socks.GENERAL_FAILURE, failure.toString());
        }
        boolean handedOn = false;
        try {
            InetSocketAddress bound = (InetSocketAddress) target.getLocalAddress();
            exchange.connected((InetSocketAddress) target.getRemoteAddress(), bound);
            handedOn = goesOn(Step.TARGET_TRIED) && succeed(target, bound) && relay(target);
            return handedOn;
        } finally {
            if (!handedOn) {
                target.close();
            }
        }
    }

    private boolean fails(int rep, String why) throws IOException, InterruptedException {
        exchange.problem(why);
        return goesOn(Step.TARGET_TRIED)
                && reply(rep, reply(rep, InetAddress.getByAddress(new byte[Socks.IPV4_OCTETS]), 0))
                && ends(Ending.CLOSE);
    }

    private boolean succeed(SocketChannel target, InetSocketAddress bound) throws IOException, InterruptedException {
        String message = reply(Socks.SUCCEEDED, bound.getAddress(), bound.getPort());
        if (script.find(Fault.ReplyWithData.class) == null) {
            return reply(Socks.SUCCEEDED, message);
        }
        ByteBuffer first = ByteBuffer.allocate(FIRST_DATA_OCTETS);
        target.read(first);
        exchange.downCounter().addAndGet(first.flip().remaining());
        exchange.replied(Socks.SUCCEEDED);
        wire.send(message, first);
        return goesOn(Step.REPLY_SENT);
    }

    private boolean reply(int rep, String message) throws IOException, InterruptedException {
        Fault.CutReply cut = script.find(Fault.CutReply.class);
        if (cut != null) {
            wire.send(message.substring(0, Math.min(cut.octets(), message.length())));
            return ends(cut.ending());
        }
        // first: a test whose client has the reply may ask at once
        exchange.replied(rep);
        wire.send(message);
        return goesOn(Step.REPLY_SENT);
    }

    /** VER, REP, RSV, ATYP, BND.ADDR, BND.PORT, with what the script puts in their places. */
    private String reply(int rep, InetAddress address, int port) {
        Fault.ReplyVersion version = script.find(Fault.ReplyVersion.class);
        Fault.ReplyReserved reserved = script.find(Fault.ReplyReserved.class);
        Fault.Bound scripted = script.find(Fault.Bound.class);
        Fault.BoundElsewhere elsewhere = script.find(Fault.BoundElsewhere.class);
        Fault.Bound bound = (Fault.Bound) Fault.boundAddress(address.getAddress(), port);
        if (scripted != null) {
            bound = scripted;
        } else if (elsewhere != null) {
            bound = new Fault.Bound(elsewhere.atyp(), elsewhere.octets(), port);
        }
        return octets(
                        version == null ? Socks.VERSION : version.octet(),
                        rep,
                        reserved == null ? 0 : reserved.octet(),
                        bound.atyp())
                + bound.octets()
                + octets(bound.port() >> 8, bound.port());
    }

    private boolean relay(SocketChannel target) throws IOException {
        // a hasty client's data may have come with the request
        ByteBuffer early = wire.rest();
        exchange.upCounter().addAndGet(early.remaining());
        while (early.hasRemaining()) {
            target.write(early);
        }
        setup.relay().join(client, target, exchange);
        return true;
    }

    private static String octets(int... values) {
        byte[] octets = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            octets[i] = (byte) values[i];
        }
        return new String(octets, ISO_8859_1);
    }
}
