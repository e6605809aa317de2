// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.Objects;

/**
 * The record of a route table that decided, for people to read. Immutable.
 *
 * @param text the pattern as it was written, for instance {@code *.corp}
 * @param source where it was written, for instance {@code agent argument}, {@code file /x:12} or {@code built in}
 */
public record RouteRecord(String text, String source) {
    public RouteRecord {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(source, "source");
    }

    /** Returns the text with its source in parentheses. */
    @Override
    public String toString() {
        return text + " (" + source + ")";
    }
}
