// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A user name and a password for RFC 1929, each 1 to 255 octets in UTF-8. Immutable; shows its password to nobody outside
 * this package.
 */
public final class Credentials {
    private static final int MAX_OCTETS = 255;

    private final String user;
    private final byte[] userOctets;
    private final byte[] passwordOctets;

    /**
     * Checks and keeps a user name and a password.
     *
     * @throws IllegalArgumentException if one of them is not 1 to 255 octets in UTF-8, or holds half a surrogate pair; the
     *     message does not show the password
     */
    public Credentials(String user, String password) {
        this.user = user;
        this.userOctets = encode("user name", user);
        this.passwordOctets = encode("password", password);
    }

    private static byte[] encode(String what, String text) {
        ByteBuffer encoded;
        try {
            encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            // no cause: nothing that could carry a piece of the password
            throw new IllegalArgumentException(what + ": half a surrogate pair, which UTF-8 cannot express");
        }
        int length = encoded.remaining();
        if (length < 1 || length > MAX_OCTETS) {
            throw new IllegalArgumentException(
                    what + ": " + length + " octets in UTF-8 (expected 1 to " + MAX_OCTETS + ")");
        }
        byte[] octets = new byte[length];
        encoded.get(octets);
        return octets;
    }

    /** Returns the user name. */
    public String user() {
        return user;
    }

    /** Returns a copy of the password's octets, for an engine that hands its servers on. */
    public byte[] password() {
        return passwordOctets.clone();
    }

    /** Returns the user name's octets themselves, which the caller must not change. */
    byte[] userOctets() {
        return userOctets;
    }

    /** Returns the password's octets themselves, which the caller must not change. */
    byte[] passwordOctets() {
        return passwordOctets;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credentials that
                && Arrays.equals(userOctets, that.userOctets)
                && Arrays.equals(passwordOctets, that.passwordOctets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(userOctets) + Arrays.hashCode(passwordOctets);
    }

    /** Returns the user name, and stars for the password whatever its length. */
    @Override
    public String toString() {
        return "Credentials[user=" + user + ", password=***]";
    }
}
