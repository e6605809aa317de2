// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From target to route: the best of all matching rules decides, whatever their order. Immutable, and safe for use by any
 * thread. No look-up of a name is ever made here.
 *
 * <p>Built in are rules that reach directly what no server could reach in this machine's place: multicast and
 * broadcast always; unless the table is made without them also loopback, the wildcard addresses (a plain connect to
 * them means loopback), link-local addresses, {@code localhost}, and this machine's own addresses and name.
 */
public final class RouteTable {
    private static final String BUILT_IN = "built in";
    private static final Route.Direct OWN_ADDRESS =
            new Route.Direct(new RouteRecord("an address of this machine", BUILT_IN));
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

    private final List<Rule> rules;
    private final Route otherwise;
    private final boolean ownHostDirect;
    private final OwnHost ownHost;
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
     * @param ownHost asked only if {@code ownHostDirect}, or before a name is kept from being looked up
     */
    public RouteTable(List<Rule> rules, Route otherwise, boolean ownHostDirect, OwnHost ownHost) {
        List<Rule> sorted = new ArrayList<>(rules);
        addBuiltIn(sorted, ownHostDirect);
        sorted.sort(BEST_FIRST);
        this.rules = List.copyOf(sorted);
        this.otherwise = otherwise;
        this.ownHostDirect = ownHostDirect;
        this.ownHost = ownHost;
        for (Rule rule : rules) {
            addServerNames(rule.route);
        }
        addServerNames(otherwise);
    }

    /** Returns what to do with a target. */
    public Route route(Target target) {
        String name = target.name() == null ? null : HostNames.normalize(target.name());
        byte[] address = target.octets();
        Rule best = best(name, address, target.port());
        Route route = best == null ? otherwise : best.route;
        if (!ownHostDirect || route instanceof Route.Direct) {
            return route;
        }
        boolean wholeName = best != null && best.pattern.isOfNames() && best.pattern.isOfOneHost();
        if (name != null && !wholeName && (name.isEmpty() || ownHost.isOwnName(name))) {
            return OWN_NAME;
        }
        boolean better = best != null && (best.pattern.isOfNames() || best.pattern.isOfOneHost());
        return address != null && !better && ownHost.isOwnAddress(address.clone()) ? OWN_ADDRESS : route;
    }

    /**
     * Returns whether this name must not be looked up here, because connections to it, at one port at least, go to
     * servers that resolve names, or are refused.
     *
     * <p>Always looked up here: literals, the empty name, {@code localhost} and names below it (RFC 6761 section 6.3),
     * the machine's own name, and the host names of the servers themselves, which have to be reached first.
     */
    public boolean staysName(String name) {
        String normalized = HostNames.normalize(name);
        return isKept(normalized)
                && !normalized.isEmpty()
                && IpLiteral.parse(normalized) == null
                && !IpLiteral.looksNumeric(normalized)
                && !normalized.equals("localhost")
                && !normalized.endsWith(".localhost")
                && !serverNames.contains(normalized)
                && !ownHost.isOwnName(normalized);
    }

    private boolean isKept(String name) {
        for (Rule rule : rules) {
            if (!rule.pattern.matchesName(name)) {
                continue;
            }
            int port = rule.pattern.port();
            if (port == TargetPattern.ANY_PORT) {
                return keepsName(rule.route); // decides for every port that no better rule took
            }
            Rule best = best(name, null, port);
            if (best != null && keepsName(best.route)) {
                return true;
            }
        }
        return keepsName(otherwise);
    }

    private static boolean keepsName(Route route) {
        return route instanceof Route.Refuse || (route instanceof Route.Via via && via.remoteNames());
    }

    private @Nullable Rule best(@Nullable String name, byte @Nullable [] address, int port) {
        for (Rule rule : rules) {
            if (rule.pattern.matches(name, address, port)) {
                return rule;
            }
        }
        return null;
    }

    private void addServerNames(Route route) {
        if (route instanceof Route.Via via) {
            for (Server server : via.servers()) {
                serverNames.add(HostNames.normalize(server.host()));
            }
        }
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
