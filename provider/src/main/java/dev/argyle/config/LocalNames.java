// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.TargetPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which names are looked up on this machine although they are routed, key {@code names.local}. Immutable.
 *
 * <pre>
 * value = "none" | entry *( "," entry )
 * entry = "hosts" | "*" | name | "*." name | "." name      ; names as in {@link BypassList}, without a port
 * </pre>
 *
 * @param hostsFile whether the names in the hosts file are
 * @param patterns further names
 */
public record LocalNames(boolean hostsFile, List<TargetPattern> patterns) {
    /** Copies the patterns. */
    public LocalNames {
        patterns = List.copyOf(patterns);
    }

    /** @throws InvalidValueException if an entry is malformed, or stands beside {@code none} */
    static LocalNames parse(String text) throws InvalidValueException {
        List<String> entries = Lists.entries(text);
        boolean hostsFile = false;
        List<TargetPattern> patterns = new ArrayList<>();
        for (String entry : entries) {
            switch (entry.toLowerCase(Locale.ROOT)) {
                case "none" -> {
                    if (entries.size() > 1) {
                        throw new InvalidValueException("none stands alone; got " + Shown.quote(text));
                    }
                }
                case "hosts" -> hostsFile = true;
                default -> patterns.add(pattern(entry));
            }
        }
        return new LocalNames(hostsFile, patterns);
    }

    private static TargetPattern pattern(String entry) throws InvalidValueException {
        if (entry.indexOf(':') >= 0) {
            throw new InvalidValueException(
                    "names alone, since a look-up knows no port and an address needs none; got " + Shown.quote(entry));
        }
        try {
            if (AddressBlock.parse(entry, false) != null) {
                throw new InvalidValueException("names alone, since an address needs no look-up");
            }
            return TargetPatterns.parse(entry, false);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(e.getMessage() + "; got " + Shown.quote(entry));
        }
    }

    /**
     * Returns whether one of the patterns matches a name.
     *
     * @param name as {@link dev.argyle.route.HostNames#normalize} returns it
     */
    public boolean matches(String name) {
        for (TargetPattern pattern : patterns) {
            if (pattern.matchesName(name)) {
                return true;
            }
        }
        return false;
    }
}
