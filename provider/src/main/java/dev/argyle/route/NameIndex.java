// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best of the rules whose patterns are what a name ends with: a hash table by that text, in which each end of the
 * name is looked for. Allocates nothing. Immutable.
 */
final class NameIndex {
    /** Each entry has the rules of one text, the best first. */
    private final RouteTable.Rule[] @Nullable [] slots;

    /** Which lengths there are at all. */
    private final boolean[] lengths;

    /** @param rules with patterns of {@link TargetPattern#isOfSuffix}, the best first */
    NameIndex(List<RouteTable.Rule> rules) {
        slots = new RouteTable.Rule[Integer.highestOneBit(Math.max(1, rules.size())) * 4][];
        int longest = 0;
        for (RouteTable.Rule rule : rules) {
            longest = Math.max(longest, rule.pattern().length());
        }
        lengths = new boolean[longest + 1];
        for (RouteTable.Rule rule : rules) {
            add(rule);
        }
    }

    private void add(RouteTable.Rule rule) {
        String text = rule.pattern().text();
        int hash = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            hash = hash(hash, text.charAt(i));
        }
        int slot = slot(hash, text, 0, text.length());
        RouteTable.Rule[] before = slots[slot];
        RouteTable.Rule[] after = before == null ? new RouteTable.Rule[1] : Arrays.copyOf(before, before.length + 1);
        after[after.length - 1] = rule;
        slots[slot] = after;
        lengths[text.length()] = true;
    }

    /**
     * Returns the best rule that matches, or null.
     *
     * @param name as {@link HostNames#normalize} returns it
     */
    RouteTable.@Nullable Rule best(String name, int port, Transport transport) {
        RouteTable.Rule best = null;
        int hash = 0;
        for (int start = name.length() - 1; start >= 0; start--) {
            hash = hash(hash, name.charAt(start));
            int length = name.length() - start;
            if (length >= lengths.length) {
                break;
            }
            if (lengths[length]) {
                RouteTable.Rule found = first(slots[slot(hash, name, start, length)], name, start, port, transport);
                best = found == null ? best : found; // the more characters the better
            }
        }
        return best;
    }

    /** Adds all rules that match a name at some port, over some transport. */
    void addMatching(String name, List<RouteTable.Rule> matching) {
        int hash = 0;
        for (int start = name.length() - 1; start >= 0 && name.length() - start < lengths.length; start--) {
            hash = hash(hash, name.charAt(start));
            int length = name.length() - start;
            RouteTable.Rule[] rules = lengths[length] ? slots[slot(hash, name, start, length)] : null;
            if (rules != null) {
                for (RouteTable.Rule rule : rules) {
                    if (rule.pattern().matchesBehind(name, start)) {
                        matching.add(rule);
                    }
                }
            }
        }
    }

    private static RouteTable.@Nullable Rule first(
            RouteTable.Rule @Nullable [] rules, String name, int start, int port, Transport transport) {
        if (rules != null) {
            for (RouteTable.Rule rule : rules) {
                if (rule.pattern().matches(port, transport) && rule.pattern().matchesBehind(name, start)) {
                    return rule;
                }
            }
        }
        return null;
    }

    /** Returns where the rules are that have this part of a text, or where they would be. */
    private int slot(int hash, String text, int start, int length) {
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (true) {
            RouteTable.Rule[] rules = slots[slot];
            if (rules == null) {
                return slot;
            }
            String found = rules[0].pattern().text();
            if (found.length() == length && text.startsWith(found, start)) {
                return slot;
            }
            slot = slot + 1 & slots.length - 1;
        }
    }

    private static int hash(int before, char next) {
        return (before + next) * 0x9E3779B1; // 2^32 by the golden ratio
    }
}
