// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfCheckTest {
    @Test
    void check_ofEachHookedClass_passes() {
        assertThat(Hooked.CLASSES)
                .isNotEmpty()
                .allSatisfy(name ->
                        assertThatCode(() -> SelfCheck.check(name, false)).doesNotThrowAnyException());
    }

    @Test
    void check_ofAClassThatIsNotThere_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SelfCheck.check("sun/nio/ch/NoSuchImpl", false))
                .withMessageStartingWith("Cannot hook sun.nio.ch.NoSuchImpl of Java ")
                .withMessageEndingWith(": there is no such class");
    }

    @ParameterizedTest
    @CsvSource({
        "sun/nio/ch/UnixNoSuchImpl, true, true",
        "sun/nio/ch/UnixNoSuchImpl, false, false",
        "sun/nio/ch/WindowsNoSuchImpl, false, true",
        "sun/nio/ch/WindowsNoSuchImpl, true, false",
        "sun/nio/ch/NoSuchImpl, true, false",
    })
    void check_ofAClassOfOneSystem_passesWhereItIsNotThere(String className, boolean windows, boolean passes)
            throws Exception {
        if (passes) {
            SelfCheck.check(className, windows);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> SelfCheck.check(className, windows));
        }
    }
}
