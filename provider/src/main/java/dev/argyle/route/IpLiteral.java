// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import org.jspecify.annotations.Nullable;

/**
 * Address literals, without DNS and without {@link java.net.InetAddress}.
 *
 * <pre>
 * literal  = ipv4 | ipv6 [ zone ] | "[" ipv6 [ zone ] "]"
 * ipv4     = octet "." octet "." octet "." octet      ; decimal, 0 to 255, no leading zero
 * ipv6     = 8 groups of 1 to 4 hexadecimal digits separated by ":", the last two perhaps as ipv4;
 *            once, "::" stands for one or more groups of zeros
 * zone     = "%" 1*char                                ; RFC 4007 section 11; dropped
 * </pre>
 *
 * Stateless.
 */
public final class IpLiteral {
    private IpLiteral() {}

    /**
     * Returns the 4 or 16 octets of a literal, or null if the text is none.
     *
     * <p>An IPv4-mapped address stays 16 octets. Stricter than the JDK: no {@code 127.1}, no {@code 010.0.0.1}.
     */
    public static byte @Nullable [] parse(String text) {
        int start = 0;
        int end = text.length();
        boolean brackets = end > 2 && text.charAt(0) == '[' && text.charAt(end - 1) == ']';
        if (brackets) {
            start++;
            end--;
        }
        int colon = text.indexOf(':', start);
        if (colon < 0) {
            byte[] octets = new byte[4];
            return !brackets && parseIpv4(text, start, end, octets, 0) ? octets : null;
        }
        int zone = text.indexOf('%', start);
        if (zone >= 0) {
            if (zone + 1 >= end) {
                return null;
            }
            end = zone;
        }
        return parseIpv6(text, start, end);
    }

    /**
     * Returns whether a name can only be meant as an address: its last label is a number. The JDK takes some of these
     * ({@code 127.1}) for addresses; there is no such name in the DNS.
     */
    static boolean looksNumeric(String name) {
        int start = name.lastIndexOf('.') + 1;
        int end = name.length();
        boolean hexadecimal = end - start > 1 && name.charAt(start) == '0' && (name.charAt(start + 1) | 0x20) == 'x';
        for (int i = hexadecimal ? start + 2 : start; i < end; i++) {
            int digit = digit(name.charAt(i));
            if (digit < 0 || (digit > 9 && !hexadecimal)) {
                return false;
            }
        }
        return end > start;
    }

    /**
     * Returns the text of an address: a dotted quad, or the form of RFC 5952 (lower case, the longest run of zero groups
     * as {@code ::}, IPv4-mapped with a dotted quad), without brackets.
     *
     * @throws IllegalArgumentException if the address has not 4 or 16 octets
     */
    public static String format(byte[] address) {
        StringBuilder text = new StringBuilder(39);
        if (address.length == 4) {
            appendIpv4(text, address, 0);
            return text.toString();
        }
        if (address.length != 16) {
            throw new IllegalArgumentException("address of " + address.length + " octets (expected: 4 or 16)");
        }
        if (isMapped(address)) {
            appendIpv4(text.append("::ffff:"), address, 12);
            return text.toString();
        }
        int runStart = -1;
        int runLength = 1; // a single zero group is written out
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && group(address, i + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
            i += length;
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    /** Returns whether these are 16 octets within {@code ::ffff:0:0/96} (RFC 4291 section 2.5.5.2). */
    static boolean isMapped(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean parseIpv4(String text, int start, int end, byte[] octets, int offset) {
        int position = start;
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                if (position >= end || text.charAt(position) != '.') {
                    return false;
                }
                position++;
            }
            int first = position;
            int value = 0;
            while (position < end && position - first < 3) {
                int digit = digit(text.charAt(position));
                if (digit < 0 || digit > 9) {
                    break;
                }
                value = value * 10 + digit;
                position++;
            }
            boolean leadingZero = position - first > 1 && text.charAt(first) == '0';
            if (position == first || value > 255 || leadingZero) {
                return false;
            }
            octets[offset + i] = (byte) value;
        }
        return position == end;
    }

    private static byte @Nullable [] parseIpv6(String text, int start, int end) {
        byte[] octets = new byte[16];
        int filled = 0;
        int gap = -1;
        int position = start;
        if (text.startsWith("::", position)) {
            gap = 0;
            position += 2;
        }
        while (position < end) {
            int separator = text.indexOf(':', position);
            int groupEnd = separator < 0 || separator > end ? end : separator;
            int dot = text.indexOf('.', position);
            if (groupEnd == end && dot >= 0 && dot < end) {
                if (filled > 12 || !parseIpv4(text, position, end, octets, filled)) {
                    return null;
                }
                filled += 4;
                position = end;
                break;
            }
            if (filled > 14 || groupEnd == position || groupEnd - position > 4) {
                return null;
            }
            int value = 0;
            for (; position < groupEnd; position++) {
                int digit = digit(text.charAt(position));
                if (digit < 0) {
                    return null;
                }
                value = value << 4 | digit;
            }
            octets[filled++] = (byte) (value >> 8);
            octets[filled++] = (byte) value;
            if (position == end) {
                break;
            }
            position++;
            if (position < end && text.charAt(position) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = filled;
                position++;
            } else if (position == end) {
                return null; // a single colon at the end
            }
        }
        if (gap < 0) {
            return filled == 16 ? octets : null;
        }
        if (filled > 14) {
            return null; // :: would stand for nothing
        }
        int moved = filled - gap;
        System.arraycopy(octets, gap, octets, 16 - moved, moved);
        for (int i = gap; i < 16 - moved; i++) {
            octets[i] = 0;
        }
        return octets;
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
    }

    private static void appendIpv4(StringBuilder text, byte[] address, int offset) {
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                text.append('.');
            }
            text.append(address[offset + i] & 0xff);
        }
    }

    /** Returns the value of an ASCII hexadecimal digit, or -1; {@link Character#digit} takes other scripts' digits. */
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return c < 0x80 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
