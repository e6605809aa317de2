// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.IpLiteral;
import dev.argyle.route.TargetPattern;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An address, or a block of addresses.
 *
 * <pre>
 * block  = ( ipv4 | ipv6 ) [ "/" prefix ]     ; IPv6 without brackets
 * prefix = 1*3 digit                          ; 0 to 32, or to 128; all bits if there is none
 * </pre>
 *
 * Immutable.
 */
final class AddressBlock {
    private static final String MAPPED = "::ffff:";

    private final byte[] network; // no bit behind the prefix is set
    private final int prefixLength;

    private AddressBlock(byte[] network, int prefixLength) {
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /**
     * Returns the block, or null if the text is neither an address nor has a slash.
     *
     * @param strict whether bits set behind the prefix are an error; otherwise they do not count
     * @throws InvalidValueException if the text has a slash and is malformed
     */
    static @Nullable AddressBlock parse(String text, boolean strict) throws InvalidValueException {
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return address == null ? null : new AddressBlock(address, address.length * 8);
        }
        if (address == null) {
            throw new InvalidValueException("only an address has a /prefix behind it");
        }
        int prefixLength = prefixLength(text, slash + 1, address.length * 8);
        byte[] network = network(address, prefixLength);
        if (strict && !Arrays.equals(network, address)) {
            throw new InvalidValueException(
                    "bits are set behind the prefix; write " + IpLiteral.format(network) + "/" + prefixLength);
        }
        return new AddressBlock(network, prefixLength);
    }

    /** Returns what matches the addresses of this block at one port, or at {@link TargetPattern#ANY_PORT}. */
    TargetPattern pattern(int port) {
        return TargetPattern.block(network, prefixLength, port);
    }

    /** Returns the address whose first {@link #prefixLength} bits those of this block have. Not to be changed. */
    byte[] network() {
        return network;
    }

    int prefixLength() {
        return prefixLength;
    }

    private static int prefixLength(String text, int start, int max) throws InvalidValueException {
        int value = start == text.length() ? max + 1 : 0;
        for (int i = start; i < text.length() && value <= max; i++) {
            char c = text.charAt(i);
            value = c < '0' || c > '9' ? max + 1 : value * 10 + (c - '0');
        }
        if (value > max) {
            throw new InvalidValueException("the prefix is not a number from 0 to " + max);
        }
        return value;
    }

    private static byte[] network(byte[] address, int prefixLength) {
        byte[] network = address.clone();
        for (int bit = prefixLength; bit < network.length * 8; bit++) {
            network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return network;
    }

    /** Returns the one text that all spellings of this block have in common: of IPv4-mapped addresses the IPv4 one. */
    @Override
    public String toString() {
        String text = IpLiteral.format(network);
        return prefixLength >= 96 && text.startsWith(MAPPED)
                ? text.substring(MAPPED.length()) + "/" + (prefixLength - 96)
                : text + "/" + prefixLength;
    }
}
