// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import org.jspecify.annotations.Nullable;

/** The ATYP octet: what kind of address follows it (RFC 1928 section 5). */
public enum AddressType {
    /** Four octets. */
    IPV4(0x01),
    /** A length octet and so many octets of a name, no NUL at the end. */
    DOMAINNAME(0x03),
    /** Sixteen octets. */
    IPV6(0x04);

    private final int code;

    AddressType(int code) {
        this.code = code;
    }

    /** Returns the octet on the wire. */
    public int code() {
        return code;
    }

    /** Returns the type that this octet stands for, or null if RFC 1928 gives it no meaning. */
    public static @Nullable AddressType of(int code) {
        return switch (code) {
            case 0x01 -> IPV4;
            case 0x03 -> DOMAINNAME;
            case 0x04 -> IPV6;
            default -> null;
        };
    }
}
