// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.List;

/** What to do with a target. Immutable, and safe for use by any thread. */
public sealed interface Route {
    /** Returns the record that decided. */
    RouteRecord record();

    /** The target is reached as if Argyle were not there. */
    record Direct(RouteRecord record) implements Route {}

    /**
     * The target is reached through the first of these servers that works.
     *
     * @param servers at least one; all of them, or none, resolve names
     */
    record Via(RouteRecord record, List<Server> servers) implements Route {
        /**
         * Copies the servers.
         *
         * @throws IllegalArgumentException if there is no server, or if only some of them resolve names
         */
        public Via {
            servers = List.copyOf(servers);
            if (servers.isEmpty()) {
                throw new IllegalArgumentException("no server");
            }
            boolean remoteNames = servers.get(0).remoteNames();
            for (Server server : servers) {
                if (server.remoteNames() != remoteNames) {
                    // a failover would then send abroad, or look up here, a name that the user kept from it
                    throw new IllegalArgumentException("socks5 and socks5h in one list");
                }
            }
        }

        /** Returns whether names are resolved at the servers, not here. */
        public boolean remoteNames() {
            return servers.get(0).remoteNames();
        }
    }

    /** The target must not be reached. */
    record Refuse(RouteRecord record) implements Route {}
}
