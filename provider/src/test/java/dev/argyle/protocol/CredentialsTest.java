// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    @Test
    void octets_areUtf8() {
        Credentials credentials = new Credentials("J\u00F6rg", "\u20AC\uD83D\uDD11");

        assertThat(credentials.user()).isEqualTo("J\u00F6rg");
        assertThat(credentials.userOctets()).isEqualTo(octets("4A C3 B6 72 67"));
        assertThat(credentials.passwordOctets()).isEqualTo(octets("E2 82 AC F0 9F 94 91"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 255})
    void length_allowed_isKept(int length) {
        Credentials credentials = new Credentials("u".repeat(length), "p".repeat(length));

        assertThat(credentials.userOctets()).hasSize(length);
        assertThat(credentials.passwordOctets()).hasSize(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 1000})
    void length_notAllowed_isRefused(int length) {
        String text = "s".repeat(length);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credentials(text, "p"))
                .withMessage("user name: " + length + " octets in UTF-8 (expected 1 to 255)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credentials("u", text))
                .withMessage("password: " + length + " octets in UTF-8 (expected 1 to 255)");
    }

    @Test
    void length_countsOctetsAndNotCharacters() {
        assertThat(new Credentials("u", "\u00F6".repeat(127) + "x").passwordOctets())
                .hasSize(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credentials("u", "\u00F6".repeat(128)))
                .withMessageContaining("password: 256 octets");
    }

    @Test
    void surrogate_half_isRefusedWithoutTheSecret() {
        ThrowingCallable creation = () -> new Credentials("u", "hidden\uD83D");

        assertThatIllegalArgumentException()
                .isThrownBy(creation)
                .withMessageStartingWith("password: half a surrogate pair")
                .withMessageNotContaining("hidden")
                .withNoCause();
    }

    @Test
    void toString_hidesThePasswordAndItsLength() {
        assertThat(new Credentials("bob", "hidden")).hasToString("Credentials[user=bob, password=***]");
        assertThat(new UserPassword(new Credentials("bob", "hidden")).toString())
                .contains("bob")
                .doesNotContain("hidden");
    }

    @Test
    void equals_comparesBoth() {
        assertThat(new Credentials("u", "p"))
                .isEqualTo(new Credentials("u", "p"))
                .hasSameHashCodeAs(new Credentials("u", "p"))
                .isNotEqualTo(new Credentials("u", "q"))
                .isNotEqualTo(new Credentials("v", "p"))
                .isNotEqualTo("u");
    }
}
