// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One pattern of a route table. Immutable. One class for all kinds, because each class costs time at each JVM start.
 *
 * <p>What is better, in this order: any pattern of names than any block of addresses, and those than "everything"; of
 * names the one with more characters (stars, and a dot beside them, do not count), of blocks the longer prefix; the
 * narrower kind; one with a port.
 */
public final class TargetPattern {
    /** Stands for every port. */
    public static final int ANY_PORT = 0;

    /** Puts the better pattern first. */
    static final Comparator<TargetPattern> BEST_FIRST = new Comparator<TargetPattern>() {
        @Override
        public int compare(TargetPattern a, TargetPattern b) {
            int order = Integer.compare(a.tier(), b.tier());
            if (order == 0) {
                order = Integer.compare(b.length, a.length);
            }
            if (order == 0) {
                order = a.kind.compareTo(b.kind);
            }
            return order != 0 ? order : Boolean.compare(a.port == ANY_PORT, b.port == ANY_PORT);
        }
    };

    /** From the narrowest to the widest. */
    private enum Kind {
        NAME,
        BELOW,
        DOMAIN,
        TEXT,
        BLOCK,
        EVERYTHING
    }

    private final Kind kind;
    private final int port;
    private final int length; // characters, or bits of the prefix
    private final String text;
    private final byte[] network;
    private final boolean starBefore;
    private final boolean starAfter;

    private TargetPattern(
            Kind kind, int port, int length, String text, byte[] network, boolean starBefore, boolean starAfter) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " (expected: 0 to 65535)");
        }
        this.kind = kind;
        this.port = port;
        this.length = length;
        this.text = text;
        this.network = network;
        this.starBefore = starBefore;
        this.starAfter = starAfter;
    }

    /** Matches this name alone. The port is {@link #ANY_PORT} or 1 to 65535, here and below. */
    public static TargetPattern name(String name, int port) {
        return named(Kind.NAME, HostNames.normalize(name), port);
    }

    /** Matches the names below a domain, and not the domain itself. */
    public static TargetPattern below(String domain, int port) {
        return named(Kind.BELOW, HostNames.normalize(domain), port);
    }

    /** Matches a domain and the names below it. */
    public static TargetPattern domain(String domain, int port) {
        return named(Kind.DOMAIN, HostNames.normalize(domain), port);
    }

    /**
     * Matches a name, or the text of an address, that is, starts with, ends with or contains a text.
     *
     * @param glob the text, perhaps with a star at its start, at its end or at both
     */
    public static TargetPattern text(String glob, int port) {
        boolean before = glob.startsWith("*");
        boolean after = glob.length() > 1 && glob.endsWith("*");
        String text = glob.substring(before ? 1 : 0, glob.length() - (after ? 1 : 0));
        // a dot before the last star is not the trailing dot of a name: 10.* must not become 10*
        text = after ? HostNames.toAscii(text).toLowerCase(Locale.ROOT) : HostNames.normalize(text);
        return new TargetPattern(Kind.TEXT, port, text.length(), text, new byte[0], before, after);
    }

    /**
     * Matches the addresses with a prefix; a block of IPv4-mapped addresses is one of IPv4 addresses.
     *
     * @param network 4 or 16 octets; what is behind the prefix does not count
     * @throws IllegalArgumentException if the address has not 4 or 16 octets or the prefix is longer than it
     */
    public static TargetPattern block(byte[] network, int prefixLength, int port) {
        byte[] octets = network.clone();
        int bits = prefixLength;
        if (octets.length == 16 && bits >= 96 && IpLiteral.isMapped(octets)) {
            octets = Arrays.copyOfRange(octets, 12, 16);
            bits -= 96;
        }
        if ((octets.length != 4 && octets.length != 16) || bits < 0 || bits > octets.length * 8) {
            throw new IllegalArgumentException(octets.length + " octets with a prefix of " + prefixLength);
        }
        return new TargetPattern(Kind.BLOCK, port, bits, "", octets, false, false);
    }

    /** Matches every target. */
    public static TargetPattern everything(int port) {
        return new TargetPattern(Kind.EVERYTHING, port, 0, "", new byte[0], false, false);
    }

    private static TargetPattern named(Kind kind, String name, int port) {
        return new TargetPattern(kind, port, name.length(), name, new byte[0], false, false);
    }

    /** Returns the only port that matches, or {@link #ANY_PORT}. */
    int port() {
        return port;
    }

    /** Returns whether this matches a target at its port or at any. */
    boolean matches(@Nullable String name, byte @Nullable [] address, int targetPort) {
        if (port != ANY_PORT && port != targetPort) {
            return false;
        }
        return (name != null && matchesName(name)) || (address != null && matchesAddress(address));
    }

    /**
     * Returns whether this matches a name, whatever the port.
     *
     * @param name as {@link HostNames#normalize} returns it
     */
    boolean matchesName(String name) {
        return switch (kind) {
            case NAME -> name.equals(text);
            case BELOW -> isBelow(name);
            case DOMAIN -> name.equals(text) || isBelow(name);
            case TEXT -> matchesText(name);
            case BLOCK -> false;
            case EVERYTHING -> true;
        };
    }

    /** Returns whether this decides by name, and so before any that decides by address. */
    boolean isOfNames() {
        return tier() == 0;
    }

    /** Returns whether nothing can be narrower: a whole name, or all bits of an address. */
    boolean isOfOneHost() {
        return kind == Kind.NAME || (kind == Kind.BLOCK && length == network.length * 8);
    }

    private int tier() {
        return switch (kind) {
            case NAME, BELOW, DOMAIN, TEXT -> 0;
            case BLOCK -> 1;
            case EVERYTHING -> 2;
        };
    }

    private boolean matchesAddress(byte[] address) {
        return switch (kind) {
            case NAME, BELOW, DOMAIN -> false;
            case TEXT -> matchesText(IpLiteral.format(address));
            case BLOCK -> isInBlock(address);
            case EVERYTHING -> true;
        };
    }

    private boolean isBelow(String name) {
        int dot = name.length() - text.length() - 1;
        return dot > 0 && name.charAt(dot) == '.' && name.endsWith(text);
    }

    private boolean matchesText(String subject) {
        if (starBefore) {
            return starAfter ? subject.contains(text) : subject.endsWith(text);
        }
        return starAfter ? subject.startsWith(text) : subject.equals(text);
    }

    private boolean isInBlock(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int rest = length % 8;
        return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
