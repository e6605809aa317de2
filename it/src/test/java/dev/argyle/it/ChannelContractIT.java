// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static dev.argyle.it.ContractDifferences.union;
import static dev.argyle.it.Difference.instead;
import static dev.argyle.it.Difference.maySay;
import static dev.argyle.it.Difference.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the JDK's channels and selectors: {@link ContractIT} for them. */
class ChannelContractIT {
    private static final int FEWEST_CASES = 160;
    private static final int FEWEST_CONNECTS = 400;
    private static final int FEWEST_PENDING_CONNECTS = 40;

    /** Programs that wait nearly all the time. */
    private static final int AT_ONCE = 5;

    private static final String UNREACHABLE = "channel's unreachable target, a network's broadcast address";
    private static final String UNRESOLVED = "UnresolvedAddressException";

    /** Where a server could be silent, one that asks for a password. */
    private static final List<Step> SILENT_AT = List.of(
            Step.ACCEPTED,
            Step.GREETING_READ,
            Step.METHOD_SENT,
            Step.AUTH_READ,
            Step.AUTH_SENT,
            Step.REQUEST_READ,
            Step.TARGET_TRIED);

    /** An unresolved address goes to the server as a name, where the JDK throws. */
    private static final Map<String, Difference> NAMES = Map.of(
            "channel with an unresolved address of an unknown name",
            says(UNRESOLVED, "connect=java.net.NoRouteToHostException: ..unreachable..; channel closed blocking"),
            "channel's socket with bad arguments",
            says("java.net.UnknownHostException", "unknown name=java.net.NoRouteToHostException: ..unreachable.."));

    /** On a busy machine the last of 50 conversions comes later than a connect waits for one, and it fails then. */
    private static final Map<String, Difference> BY_RECORDS = Map.of(
            "50 asynchronous channels at once",
            maySay("pings=40; refused=10", "was not converted to a name within 2 s"));

    /** Where the target's name is routed. */
    private static final Map<String, Difference> ROUTED_NAMES = Map.of(
            "channel with an unresolved address",
            says(
                    UNRESOLVED,
                    "connect=true; channel open blocking connected; non-blocking=true; channel open connected; open=true;"
                            + " of the socket=done; channel open blocking connected"),
            "asynchronous connect with an unresolved address",
            instead("java.nio.channels." + UNRESOLVED, "null"));

    /** The scripted server connects from loopback, so that the kernel's reason is another there. */
    private static final Map<String, Difference> OF_THE_SERVER =
            Map.of(UNREACHABLE, says("..unreachable..", "general server failure"));

    static final String OWN_ADDRESS = "EADDRNOTAVAIL, the local address and target of another channel";

    /** It is the server that cannot be reached from there, and is named. */
    private static final Map<String, Difference> FROM_OWN_ADDRESS =
            Map.of(OWN_ADDRESS, says("BindException", "java.net.BindException: No SOCKS server can be reached: "));

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = ContractComparison.plainChannels(directory);
    }

    private static ContractProgram program() {
        return new ContractProgram(directory).channels();
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        ContractComparison.assertComplete(plain, FEWEST_CASES);
        assertThat(plain.connects()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> routed_eachCaseIsAsPlain() throws Exception {
        return everyCase(program().routed(Way.HOOKS).run());
    }

    /** A run beside the one through a server that is quick and well. */
    private record Variant(String name, ContractProgram program, Function<ContractRun, Stream<DynamicTest>> checks) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Variant> variants() {
        List<Variant> all = new ArrayList<>();
        // each reply comes octet by octet, and there are more of them
        all.add(new Variant(
                "through a slow server",
                program().routed(Way.HOOKS).authenticated().faults(Fault.drip()),
                ChannelContractIT::everyCase));
        all.add(new Variant("by records", program().routedByRecords(), ChannelContractIT::casesByRecords));
        all.add(new Variant("unrouted", program().unrouted(Way.HOOKS), ChannelContractIT::unrouted));
        all.add(new Variant(
                "through an unreachable server",
                program().routed(Way.HOOKS).unreachableServer().pendingOnly(),
                ChannelContractIT::pendingCases));
        for (Step step : SILENT_AT) {
            all.add(new Variant(
                    "through a server that is silent at " + step,
                    program()
                            .routed(Way.HOOKS)
                            .authenticated()
                            .faults(Fault.silence(step))
                            .pendingOnly(),
                    step.compareTo(Step.REQUEST_READ) < 0
                            ? ChannelContractIT::pendingCases
                            : ChannelContractIT::pendingCasesOfServerThatWasAsked));
        }
        return all;
    }

    /** All of them at the same time, nearly: one waits for seconds in each of its cases. */
    @TestFactory
    Stream<DynamicContainer> variants_eachCaseIsAsPlain() throws Exception {
        return ContractRuns.each(
                variants(), AT_ONCE, variant -> variant.program.run(), (variant, run) -> variant.checks.apply(run));
    }

    private static Stream<DynamicTest> unrouted(ContractRun hooked) {
        return ContractComparison.cases(plain, hooked, union(NAMES, OF_THE_SERVER));
    }

    private static Stream<DynamicTest> everyCase(ContractRun hooked) {
        return everyCaseBut(hooked, Map.of());
    }

    private static Stream<DynamicTest> casesByRecords(ContractRun hooked) {
        return everyCaseBut(hooked, BY_RECORDS);
    }

    private static Stream<DynamicTest> everyCaseBut(ContractRun hooked, Map<String, Difference> others) {
        return Stream.of(
                        ContractComparison.cases(
                                plain, hooked, union(NAMES, ROUTED_NAMES, OF_THE_SERVER, FROM_OWN_ADDRESS, others)),
                        ContractComparison.allThroughTheServer(hooked, FEWEST_CONNECTS),
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

    /** What went past the server would be pending as well. */
    private static Stream<DynamicTest> pendingCasesOfServerThatWasAsked(ContractRun hooked) {
        return Stream.concat(
                pendingCases(hooked),
                Stream.of(dynamicTest(
                        "connects to the stalled target",
                        () -> assertThat(hooked.connects()).hasSizeGreaterThan(FEWEST_PENDING_CONNECTS))));
    }
}
