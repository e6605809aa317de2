// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import java.util.List;
import java.util.Locale;

/**
 * Parses {@code bypass}, the targets to be reached directly.
 *
 * <pre>
 * bypass  = [ entry *( "," entry ) ]
 * entry   = "none" | pattern | ipv6 [ "/" prefix ]
 * pattern = ( "*" | name | "*." name | "." name | ipv4 [ "/" prefix ] | "[" ipv6 [ "/" prefix ] "]" ) [ ":" port ]
 * </pre>
 *
 * A name matches itself alone, {@code *.name} all names below it, {@code .name} both, {@code *} every target. Whole
 * labels are compared, upper and lower case are the same, a trailing dot does not count. {@code none} takes away what is
 * direct by default: loopback, link-local, this machine. Stateless.
 */
final class BypassList {
    private BypassList() {}

    /**
     * Adds a rule for each pattern.
     *
     * @return whether {@code none} is among the entries
     * @throws InvalidValueException if an entry is malformed
     */
    static boolean parse(Value value, List<RouteTable.Rule> rules) throws InvalidValueException {
        boolean none = false;
        if (value.text().isEmpty()) {
            return none;
        }
        String source = value.sourceOf(Key.BYPASS);
        for (String entry : Lists.entries(value.text())) {
            if (entry.toLowerCase(Locale.ROOT).equals("none")) {
                none = true;
                continue;
            }
            try {
                rules.add(new RouteTable.Rule(
                        TargetPatterns.parse(entry, false), new Route.Direct(new RouteRecord(entry, source))));
            } catch (InvalidValueException e) {
                throw new InvalidValueException(e.getMessage() + "; got " + Shown.quote(entry));
            }
        }
        return none;
    }
}
