// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "1ms, 1",
        "500ms, 500",
        "10s, 10000",
        "2m, 120000",
        "007s, 7000",
        "2147483647ms, 2147483647",
        "35791m, 2147460000"
    })
    void parseMillis_duration_isCounted(String text, int millis) throws Exception {
        assertThat(Durations.parseMillis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10          | a duration needs a unit; got '10'; write 10s",
                "''          | not a duration; got ''; write 500ms, 10s or 2m",
                "s           | not a duration; got 's'; write 500ms, 10s or 2m",
                "-1s         | not a duration; got '-1s'; write 500ms, 10s or 2m",
                "\u0661s     | not a duration; got '\u0661s'; write 500ms, 10s or 2m",
                "1h          | the unit is not ms, s or m; got '1h'; write 500ms, 10s or 2m",
                "1 s         | the unit is not ms, s or m; got '1 s'; write 500ms, 10s or 2m",
                "1.5s        | the unit is not ms, s or m; got '1.5s'; write 500ms, 10s or 2m",
                "1S          | the unit is not ms, s or m; got '1S'; write 500ms, 10s or 2m",
                "0s          | the duration is not from 1ms to 2147483647ms; got '0s'",
                "2147484s    | the duration is not from 1ms to 2147483647ms; got '2147484s'",
                "2147483648ms | the duration is not from 1ms to 2147483647ms; got '2147483648ms'",
                "99999999999999999999m | the duration is not from 1ms to 2147483647ms; got '99999999999999999999m'",
            })
    void parseMillis_other_saysWhatToWrite(String text, String message) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> Durations.parseMillis(text))
                .withMessage(message);
    }
}
