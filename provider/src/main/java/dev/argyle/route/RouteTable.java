// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From target to route: the best of all matching rules decides, whatever their order. Immutable, and safe for use by any
 * thread. No look-up of a name is ever made here.
 *
 * <p>Built in are rules that reach directly what no server could reach in this machine's place: multicast and
 * broadcast always, datagrams to all in this machine's networks too; unless the table is made without them also loopback, the wildcard addresses (a plain connect to
 * them means loopback), link-local addresses, {@code localhost}, and this machine's own addresses and name.
 */
public final class RouteTable {
    /** What decides where no rule and no server is given for the rest, as in socks5c.conf. */
    public static final Route.Direct IMPLICIT =
            new Route.Direct(new RouteRecord("0.0.0.0/0 NONE, ::/0 NONE", "implicit"));

    private static final String BUILT_IN = "built in";
    private static final Route.Direct OWN_ADDRESS =
            new Route.Direct(new RouteRecord("an address of this machine", BUILT_IN));
    /** Where a datagram to all in one of this machine's networks goes. */
    public static final Route.Direct OWN_BROADCAST =
            new Route.Direct(new RouteRecord("a broadcast address of this machine's networks", BUILT_IN));

    private static final Route.Direct OWN_NAME = new Route.Direct(new RouteRecord("this machine's name", BUILT_IN));

    /** Puts the better pattern first and, of equals, what lets less go direct, so that the order given has no say. */
    private static final Comparator<Rule> BEST_FIRST = new Comparator<Rule>() {
        @Override
        public int compare(Rule a, Rule b) {
            int order = TargetPattern.BEST_FIRST.compare(a.pattern, b.pattern);
            return order != 0 ? order : Integer.compare(caution(a.route), caution(b.route));
        }

        private int caution(Route route) {
            return route instanceof Route.Refuse ? 0 : route instanceof Route.Via ? 1 : 2;
        }
    };

    private final List<Rule> rules; // the best first
    private final NameIndex names;
    private final List<Rule> texts;
    private final BlockIndex ipv4;
    private final BlockIndex ipv6;
    private final List<Rule> everything;
    private final boolean hasFragments;
    private final boolean fragmentsDecide;
    private final Route otherwise;
    private final boolean ownHostDirect;
    private final OwnHost ownHost;
    private final List<Server> servers;
    private final Set<String> serverNames = new HashSet<>();

    /** A pattern and what becomes of a target that it matches. */
    public record Rule(TargetPattern pattern, Route route) {}

    /**
     * Makes a table.
     *
     * @param rules in any order
     * @param otherwise what becomes of a target that no rule matches
     * @param ownHostDirect whether this machine (loopback, link-local, its own addresses and name) is reached directly
     *     where no better rule says otherwise
     * @param ownHost asked only if {@code ownHostDirect}, for datagrams, or before a name is kept from being looked up
     */
    public RouteTable(List<Rule> rules, Route otherwise, boolean ownHostDirect, OwnHost ownHost) {
        List<Rule> sorted = new ArrayList<>(rules);
        addBuiltIn(sorted, ownHostDirect);
        sorted.sort(BEST_FIRST);
        this.rules = List.copyOf(sorted);
        this.otherwise = otherwise;
        this.ownHostDirect = ownHostDirect;
        this.ownHost = ownHost;
        List<Rule> suffixes = new ArrayList<>();
        List<Rule> blocks = new ArrayList<>();
        texts = new ArrayList<>();
        everything = new ArrayList<>();
        boolean fragments = false;
        boolean deciding = false;
        for (Rule rule : sorted) {
            TargetPattern pattern = rule.pattern;
            List<Rule> kind = pattern.isOfSuffix()
                    ? suffixes
                    : pattern.isOfNames() ? texts : pattern.isOfBlock() ? blocks : everything;
            kind.add(rule);
            fragments |= pattern.isFragment();
            deciding |= pattern.isFragment() && !(rule.route instanceof Route.Direct);
        }
        names = new NameIndex(suffixes);
        ipv4 = new BlockIndex(4, blocks);
        ipv6 = new BlockIndex(16, blocks);
        hasFragments = fragments;
        fragmentsDecide = deciding;
        servers = serversOf(sorted, otherwise);
        for (Server server : servers) {
            serverNames.add(HostNames.normalize(server.host()));
        }
    }

    private static List<Server> serversOf(List<Rule> rules, Route otherwise) {
        IdentityHashMap<Server, Boolean> known = new IdentityHashMap<>();
        List<Server> servers = new ArrayList<>();
        addServers(otherwise, known, servers);
        for (Rule rule : rules) {
            addServers(rule.route, known, servers);
        }
        return List.copyOf(servers);
    }

    private static void addServers(Route route, IdentityHashMap<Server, Boolean> known, List<Server> servers) {
        if (route instanceof Route.Via via) {
            for (Server server : via.servers()) {
                if (known.put(server, Boolean.TRUE) == null) {
                    servers.add(server);
                }
            }
        }
    }

    /** Returns all servers, each object once: first those for what no rule matches. */
    public List<Server> servers() {
        return servers;
    }

    /**
     * Returns the route where there is no target in particular: that of what no record covers; if it is to no server, that of
     * the record to servers that covers the most, if there is one.
     */
    public Route general() {
        for (int i = rules.size() - 1; i >= 0 && !(otherwise instanceof Route.Via); i--) {
            if (rules.get(i).route instanceof Route.Via via) {
                return via;
            }
        }
        return otherwise;
    }

    /**
     * Returns whether there are fragments, as socks5c.conf has them, so that an address without a name is to be converted
     * to one.
     */
    public boolean hasFragments() {
        return hasFragments;
    }

    /** Returns whether one of the fragments keeps what it matches from going direct. */
    public boolean hasFragmentsThatDecide() {
        return fragmentsDecide;
    }

    /** Returns what to do with a target. */
    public Route route(Target target) {
        String name = target.name() == null ? null : HostNames.normalize(target.name());
        byte[] address = target.octets();
        Rule best = best(name, address, target.port(), target.transport());
        Route route = best == null ? otherwise : best.route;
        if (route instanceof Route.Direct) {
            return route;
        }
        boolean better = best != null && (best.pattern.isOfNames() || best.pattern.isOfOneHost());
        if (route instanceof Route.Via
                && target.transport() == Transport.UDP
                && address != null
                && !better
                && ownHost.isOwnBroadcast(address)) {
            return OWN_BROADCAST;
        }
        if (!ownHostDirect) {
            return route;
        }
        boolean wholeName = best != null && best.pattern.isOfNames() && best.pattern.isOfOneHost();
        if (name != null && !wholeName && (name.isEmpty() || ownHost.isOwnName(name))) {
            return OWN_NAME;
        }
        return address != null && !better && ownHost.isOwnAddress(address) ? OWN_ADDRESS : route;
    }

    /** Returns whether a route is none of the user's: of those that reach directly what no server could reach. */
    public boolean isBuiltIn(Route route) {
        return route.record().source().equals(BUILT_IN);
    }

    /** Returns all that match a target, the one that decides first: those that it beats follow, the better ones first. */
    public List<Route> explain(Target target) {
        String name = target.name() == null ? null : HostNames.normalize(target.name());
        Route decision = route(target);
        List<Route> routes = new ArrayList<>();
        routes.add(decision);
        for (Rule rule : rules) {
            if (rule.route != decision
                    && rule.pattern.matches(name, target.octets(), target.port(), target.transport())) {
                routes.add(rule.route);
            }
        }
        if (otherwise != decision) {
            routes.add(otherwise);
        }
        return routes;
    }

    /**
     * Returns whether this name must not be looked up here, because connections to it, at one port at least, go to
     * servers that resolve names, or are refused.
     *
     * <p>Always looked up here: literals, the empty name, {@code localhost} and names below it (RFC 6761 section 6.3),
     * the machine's own name, and the host names of the servers themselves, which have to be reached first.
     */
    public boolean staysName(String name) {
        return whyLookedUp(name) == null;
    }

    /** Returns why {@link #staysName} says that a name is looked up here, in words; null if it is not. */
    public @Nullable String whyLookedUp(String name) {
        String normalized = HostNames.normalize(name);
        if (normalized.isEmpty() || IpLiteral.parse(normalized) != null || IpLiteral.looksNumeric(normalized)) {
            return "it is an address";
        }
        if (normalized.equals("localhost") || normalized.endsWith(".localhost")) {
            return "it is this machine";
        }
        if (!isKept(normalized)) {
            return "no record for names sends it to a server that resolves names";
        }
        if (serverNames.contains(normalized)) {
            return "it is a SOCKS server's";
        }
        return ownHost.isOwnName(normalized) ? "it is this machine's" : null;
    }

    /** Whether at one port at least, over one transport at least, connections to this name are kept from a look-up. */
    private boolean isKept(String name) {
        List<Rule> matching = new ArrayList<>();
        names.addMatching(name, matching);
        addMatching(texts, name, matching);
        matching.sort(BEST_FIRST);
        addMatching(everything, name, matching);
        for (Transport transport : Transport.values()) {
            if (isKept(matching, 1, transport)) {
                return true;
            }
            for (Rule rule : matching) {
                // decisions change only where the ports of a rule begin, or have ended
                if (isKept(matching, Math.max(1, rule.pattern.firstPort()), transport)
                        || isKept(matching, Math.min(rule.pattern.lastPort() + 1, 65535), transport)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void addMatching(List<Rule> rules, String name, List<Rule> matching) {
        for (Rule rule : rules) {
            if (rule.pattern.matchesName(name)) {
                matching.add(rule);
            }
        }
    }

    private boolean isKept(List<Rule> matching, int port, Transport transport) {
        for (Rule rule : matching) {
            if (rule.pattern.matches(port, transport)) {
                return keepsName(rule.route);
            }
        }
        return keepsName(otherwise);
    }

    private static boolean keepsName(Route route) {
        return route instanceof Route.Refuse || (route instanceof Route.Via via && via.remoteNames());
    }

    private @Nullable Rule best(@Nullable String name, byte @Nullable [] address, int port, Transport transport) {
        Rule best = name == null ? null : names.best(name, port, transport);
        Rule text = first(texts, name, address, port, transport);
        if (text != null && (best == null || BEST_FIRST.compare(text, best) < 0)) {
            best = text;
        }
        if (best == null && address != null) {
            best = (address.length == 4 ? ipv4 : ipv6).best(address, port, transport);
        }
        return best == null ? first(everything, name, address, port, transport) : best;
    }

    private static @Nullable Rule first(
            List<Rule> rules, @Nullable String name, byte @Nullable [] address, int port, Transport transport) {
        for (int i = 0; i < rules.size(); i++) { // an iterator would be an object
            Rule rule = rules.get(i);
            if (rule.pattern.matches(name, address, port, transport)) {
                return rule;
            }
        }
        return null;
    }

    private static void addBuiltIn(List<Rule> rules, boolean ownHostDirect) {
        addBlock(rules, "224.0.0.0", 4);
        addBlock(rules, "ff00::", 8);
        addBlock(rules, "255.255.255.255", 32);
        if (ownHostDirect) {
            addBlock(rules, "127.0.0.0", 8);
            addBlock(rules, "::1", 128);
            addBlock(rules, "0.0.0.0", 32);
            addBlock(rules, "::", 128);
            addBlock(rules, "169.254.0.0", 16);
            addBlock(rules, "fe80::", 10);
            addDirect(rules, TargetPattern.domain("localhost", TargetPattern.ANY_PORT), ".localhost");
        }
    }

    private static void addBlock(List<Rule> rules, String network, int prefixLength) {
        byte[] octets = IpLiteral.parse(network);
        if (octets == null) {
            throw new AssertionError(network);
        }
        TargetPattern block = TargetPattern.block(octets, prefixLength, TargetPattern.ANY_PORT);
        addDirect(rules, block, prefixLength == octets.length * 8 ? network : network + "/" + prefixLength);
    }

    private static void addDirect(List<Rule> rules, TargetPattern pattern, String text) {
        rules.add(new Rule(pattern, new Route.Direct(new RouteRecord(text, BUILT_IN))));
    }
}
