// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a block, and which name has which. They are given one after the other, from a place that the seed chooses.
 * An endless block forgets a number whose name is gone, and gives it again only after all others. Any other block
 * remembers: its numbers pass from a name to the next. Guarded by the table's lock.
 */
final class Numbers {
    /** From so many bits on a block is endless: one that remembers has an array in which a place is each number's own. */
    private static final int ENDLESS_BITS = 25;

    final StandInBlock block;
    final boolean endless;
    private final long mask;
    private final long start;
    private long given;
    private @Nullable Entry[] byOrder = new Entry[0];
    private final Map<Long, Entry> byNumber = new HashMap<>();

    Numbers(StandInBlock block, long seed) {
        this(block, seed, block.numberBits() >= ENDLESS_BITS);
    }

    Numbers(StandInBlock block, long seed, boolean endless) {
        this.block = block;
        this.endless = endless;
        mask = -1L >>> 64 - block.numberBits();
        start = spread(seed) & mask;
    }

    /** Makes neighbours differ in all bits: times, which seeds are, differ in few. */
    private static long spread(long seed) {
        long mixed = seed * 0x9E3779B97F4A7C15L; // 2^64 by the golden ratio
        mixed = (mixed ^ mixed >>> 32) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }

    /** Returns whether every number is given out. */
    boolean isExhausted() {
        return Long.compareUnsigned(endless ? byNumber.size() : given, mask) > 0;
    }

    /** Takes the next number that no name has. There must be one. */
    long take() {
        long number;
        do {
            number = start + given++ & mask;
        } while (endless && byNumber.containsKey(number));
        return number;
    }

    void put(Entry entry) {
        if (endless) {
            byNumber.put(entry.number, entry);
            return;
        }
        int order = order(entry.number);
        if (order >= byOrder.length) {
            byOrder = Arrays.copyOf(byOrder, Math.max(16, Integer.highestOneBit(order) * 2));
        }
        byOrder[order] = entry;
    }

    /** Returns who has the number of this address of the block, or null. */
    @Nullable
    Entry get(byte[] octets) {
        long number = StandInBlock.number(octets) & mask;
        if (!Arrays.equals(block.octets(number), octets)) {
            return null; // beyond the first /64 of a larger block
        }
        if (endless) {
            return byNumber.get(number);
        }
        int order = order(number);
        return order < byOrder.length ? byOrder[order] : null;
    }

    /** Forgets the name of a number. */
    void forget(Entry entry) {
        byNumber.remove(entry.number);
    }

    private int order(long number) {
        return (int) (number - start & mask);
    }
}
