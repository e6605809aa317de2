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
import dev.argyle.route.Server;
import dev.argyle.route.Target;
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
    private final Settings settings;
    private final StandIns standIns;
    private final NameService names;
    private final Log log;
    private final Timeouts timeouts;
    private final boolean remoteNames;
    private final IdentityHashMap<Server, ServerState> states = new IdentityHashMap<>();
    private final ServerNames serverNames;
    private final LookUps lookUps;

    /** @param names real look-ups, past the stand-ins */
    public Connector(Settings settings, StandIns standIns, NameService names, Log log) {
        this.settings = settings;
        this.standIns = standIns;
        this.names = names;
        this.log = log;
        timeouts = new Timeouts(settings.connectTimeoutMillis(), settings.handshakeTimeoutMillis());
        boolean anyRemoteNames = false;
        for (Server server : settings.servers()) {
            states.put(server, new ServerState(server));
            anyRemoteNames |= server.remoteNames();
        }
        remoteNames = anyRemoteNames;
        lookUps = new LookUps(names);
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
        // as the server will read it: IDNA may turn a name into another
        Target target = target(remote, standInFor == null ? null : address.host());
        Route route = settings.routes().route(target);
        if (log.isEnabled(LogLevel.DEBUG)) {
            log.log(LogLevel.DEBUG, "connect " + address + ": " + route);
        }
        ConnectFailures failures = new ConnectFailures(address);
        if (route instanceof Route.Direct) {
            if (standInFor == null) {
                return null;
            }
            Connect.HopSource itself = new TargetHops(address, carrier, names, lookUps, whenLookedUp);
            return new Connect(carrier, address, itself, null, timeouts, end, failures);
        }
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + address + ": " + route.record());
        }
        List<ServerState> order = states((Route.Via) route, System.nanoTime());
        Connect.HopSource servers =
                new ServerHops(order, carrier, serverNames, timeouts, end, failures, log, whenLookedUp);
        Connect.HopSource lastResort = null;
        if (settings.onFailure() == OnFailure.DIRECT) {
            lastResort = new LastResort(failures, log, new TargetHops(address, carrier, names, lookUps, whenLookedUp));
        }
        return new Connect(carrier, address, servers, lastResort, timeouts, end, failures);
    }

    /**
     * Decides on a connect that cannot be routed.
     *
     * @param what begins the message
     * @throws IOException if it would be routed
     */
    public void requireDirect(InetSocketAddress remote, String what) throws IOException {
        String standInFor = standInFor(remote.getAddress());
        Route route = settings.routes().route(target(remote, standInFor));
        if (standInFor != null || !(route instanceof Route.Direct)) {
            throw new SocketException(what + " to "
                    + (standInFor == null ? IpLiteral.format(remote.getAddress().getAddress()) : standInFor) + ":"
                    + remote.getPort() + " would be routed (" + route.record()
                    + "); key bypass can let it go direct");
        }
    }

    /**
     * Gives the stand-in of a name that must not be looked up here.
     *
     * @return null where the name is to be looked up
     * @throws UnknownHostException if no stand-in can be given, or a request could not carry the name
     */
    public InetAddress @Nullable [] addresses(String host) throws UnknownHostException {
        if (!settings.routes().staysName(host)) {
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

    /** Returns the name behind a stand-in, or null for any other address. */
    public @Nullable String host(InetAddress address) {
        return standIns.name(address);
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
        if (!standIns.isStandIn(address)) {
            return null;
        }
        String name = standIns.name(address);
        if (name == null && !remoteNames) {
            return null; // an address like any other
        }
        String carried = carriedName(address);
        if (name == null
                || !carried.isEmpty() && !carried.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
            throw new SocketException("Stand-in address " + address + " was not given out by this JVM"
                    + (name == null ? "" : " for that name") + "; look the name up here instead");
        }
        return name;
    }

    /** The name that an address carries, or nothing; never looks it up. */
    private static String carriedName(InetAddress address) {
        String text = address.toString();
        return text.substring(0, text.lastIndexOf('/'));
    }

    private static Target target(InetSocketAddress remote, @Nullable String standInFor) {
        if (standInFor != null) {
            return new Target(standInFor, null, remote.getPort());
        }
        String carried = carriedName(remote.getAddress());
        boolean named = !carried.isEmpty() && IpLiteral.parse(carried) == null;
        return new Target(named ? carried : null, remote.getAddress().getAddress(), remote.getPort());
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
