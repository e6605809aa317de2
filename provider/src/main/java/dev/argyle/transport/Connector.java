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
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
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
     * @return the connect, not yet advanced, or null where the route is direct and the address is real
     * @throws SocketException if the route refuses
     * @throws IOException if the route is direct, and a name's real address cannot be had
     */
    public @Nullable Connect connect(Carrier carrier, InetSocketAddress remote, int timeoutMillis) throws IOException {
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
            return new Connect(carrier, address, direct(address, carrier), null, timeouts, end, failures);
        }
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + address + ": " + route.record());
        }
        List<Hop> hops = hops((Route.Via) route, carrier, end, failures);
        Connect.LastResort lastResort = null;
        if (settings.onFailure() == OnFailure.DIRECT) {
            lastResort = new Connect.LastResort() {
                @Override
                public List<Hop> hops() throws IOException {
                    log.log(
                            LogLevel.WARN,
                            "no SOCKS server can be used; connecting directly, as on-failure=direct says: "
                                    + failures.exception().getMessage());
                    return direct(address, carrier);
                }
            };
        }
        return new Connect(carrier, address, hops, lastResort, timeouts, end, failures);
    }

    /**
     * Decides on a connect of a datagram socket.
     *
     * @throws IOException if it would be routed, since UDP is not carried
     */
    public void connectDatagram(InetSocketAddress remote) throws IOException {
        String standInFor = standInFor(remote.getAddress());
        Route route = settings.routes().route(target(remote, standInFor));
        if (standInFor != null || !(route instanceof Route.Direct)) {
            throw new SocketException("UDP is not carried: new Socket(host, port, false) to "
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
        if (!StandIns.isStandIn(address)) {
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

    /** The servers with their addresses, those that failed lately at the end. */
    private List<Hop> hops(Route.Via via, Carrier carrier, long endNanos, ConnectFailures failures) {
        long begin = System.nanoTime();
        List<ServerState> order = states(via, begin);
        long limit = Math.min(timeouts.reachNanos(), (endNanos - begin) / order.size());
        List<Hop> hops = new ArrayList<>();
        for (ServerState state : order) {
            try {
                // only the first waits for a look-up that has not ended; the others are known by then, or passed over
                long left = hops.isEmpty() ? limit - (System.nanoTime() - begin) : 0;
                addHops(state, carrier, left, hops);
            } catch (IOException e) {
                failures.addUnreachable(state.server, e);
                state.failed(System.nanoTime());
            }
        }
        return hops;
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

    private void addHops(ServerState state, Carrier carrier, long waitNanos, List<Hop> hops) throws IOException {
        int before = hops.size();
        try {
            for (InetAddress address : serverNames.addresses(state, waitNanos)) {
                if (address.getAddress().length == 4 || carrier.supportsIPv6()) {
                    warnOfClearText(state, address);
                    hops.add(new Hop(state, new InetSocketAddress(address, state.server.port())));
                }
            }
        } catch (UnknownHostException e) {
            throw unreachable("its name cannot be looked up here", e);
        } catch (SocketTimeoutException e) {
            throw unreachable("its name was not looked up in time", e);
        }
        if (hops.size() == before) {
            throw new ConnectException("it has IPv6 addresses only, and this socket has no IPv6");
        }
    }

    private ServerState state(Server server) {
        ServerState state = states.get(server);
        if (state == null) {
            throw new IllegalStateException("Not a server of these settings: " + server);
        }
        return state;
    }

    private static IOException unreachable(String message, IOException cause) {
        ConnectException unreachable = new ConnectException(message);
        unreachable.initCause(cause);
        return unreachable;
    }

    /** The target itself, looked up for real if it is a name. */
    private List<Hop> direct(Address target, Carrier carrier) throws IOException {
        List<Hop> hops = new ArrayList<>();
        byte[] octets = IpLiteral.parse(target.host());
        InetAddress[] addresses =
                octets != null ? new InetAddress[] {InetAddress.getByAddress(octets)} : names.lookUp(target.host());
        for (InetAddress address : addresses) {
            if (address.getAddress().length == 4 || carrier.supportsIPv6()) {
                hops.add(new Hop(null, new InetSocketAddress(address, target.port())));
            }
        }
        if (hops.isEmpty()) {
            throw new SocketException("Protocol family unavailable: " + target + " has IPv6 addresses only");
        }
        return hops;
    }

    /** RFC 1929 sends the password as it is. */
    private void warnOfClearText(ServerState state, InetAddress address) {
        if (state.server.credentials() != null && !address.isLoopbackAddress() && state.firstWarning()) {
            log.log(LogLevel.WARN, "the password for " + state.server + " travels in clear text (RFC 1929)");
        }
    }
}
