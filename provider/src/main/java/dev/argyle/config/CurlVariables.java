// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ALL_PROXY} and {@code NO_PROXY}, as curl does: the lower case name wins, and a variable set to nothing
 * counts as not set.
 *
 * <pre>
 * all_proxy = one server of {@link ServerUrls}, with its scheme; without one curl means HTTP
 * no_proxy  = entry *( ( "," | space ) entry )
 * entry     = ( "*" | [ "*." | "." ] name | ipv4 [ "/" prefix ] | "[" ipv6 [ "/" prefix ] "]" ) [ ":" port ]
 *           | ipv6 [ "/" prefix ]
 * </pre>
 *
 * A name matches itself and all names below it, with a leading dot or without; {@code *.name} only those below. What is
 * not of these forms matches nothing, as in curl, and is noted. Stateless.
 */
final class CurlVariables {
    private CurlVariables() {}

    /**
     * Returns the server with its exceptions, or null if no variable names a SOCKSv5 server.
     *
     * @param notes gets what was not used
     * @throws ConfigurationException if a variable with a scheme of ours is malformed
     */
    static @Nullable Family read(Map<String, String> environment, List<String> notes) throws ConfigurationException {
        Value all = value(environment, "all_proxy", "ALL_PROXY");
        if (all == null) {
            return null;
        }
        String scheme = ServerUrls.scheme(all.text());
        if (scheme == null || (!scheme.equals("socks5") && !scheme.equals("socks5h"))) {
            notes.add(all.source() + " is not used: "
                    + (scheme == null ? "without a scheme it means HTTP" : scheme + ":// is not SOCKSv5"));
            return null;
        }
        Server server;
        try {
            server = ServerUrls.parse(all.text());
        } catch (InvalidValueException e) {
            throw new ConfigurationException(all.source() + ": " + e.getMessage());
        }
        List<RouteTable.Rule> rules = new ArrayList<>();
        Value none = value(environment, "no_proxy", "NO_PROXY");
        if (none != null) {
            for (String entry : Lists.split(none.text().replace(' ', ',').replace('\t', ','), ',')) {
                if (!entry.isEmpty()) {
                    add(rules, entry, none.source(), notes);
                }
            }
        }
        return new Family(server, all.source(), all.source(), rules);
    }

    private static @Nullable Value value(Map<String, String> environment, String lower, String upper) {
        String text = environment.get(lower);
        if (text != null && !text.trim().isEmpty()) {
            return new Value(text, lower);
        }
        text = environment.get(upper);
        return text != null && !text.trim().isEmpty() ? new Value(text, upper) : null;
    }

    private static void add(List<RouteTable.Rule> rules, String entry, String source, List<String> notes) {
        try {
            rules.add(new RouteTable.Rule(
                    TargetPatterns.parse(entry, true), new Route.Direct(new RouteRecord(entry, source))));
        } catch (InvalidValueException e) {
            notes.add(source + ": an entry is not used: " + e.getMessage() + "; got " + Shown.quote(entry));
        }
    }
}
