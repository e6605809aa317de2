// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.ScriptedServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** Compares runs of the contract's program with the plain one. */
final class ContractComparison {
    /** Of about 2,500 of the contract of sockets, or 1,400 where there are no virtual threads. */
    static final int FEWEST_CONNECTS = 1_300;

    private static final int FEWEST_PENDING_CASES = 18;

    private static @Nullable ContractRun plain; // guarded by the class
    private static @Nullable ContractRun plainChannels; // guarded by the class

    private ContractComparison() {}

    /** The plain run has had so many cases, or more, and each of them has come to its end. */
    static void assertComplete(ContractRun plain, int fewestCases) {
        assertThat(plain.outcomes()).hasSizeGreaterThanOrEqualTo(fewestCases);
        assertThat(plain.outcomes().values())
                .as(() -> plain.result().err())
                .noneMatch(outcome -> outcome.startsWith("HUNG") || outcome.startsWith("UNEXPECTED"));
        assertThat(plain.ended()).isTrue();
    }

    /** The plain run, made once for all test classes of a JVM; its files go to the directory. */
    static synchronized ContractRun plain(Path directory) throws Exception {
        ContractRun known = plain;
        if (known == null) {
            known = new ContractProgram(directory).run();
            plain = known;
        }
        return known;
    }

    /** The same for the contract of channels. */
    static synchronized ContractRun plainChannels(Path directory) throws Exception {
        ContractRun known = plainChannels;
        if (known == null) {
            known = new ContractProgram(directory).channels().run();
            plainChannels = known;
        }
        return known;
    }

    /** Each of the run's cases is as plain, but for the differences. */
    static Stream<DynamicTest> cases(ContractRun plain, ContractRun routed, Map<String, Difference> differences) {
        return Stream.concat(
                routed.outcomes().keySet().stream()
                        .map(name -> dynamicTest(name, () -> isAsPlain(name, plain, routed, differences))),
                Stream.of(dynamicTest(
                        "the end",
                        () -> assertThat(routed.ended())
                                .as(routed.result().toString())
                                .isTrue())));
    }

    private static void isAsPlain(
            String name, ContractRun plain, ContractRun routed, Map<String, Difference> differences) {
        String expected = plain.outcomes().get(name);
        String outcome = routed.outcomes().get(name);
        Difference difference = differences.get(name);
        if (difference != null && difference.applies(expected)) {
            difference.check(name, expected, outcome);
        } else {
            assertThat(outcome).as(name).isEqualTo(expected);
        }
    }

    /** Nothing of the run went past the server, and names got there as names. */
    static Stream<DynamicTest> allThroughTheServer(ContractRun routed, int fewestConnects) {
        return Stream.of(
                dynamicTest("all through the server", () -> {
                    assertThat(routed.connects()).hasSizeGreaterThan(fewestConnects);
                    assertThat(routed.directVisitors()).isEmpty();
                    ownListenersSawTheServerAlone(routed);
                }),
                dynamicTest(
                        "names as names",
                        () -> assertThat(routed.connects())
                                .anyMatch(exchange -> exchange.host().equals(ContractProgram.NAME))));
    }

    /** The run had the pending cases, and none of them went past the server. */
    static DynamicTest pendingAndNoneDirect(ContractRun routed) {
        return dynamicTest("all pending cases, none of them direct", () -> {
            assertThat(routed.outcomes()).hasSizeGreaterThanOrEqualTo(FEWEST_PENDING_CASES);
            assertThat(routed.directVisitors()).isEmpty();
        });
    }

    private static void ownListenersSawTheServerAlone(ContractRun routed) {
        String server = ScriptedServer.OUTBOUND.getHostAddress();
        assertThat(routed.visitors())
                .isNotEmpty()
                .allSatisfy((name, visitors) -> assertThat(visitors)
                        .as(name)
                        // the server connects to an IPv6 address from an IPv6 address
                        .containsExactly(isIpv6(name, routed) ? "0:0:0:0:0:0:0:1" : server));
    }

    /** The wildcard is for this machine to take, if the client does not leave it to the server. */
    private static boolean isIpv6(String name, ContractRun routed) {
        return name.startsWith("IPv6")
                || (name.equals("wildcard target ::")
                        && routed.outcomes().get(name).contains("addr=/0:0:0:0:0:0:0:0,"));
    }
}
