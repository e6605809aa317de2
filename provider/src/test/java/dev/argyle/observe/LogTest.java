// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private Log log(LogLevel level) {
        return new Log(level, new PrintStream(written, true, UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void log_lineOfEachLevel_isWrittenUpToTheLogsOwn(LogLevel level) {
        Log log = log(level);

        for (LogLevel line : LogLevel.values()) {
            written.reset();
            log.log(line, "something");

            boolean expected = line != LogLevel.OFF && line.ordinal() <= level.ordinal();
            assertThat(log.isEnabled(line)).isEqualTo(expected);
            assertThat(written.toString(UTF_8))
                    .isEqualTo(expected ? "[argyle] " + line + ": something" + System.lineSeparator() : "");
        }
    }

    @Test
    void log_off_writesNothing() {
        Log log = log(LogLevel.OFF);
        for (LogLevel line : LogLevel.values()) {
            log.log(line, "something");
        }

        assertThat(written.size()).isZero();
    }
}
