// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.route.Server;
import java.util.List;

/**
 * What would become of a connection or a datagram, and why. Immutable.
 *
 * @param outcome of the address that a program tries first
 * @param record what decided, with its source; of an unknown name what matches the name; empty where it came to none
 * @param beaten the other records that match, the better ones first
 * @param servers in their order, in which they are tried unless one has failed lately; none unless the outcome is {@link Outcome#SERVER}
 * @param text all of it, in lines for people to read; no secret
 */
public record Explanation(Outcome outcome, String record, List<String> beaten, List<Server> servers, String text) {
    /** What would become of it. */
    public enum Outcome {
        /** It goes through a server. */
        SERVER,
        /** It goes direct. */
        DIRECT,
        /** It is refused. */
        REFUSED,
        /** It goes nowhere: this machine looks the name up and does not know it, or it could be no name. */
        UNKNOWN_NAME
    }

    /** Copies the lists. */
    public Explanation {
        beaten = List.copyOf(beaten);
        servers = List.copyOf(servers);
    }
}
