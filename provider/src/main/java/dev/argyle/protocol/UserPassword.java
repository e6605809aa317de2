// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;

/**
 * Method X'02', user name and password (RFC 1929). The password travels in clear text.
 *
 * <pre>
 *   client   +-----+------+----------+------+----------+
 *            | VER | ULEN |  UNAME   | PLEN |  PASSWD  |     VER is 01, the sub-negotiation's own version
 *            +-----+------+----------+------+----------+
 *            |  1  |  1   | 1 to 255 |  1   | 1 to 255 |     lengths count octets
 *            +-----+------+----------+------+----------+
 *   server   +-----+--------+
 *            | VER | STATUS |                               00 is success, all else failure
 *            +-----+--------+
 *            |  1  |   1    |
 *            +-----+--------+
 * </pre>
 */
public final class UserPassword implements Authentication {
    /** The METHOD octet. */
    public static final int METHOD = 0x02;

    private static final int VERSION = 0x01;
    private static final int STATUS_SUCCESS = 0x00;

    private final Credentials credentials;

    /** Keeps the credentials to give to the server. */
    public UserPassword(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public int method() {
        return METHOD;
    }

    @Override
    public String name() {
        return "user/password";
    }

    @Override
    public boolean knownInAdvance() {
        return true;
    }

    @Override
    public Exchange begin() {
        return new UserPasswordExchange(message(credentials));
    }

    /** Returns the user name and never the password. */
    @Override
    public String toString() {
        return "UserPassword[" + credentials + "]";
    }

    private static ByteBuffer message(Credentials credentials) {
        byte[] user = credentials.userOctets();
        byte[] password = credentials.passwordOctets();
        return ByteBuffer.allocate(3 + user.length + password.length)
                .put((byte) VERSION)
                .put((byte) user.length)
                .put(user)
                .put((byte) password.length)
                .put(password)
                .flip();
    }

    private static final class UserPasswordExchange implements Exchange {
        private final ByteBuffer message;
        private final ByteBuffer answer = ByteBuffer.allocate(2);

        UserPasswordExchange(ByteBuffer message) {
            this.message = message;
        }

        @Override
        public ByteBuffer output() {
            return message;
        }

        @Override
        public boolean done() {
            // a failure never gets here: input throws
            return !answer.hasRemaining();
        }

        @Override
        public int needed() {
            return answer.remaining();
        }

        @Override
        public void input(ByteBuffer source) throws SocksException {
            answer.put(source);
            if (answer.hasRemaining()) {
                return;
            }
            int version = answer.get(0) & 0xFF;
            if (version != VERSION) {
                throw new SocksException(
                        SocksException.Kind.MALFORMED,
                        Stage.AUTHENTICATION,
                        -1,
                        "unsupported version of the authentication status: " + Socks5.hex(version) + " (expected "
                                + Socks5.hex(VERSION) + ")");
            }
            int status = answer.get(1) & 0xFF;
            if (status != STATUS_SUCCESS) {
                throw new SocksException(
                        SocksException.Kind.AUTHENTICATION_FAILED,
                        Stage.AUTHENTICATION,
                        status,
                        "the server refused user name or password: status " + Socks5.hex(status) + " (expected "
                                + Socks5.hex(STATUS_SUCCESS) + ")");
            }
        }
    }
}
