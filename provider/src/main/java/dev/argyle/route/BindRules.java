// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.List;

/**
 * Which listening sockets are opened at a SOCKS server. Immutable.
 *
 * <p>A rule is of one of four kinds. Three look at what a socket asks for: all sockets, those that ask for certain ports, and
 * those that ask for certain local addresses. They hold whatever it is that shall connect. The fourth, of peers, holds for
 * the targets that it matches, and looks at no socket by itself.
 *
 * @param all whether every socket is
 * @param ports the ports, one of which a socket asks for
 * @param locals blocks of addresses, in one of which is the local address that a socket asks for; their ports do not count
 * @param peers which targets are expected to connect back to sockets that are opened beside a connection to them
 */
public record BindRules(boolean all, List<Ports> ports, List<TargetPattern> locals, List<TargetPattern> peers) {
    /** No socket is. */
    public static final BindRules NONE = new BindRules(false, List.of(), List.of(), List.of());

    private static final byte[] ANY_IPV4 = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];

    /**
     * Ports from one to another, both of which are meant; 0 is that of a socket that asks for any port that is free.
     *
     * @param first 0 to 65535
     * @param last not less than the first, and not more than 65535
     */
    public record Ports(int first, int last) {
        /** @throws IllegalArgumentException if the two are no such ports */
        public Ports {
            if (first < 0 || last < first || last > 65535) {
                throw new IllegalArgumentException("ports " + first + " to " + last + " (expected: 0 to 65535)");
            }
        }
    }

    /** Copies the lists. */
    public BindRules {
        ports = List.copyOf(ports);
        locals = List.copyOf(locals);
        peers = List.copyOf(peers);
    }

    /** Returns whether there is no rule. */
    public boolean isEmpty() {
        return !hasRuleForAllPeers() && peers.isEmpty();
    }

    /** Returns whether there is a rule of peers. */
    public boolean hasPeers() {
        return !peers.isEmpty();
    }

    /**
     * Returns whether a rule names a socket by what it asks for.
     *
     * @param asked the octets of the local address, 4 or 16; all of them 0 where it asks for none. Not written to
     * @param askedPort 0 where it asks for any port that is free
     */
    public boolean matches(byte[] asked, int askedPort) {
        if (all) {
            return true;
        }
        for (Ports each : ports) {
            if (each.first <= askedPort && askedPort <= each.last) {
                return true;
            }
        }
        boolean any = isAny(asked);
        for (TargetPattern each : locals) {
            // a socket of both families that asks for no address has one of IPv4 or of IPv6, as the JDK likes
            if (any ? each.matches(null, ANY_IPV4) || each.matches(null, ANY_IPV6) : each.matches(null, asked)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a socket that is opened beside a connection to this target may be one that a rule names. */
    public boolean holdsFor(Target target) {
        return hasRuleForAllPeers() || namesBeside(target);
    }

    /** Returns whether a rule names the sockets that ask for the address which a connection to this target has as its own. */
    public boolean namesBeside(Target target) {
        if (peers.isEmpty()) {
            return false;
        }
        String name = target.name() == null ? null : HostNames.normalize(target.name());
        for (TargetPattern each : peers) {
            if (each.matches(name, target.octets(), target.port(), target.transport())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRuleForAllPeers() {
        return all || !ports.isEmpty() || !locals.isEmpty();
    }

    private static boolean isAny(byte[] address) {
        for (byte octet : address) {
            if (octet != 0) {
                return false;
            }
        }
        return true;
    }
}
