// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import org.jspecify.annotations.Nullable;

/**
 * The values of AIX's {@code socks5_errno}, under its names. Those that a server's reply stands for are in the order of its
 * REP octet (RFC 1928 section 6).
 */
public enum S5 {
    /** General failure of the server. */
    S5_ESRVFAIL(0x01),
    /** Refused by the server's rules. */
    S5_EPERM(0x02),
    /** The server could not reach the target's network. */
    S5_ENETUNREACH(0x03),
    /** The server could not reach the target host. */
    S5_EHOSTUNREACH(0x04),
    /** The target host refused the server's connection. */
    S5_ECONNREFUSED(0x05),
    /** The TTL of the server's connection has expired. */
    S5_ETIMEDOUT(0x06),
    /** The server does not support the command. */
    S5_EOPNOTSUPP(0x07),
    /** The server does not support the address family. */
    S5_EAFNOSUPPORT(0x08),
    /**
     * The address that BIND asks for is in use at the server. The RFC has no reply for it: it is what REP 5 means as the
     * first reply to BIND, when nothing has been connected yet that could refuse.
     */
    S5_EADDRINUSE(-1),
    /** There is no server for the destination. Found here, without a question to anybody. */
    S5_ENOSERV(-1);

    private final int rep;

    S5(int rep) {
        this.rep = rep;
    }

    /** Returns the REP octet that stands for this, 1 to 8; -1 if the RFC has none. */
    public int rep() {
        return rep;
    }

    /**
     * Returns what a reply stands for.
     *
     * @param rep the REP octet, 0 to 255
     * @return null for success, and for the replies that AIX does not know, which are failures too
     */
    public static @Nullable S5 ofReply(int rep) {
        for (S5 each : values()) {
            if (each.rep == rep && rep > 0) {
                return each;
            }
        }
        return null;
    }
}
