// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import java.nio.file.Path;
import java.util.List;
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
    private static final int FEWEST_PENDING_CASES = 20;

    /** REP of RFC 1928, section 6. */
    private static final int NETWORK_UNREACHABLE = 3;

    /** Of about 2,500, or 1,400 where there are no virtual threads. */
    private static final int FEWEST_CONNECTS = 1_300;

    private static final String UNREACHABLE = "unreachable target, a network's broadcast address";

    /** What is not loopback goes to the server in every hooked run, and it is the server that finds it out. */
    private static final Map<String, Difference> OF_THE_SERVER = Map.of(
            "unknown name in the constructor",
            new Difference("UnknownHostException", "NoRouteToHostException"),
            "unknown name by InetAddress.getByName",
            // names are not looked up here
            new Difference("UnknownHostException", "no-such-host.invalid/198.1"),
            UNREACHABLE,
            // the scripted server connects from loopback, so that the kernel's reason is another there
            new Difference("..unreachable..", "general server failure"));

    /** What no relay of RFC 1928's CONNECT carries. */
    private static final Map<String, Difference> OF_RELAYS = Map.of(
            "urgent data seen inline by the peer",
            new Difference("peer=a!b", "peer=ab"),
            "urgent data received",
            new Difference("not inline=ab; inline=a!b", "not inline=ab; inline=ab"),
            // on releases where such a Socket is possible still
            "new Socket(host, port, false)",
            new Difference("received=datagram", "UDP is not carried"));

    private static Path directory;
    private static ContractRun plain;

    /**
     * An outcome that is another when hooked.
     *
     * @param plain what the plain outcome contains; where it does not, as on another JDK, there is no difference
     * @param hooked what the hooked outcome then contains
     */
    private record Difference(String plain, String hooked) {}

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = new ContractProgram(directory).run();
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
    Stream<DynamicTest> routed_eachCaseIsAsPlain() throws Exception {
        return everyCase(new ContractProgram(directory).routed().run());
    }

    /** Each reply comes octet by octet, and there are more of them. */
    @TestFactory
    Stream<DynamicTest> routedThroughASlowServer_eachCaseIsAsPlain() throws Exception {
        return everyCase(new ContractProgram(directory)
                .routed()
                .authenticated()
                .faults(Fault.drip())
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAnUnreachableServer_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed()
                .unreachableServer()
                .pendingOnly()
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAServerThatDoesNotGreet_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed()
                .faults(Fault.silence(Step.ACCEPTED))
                .pendingOnly()
                .run());
    }

    @TestFactory
    Stream<DynamicTest> routedThroughAServerThatDoesNotAuthenticate_eachPendingCaseIsAsPlain() throws Exception {
        return pendingCases(new ContractProgram(directory)
                .routed()
                .authenticated()
                .faults(Fault.silence(Step.AUTH_READ))
                .pendingOnly()
                .run());
    }

    /** Plain, ENETUNREACH is a SocketException; reply 3 has the type that applications are told to expect for it. */
    @Test
    void routedThroughAServerThatCannotReachTheNetwork_saysSo() throws Exception {
        ContractRun hooked = new ContractProgram(directory)
                .routed()
                .faults(Fault.reply(NETWORK_UNREACHABLE))
                .only(UNREACHABLE)
                .run();

        assertThat(hooked.outcomes())
                .containsOnlyKeys(UNREACHABLE)
                .containsEntry(
                        UNREACHABLE,
                        plain.outcomes().get(UNREACHABLE).replace("SocketException", "NoRouteToHostException"));
    }

    @TestFactory
    Stream<DynamicTest> unrouted_eachCaseIsAsPlain() throws Exception {
        return compare(new ContractProgram(directory).unrouted().run(), List.of(OF_THE_SERVER));
    }

    private static Stream<DynamicTest> everyCase(ContractRun hooked) {
        return Stream.concat(
                compare(hooked, List.of(OF_THE_SERVER, OF_RELAYS)),
                Stream.of(
                        dynamicTest(
                                "all cases, in their order",
                                () -> assertThat(hooked.outcomes().keySet())
                                        .containsExactlyElementsOf(
                                                plain.outcomes().keySet())),
                        dynamicTest("all through the server", () -> {
                            assertThat(hooked.connects()).hasSizeGreaterThan(FEWEST_CONNECTS);
                            assertThat(hooked.directVisitors()).isEmpty();
                            ownListenersSawTheServerAlone(hooked);
                        }),
                        dynamicTest(
                                "names as names",
                                () -> assertThat(hooked.connects())
                                        .anyMatch(exchange -> exchange.host().equals(ContractProgram.NAME)))));
    }

    private static Stream<DynamicTest> pendingCases(ContractRun hooked) {
        return Stream.concat(
                compare(hooked, List.of()), Stream.of(dynamicTest("all pending cases, none of them direct", () -> {
                    assertThat(hooked.outcomes()).hasSizeGreaterThanOrEqualTo(FEWEST_PENDING_CASES);
                    assertThat(hooked.directVisitors()).isEmpty();
                })));
    }

    private static Stream<DynamicTest> compare(ContractRun hooked, List<Map<String, Difference>> differences) {
        return Stream.concat(
                hooked.outcomes().keySet().stream()
                        .map(name -> dynamicTest(name, () -> isAsPlain(name, hooked, differences))),
                Stream.of(dynamicTest(
                        "the end",
                        () -> assertThat(hooked.ended())
                                .as(hooked.result().toString())
                                .isTrue())));
    }

    private static void isAsPlain(String name, ContractRun hooked, List<Map<String, Difference>> differences) {
        String expected = plain.outcomes().get(name);
        String outcome = hooked.outcomes().get(name);
        for (Map<String, Difference> each : differences) {
            Difference difference = each.get(name);
            if (difference != null && expected.contains(difference.plain())) {
                assertThat(outcome).as(name).contains(difference.hooked());
                return;
            }
        }
        assertThat(outcome).as(name).isEqualTo(expected);
    }

    private static void ownListenersSawTheServerAlone(ContractRun hooked) {
        String server = ScriptedServer.OUTBOUND.getHostAddress();
        assertThat(hooked.visitors())
                .isNotEmpty()
                .allSatisfy((name, visitors) -> assertThat(visitors)
                        .as(name)
                        // the server connects to an IPv6 address from an IPv6 address
                        .containsExactly(name.startsWith("IPv6") ? "0:0:0:0:0:0:0:1" : server));
    }
}
