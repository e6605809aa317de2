// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.Map;

/**
 * What all sources together say of where connections go. Immutable; shows no secret.
 *
 * @param table what goes where
 * @param off whether the user has said that nothing is to be routed
 * @param inWords how connections go, behind "connections go", without credentials
 * @param records the records of files and of the conventions of others, for comparing
 * @param credentialsSources where the servers with credentials have them from
 */
public record Routing(
        RouteTable table, boolean off, String inWords, String records, Map<Server, String> credentialsSources) {
    /** Copies the map. */
    public Routing {
        credentialsSources = Map.copyOf(credentialsSources);
    }
}
