// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.IpLiteral;
import dev.argyle.route.TargetPattern;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses an address, or a block of addresses.
 *
 * <pre>
 * block  = ( ipv4 | ipv6 ) [ "/" prefix ]     ; IPv6 without brackets
 * prefix = 1*3 digit                          ; 0 to 32, or to 128
 * </pre>
 *
 * Stateless.
 */
final class AddressBlock {
    private AddressBlock() {}

    /**
     * Returns the pattern, or null if the text is neither an address nor has a slash.
     *
     * @param strict whether bits set behind the prefix are an error; otherwise they do not count
     * @throws InvalidValueException if the text has a slash and is malformed
     */
    static @Nullable TargetPattern parse(String text, int port, boolean strict) throws InvalidValueException {
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return address == null ? null : TargetPattern.block(address, address.length * 8, port);
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
        return TargetPattern.block(network, prefixLength, port);
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
}
