// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hosts as the server sees them: names and addresses that stand for others, then literal addresses and {@code
 * localhost} as they are. No DNS. Safe for use by several threads.
 */
final class Names {
    private final Map<String, InetSocketAddress> known = new ConcurrentHashMap<>();

    void put(String host, InetSocketAddress stands) {
        known.put(key(host), stands);
    }

    /**
     * Finds where a host and port of a request are.
     *
     * @throws UnknownHostException if the host is neither known nor an address
     */
    InetSocketAddress find(String host, int port) throws UnknownHostException {
        InetSocketAddress stands = known.get(key(host));
        if (stands != null) {
            return stands.getPort() == 0 ? new InetSocketAddress(stands.getAddress(), port) : stands;
        }
        if (isLiteral(host) || host.equalsIgnoreCase("localhost")) {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        }
        throw new UnknownHostException(host);
    }

    /** One spelling for each address, and lower case for names. */
    private static String key(String host) {
        if (isLiteral(host)) {
            try {
                return InetAddress.getByName(host).getHostAddress();
            } catch (UnknownHostException malformed) {
                return host;
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }
}
