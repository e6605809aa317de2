// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best of the rules whose patterns are blocks of addresses of one family: a hash table by prefix, in which each
 * length that there is is looked for, the longest first. Allocates nothing. Immutable.
 */
final class BlockIndex {
    private final int octets;

    /** Each entry has the rules of one block, the best first. */
    private final RouteTable.Rule[] @Nullable [] slots;

    private final int[] lengths;

    /**
     * @param octets 4 or 16
     * @param rules with patterns of {@link TargetPattern#isOfBlock}, the best first; those of the other family are left out
     */
    BlockIndex(int octets, List<RouteTable.Rule> rules) {
        this.octets = octets;
        slots = new RouteTable.Rule[Integer.highestOneBit(Math.max(1, rules.size())) * 4][];
        int[] found = new int[octets * 8 + 1];
        int count = 0;
        for (RouteTable.Rule rule : rules) {
            TargetPattern pattern = rule.pattern();
            if (pattern.network().length == octets) {
                add(rule);
                if (count == 0 || found[count - 1] != pattern.length()) {
                    found[count++] = pattern.length(); // sorted, as the rules are
                }
            }
        }
        lengths = Arrays.copyOf(found, count);
    }

    private void add(RouteTable.Rule rule) {
        TargetPattern pattern = rule.pattern();
        int slot = slot(high(pattern.network()), low(pattern.network()), pattern.length());
        RouteTable.Rule[] before = slots[slot];
        RouteTable.Rule[] after = before == null ? new RouteTable.Rule[1] : Arrays.copyOf(before, before.length + 1);
        after[after.length - 1] = rule;
        slots[slot] = after;
    }

    /** Returns the best rule that matches, or null. */
    RouteTable.@Nullable Rule best(byte[] address, int port, Transport transport) {
        if (address.length != octets) {
            return null;
        }
        long high = high(address);
        long low = low(address);
        for (int length : lengths) {
            RouteTable.Rule[] rules = slots[slot(high, low, length)];
            if (rules != null) {
                for (RouteTable.Rule rule : rules) {
                    if (rule.pattern().matches(port, transport)) {
                        return rule;
                    }
                }
            }
        }
        return null;
    }

    /** Returns where the rules of a block are, or where they would be; what is behind the prefix does not count. */
    private int slot(long high, long low, int length) {
        long prefixHigh = high & mask(length);
        long prefixLow = low & mask(length - 64);
        long hash = prefixHigh * 31 + prefixLow + length;
        // an IPv4 prefix has bits at the top alone, from which a product brings nothing down
        hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L; // 2^64 by the golden ratio
        int slot = (int) (hash >>> 32) & slots.length - 1;
        while (true) {
            RouteTable.Rule[] rules = slots[slot];
            if (rules == null) {
                return slot;
            }
            TargetPattern pattern = rules[0].pattern();
            if (pattern.length() == length
                    && (high(pattern.network()) & mask(length)) == prefixHigh
                    && (low(pattern.network()) & mask(length - 64)) == prefixLow) {
                return slot;
            }
            slot = slot + 1 & slots.length - 1;
        }
    }

    /** The first bits of 64 set; none for less than 1, all for more than 63. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << 64 - bits;
    }

    private static long high(byte[] address) {
        return address.length == 4 ? bits(address, 0, 4) << 32 : bits(address, 0, 8);
    }

    private static long low(byte[] address) {
        return address.length == 4 ? 0 : bits(address, 8, 16);
    }

    private static long bits(byte[] octets, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            bits = bits << 8 | octets[i] & 0xFF;
        }
        return bits;
    }
}
