// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The greeting and the server's choice (RFC 1928 section 3).
 *
 * <pre>
 *   client   +-----+----------+----------+
 *            | VER | NMETHODS | METHODS  |
 *            +-----+----------+----------+
 *            |  1  |    1     | 1 to 255 |     VER is 05
 *            +-----+----------+----------+
 *   server   +-----+--------+
 *            | VER | METHOD |                 FF: none of them is acceptable
 *            +-----+--------+
 *            |  1  |   1    |
 *            +-----+--------+
 * </pre>
 */
final class MethodSelection {
    /** How many octets the server's choice has. */
    static final int ANSWER_OCTETS = 2;

    private static final int NO_ACCEPTABLE_METHOD = 0xFF;
    private static final int MAX_METHODS = 255;

    private MethodSelection() {}

    /**
     * Returns the greeting that offers these methods in this order.
     *
     * @throws IllegalArgumentException if there are none, more than 255, the same twice, or one that is not 0 to 254
     */
    static ByteBuffer greeting(List<Authentication> offered) {
        int count = offered.size();
        if (count < 1 || count > MAX_METHODS) {
            throw new IllegalArgumentException("methods: " + count + " offered (expected 1 to " + MAX_METHODS + ")");
        }
        boolean[] seen = new boolean[NO_ACCEPTABLE_METHOD];
        ByteBuffer greeting = ByteBuffer.allocate(2 + count);
        greeting.put((byte) Socks5.VERSION).put((byte) count);
        for (Authentication authentication : offered) {
            int method = authentication.method();
            if (method < 0 || method >= NO_ACCEPTABLE_METHOD) {
                throw new IllegalArgumentException("method: " + method + " (expected 0 to 254)");
            }
            if (seen[method]) {
                throw new IllegalArgumentException("method: " + Socks5.hex(method) + " offered twice");
            }
            seen[method] = true;
            greeting.put((byte) method);
        }
        return greeting.flip();
    }

    /**
     * Returns the offered method that the server chose.
     *
     * @throws SocksException if the version is not 5, or the method was not offered
     */
    static Authentication chosen(int version, int method, List<Authentication> offered) throws SocksException {
        if (version != Socks5.VERSION) {
            throw unsupportedVersion(version, method);
        }
        for (Authentication authentication : offered) {
            if (authentication.method() == method) {
                return authentication;
            }
        }
        String message = method == NO_ACCEPTABLE_METHOD
                ? "the server accepts none of the offered methods: got 0xFF (expected " + list(offered) + ")"
                : "the server chose a method that was not offered: got " + Socks5.hex(method) + " (expected "
                        + list(offered) + ")";
        boolean passwordOffered = false;
        for (Authentication authentication : offered) {
            passwordOffered |= authentication.method() == UserPassword.METHOD;
        }
        if (!passwordOffered) {
            message += "; it may want a user name and a password";
        }
        throw new SocksException(SocksException.Kind.NO_ACCEPTABLE_METHOD, Stage.METHOD, method, message);
    }

    private static String list(List<Authentication> offered) {
        StringBuilder text = new StringBuilder();
        for (Authentication authentication : offered) {
            if (text.length() > 0) {
                text.append(" or ");
            }
            text.append(Socks5.hex(authentication.method())).append(' ').append(authentication.name());
        }
        return text.toString();
    }

    /**
     * Returns the failure for an answer that is not of SOCKS version 5, with a guess at who sent it.
     *
     * @param second the octet after the version, or -1 if the server closed before it
     */
    static SocksException unsupportedVersion(int version, int second) {
        String guess = "";
        if (version == 'H' && second == 'T') {
            guess = ": an HTTP server seems to listen there";
        } else if (version == 0x15 && second == 0x03) {
            guess = ": the server seems to expect TLS";
        } else if (version == 'S' && second == 'S') {
            guess = ": an SSH server seems to listen there";
        } else if (version == 0x04 || (version == 0x00 && second >= 0x5A && second <= 0x5D)) {
            // a SOCKS4 reply is 00 and 5A to 5D; some servers put 04 for 00
            guess = ": a SOCKS4 server seems to listen there";
        }
        return new SocksException(
                SocksException.Kind.MALFORMED,
                Stage.METHOD,
                -1,
                "unsupported version: " + Socks5.hex(version) + " (expected " + Socks5.hex(Socks5.VERSION) + ")"
                        + guess);
    }
}
