// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import dev.argyle.it.server.Exchange;

/**
 * A request to a SOCKSv5 server, in words (RFC 1928 section 4).
 *
 * @param command CMD
 * @param addressType ATYP
 * @param host DST.ADDR
 * @param port DST.PORT
 */
record Request(String command, String addressType, String host, int port) {
    private static final String CONNECT = "CONNECT";
    private static final String NAME = "name";
    private static final String IPV4 = "IPv4";

    /** The request that a connection to a host, a name or an IPv4 address, must become. */
    static Request connect(String host, int port) {
        return new Request(CONNECT, host.matches("[0-9.]+") ? IPV4 : NAME, host, port);
    }

    /** The request that the server read. */
    static Request of(Exchange exchange) {
        String command = switch (exchange.command()) {
            case 1 -> CONNECT;
            case 2 -> "BIND";
            case 3 -> "UDP ASSOCIATE";
            default -> "CMD " + exchange.command();
        };
        String addressType = switch (exchange.addressType()) {
            case 1 -> IPV4;
            case 3 -> NAME;
            case 4 -> "IPv6";
            default -> "ATYP " + exchange.addressType();
        };
        return new Request(command, addressType, exchange.host(), exchange.port());
    }

    @Override
    public String toString() {
        return command + "  " + addressType + "  " + host + ":" + port;
    }
}
