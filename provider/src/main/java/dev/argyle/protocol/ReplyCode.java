// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the REP octet of a reply means (RFC 1928 section 6).
 *
 * <p>A holder of constants and not an enum, since every value from 0 to 255 must survive: 0 alone is success, what has no
 * meaning is a failure that keeps its number.
 */
public final class ReplyCode {
    public static final int SUCCEEDED = 0x00;
    public static final int GENERAL_FAILURE = 0x01;
    public static final int NOT_ALLOWED = 0x02;
    public static final int NETWORK_UNREACHABLE = 0x03;
    public static final int HOST_UNREACHABLE = 0x04;
    public static final int CONNECTION_REFUSED = 0x05;
    public static final int TTL_EXPIRED = 0x06;
    public static final int COMMAND_NOT_SUPPORTED = 0x07;
    public static final int ADDRESS_TYPE_NOT_SUPPORTED = 0x08;

    private ReplyCode() {}

    /**
     * Returns the meaning of a code in words, such as {@code connection refused}; for a code without one
     * {@code unassigned 0x09}. 0xF0 to 0xF7 are those that Tor adds.
     *
     * @throws IllegalArgumentException if the code is not 0 to 255
     */
    public static String meaning(int code) {
        return switch (checked(code)) {
            case SUCCEEDED -> "succeeded";
            case GENERAL_FAILURE -> "general server failure";
            case NOT_ALLOWED -> "not allowed by the server's rules";
            case NETWORK_UNREACHABLE -> "network unreachable";
            case HOST_UNREACHABLE -> "host unreachable";
            case CONNECTION_REFUSED -> "connection refused";
            case TTL_EXPIRED -> "TTL expired";
            case COMMAND_NOT_SUPPORTED -> "command not supported";
            case ADDRESS_TYPE_NOT_SUPPORTED -> "address type not supported";
            case 0xF0 -> "onion service descriptor not found (Tor)";
            case 0xF1 -> "onion service descriptor invalid (Tor)";
            case 0xF2 -> "onion service introduction failed (Tor)";
            case 0xF3 -> "onion service rendezvous failed (Tor)";
            case 0xF4 -> "onion service client authorization missing (Tor)";
            case 0xF5 -> "onion service client authorization wrong (Tor)";
            case 0xF6 -> "onion service address invalid (Tor)";
            case 0xF7 -> "onion service introduction timed out (Tor)";
            default -> "unassigned " + Socks5.hex(code);
        };
    }

    /**
     * Returns the name of a code in AIX's {@code socks5_errno}, such as {@code S5_ECONNREFUSED}, or null for success and
     * for the codes that AIX does not name.
     *
     * @throws IllegalArgumentException if the code is not 0 to 255
     */
    public static @Nullable String aixName(int code) {
        return switch (checked(code)) {
            case GENERAL_FAILURE -> "S5_ESRVFAIL";
            case NOT_ALLOWED -> "S5_EPERM";
            case NETWORK_UNREACHABLE -> "S5_ENETUNREACH";
            case HOST_UNREACHABLE -> "S5_EHOSTUNREACH";
            case CONNECTION_REFUSED -> "S5_ECONNREFUSED";
            case TTL_EXPIRED -> "S5_ETIMEDOUT";
            case COMMAND_NOT_SUPPORTED -> "S5_EOPNOTSUPP";
            case ADDRESS_TYPE_NOT_SUPPORTED -> "S5_EAFNOSUPPORT";
            default -> null;
        };
    }

    static int checked(int code) {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException("reply code: " + code + " (expected 0 to 255)");
        }
        return code;
    }
}
