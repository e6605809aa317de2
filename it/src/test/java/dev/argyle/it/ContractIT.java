// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of the JDK's sockets: the same program runs plain and hooked, and each of its cases has the same
 * outcome, whether its connections go through a server (a quick one, a slow one, a silent one) or direct.
 */
class ContractIT {
    private static final int FEWEST_CASES = 200;

    /** REP of RFC 1928, section 6. */
    private static final int NETWORK_UNREACHABLE = 3;

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = ContractComparison.plain(directory);
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        ContractComparison.assertComplete(plain, FEWEST_CASES);
        assertThat(plain.connects()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> routed_eachCaseIsAsPlain() throws Exception {
        return everyCase(new ContractProgram(directory).routed(Way.HOOKS).run());
    }

    @TestFactory
    Stream<DynamicTest> routedByRecords_eachCaseIsAsPlain() throws Exception {
        return everyCase(
                new ContractProgram(directory).routedByRecords().run(), ContractDifferences.routedWithStandInsOfIPv6());
    }

    /** Each reply comes octet by octet, and there are more of them. */
    @TestFactory
    Stream<DynamicTest> routedThroughASlowServer_eachCaseIsAsPlain() throws Exception {
        return everyCase(new ContractProgram(directory)
                .routed(Way.HOOKS)
                .authenticated()
                .faults(Fault.drip())
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAnUnreachableServer_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed(Way.HOOKS)
                .unreachableServer()
                .pendingOnly()
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAServerThatDoesNotGreet_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed(Way.HOOKS)
                .faults(Fault.silence(Step.ACCEPTED))
                .pendingOnly()
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAServerThatDoesNotAuthenticate_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed(Way.HOOKS)
                .authenticated()
                .faults(Fault.silence(Step.AUTH_READ))
                .pendingOnly()
                .run());
    }

    /** Nobody is at the server's port, and that is what a refused connect is like. */
    @TestFactory
    Stream<DynamicTest> routedThroughADeadServer_eachRefusedCaseIsAsPlain() throws Exception {
        ContractRun hooked = new ContractProgram(directory)
                .routed(Way.HOOKS)
                .refusedByTheServer()
                .deadServer()
                .only("connect refused|connect refused after bind|state after a refused connect"
                        + "|constructor to a refused port")
                .run();

        return Stream.concat(
                ContractComparison.cases(plain, hooked, Map.of()),
                Stream.of(dynamicTest(
                        "all refused cases", () -> assertThat(hooked.outcomes()).hasSize(4))));
    }

    /** Plain, ENETUNREACH is a SocketException; reply 3 has the type that applications are told to expect for it. */
    @Test
    void routedThroughAServerThatCannotReachTheNetwork_saysSo() throws Exception {
        ContractRun hooked = new ContractProgram(directory)
                .routed(Way.HOOKS)
                .faults(Fault.reply(NETWORK_UNREACHABLE))
                .only(ContractDifferences.UNREACHABLE)
                .run();

        assertThat(hooked.outcomes())
                .containsOnlyKeys(ContractDifferences.UNREACHABLE)
                .containsEntry(
                        ContractDifferences.UNREACHABLE,
                        plain.outcomes()
                                .get(ContractDifferences.UNREACHABLE)
                                .replace("SocketException", "NoRouteToHostException"));
    }

    @TestFactory
    Stream<DynamicTest> unrouted_eachCaseIsAsPlain() throws Exception {
        return ContractComparison.cases(
                plain,
                new ContractProgram(directory).unrouted(Way.HOOKS).run(),
                ContractDifferences.unrouted(Way.HOOKS));
    }

    private static Stream<DynamicTest> everyCase(ContractRun hooked) {
        return everyCase(hooked, ContractDifferences.routed(Way.HOOKS));
    }

    private static Stream<DynamicTest> everyCase(ContractRun hooked, Map<String, Difference> differences) {
        return Stream.of(
                        ContractComparison.cases(plain, hooked, differences),
                        ContractComparison.allThroughTheServer(hooked, ContractComparison.FEWEST_CONNECTS),
                        Stream.of(dynamicTest(
                                "all cases, in their order",
                                () -> assertThat(hooked.outcomes().keySet())
                                        .containsExactlyElementsOf(
                                                plain.outcomes().keySet()))))
                .flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> pendingCases(ContractRun hooked) {
        return Stream.concat(
                ContractComparison.cases(plain, hooked, Map.of()),
                Stream.of(ContractComparison.pendingAndNoneDirect(hooked)));
    }
}
