// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.LocalNames;
import dev.argyle.config.Settings;
import dev.argyle.name.HostsFile;
import dev.argyle.name.StandIns;
import dev.argyle.protocol.Address;
import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of targets: which names must not be looked up here, the stand-ins for them and the names behind those, and
 * whether a name that an address carries is its own. Safe for use by any thread.
 */
public final class Targets {
    /** At which the JDK tries whether an address can be reached where it may not send ICMP. */
    private static final int ECHO_PORT = 7;

    private final RouteTable routes;
    private final LocalNames localNames;
    private final boolean reverseNames;
    private volatile @Nullable HostsFile hostsFile; // made when it is first needed, which at most starts is never
    private final StandIns standIns;
    private final NameService names;
    private final boolean anyRemoteNames;

    /** @param names real look-ups, past the stand-ins */
    Targets(Settings settings, StandIns standIns, NameService names) {
        routes = settings.routes();
        localNames = settings.localNames();
        reverseNames = settings.reverseNames();
        this.standIns = standIns;
        this.names = names;
        boolean any = false;
        for (Server server : routes.servers()) {
            any |= server.remoteNames();
        }
        anyRemoteNames = any;
    }

    /** Returns whether nothing may be sent to find out if an address can be reached: a stand-in, or one that is not direct. */
    public boolean mustNotBeProbed(InetAddress address) {
        return isStandIn(address) || !(numericRoute(address, ECHO_PORT) instanceof Route.Direct);
    }

    /** Whatever name the address carries. */
    private Route numericRoute(InetAddress address, int port) {
        return routes.route(new Target(null, address.getAddress(), port));
    }

    /**
     * Gives the stand-in of a name that must not be looked up here.
     *
     * @return null where the name is to be looked up
     * @throws UnknownHostException if no stand-in can be given, or a request could not carry the name
     */
    public InetAddress @Nullable [] addresses(String host) throws UnknownHostException {
        return whyLookedUp(host) == null ? new InetAddress[] {standIn(host)} : null;
    }

    private InetAddress standIn(String host) throws UnknownHostException {
        try {
            Address.name(host, 0);
        } catch (IllegalArgumentException e) {
            UnknownHostException unknown = new UnknownHostException(host + ": " + e.getMessage());
            unknown.initCause(e);
            throw unknown;
        }
        return standIns.of(host);
    }

    /**
     * Puts the stand-in of its name in place of an unresolved address whose name is routed to servers that look names up:
     * also of one that a look-up would look up here, since the program wants none.
     *
     * @return the same object where there is nothing to put in its place
     * @throws UnknownHostException as for {@link #addresses}
     */
    public InetSocketAddress standInFor(InetSocketAddress remote) throws UnknownHostException {
        if (!remote.isUnresolved()) {
            return remote;
        }
        String host = remote.getHostString();
        return routes.staysName(host) ? new InetSocketAddress(standIn(host), remote.getPort()) : remote;
    }

    /** Returns whether servers are to look the name up, where a program leaves that to them. */
    boolean staysName(String host) {
        return routes.staysName(host);
    }

    /** Returns why a name is looked up here, in words; null if it is not. */
    @Nullable
    String whyLookedUp(String host) {
        String why = routes.whyLookedUp(host);
        if (why != null) {
            return why;
        }
        if (localNames.matches(HostNames.normalize(host))) {
            return "names.local lists it";
        }
        boolean found = localNames.hostsFile() && isInHostsFile(host) && names.readsHostsFile();
        return found ? "the hosts file has it (names.local)" : null;
    }

    private boolean isInHostsFile(String host) {
        HostsFile file = hostsFile;
        if (file == null) {
            file = new HostsFile();
            hostsFile = file;
        }
        return file.contains(host);
    }

    /**
     * Returns whether the address is to be converted to a name, as AIX has it: where a socks5c.conf with fragments asks for
     * it. What the JDK is known to reach here has no need.
     */
    boolean isToBeConverted(Target target) {
        return target.name() == null
                && reverseNames
                && routes.hasFragments()
                && !routes.isBuiltIn(routes.route(target));
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
        boolean unknown =
                isStandIn(address) || (numericRoute(address, 0) instanceof Route.Via via && via.remoteNames());
        return unknown ? address.getHostAddress() : null; // as the JDK says it of an address without a name
    }

    /**
     * Returns the name behind a stand-in, or null for any other address.
     *
     * @throws SocketException if this JVM never gave the stand-in out, or not for the name that it carries: it must reach no
     *     host at all
     */
    @Nullable
    String nameBehind(InetAddress address) throws SocketException {
        String name = standIns.name(address);
        if (name == null && !isStandIn(address)) {
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
    private boolean isStandIn(InetAddress address) {
        return anyRemoteNames && standIns.isStandIn(address);
    }

    /** The name that an address carries, or nothing; never looks it up. */
    static String carriedName(InetAddress address) {
        String text = address.toString();
        return text.substring(0, text.lastIndexOf('/'));
    }

    /**
     * Returns a target as the routes are to see it: with the name that its address carries where that makes a difference, and
     * only if a look-up has given it.
     *
     * @param remote not a stand-in
     */
    Target target(InetSocketAddress remote, Transport transport) {
        Target numeric = new Target(null, remote.getAddress().getAddress(), remote.getPort(), transport);
        Target named = carried(remote, transport);
        if (named == null) {
            return numeric;
        }
        Route byName = routes.route(named);
        Route byAddress = routes.route(numeric);
        boolean alike = byName == byAddress
                || (byName instanceof Route.Direct
                        && byAddress instanceof Route.Direct
                        && byName != RouteTable.IMPLICIT
                        && byAddress != RouteTable.IMPLICIT);
        boolean matters = !alike || routes.hasFragments();
        return matters && isGiven(remote) ? named : numeric;
    }

    /**
     * Returns a target with the name that its address carries, if a look-up has given it.
     *
     * @param remote not a stand-in
     */
    Target named(InetSocketAddress remote, Transport transport) {
        Target named = carried(remote, transport);
        return named != null && isGiven(remote)
                ? named
                : new Target(null, remote.getAddress().getAddress(), remote.getPort(), transport);
    }

    /** Null if it carries none. */
    private static @Nullable Target carried(InetSocketAddress remote, Transport transport) {
        InetAddress address = remote.getAddress();
        String name = carriedName(address);
        return name.isEmpty() || IpLiteral.parse(name) != null
                ? null
                : new Target(name, address.getAddress(), remote.getPort(), transport);
    }

    private boolean isGiven(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return names.gave(carriedName(address), address);
    }
}
