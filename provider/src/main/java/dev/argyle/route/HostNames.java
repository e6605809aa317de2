// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.net.IDN;
import java.util.Locale;

/** Host names in the form in which they are compared. Stateless. */
public final class HostNames {
    private HostNames() {}

    /**
     * Returns the name in the form in which names are compared: in ASCII where it can be put so, in lower case, without
     * one trailing dot.
     */
    public static String normalize(String name) {
        String text = toAscii(name).toLowerCase(Locale.ROOT);
        return text.length() > 1 && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * Returns the name in the ASCII form of RFC 3490, or as it is where it has none. The JDK is asked only for a name that
     * is not ASCII already.
     */
    public static String toAscii(String name) {
        if (isAscii(name)) {
            return name;
        }
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /**
     * Returns whether a normalized name could be a host's: labels of 1 to 63 letters, digits, hyphens and underscores,
     * 253 characters in all, and a last label that is not a number (such a name is a mistyped address).
     */
    public static boolean isValid(String name) {
        if (name.length() > 253 || IpLiteral.looksNumeric(name)) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
                if (++label > 63) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return label > 0;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
