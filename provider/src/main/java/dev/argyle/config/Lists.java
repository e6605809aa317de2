// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.ArrayList;
import java.util.List;

/** Splits lists. Stateless. */
final class Lists {
    private Lists() {}

    /** Returns the trimmed pieces between the separators, also empty ones: one more than there are separators. */
    static List<String> split(String text, char separator) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            pieces.add(text.substring(start, end).trim());
            start = end + 1;
        }
        pieces.add(text.substring(start).trim());
        return pieces;
    }

    /**
     * Returns the trimmed pieces between commas.
     *
     * @throws InvalidValueException if one is empty
     */
    static List<String> entries(String value) throws InvalidValueException {
        List<String> entries = split(value, ',');
        for (String entry : entries) {
            if (entry.isEmpty()) {
                throw new InvalidValueException(
                        entries.size() == 1 ? "is empty" : "an entry of the list is empty; got " + Shown.quote(value));
            }
        }
        return entries;
    }
}
