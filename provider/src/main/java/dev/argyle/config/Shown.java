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
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_CHARS) {
                shown.append("...");
                break;
            }
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        return shown.append('\'').toString();
    }
}
