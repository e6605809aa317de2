// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

/** The octets of RFC 1928 and RFC 1929 that the server knows by name. */
final class Socks {
    static final int VERSION = 5;
    static final int NO_AUTHENTICATION = 0;
    static final int USERNAME_PASSWORD = 2;
    static final int NO_ACCEPTABLE_METHODS = 0xFF;

    static final int AUTH_VERSION = 1;
    static final int AUTH_SUCCESS = 0;
    static final int AUTH_FAILURE = 1;

    static final int CONNECT = 1;
    static final int BIND = 2;
    static final int UDP_ASSOCIATE = 3;

    static final int IPV4 = 1;
    static final int NAME = 3;
    static final int IPV6 = 4;
    static final int IPV4_OCTETS = 4;
    static final int IPV6_OCTETS = 16;

    static final int SUCCEEDED = 0;
    static final int GENERAL_FAILURE = 1;
    static final int NOT_ALLOWED = 2;
    static final int NETWORK_UNREACHABLE = 3;
    static final int HOST_UNREACHABLE = 4;
    static final int CONNECTION_REFUSED = 5;
    static final int COMMAND_NOT_SUPPORTED = 7;
    static final int ADDRESS_TYPE_NOT_SUPPORTED = 8;

    private Socks() {}
}
