// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyPreferenceTest {
    @ParameterizedTest
    @CsvSource({
        ", , IPV4_FIRST",
        "false, false, IPV4_FIRST",
        ", system, IPV4_FIRST",
        ", true, IPV6_FIRST",
        ", TRUE, IPV6_FIRST",
        "true, , IPV4_ONLY",
        "True, true, IPV4_ONLY",
        "yes, , IPV4_FIRST",
    })
    void of_properties_isWhatTheJdkIsTold(String stack, String addresses, FamilyPreference expected) {
        Properties properties = new Properties();
        if (stack != null) {
            properties.setProperty("java.net.preferIPv4Stack", stack);
        }
        if (addresses != null) {
            properties.setProperty("java.net.preferIPv6Addresses", addresses);
        }

        assertThat(FamilyPreference.of(properties)).isEqualTo(expected);
    }
}
