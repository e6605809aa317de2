// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/**
 * Parses a duration.
 *
 * <pre>
 * duration = 1*digit ( "ms" | "s" | "m" )
 * </pre>
 *
 * From a millisecond to 24 days, as socket options count milliseconds in an int. Stateless.
 */
final class Durations {
    private Durations() {}

    /** @throws InvalidValueException if the text is malformed, zero or too long */
    static int parseMillis(String text) throws InvalidValueException {
        int digits = 0;
        long number = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            number = Math.min(number * 10 + (text.charAt(digits) - '0'), Integer.MAX_VALUE + 1L);
            digits++;
        }
        if (digits == 0) {
            throw new InvalidValueException("not a duration; got " + Shown.quote(text) + "; write 500ms, 10s or 2m");
        }
        long millis = switch (text.substring(digits)) {
            case "ms" -> number;
            case "s" -> number * 1000;
            case "m" -> number * 60_000;
            case "" ->
                throw new InvalidValueException(
                        "a duration needs a unit; got " + Shown.quote(text) + "; write " + number + "s");
            default ->
                throw new InvalidValueException(
                        "the unit is not ms, s or m; got " + Shown.quote(text) + "; write 500ms, 10s or 2m");
        };
        if (millis < 1 || millis > Integer.MAX_VALUE) {
            throw new InvalidValueException(
                    "the duration is not from 1ms to " + Integer.MAX_VALUE + "ms; got " + Shown.quote(text));
        }
        return (int) millis;
    }
}
