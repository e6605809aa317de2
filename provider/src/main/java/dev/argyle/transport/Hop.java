// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a connect can be tried with: a server at one of its addresses, or the target itself where the user lets a connect go
 * direct.
 *
 * @param server null for the target itself
 */
record Hop(@Nullable ServerState server, InetSocketAddress address) {
    /** As a message names the target itself. */
    static final String DIRECTLY = "directly";

    void failed() {
        if (server != null) {
            server.failed(System.nanoTime());
        }
    }

    void succeeded() {
        if (server != null) {
            server.succeeded();
        }
    }

    /** As a message names it. */
    String name() {
        if (server == null) {
            return DIRECTLY;
        }
        String host = server.server.host();
        String name = "SOCKS server " + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.server.port();
        return server.literal ? name : name + " (" + address.getAddress().getHostAddress() + ")";
    }
}
