// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.List;

/**
 * What a convention of others gives: its server together with its own list of what goes direct. Immutable.
 *
 * @param source what named the server
 * @param credentialsSource what the server's credentials, if it has any, come from
 * @param rules the targets that go direct
 */
record Family(Server server, String source, String credentialsSource, List<RouteTable.Rule> rules) {
    Family {
        rules = List.copyOf(rules);
    }
}
