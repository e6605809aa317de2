// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import java.util.Objects;

/**
 * A SOCKSv5 server, as AIX's {@code Svr} names it. Immutable; holds no secret.
 *
 * @param host a name or an address literal, an IPv6 one without brackets, as it is configured
 * @param port 1 to 65535
 */
public record Socks5Server(String host, int port) {
    /** @throws IllegalArgumentException if the host is empty or the port is not 1 to 65535 */
    public Socks5Server {
        Objects.requireNonNull(host, "host");
        if (host.isEmpty()) {
            throw new IllegalArgumentException("empty host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " (expected: 1 to 65535)");
        }
    }

    /** Returns {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
