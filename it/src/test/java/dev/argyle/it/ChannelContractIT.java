// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the JDK's channels and selectors: {@link ContractIT} for them. */
class ChannelContractIT {
    private static final int FEWEST_CASES = 160;

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = program().run();
    }

    private static ContractProgram program() {
        return new ContractProgram(directory).channels();
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        assertThat(plain.outcomes()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
        assertThat(plain.outcomes().values())
                .as(() -> plain.result().err())
                .noneMatch(outcome -> outcome.startsWith("HUNG") || outcome.startsWith("UNEXPECTED"));
        assertThat(plain.ended()).isTrue();
        assertThat(plain.connects()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> unrouted_eachCaseIsAsPlain() throws Exception {
        return ContractComparison.cases(plain, program().unrouted(Way.HOOKS).run(), Map.of());
    }
}
