// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.ScriptedServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of the JDK's sockets: the same program runs plain and hooked, and each of its cases has the same
 * outcome.
 */
class ContractIT {
    private static final int FEWEST_CASES = 60;

    /** Of about 2,300, or 1,250 where there are no virtual threads. */
    private static final int FEWEST_CONNECTS = 1_200;

    /** What no relay can carry, and what it becomes: hooked outcomes that differ from the plain ones. */
    private static final Map<String, String> DIFFERENCES = Map.of();

    private static ContractRun plain;
    private static ContractRun hooked;

    @BeforeAll
    static void runBoth(@TempDir Path directory) throws Exception {
        plain = ContractRun.plain(directory);
        hooked = ContractRun.hooked(directory);
    }

    @TestFactory
    Stream<DynamicTest> hooked_hasThePlainOutcome() {
        return plain.outcomes().keySet().stream()
                .map(name -> dynamicTest(
                        name,
                        () -> assertThat(hooked.outcomes())
                                .as(
                                        "standard error of the hooked run:%n%s",
                                        hooked.result().err())
                                .containsEntry(
                                        name,
                                        DIFFERENCES.getOrDefault(
                                                name, plain.outcomes().get(name)))));
    }

    @Test
    void differences_nameCasesThatDiffer() {
        assertThat(DIFFERENCES)
                .allSatisfy((name, outcome) ->
                        assertThat(plain.outcomes()).containsKey(name).doesNotContainEntry(name, outcome));
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        assertThat(plain.outcomes()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
        assertThat(plain.outcomes().values())
                .as(() -> plain.result().err())
                .noneMatch(outcome -> outcome.startsWith("HUNG") || outcome.startsWith("UNEXPECTED"));
        assertThat(plain.result().lines()).last().isEqualTo("end");
        assertThat(plain.connects()).isEmpty();
    }

    @Test
    void hooked_runsTheSameCasesInTheSameOrder() {
        assertThat(hooked.outcomes().keySet())
                .containsExactlyElementsOf(plain.outcomes().keySet());
        assertThat(hooked.result().lines()).last().isEqualTo("end");
    }

    @Test
    void hooked_reachesEachTargetThroughTheServer() {
        assertThat(hooked.directVisitors()).isEmpty();
        assertThat(hooked.connects()).hasSizeGreaterThanOrEqualTo(FEWEST_CONNECTS);
        String server = ScriptedServer.OUTBOUND.getHostAddress();
        assertThat(hooked.visitors())
                .isNotEmpty()
                .allSatisfy((name, visitors) -> assertThat(visitors)
                        .as(name)
                        // the server has no IPv6 address of its own to connect from
                        .isSubsetOf(Set.of(server, name.startsWith("IPv6 loopback") ? "0:0:0:0:0:0:0:1" : server)));
    }

    @Test
    void hooked_sendsNamesToTheServer() {
        assertThat(hooked.connects()).anyMatch(exchange -> exchange.host().equals(ContractRun.NAME));
    }
}
