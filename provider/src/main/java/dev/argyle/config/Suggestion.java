// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what a mistyped key was meant to be. Stateless; loaded only on the way to an error. */
final class Suggestion {
    private Suggestion() {}

    /** Says that there is no such key, and which one is meant or which there are, spelled as an argument or file would. */
    static String unknownKey(String text) {
        Key nearest = nearest(text);
        return "unknown key " + Shown.quote(text) + end(nearest == null ? null : nearest.text());
    }

    /** Says that there is no such system property of ours. */
    static String unknownProperty(String name) {
        Key nearest = nearest(name);
        return "unknown key" + end(nearest == null ? null : "-D" + nearest.property());
    }

    /** Says that there is no such environment variable of ours. */
    static String unknownVariable(String name) {
        Key nearest = nearest(name);
        return "unknown key" + end(nearest == null ? null : nearest.variable());
    }

    private static String end(@Nullable String meant) {
        if (meant != null) {
            return "; did you mean '" + meant + "'?";
        }
        StringBuilder known = new StringBuilder(" (known: ");
        for (Key key : Key.values()) {
            known.append(key == Key.PROXY ? "" : ", ").append(key.text());
        }
        return known.append(')').toString();
    }

    private static @Nullable Key nearest(String text) {
        String plain = plain(text);
        String bare =
                plain.startsWith(SystemProperties.PREFIX) ? plain.substring(SystemProperties.PREFIX.length()) : plain;
        Key best = null;
        int bestDistance = allowed(bare.length()) + 1;
        for (Key key : Key.values()) {
            int distance = distance(bare, plain(key.text()));
            if (distance < bestDistance) {
                best = key;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Returns the spelling in which keys, properties and variables can be compared. */
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    }

    private static int allowed(int length) {
        return Math.max(1, length / 3);
    }

    /** Returns how many characters are to be inserted, deleted, replaced or swapped with the next (Damerau 1964). */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
