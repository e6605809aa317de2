// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** How a value given by the user appears in a message. Stateless. */
final class Shown {
    private static final int MAX_CHARS = 80;

    private Shown() {}

    /**
     * Returns the text in quotes, on one line and not too long. A text with an {@code @} is not shown: it may be a piece
     * of a URL with a password.
     */
    static String quote(String text) {
        if (text.indexOf('@') >= 0) {
            return "a value with an @ (not shown)";
        }
        String shown = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "...";
        return "'" + oneLine(shown) + "'";
    }

    /**
     * Returns the name of a property or variable as far as it can be one of a key: what is behind may be a value, and a
     * secret, for which somebody has written a colon instead of {@code =}.
     */
    static String name(String text) {
        int end = 0;
        while (end < text.length() && isOfNames(text.charAt(end))) {
            end++;
        }
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    private static boolean isOfNames(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }

    /** Returns the text with question marks for control characters: a message is one line of a log. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }
}
