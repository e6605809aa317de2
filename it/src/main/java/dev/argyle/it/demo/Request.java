// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import dev.argyle.it.server.Association;
import dev.argyle.it.server.Datagram;
import dev.argyle.it.server.Exchange;

/**
 * What a SOCKSv5 server was asked for, in words: a request (RFC 1928 section 4), or the header of the first datagram after
 * one (section 7), since that says where datagrams go.
 *
 * @param command CMD, or {@code UDP}
 * @param addressType ATYP
 * @param host DST.ADDR
 * @param port DST.PORT
 */
record Request(String command, String addressType, String host, int port) {
    private static final String CONNECT = "CONNECT";
    private static final String UDP = "UDP";
    private static final String NAME = "name";
    private static final String IPV4 = "IPv4";

    /** The request that a connection to a host, a name or an IPv4 address, must become. */
    static Request connect(String host, int port) {
        return new Request(CONNECT, addressType(host), host, port);
    }

    /** The header that a datagram to a host, a name or an IPv4 address, must have. */
    static Request datagram(String host, int port) {
        return new Request(UDP, addressType(host), host, port);
    }

    private static String addressType(String host) {
        return host.matches("[0-9.]+") ? IPV4 : NAME;
    }

    /** What the server read. */
    static Request of(Exchange exchange) {
        Association association = exchange.association();
        if (association != null && !association.datagrams().isEmpty()) {
            Datagram first = association.datagrams().get(0);
            return new Request(UDP, addressType(first.addressType()), first.host(), first.port());
        }
        String command = switch (exchange.command()) {
            case 1 -> CONNECT;
            case 2 -> "BIND";
            case 3 -> "UDP ASSOCIATE";
            default -> "CMD " + exchange.command();
        };
        return new Request(command, addressType(exchange.addressType()), exchange.host(), exchange.port());
    }

    private static String addressType(int octet) {
        return switch (octet) {
            case 1 -> IPV4;
            case 3 -> NAME;
            case 4 -> "IPv6";
            default -> "ATYP " + octet;
        };
    }

    @Override
    public String toString() {
        return command + "  " + addressType + "  " + host + ":" + port;
    }
}
