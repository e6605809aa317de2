// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A block of addresses that stand-ins are taken from: whole, and of nothing that means something to every machine. Where an
 * IPv6 block is larger than a /64, stand-ins are taken from its first /64. Immutable.
 */
public final class StandInBlock {
    private static final int LONGEST_OF_IPV4 = 30;
    private static final int LONGEST_OF_IPV6 = 126;
    private static final int SHORTEST = 8;
    private static final int SUBNET_BITS = 64;

    private final byte[] network;
    private final int prefixLength;

    /**
     * @param network 4 or 16 octets
     * @param prefixLength 8 to 30 for IPv4, 8 to 126 for IPv6
     * @throws IllegalArgumentException if either is out of these bounds, if a bit behind the prefix is set, or if the
     *     block has addresses in it that a stand-in cannot have: unspecified, loopback, link-local, IPv4-mapped,
     *     multicast or broadcast
     */
    public StandInBlock(byte[] network, int prefixLength) {
        this.network = network.clone();
        this.prefixLength = prefixLength;
        if (network.length != 4 && network.length != 16) {
            throw new IllegalArgumentException("a network of " + network.length + " octets (expected: 4 or 16)");
        }
        int longest = network.length == 4 ? LONGEST_OF_IPV4 : LONGEST_OF_IPV6;
        if (prefixLength < SHORTEST || prefixLength > longest) {
            throw new IllegalArgumentException(
                    this + ": a prefix of " + prefixLength + " (expected: " + SHORTEST + " to " + longest + ")");
        }
        for (int bit = prefixLength; bit < network.length * 8; bit++) {
            if ((network[bit / 8] & 0x80 >> bit % 8) != 0) {
                throw new IllegalArgumentException(this + ": not a network, its address has bits behind the prefix");
            }
        }
        if (isSpecial()) {
            throw new IllegalArgumentException(this + ": has addresses that are never a host's of elsewhere"
                    + " (unspecified, loopback, link-local, mapped, multicast or broadcast)");
        }
    }

    /** Returns the blocks to take if nothing is said: 198.18.0.0/15 (RFC 2544) and 100::/64 (RFC 6666). */
    public static List<StandInBlock> defaults() {
        byte[] discardOnly = new byte[16];
        discardOnly[0] = 1;
        return List.of(
                new StandInBlock(new byte[] {(byte) 198, 18, 0, 0}, 15), new StandInBlock(discardOnly, SUBNET_BITS));
    }

    /** The first octet tells for all but two: every prefix covers it. */
    private boolean isSpecial() {
        int first = network[0] & 0xFF;
        if (network.length == 4) {
            return first == 0
                    || first == 127
                    || first >= 224 && first < 240
                    || first == 255
                    || overlaps(new byte[] {(byte) 169, (byte) 254, 0, 0}, 16);
        }
        byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xFE;
        linkLocal[1] = (byte) 0x80;
        return first == 0 || first == 0xFF || overlaps(linkLocal, 10);
    }

    boolean isIpv4() {
        return network.length == 4;
    }

    /** Returns how many bits tell the stand-ins of this block apart. */
    int numberBits() {
        return Math.min(network.length * 8 - prefixLength, SUBNET_BITS);
    }

    /** Returns whether the address, of 4 or 16 octets, lies in this block. */
    public boolean contains(byte[] octets) {
        return octets.length == network.length && samePrefix(octets, prefixLength);
    }

    boolean overlaps(StandInBlock other) {
        return overlaps(other.network, other.prefixLength);
    }

    private boolean overlaps(byte[] other, int otherPrefixLength) {
        return other.length == network.length && samePrefix(other, Math.min(prefixLength, otherPrefixLength));
    }

    private boolean samePrefix(byte[] octets, int length) {
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            if (octets[i] != network[i]) {
                return false;
            }
        }
        return length % 8 == 0 || (octets[whole] ^ network[whole]) >> 8 - length % 8 == 0;
    }

    /** Returns the octets of the stand-in with this number, of which {@link #numberBits} count. */
    byte[] octets(long number) {
        byte[] octets = network.clone();
        long rest = number;
        for (int i = octets.length - 1; i >= 0 && i >= octets.length - 8; i--) {
            octets[i] |= (byte) rest;
            rest >>>= 8;
        }
        return octets;
    }

    /** Returns the number of a stand-in: the last bits of its octets, {@link #numberBits} or more. */
    static long number(byte[] octets) {
        long number = 0;
        for (int i = Math.max(0, octets.length - 8); i < octets.length; i++) {
            number = number << 8 | octets[i] & 0xFF;
        }
        return number;
    }

    /** Returns the block as it is written, for instance {@code 198.18.0.0/15}. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefixLength;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Neither 4 nor 16 octets: " + network.length, e);
        }
    }
}
