// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

/** The numbers of RFC 1928 that belong to no single message. */
public final class Socks5 {
    /** The port of a SOCKS server where none is given (RFC 1928 section 3). */
    public static final int DEFAULT_PORT = 1080;

    /** The VER octet of the greeting, the method selection, the request and the reply. */
    static final int VERSION = 0x05;

    private Socks5() {}

    /** Returns an octet as messages show it: {@code 0x0A}. */
    static String hex(int octet) {
        String digits = "0123456789ABCDEF";
        return "0x" + digits.charAt((octet >> 4) & 0xF) + digits.charAt(octet & 0xF);
    }
}
