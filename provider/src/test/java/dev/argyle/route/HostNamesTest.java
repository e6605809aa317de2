// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
    @ParameterizedTest
    @CsvSource({
        "Example.COM, example.com",
        "example.com., example.com",
        "example.com.., example.com.",
        "., .",
        "'', ''",
        "B\u00fccher.example, xn--bcher-kva.example",
        "XN--BCHER-KVA.example, xn--bcher-kva.example",
        "\u00ad, \u00ad",
        "\ud800.example, \ud800.example",
    })
    void normalize_name_isComparable(String name, String normalized) {
        assertThat(HostNames.normalize(name)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a-b.c_d", "_x._tcp.example.com", "1.a", "1a"})
    void isValid_hostName_isTrue(String name) {
        assertThat(HostNames.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                ".a",
                "a.",
                "a b",
                "a/b",
                "A",
                "a:1",
                "1.2.3",
                "999.1.1.1",
                "b\u00fc",
                "[::1]",
                "*"
            })
    void isValid_other_isFalse(String name) {
        assertThat(HostNames.isValid(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"63, 1, true", "64, 1, false", "49, 5, true", "50, 5, false"})
    void isValid_longLabels_upTo63And253(int labelLength, int labels, boolean valid) {
        String label = "a".repeat(labelLength);
        String name = (label + ".").repeat(labels - 1) + label;
        assertThat(HostNames.isValid(name)).isEqualTo(valid);
    }
}
