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
 * narrower kind; fewer ports; one transport.
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
            if (order == 0) {
                order = Integer.compare(a.lastPort - a.firstPort, b.lastPort - b.firstPort);
            }
            return order != 0 ? order : Boolean.compare(a.transport == null, b.transport == null);
        }
    };

    /** From the narrowest to the widest. */
    private enum Kind {
        NAME,
        BELOW,
        DOMAIN,
        SUFFIX,
        TEXT,
        BLOCK,
        EVERYTHING
    }

    private final Kind kind;
    private final int firstPort;
    private final int lastPort;
    private final @Nullable Transport transport; // null: any
    private final int length; // characters, or bits of the prefix
    private final String text;
    private final byte[] network;
    private final boolean starBefore;
    private final boolean starAfter;

    private TargetPattern(
            Kind kind, int port, int length, String text, byte[] network, boolean starBefore, boolean starAfter) {
        this(kind, port, port == ANY_PORT ? 65535 : port, null, length, text, network, starBefore, starAfter);
    }

    private TargetPattern(
            Kind kind,
            int firstPort,
            int lastPort,
            @Nullable Transport transport,
            int length,
            String text,
            byte[] network,
            boolean starBefore,
            boolean starAfter) {
        if (firstPort < 0 || lastPort < firstPort || lastPort > 65535) {
            throw new IllegalArgumentException("ports " + firstPort + " to " + lastPort + " (expected: 0 to 65535)");
        }
        this.kind = kind;
        this.firstPort = firstPort;
        this.lastPort = lastPort;
        this.transport = transport;
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
     * Matches the names that end with a text, which need not begin with a label: as a fragment of socks5c.conf does.
     *
     * @param fragment not empty
     */
    public static TargetPattern suffix(String fragment, int port) {
        return named(Kind.SUFFIX, HostNames.normalize(fragment), port);
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

    /**
     * Returns the same pattern for these ports and this transport alone.
     *
     * @param firstPort 0 to 65535
     * @param lastPort not less than the first, and not more than 65535
     * @param only null for any
     */
    public TargetPattern at(int firstPort, int lastPort, @Nullable Transport only) {
        return new TargetPattern(kind, firstPort, lastPort, only, length, text, network, starBefore, starAfter);
    }

    private static TargetPattern named(Kind kind, String name, int port) {
        return new TargetPattern(kind, port, name.length(), name, new byte[0], false, false);
    }

    /** The first port that matches. */
    int firstPort() {
        return firstPort;
    }

    /** The last port that matches. */
    int lastPort() {
        return lastPort;
    }

    /** The text that {@link #isOfSuffix} names end with. */
    String text() {
        return text;
    }

    /** The address whose first {@link #length} bits {@link #isOfBlock} addresses have. Not to be changed. */
    byte[] network() {
        return network;
    }

    /** Characters, or bits of the prefix. */
    int length() {
        return length;
    }

    /** Returns whether a target of this transport at this port can match. */
    boolean matches(int port, Transport over) {
        return firstPort <= port && port <= lastPort && (transport == null || transport == over);
    }

    /** Returns whether this matches a target. */
    boolean matches(@Nullable String name, byte @Nullable [] address, int port, Transport over) {
        return matches(port, over) && matches(name, address);
    }

    /** Returns whether this matches a target, whatever the port and the transport. */
    boolean matches(@Nullable String name, byte @Nullable [] address) {
        return (name != null && matchesName(name)) || (address != null && matchesAddress(address));
    }

    /**
     * Returns whether this matches a name, whatever the port and the transport.
     *
     * @param name as {@link HostNames#normalize} returns it
     */
    public boolean matchesName(String name) {
        return switch (kind) {
            case NAME, BELOW, DOMAIN, SUFFIX ->
                name.endsWith(text) && matchesBehind(name, name.length() - text.length());
            case TEXT -> matchesText(name);
            case BLOCK -> false;
            case EVERYTHING -> true;
        };
    }

    /**
     * Returns whether this, of {@link #isOfSuffix}, matches a name that is known to end with its text.
     *
     * @param start where the text begins in the name
     */
    boolean matchesBehind(String name, int start) {
        return switch (kind) {
            case NAME -> start == 0;
            case BELOW -> start > 1 && name.charAt(start - 1) == '.';
            case DOMAIN -> start == 0 || (start > 1 && name.charAt(start - 1) == '.');
            default -> true;
        };
    }

    /** Returns whether this matches only names that end with its text. */
    boolean isOfSuffix() {
        return kind == Kind.NAME || kind == Kind.BELOW || kind == Kind.DOMAIN || kind == Kind.SUFFIX;
    }

    /** Returns whether this is a fragment as socks5c.conf has them, which need not begin with a label. */
    boolean isFragment() {
        return kind == Kind.SUFFIX;
    }

    /** Returns whether this matches the addresses of a block and nothing else. */
    boolean isOfBlock() {
        return kind == Kind.BLOCK;
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
            case NAME, BELOW, DOMAIN, SUFFIX, TEXT -> 0;
            case BLOCK -> 1;
            case EVERYTHING -> 2;
        };
    }

    private boolean matchesAddress(byte[] address) {
        return switch (kind) {
            case NAME, BELOW, DOMAIN, SUFFIX -> false;
            case TEXT -> matchesText(IpLiteral.format(address));
            case BLOCK -> isInBlock(address);
            case EVERYTHING -> true;
        };
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
