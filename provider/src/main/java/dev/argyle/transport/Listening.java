// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.Settings;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.AddressType;
import dev.argyle.route.BindRules;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which listening sockets are opened at a server, and which connections say that they come from there, so that a
 * program tells its peers an address which they can reach. Safe for use by any thread.
 */
public final class Listening {
    /** Servers have a few addresses each. */
    private static final int MOST_ADDRESSES = 1000;

    private static final boolean WINDOWS = File.separatorChar == '\\';

    private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};

    private final BindRules rules;
    private final Settings settings;
    private final Targets targets;
    private final Requests requests;
    private final Controls controls;

    /** Those that connections have said to come from, the newest last. */
    private final Map<InetAddress, Beside> beside = new LinkedHashMap<>(); // guarded by itself

    /**
     * A connection beside which a program may listen.
     *
     * @param peer its target, where a rule names those who listen beside it: the target is then whom they expect. Null else
     * @param shown the stand-in by which the program knows the peer; null if it knows its address
     */
    private record Beside(
            Server server, @Nullable Address peer, @Nullable InetAddress shown) {}

    Listening(Settings settings, Targets targets, Requests requests, Controls controls) {
        rules = settings.binds();
        this.settings = settings;
        this.targets = targets;
        this.requests = requests;
        this.controls = controls;
    }

    /**
     * Decides on a socket that a program binds to listen.
     *
     * @param asked the local address that the program asks for
     * @param port that it asks for, 0 for any
     * @param provider the JDK's own
     * @param ipv6 whether this machine has IPv6
     * @return null if it listens here
     * @throws IOException if it must do neither
     */
    public @Nullable Binding listen(InetAddress asked, int port, SelectorProvider provider, boolean ipv6)
            throws IOException {
        try {
            Binding binding = decide(asked, port, provider, ipv6);
            if (binding != null && WINDOWS) {
                throw new SocketException(
                        "No socket can listen at a SOCKS server on Windows, where the JDK cannot put one"
                                + " connection in the place of another");
            }
            return binding;
        } catch (NoServerException e) {
            // of a type that programs know, in their logs too
            SocketException none = new SocketException(e.getMessage());
            none.initCause(e);
            throw none;
        }
    }

    private @Nullable Binding decide(InetAddress asked, int port, SelectorProvider provider, boolean ipv6)
            throws IOException {
        InetSocketAddress scope = BindScope.get();
        if (scope != null) {
            return decide(scope, provider, ipv6);
        }
        if (rules.isEmpty()) {
            return null;
        }
        Beside connection = beside(asked);
        if (!rules.matches(asked.getAddress(), port) && (connection == null || connection.peer == null)) {
            return null;
        }
        if (connection != null) {
            Route.Via via = new Route.Via(settings.routes().general().record(), List.of(connection.server));
            Address expected = connection.peer == null ? requests.address(null) : withoutPort(connection.peer);
            return new Binding(controls, requests, via, expected, connection.shown, provider, ipv6);
        }
        Route.Via via = requests.servers(null, Transport.TCP);
        return new Binding(controls, requests, via, requests.address(null), null, provider, ipv6);
    }

    private @Nullable Binding decide(InetSocketAddress scope, SelectorProvider provider, boolean ipv6)
            throws IOException {
        if (!scope.isUnresolved() && scope.getAddress().isAnyLocalAddress()) {
            // anybody, who is no target: as one it would be this machine, which is direct
            Route.Via via = requests.servers(null, Transport.TCP);
            Address anybody = Address.ip(new byte[4], scope.getPort());
            return new Binding(controls, requests, via, anybody, null, provider, ipv6);
        }
        InetSocketAddress peer = requests.named(scope, Transport.TCP);
        Route route = requests.route(peer, Transport.TCP);
        if (route instanceof Route.Direct) {
            return null;
        }
        Route.Via via = requests.servers(route, peer);
        InetAddress shown = standIn(targets.standInFor(peer));
        return new Binding(controls, requests, via, requests.address(peer), shown, provider, ipv6);
    }

    private @Nullable InetAddress standIn(InetSocketAddress address) throws IOException {
        return address.isUnresolved() || targets.nameBehind(address.getAddress()) == null ? null : address.getAddress();
    }

    /** Programs listen there for others of their machine, whatever a server that is there too says that it is at. */
    private static boolean isEveryMachines(InetAddress address) {
        byte[] octets = address.getAddress();
        return address.isLoopbackAddress() && (octets.length == 16 || Arrays.equals(octets, LOOPBACK_IPV4));
    }

    /** It connects back from another port, and it is not known which. */
    private static Address withoutPort(Address peer) {
        return peer.type() == AddressType.DOMAINNAME ? Address.name(peer.host(), 0) : Address.ip(peer.octets(), 0);
    }

    private @Nullable Beside beside(InetAddress address) {
        synchronized (beside) {
            return beside.get(address);
        }
    }

    /**
     * Returns what a routed connection says that its local address is, instead of its own: the server's, where a rule holds for
     * its target and the server has told it.
     *
     * @param connect which stands
     * @param remote its target, as the program gave it
     */
    public @Nullable InetSocketAddress ownAddress(Connect connect, InetSocketAddress remote) throws IOException {
        Connect.Granted granted = rules.isEmpty() ? null : connect.granted();
        if (granted == null
                || granted.bound().type() == AddressType.DOMAINNAME
                || granted.bound().port() == 0) {
            return null;
        }
        Address peer = requests.address(remote);
        Target target = peer.type() == AddressType.DOMAINNAME
                ? new Target(peer.host(), null, peer.port())
                : targets.named(remote, Transport.TCP);
        InetAddress address;
        try {
            address = InetAddress.getByAddress(granted.bound().octets());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        if (address.isAnyLocalAddress() || isEveryMachines(address) || !rules.holdsFor(target)) {
            return null;
        }
        boolean named = rules.namesBeside(target);
        Beside made = new Beside(granted.server(), named ? peer : null, named ? standIn(remote) : null);
        synchronized (beside) {
            Beside before = beside.get(address);
            if (named || before == null || before.peer == null) {
                beside.remove(address); // it is the newest then
                beside.put(address, made);
                if (beside.size() > MOST_ADDRESSES) {
                    beside.remove(beside.keySet().iterator().next());
                }
            }
        }
        return new InetSocketAddress(address, granted.bound().port());
    }
}
