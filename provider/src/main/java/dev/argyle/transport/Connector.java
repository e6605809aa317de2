// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.OnFailure;
import dev.argyle.config.Settings;
import dev.argyle.name.StandIns;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Handshake;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides on each connect: asks the route table, puts the servers in order and begins the {@link Connect}. Safe for use by any thread.
 */
public final class Connector {
    private final Settings settings;
    private final Targets targets;
    private final NameService names;
    private final Log log;
    private final Timeouts timeouts;
    private final Guard guard;
    private final IdentityHashMap<Server, ServerState> states = new IdentityHashMap<>();
    private final ServerNames serverNames;
    private final OwnServers ownServers;
    private final LookUps lookUps = new LookUps();
    private final Controls controls;
    private final Associations associations;
    private final Listening listening;

    /** Apart, so that name servers that are slow to convert addresses hold up nothing else. */
    private final LookUps reverseLookUps = new LookUps();

    /** @param names real look-ups, past the stand-ins */
    public Connector(Settings settings, StandIns standIns, NameService names, Log log) {
        this.settings = settings;
        targets = new Targets(settings, standIns, names);
        this.names = names;
        this.log = log;
        timeouts = new Timeouts(settings.connectTimeoutMillis(), settings.handshakeTimeoutMillis());
        guard = new Guard(settings, targets, names, log);
        for (Server server : settings.routes().servers()) {
            states.put(server, new ServerState(server));
        }
        serverNames = new ServerNames(names, states.values(), ServerNames.FRESH_FOR_NANOS);
        ownServers = new OwnServers(states.values(), names);
        controls = new Controls(log);
        associations = new Associations(this, controls, settings, log);
        listening = new Listening(settings, targets, requests(), controls);
    }

    /** Begins to look up, in the background, the servers that are given by name. */
    public void start() {
        serverNames.start();
    }

    /** What is known of targets and their names. */
    public Targets targets() {
        return targets;
    }

    /** What decides on all that cannot be carried. */
    public Guard guard() {
        return guard;
    }

    /** What becomes of the datagrams of a socket. */
    public Datagrams datagrams(DatagramOwner owner) {
        return new Datagrams(settings, targets, names, guard, ownServers, associations, owner, log);
    }

    /** What asks servers for something else than a socket's connect. */
    public Requests requests() {
        return new Requests(this, settings, targets, names, reverseLookUps, serverNames, timeouts, log);
    }

    /** What decides on sockets that listen. */
    public Listening listening() {
        return listening;
    }

    /** What says why, of the decisions that would be made. */
    public Explainer explainer() {
        return new Explainer(settings, targets, names, reverseLookUps);
    }

    /**
     * Decides on a connect of a stream socket and, where it is routed, begins it.
     *
     * @param timeoutMillis the application's, 0 for none
     * @param whenLookedUp for a caller that must not wait for names: is run, by another thread, when the connect can be
     *     advanced again after it {@linkplain Connect#isLookingUp was looking one up}. Null for a caller that can wait
     * @return the connect, not yet advanced, or null where the route is direct and the address is real, or where a thread
     *     of ours connects to a server
     * @throws SocketException if the route refuses
     * @throws IOException if the route is direct, and a name's real address cannot be had
     */
    public @Nullable Connect connect(
            Carrier carrier, InetSocketAddress remote, int timeoutMillis, @Nullable Runnable whenLookedUp)
            throws IOException {
        if (controls.isDaemon() || ownServers.isReachedDirectly(remote)) {
            return null; // to a server
        }
        long end = System.nanoTime()
                + (timeoutMillis == 0 ? Connect.UNLIMITED_NANOS : TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        String standInFor = targets.nameBehind(remote.getAddress());
        Address address = standInFor != null
                ? Address.name(standInFor, remote.getPort())
                : Address.ip(remote.getAddress().getAddress(), remote.getPort());
        Attempt attempt = new Attempt(carrier, address, end, whenLookedUp);
        // as the server will read it: IDNA may turn a name into another
        Target target = standInFor == null
                ? targets.target(remote, Transport.TCP)
                : new Target(address.host(), null, remote.getPort());
        if (standInFor == null && targets.isToBeConverted(target)) {
            return attempt.converted(target);
        }
        Route route = settings.routes().route(target);
        attempt.say(route);
        if (route instanceof Route.Direct && standInFor == null) {
            guard.requireCovered("a connection to " + address, route);
            return null;
        }
        return attempt.connect(attempt.hops(route), route instanceof Route.Via ? attempt.lastResort() : null);
    }

    /** Begins to ask for an association. */
    Connect associate(Control control, Association association) {
        ConnectFailures failures = new ConnectFailures(Command.UDP_ASSOCIATE, null);
        long end = System.nanoTime() + Connect.UNLIMITED_NANOS;
        Runnable whenLookedUp = new Runnable() {
            @Override
            public void run() {
                associations.see(association);
            }
        };
        ServerHops hops = new ServerHops(
                statesWithUdp(association.via), control, serverNames, timeouts, end, failures, log, whenLookedUp);
        return new Connect(control, control, hops, null, timeouts, end, failures);
    }

    /** Returns the servers of a route as they are to be tried, without those that carry no datagrams. */
    List<ServerState> statesWithUdp(Route.Via via) {
        long now = System.nanoTime();
        List<ServerState> with = new ArrayList<>();
        for (ServerState state : states(via, now)) {
            if (!state.isWithoutUdp(now)) {
                with.add(state);
            }
        }
        return with;
    }

    /** A CONNECT to a target. */
    private record ConnectRequest(Address target) implements Connect.Request {
        @Override
        public Handshake handshake(ServerState server) {
            return Handshake.connect(target, server.authentications);
        }
    }

    /** What the ways to one target have in common. */
    private final class Attempt {
        private final Carrier carrier;
        private final Address address;
        private final long end;
        private final @Nullable Runnable whenLookedUp;
        private final ConnectFailures failures;

        Attempt(Carrier carrier, Address address, long end, @Nullable Runnable whenLookedUp) {
            this.carrier = carrier;
            this.address = address;
            this.end = end;
            this.whenLookedUp = whenLookedUp;
            failures = new ConnectFailures(Command.CONNECT, address);
        }

        void say(Route route) {
            if (log.isEnabled(LogLevel.DEBUG)) {
                log.log(LogLevel.DEBUG, "connect " + address + ": " + route);
            }
        }

        Connect connect(Connect.HopSource source, Connect.@Nullable HopSource lastResort) {
            return new Connect(carrier, new ConnectRequest(address), source, lastResort, timeouts, end, failures);
        }

        /** @throws SocketException if the route refuses, or the guard does */
        Connect.HopSource hops(Route route) throws SocketException {
            if (route instanceof Route.Refuse) {
                throw new SocketException("Refused by the routes: " + address + ": " + route.record());
            }
            if (route instanceof Route.Direct) {
                guard.requireCovered("a connection to " + address, route);
                return itself();
            }
            List<ServerState> order = states((Route.Via) route, System.nanoTime());
            return new ServerHops(order, carrier, serverNames, timeouts, end, failures, log, whenLookedUp);
        }

        Connect.HopSource itself() {
            return new TargetHops(address, carrier, names, lookUps, whenLookedUp);
        }

        Connect.@Nullable HopSource lastResort() {
            return settings.onFailure() == OnFailure.DIRECT ? new LastResort(failures, log, itself()) : null;
        }

        /** The route is known only when the address has been converted to a name. */
        Connect converted(Target target) {
            Conversion conversion = new Conversion(this, target);
            LookUps.Question<String> question = new LookUps.Question<>() {
                @Override
                public String ask() throws UnknownHostException {
                    return names.reverse(InetAddress.getByName(address.host()));
                }
            };
            return connect(
                    new ReverseHops(question, reverseLookUps, conversion, whenLookedUp, end), conversion.lastResort());
        }
    }

    private final class Conversion implements ReverseHops.Decision {
        private final Attempt attempt;
        private final Target target;
        private boolean routed;

        Conversion(Attempt attempt, Target target) {
            this.attempt = attempt;
            this.target = target;
        }

        @Override
        public Connect.HopSource decide(@Nullable String name) throws SocketException {
            Target named =
                    name == null ? target : new Target(name, target.address(), target.port(), target.transport());
            Route route = settings.routes().route(named);
            attempt.say(route);
            routed = route instanceof Route.Via;
            return attempt.hops(route);
        }

        @Override
        public Connect.HopSource undecided() throws SocketException {
            if (settings.routes().hasFragmentsThatDecide()) {
                throw ReverseHops.undecided(attempt.address.toString());
            }
            return decide(null);
        }

        /** Comes to something only if the decision was for servers. */
        Connect.@Nullable HopSource lastResort() {
            Connect.HopSource lastResort = attempt.lastResort();
            return lastResort == null
                    ? null
                    : new Connect.HopSource() {
                        @Override
                        public @Nullable List<Hop> hops(boolean late) throws IOException {
                            return routed ? lastResort.hops(late) : List.of();
                        }
                    };
        }
    }

    /** Returns the servers of a route as they are to be tried: those that failed lately at the end. */
    public List<Server> order(Route.Via via) {
        List<Server> servers = new ArrayList<>();
        for (ServerState state : states(via, System.nanoTime())) {
            servers.add(state.server);
        }
        return servers;
    }

    /** Remembers that a server could not be reached, where somebody else has tried it. */
    public void failed(Server server) {
        state(server).failed(System.nanoTime());
    }

    List<ServerState> states(Route.Via via, long nowNanos) {
        List<ServerState> order = new ArrayList<>();
        List<ServerState> last = new ArrayList<>();
        for (Server server : via.servers()) {
            ServerState state = state(server);
            (state.failedLately(nowNanos) ? last : order).add(state);
        }
        order.addAll(last);
        return order;
    }

    /** What watches over the associations. */
    Associations associations() {
        return associations;
    }

    ServerState state(Server server) {
        ServerState state = states.get(server);
        if (state == null) {
            throw new IllegalStateException("Not a server of these settings: " + server);
        }
        return state;
    }

    /** The target itself, where the user wants that if no server can be used: told when it comes to that. */
    private static final class LastResort implements Connect.HopSource {
        private final ConnectFailures failures;
        private final Log log;
        private final Connect.HopSource itself;
        private boolean told;

        LastResort(ConnectFailures failures, Log log, Connect.HopSource itself) {
            this.failures = failures;
            this.log = log;
            this.itself = itself;
        }

        @Override
        public @Nullable List<Hop> hops(boolean late) throws IOException {
            if (!told) {
                told = true;
                log.log(
                        LogLevel.WARN,
                        "no SOCKS server can be used; connecting directly, as on-failure=direct says: "
                                + failures.exception().getMessage());
            }
            return itself.hops(late);
        }
    }
}
