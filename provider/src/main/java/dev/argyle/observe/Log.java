// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.observe;

import java.io.PrintStream;

/**
 * Writes lines with one prefix to one stream. No logging framework: this runs before the application's own is set up, and
 * must not set it up. Safe for use by any thread.
 */
public final class Log {
    /** Stands before each line that this project writes. */
    public static final String PREFIX = "[argyle] ";

    private final LogLevel level;
    private final PrintStream stream;

    /** A log that writes what is at this level or above. */
    public Log(LogLevel level, PrintStream stream) {
        this.level = level;
        this.stream = stream;
    }

    /** Tells whether lines of this level are written, for callers whose message costs something. */
    public boolean isEnabled(LogLevel lineLevel) {
        return lineLevel != LogLevel.OFF && lineLevel.compareTo(level) <= 0;
    }

    /** Writes a line, if its level is enabled. */
    public void log(LogLevel lineLevel, String message) {
        if (isEnabled(lineLevel)) {
            stream.println(PREFIX + lineLevel + ": " + message);
        }
    }
}
