// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.Readme;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReadmeKeysTest {
    private static List<String> row(Key key) {
        String byDefault = Objects.requireNonNullElse(key.defaultValue(), "-");
        return List.of(key.text(), byDefault.isEmpty() ? "empty" : byDefault, key.property(), key.variable());
    }

    @Test
    void table_ofTheReadme_hasTheKeysWithTheirDefaultsAndNames() throws Exception {
        assertThat(Readme.table("| Key | Default | System property | Environment variable | What it sets |"))
                .allSatisfy(cells -> assertThat(cells).hasSize(5).noneMatch(String::isEmpty))
                .extracting(cells -> cells.subList(0, 4))
                .containsExactlyElementsOf(
                        Arrays.stream(Key.values()).map(ReadmeKeysTest::row).toList());
    }
}
