// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import dev.argyle.protocol.Credentials;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKSv5 server. Immutable.
 *
 * @param host a name or an address literal, an IPv6 one without brackets and perhaps with a zone
 * @param port 1 to 65535
 * @param remoteNames whether the server resolves names ({@code socks5h}); otherwise they are resolved here
 *     ({@code socks5})
 * @param credentials what to authenticate with, if anything
 */
public record Server(
        String host,
        int port,
        boolean remoteNames,
        @Nullable Credentials credentials) {
    /** The port that RFC 1928 section 3 names. */
    public static final int DEFAULT_PORT = 1080;

    /** @throws IllegalArgumentException if the host is empty or the port is not from 1 to 65535 */
    public Server {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("empty host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " (expected: 1 to 65535)");
        }
    }

    /** Written out, as is the hash: those of a record are made at run time, which costs 30 ms at each start of a JVM. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Server that
                && host.equals(that.host)
                && port == that.port
                && remoteNames == that.remoteNames
                && Objects.equals(credentials, that.credentials);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * host.hashCode() + port) + Objects.hashCode(credentials);
    }

    /** Returns the server as a URL, without anything of the credentials. */
    @Override
    public String toString() {
        String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (remoteNames ? "socks5h://" : "socks5://") + authority + ":" + port;
    }
}
