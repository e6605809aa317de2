// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.OnFailure;
import dev.argyle.config.Settings;
import dev.argyle.name.StandIns;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.protocol.Address;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides on each connect and each name: asks the route table, finds the name behind a stand-in, puts the servers in order
 * and begins the {@link Connect}. Safe for use by any thread.
 */
public final class Connector {
    /** At which the JDK tries whether an address can be reached where it may not send ICMP. */
    private static final int ECHO_PORT = 7;

    private final Settings settings;
    private final StandIns standIns;
    private final NameService names;
    private final Log log;
    private final Timeouts timeouts;
    private final Guard guard;
    private final boolean remoteNames;
    private final IdentityHashMap<Server, ServerState> states = new IdentityHashMap<>();
    private final ServerNames serverNames;
    private final LookUps lookUps = new LookUps();

    /** Apart, so that name servers that are slow to convert addresses hold up nothing else. */
    private final LookUps reverseLookUps = new LookUps();

    /** @param names real look-ups, past the stand-ins */
    public Connector(Settings settings, StandIns standIns, NameService names, Log log) {
        this.settings = settings;
        this.standIns = standIns;
        this.names = names;
        this.log = log;
        timeouts = new Timeouts(settings.connectTimeoutMillis(), settings.handshakeTimeoutMillis());
        guard = new Guard(dev.argyle.config.GuardMode.ENFORCE, dev.argyle.config.GuardMode.OFF, log);
        boolean anyRemoteNames = false;
        for (Server server : settings.routes().servers()) {
            states.put(server, new ServerState(server));
            anyRemoteNames |= server.remoteNames();
        }
        remoteNames = anyRemoteNames;
        serverNames = new ServerNames(names, states.values(), ServerNames.FRESH_FOR_NANOS);
    }

    /** Begins to look up, in the background, the servers that are given by name. */
    public void start() {
        serverNames.start();
    }

    /**
     * Decides on a connect of a stream socket and, where it is routed, begins it.
     *
     * @param timeoutMillis the application's, 0 for none
     * @param whenLookedUp for a caller that must not wait for names: is run, by another thread, when the connect can be
     *     advanced again after it {@linkplain Connect#isLookingUp was looking one up}. Null for a caller that can wait
     * @return the connect, not yet advanced, or null where the route is direct and the address is real
     * @throws SocketException if the route refuses
     * @throws IOException if the route is direct, and a name's real address cannot be had
     */
    public @Nullable Connect connect(
            Carrier carrier, InetSocketAddress remote, int timeoutMillis, @Nullable Runnable whenLookedUp)
            throws IOException {
        long end = System.nanoTime()
                + (timeoutMillis == 0 ? Connect.UNLIMITED_NANOS : TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        String standInFor = standInFor(remote.getAddress());
        Address address = standInFor != null
                ? Address.name(standInFor, remote.getPort())
                : Address.ip(remote.getAddress().getAddress(), remote.getPort());
        Attempt attempt = new Attempt(carrier, address, end, whenLookedUp);
        // as the server will read it: IDNA may turn a name into another
        Target target =
                standInFor == null ? target(remote, Transport.TCP) : new Target(address.host(), null, remote.getPort());
        if (standInFor == null && isToBeConverted(target)) {
            return attempt.converted(target);
        }
        Route route = settings.routes().route(target);
        attempt.say(route);
        if (route instanceof Route.Direct && standInFor == null) {
            requireCovered(address, route);
            return null;
        }
        return attempt.connect(attempt.hops(route), route instanceof Route.Via ? attempt.lastResort() : null);
    }

    /** As AIX has it, where a socks5c.conf with fragments asks for it. What the JDK is known to reach here has no need. */
    private boolean isToBeConverted(Target target) {
        RouteTable routes = settings.routes();
        return target.name() == null && routes.hasFragments() && !routes.isBuiltIn(routes.route(target));
    }

    private void requireCovered(Address address, Route route) throws SocketException {
        if (route == RouteTable.IMPLICIT) {
            guard.uncovered("connection to " + address);
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
            failures = new ConnectFailures(address);
        }

        void say(Route route) {
            if (log.isEnabled(LogLevel.DEBUG)) {
                log.log(LogLevel.DEBUG, "connect " + address + ": " + route);
            }
        }

        Connect connect(Connect.HopSource source, Connect.@Nullable HopSource lastResort) {
            return new Connect(carrier, address, source, lastResort, timeouts, end, failures);
        }

        /** @throws SocketException if the route refuses, or the guard does */
        Connect.HopSource hops(Route route) throws SocketException {
            if (route instanceof Route.Refuse) {
                throw new SocketException("Refused by the routes: " + address + ": " + route.record());
            }
            if (route instanceof Route.Direct) {
                requireCovered(address, route);
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
                throw new SocketException(attempt.address + " was not converted to a name within "
                        + TimeUnit.NANOSECONDS.toSeconds(ReverseHops.LIMIT_NANOS)
                        + " s, and a record for names might not let it go direct; names.reverse=off keeps addresses from being"
                        + " converted");
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

    /**
     * Decides on what cannot be carried.
     *
     * @param remote the target; null if it is not known
     * @param what begins the message
     * @throws SocketException if it would be routed and the guard refuses it, or if it goes to a stand-in
     */
    public void requireDirect(@Nullable InetSocketAddress remote, Transport transport, String what)
            throws SocketException {
        if (remote == null) {
            guard.uncarried(what, "its targets are not known here");
            return;
        }
        String standInFor = standInFor(remote.getAddress());
        Target target = standInFor == null
                ? target(remote, transport)
                : new Target(standInFor, null, remote.getPort(), transport);
        Route route = settings.routes().route(target);
        String whole = what + " to " + target;
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + whole + ": " + route.record());
        }
        if (standInFor != null) {
            throw new SocketException(whole + " cannot be carried, and the name is not looked up here ("
                    + route.record() + "); key bypass can let it go direct");
        }
        if (route instanceof Route.Via) {
            guard.uncarried(whole, route.record().toString());
        } else if (route == RouteTable.IMPLICIT) {
            guard.uncovered(whole);
        }
    }

    /**
     * Decides on a datagram, or on a datagram socket's peer.
     *
     * @return the same object, or the real address where a stand-in's route is direct
     * @throws IOException if it would be routed and the guard refuses it, or if there is no real address
     */
    public InetSocketAddress datagram(InetSocketAddress remote) throws IOException {
        String standInFor = standInFor(remote.getAddress());
        if (standInFor != null
                && settings.routes().route(new Target(standInFor, null, remote.getPort(), Transport.UDP))
                        instanceof Route.Direct) {
            return new InetSocketAddress(names.lookUp(standInFor)[0], remote.getPort());
        }
        requireDirect(remote, Transport.UDP, "a datagram");
        return remote;
    }

    /**
     * Decides on a group that a program wants to receive from.
     *
     * @throws SocketException if it is refused, by the routes or by the guard
     */
    public void join(InetAddress group) throws SocketException {
        requireDirect(new InetSocketAddress(group, 0), Transport.UDP, "joining a multicast group");
    }

    /** Returns whether nothing may be sent to find out if an address can be reached: a stand-in, or one that is not direct. */
    public boolean mustNotBeProbed(InetAddress address) {
        return isForeignOrOwnStandIn(address) || !(numericRoute(address, ECHO_PORT) instanceof Route.Direct);
    }

    /** Returns the decision on an address whatever name it carries. */
    private Route numericRoute(InetAddress address, int port) {
        return settings.routes().route(new Target(null, address.getAddress(), port));
    }

    /**
     * Gives the stand-in of a name that must not be looked up here.
     *
     * @return null where the name is to be looked up
     * @throws UnknownHostException if no stand-in can be given, or a request could not carry the name
     */
    public InetAddress @Nullable [] addresses(String host) throws UnknownHostException {
        if (!staysName(host)) {
            return null;
        }
        try {
            Address.name(host, 0);
        } catch (IllegalArgumentException e) {
            UnknownHostException unknown = new UnknownHostException(host + ": " + e.getMessage());
            unknown.initCause(e);
            throw unknown;
        }
        return new InetAddress[] {standIns.of(host)};
    }

    /**
     * Puts the stand-in of its name in place of an unresolved address whose name must not be looked up here.
     *
     * @return the same object where there is nothing to put in its place
     * @throws UnknownHostException as for {@link #addresses}
     */
    public InetSocketAddress standInFor(InetSocketAddress remote) throws UnknownHostException {
        if (!remote.isUnresolved()) {
            return remote;
        }
        InetAddress[] addresses = addresses(remote.getHostString());
        return addresses == null ? remote : new InetSocketAddress(addresses[0], remote.getPort());
    }

    private boolean staysName(String host) {
        return settings.routes().staysName(host);
    }

    /**
     * Returns the name of an address of which no name service here may be asked: of a stand-in its name; of an address that
     * servers are to reach, which resolve names, the address as text. Null for any other.
     */
    public @Nullable String host(InetAddress address) {
        String name = standIns.name(address);
        if (name != null || address.isLoopbackAddress()) {
            return name;
        }
        boolean unknown = isForeignOrOwnStandIn(address)
                || (numericRoute(address, 0) instanceof Route.Via via && via.remoteNames());
        return unknown ? IpLiteral.format(address.getAddress()) : null;
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

    /** A stand-in that this JVM never gave out, or not for the name it carries, must reach no host at all. */
    private @Nullable String standInFor(InetAddress address) throws SocketException {
        String name = standIns.name(address);
        if (name == null && !isForeignOrOwnStandIn(address)) {
            return null;
        }
        String carried = carriedName(address);
        if (name == null
                || !carried.isEmpty() && !carried.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
            throw new SocketException("Stand-in address " + address + " was not given out by this JVM"
                    + (name == null ? "" : " for that name") + "; look the name up here instead");
        }
        return name;
    }

    /** Where no server resolves names, the block of the stand-ins has addresses like any other. */
    private boolean isForeignOrOwnStandIn(InetAddress address) {
        return remoteNames && StandIns.isStandIn(address);
    }

    /** The name that an address carries, or nothing; never looks it up. */
    private static String carriedName(InetAddress address) {
        String text = address.toString();
        return text.substring(0, text.lastIndexOf('/'));
    }

    /** With the name that the address carries where that makes a difference, and only if a look-up has given it. */
    private Target target(InetSocketAddress remote, Transport transport) {
        InetAddress address = remote.getAddress();
        Target numeric = new Target(null, address.getAddress(), remote.getPort(), transport);
        String carried = carriedName(address);
        if (carried.isEmpty() || IpLiteral.parse(carried) != null) {
            return numeric;
        }
        Target named = new Target(carried, address.getAddress(), remote.getPort(), transport);
        Route byName = settings.routes().route(named);
        Route byAddress = settings.routes().route(numeric);
        boolean alike = byName == byAddress || (byName instanceof Route.Direct && byAddress instanceof Route.Direct);
        boolean matters = !alike || settings.routes().hasFragments();
        return matters && names.gave(carried, address) ? named : numeric;
    }

    private List<ServerState> states(Route.Via via, long nowNanos) {
        List<ServerState> order = new ArrayList<>();
        List<ServerState> last = new ArrayList<>();
        for (Server server : via.servers()) {
            ServerState state = state(server);
            (state.failedLately(nowNanos) ? last : order).add(state);
        }
        order.addAll(last);
        return order;
    }

    private ServerState state(Server server) {
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
