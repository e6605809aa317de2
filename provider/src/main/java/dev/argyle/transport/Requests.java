// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.Settings;
import dev.argyle.observe.Log;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.route.Route;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of servers otherwise than by the connect of a program's socket: BIND, and the calls of a program that knows of
 * SOCKS. It never goes direct. Safe for use by any thread.
 */
public final class Requests {
    private static final Address NOBODY = Address.ip(new byte[4], 0);

    /** What a request names, which may depend on the connection that it is sent over. */
    public interface Destination {
        /**
         * Returns DST.ADDR and DST.PORT, in the meaning that the command gives them.
         *
         * @throws IOException if the connection does not tell
         */
        Address address() throws IOException;
    }

    private final Connector connector;
    private final Settings settings;
    private final Targets targets;
    private final NameService names;
    private final LookUps reverseLookUps;
    private final ServerNames serverNames;
    private final Timeouts timeouts;
    private final Log log;

    Requests(
            Connector connector,
            Settings settings,
            Targets targets,
            NameService names,
            LookUps reverseLookUps,
            ServerNames serverNames,
            Timeouts timeouts,
            Log log) {
        this.connector = connector;
        this.settings = settings;
        this.targets = targets;
        this.names = names;
        this.reverseLookUps = reverseLookUps;
        this.serverNames = serverNames;
        this.timeouts = timeouts;
        this.log = log;
    }

    /**
     * Returns what a request names for an address of a program's: the name behind a stand-in or in an unresolved address,
     * else the address; zeros for null.
     *
     * @throws SocketException if it is a stand-in that this JVM never gave out
     * @throws IllegalArgumentException if a request cannot carry the name
     */
    public Address address(@Nullable InetSocketAddress target) throws SocketException {
        if (target == null) {
            return NOBODY;
        }
        if (target.isUnresolved()) {
            return Address.name(target.getHostString(), target.getPort());
        }
        String name = targets.nameBehind(target.getAddress());
        return name == null
                ? Address.ip(target.getAddress().getAddress(), target.getPort())
                : Address.name(name, target.getPort());
    }

    /**
     * Returns a target as the routes and the servers are to be given it: by name where servers look it up, else by address;
     * by name also where it has none, if it goes to no server anyway.
     *
     * @throws UnknownHostException if its name is looked up here and has no address, or a request could not carry it
     * @throws SocketException if it is a stand-in that this JVM never gave out
     */
    public InetSocketAddress named(InetSocketAddress target, Transport transport) throws IOException {
        if (!target.isUnresolved()) {
            String name = targets.nameBehind(target.getAddress());
            return name == null ? target : InetSocketAddress.createUnresolved(name, target.getPort());
        }
        String host = target.getHostString();
        if (!targets.staysName(host)) {
            try {
                return new InetSocketAddress(names.lookUp(host)[0], target.getPort());
            } catch (UnknownHostException e) {
                Route byName = settings.routes().route(new Target(host, null, target.getPort(), transport));
                if (byName instanceof Route.Via) {
                    throw e;
                }
                return target;
            }
        }
        try {
            Address unused = address(target);
        } catch (IllegalArgumentException e) {
            UnknownHostException unknown = new UnknownHostException(host + ": " + e.getMessage());
            unknown.initCause(e);
            throw unknown;
        }
        return target;
    }

    /**
     * Returns the decision for a target; waits for the conversion of an address to a name where records ask for it.
     *
     * @param target null for none in particular: what the routes say of what no record covers
     * @throws SocketException if it is a stand-in that this JVM never gave out, or if the route cannot be known
     */
    public Route route(@Nullable InetSocketAddress target, Transport transport) throws IOException {
        if (target == null) {
            return general();
        }
        Address address = address(target);
        if (target.isUnresolved() || targets.nameBehind(target.getAddress()) != null) {
            return settings.routes().route(new Target(address.host(), null, target.getPort(), transport));
        }
        Target asked = targets.target(target, transport);
        return transport == Transport.TCP && targets.isToBeConverted(asked)
                ? converted(asked, target.getAddress())
                : settings.routes().route(asked);
    }

    private Route converted(Target asked, InetAddress address) throws SocketException {
        LookUps.Question<String> question = new LookUps.Question<>() {
            @Override
            public String ask() throws UnknownHostException {
                return names.reverse(address);
            }
        };
        LookUps.LookUp<String> lookUp = reverseLookUps.begin(question, new Runnable() {
            @Override
            public void run() {}
        });
        lookUp.await(ReverseHops.LIMIT_NANOS);
        String name = null;
        try {
            name = lookUp.answer();
            if (name == null && settings.routes().hasFragmentsThatDecide()) {
                throw ReverseHops.undecided(address.getHostAddress() + ":" + asked.port());
            }
        } catch (UnknownHostException e) {
            // it has none, which decides
        }
        return settings.routes()
                .route(name == null ? asked : new Target(name, asked.address(), asked.port(), asked.transport()));
    }

    /** Returns the decision where there is no target in particular: what the routes say of what no record covers. */
    public Route general() {
        return settings.routes().general();
    }

    /**
     * Returns the servers that the routes choose.
     *
     * @param target null for none in particular
     * @throws NoServerException if the route is direct
     * @throws SocketException if the route refuses, or as for {@link #route}
     */
    public Route.Via servers(@Nullable InetSocketAddress target, Transport transport) throws IOException {
        return servers(route(target, transport), target);
    }

    /** Returns the servers of the decision for a target, or throws as {@link #servers(InetSocketAddress, Transport)}. */
    Route.Via servers(Route route, @Nullable InetSocketAddress target) throws SocketException {
        if (route instanceof Route.Via via) {
            return via;
        }
        String what =
                target == null ? "no target in particular" : address(target).toString();
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + what + ": " + route.record());
        }
        throw new NoServerException("No SOCKS server for " + what + " (S5_ENOSERV): " + route.record());
    }

    /**
     * Begins a request: to the first of the servers that can be used, with failover as for connects as far as the carrier can be
     * made anew. For BIND the connect stands with the first reply; {@link Connect#secondReply} then tells the rest.
     *
     * @param target for the words of failures, and for CONNECT and BIND what the request names
     * @param ownAddress of UDP ASSOCIATE, what the request names; null for CONNECT and BIND
     * @param timeoutNanos the caller's, 0 for none
     * @param whenLookedUp for a caller that must not wait for names, as for {@link Connector#connect}
     */
    public Connect begin(
            Carrier carrier,
            Command command,
            Address target,
            @Nullable Destination ownAddress,
            Route.Via via,
            long timeoutNanos,
            @Nullable Runnable whenLookedUp) {
        ConnectFailures failures = new ConnectFailures(command, target);
        long now = System.nanoTime();
        long end = now + (timeoutNanos == 0 ? Connect.UNLIMITED_NANOS : timeoutNanos);
        Connect.HopSource hops = new ServerHops(
                connector.states(via, now), carrier, serverNames, timeouts, end, failures, log, whenLookedUp);
        Connect.Request request = new Asked(command, target, ownAddress);
        return new Connect(carrier, request, hops, null, timeouts, end, failures);
    }

    /**
     * Returns the address that a UDP ASSOCIATE names: what the datagrams will come from, as far as that is of use; else zeros.
     *
     * @param own end of the connection that the request is sent over
     * @param server the other end of it
     * @param local where the datagrams are sent from
     */
    public static Address ownAddress(InetAddress own, InetAddress server, InetSocketAddress local) {
        return Control.destination(own, server, local);
    }

    /**
     * Returns where the relay of an association takes datagrams.
     *
     * @param via the servers that were asked, of which one has granted it
     * @param supportsIPv6 whether the datagrams' socket can send to an IPv6 address
     * @throws SocksException if none can be sent there, or none must: {@code udp.relay}
     */
    public InetSocketAddress relay(Connect.Granted granted, Route.Via via, boolean supportsIPv6) throws SocksException {
        return Control.relay(
                granted.bound(), granted.address().getAddress(), via, connector.associations(), supportsIPv6);
    }

    private record Asked(
            Command command, Address target, @Nullable Destination ownAddress) implements Connect.Request {
        @Override
        public Handshake handshake(ServerState server) throws IOException {
            Address destination = ownAddress == null ? target : ownAddress.address();
            return Handshake.of(command, destination, server.authentications, Handshake.Flight.STEPWISE);
        }

        @Override
        public Address expected() {
            return target;
        }

        @Override
        public boolean goesOn(int replyCode) {
            return replyCode == ReplyCode.GENERAL_FAILURE
                    || command != Command.CONNECT && replyCode == ReplyCode.COMMAND_NOT_SUPPORTED;
        }

        /** No target can be the slow one, but that of CONNECT. */
        @Override
        public boolean goesOnWithoutReply() {
            return command != Command.CONNECT;
        }
    }
}
