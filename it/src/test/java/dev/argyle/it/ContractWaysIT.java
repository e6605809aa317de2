// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract by the ways in beside the hooks: what the way reaches is all routed and keeps the contract, and what it does
 * not reach is as plain.
 */
class ContractWaysIT {
    private static final Set<Way> WAYS = EnumSet.complementOf(EnumSet.of(Way.HOOKS));

    /** Programs that mostly wait. */
    private static final int AT_ONCE = 3;

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = ContractComparison.plain(directory);
    }

    private static ContractProgram program() {
        return new ContractProgram(directory);
    }

    private static String named(Set<String> cases) {
        return cases.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    }

    private static String inReach(Way way) {
        return "(?!(" + named(ContractDifferences.outOfReach(way)) + ")$).*";
    }

    @TestFactory
    Stream<DynamicContainer> routed_whatIsInReachIsAsPlainAndThroughTheServer() throws Exception {
        return ContractRuns.each(
                WAYS,
                AT_ONCE,
                way -> program().routed(way).only(inReach(way)).run(),
                (way, run) -> Stream.of(
                                ContractComparison.cases(plain, run, ContractDifferences.routed(way)),
                                ContractComparison.allThroughTheServer(run, ContractComparison.FEWEST_CONNECTS),
                                Stream.of(dynamicTest("all cases in reach, in their order", () -> {
                                    List<String> expected =
                                            new ArrayList<>(plain.outcomes().keySet());
                                    expected.removeAll(ContractDifferences.outOfReach(way));
                                    assertThat(run.outcomes().keySet()).containsExactlyElementsOf(expected);
                                })))
                        .flatMap(tests -> tests));
    }

    @TestFactory
    Stream<DynamicContainer> routed_whatIsOutOfReachIsAsPlain() throws Exception {
        return ContractRuns.each(
                WAYS,
                AT_ONCE,
                way -> program()
                        .routed(way)
                        .only(named(ContractDifferences.outOfReach(way)))
                        .run(),
                (way, run) -> Stream.concat(
                        ContractComparison.cases(plain, run, ContractDifferences.routed(way)),
                        Stream.of(dynamicTest("all cases out of reach, some of them direct", () -> {
                            assertThat(run.outcomes()).containsOnlyKeys(ContractDifferences.outOfReach(way));
                            assertThat(run.directVisitors()).isNotEmpty();
                        }))));
    }

    @TestFactory
    Stream<DynamicContainer> routedThroughAServerThatDoesNotGreet_eachPendingCaseIsAsPlain() throws Exception {
        return ContractRuns.each(
                WAYS,
                AT_ONCE,
                way -> program()
                        .routed(way)
                        .faults(Fault.silence(Step.ACCEPTED))
                        .pendingOnly()
                        .only(inReach(way))
                        .run(),
                (way, run) -> Stream.concat(
                        ContractComparison.cases(plain, run, ContractDifferences.routed(way)),
                        Stream.of(ContractComparison.pendingAndNoneDirect(run))));
    }

    /** The agent's factories and the library are one code but for how it gets in. */
    @TestFactory
    Stream<DynamicContainer> unrouted_eachCaseIsAsPlain() throws Exception {
        return ContractRuns.each(
                EnumSet.of(Way.FACTORIES, Way.LIBRARY),
                AT_ONCE,
                way -> program().unrouted(way).run(),
                (way, run) -> ContractComparison.cases(plain, run, ContractDifferences.unrouted(way)));
    }
}
