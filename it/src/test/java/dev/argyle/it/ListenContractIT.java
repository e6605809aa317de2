// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static dev.argyle.it.Difference.instead;
import static dev.argyle.it.Difference.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Setting;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of what listens: {@link ContractIT} for it. The plain program listens at the address from which the
 * server connects, and the other has the server listen there.
 */
class ListenContractIT {
    private static final int FEWEST_CASES = 130;
    private static final int FEWEST_BINDS = 200;

    /** Programs that mostly wait. */
    private static final int AT_ONCE = 3;

    private static final String IN_USE = ".*, bind to a port in use";

    private static final String ANY = "0.0.0.0/0.0.0.0";
    private static final String SERVERS = "/127.0.0.9";

    /** What a server does otherwise than the kernel. */
    private static final Map<String, Difference> OF_BIND = Map.of(
            // BIND has no say which port it is
            "ServerSocket, bind to a port in use",
            says("BindException", "bind=done"),
            "ServerSocketChannel, bind to a port in use",
            says("BindException", "bind=done"),
            "AsynchronousServerSocketChannel, bind to a port in use",
            says("BindException", "bind=done"),
            // one BIND, one peer
            "ServerSocket, two visitors before accept",
            says("second=came", "second=java.io.EOFException"),
            "ServerSocket, port after accept",
            instead("same port=true", "same port=false"));

    /** The same in more words. */
    private static final Difference IN_USE_AT_THE_SERVER = instead(
            "Address already in use",
            "Address already in use: listening for 0.0.0.0:0 (BIND): SOCKS server 127.0.0.1:<port>: the server replied:"
                    + " the address to listen at is in use (0x05, S5_EADDRINUSE)");

    /** Where the rule holds for what asks for no address, and for any. */
    private static final Map<String, Difference> OF_ALL = Map.of(
            "ServerSocket, made without an address",
            instead(ANY, SERVERS),
            "ServerSocket, bound to no address",
            instead(ANY, SERVERS),
            "ServerSocketChannel, bound to no address",
            instead("/[0:0:0:0:0:0:0:0]", SERVERS),
            "ServerSocket, local address that no visitor knows",
            instead("127.0.0.5", "127.0.0.9"));

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = program().run();
    }

    private static ListenContractProgram program() {
        return new ListenContractProgram(directory);
    }

    private static List<Exchange> binds(ContractRun run) {
        return run.connects().stream()
                .filter(exchange -> exchange.listening() != null)
                .toList();
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        ContractComparison.assertComplete(plain, FEWEST_CASES);
    }

    @TestFactory
    Stream<DynamicTest> routed_eachCaseIsAsPlain() throws Exception {
        return everyCase(program().bind("*").run());
    }

    /** A run beside the one of which everything listens at a server that is quick and well. */
    private record Variant(
            String name, ListenContractProgram program, Function<ContractRun, Stream<DynamicTest>> checks) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Variant> variants() {
        List<Variant> all = new ArrayList<>();
        all.add(new Variant(
                "through a slow server",
                program().bind("*").faults(Fault.drip(), Fault.second(Fault.drip())),
                ListenContractIT::everyCase));
        all.add(new Variant("by address", program().bind("local:127.0.0.9"), ListenContractIT::byAddress));
        all.add(new Variant(
                "by peer",
                program()
                        .bind("peer:127.0.0.2")
                        .only("ServerSocket, (?:at a connection's own address|local address.*)"),
                ListenContractIT::byPeer));
        all.add(new Variant("by no rule", program().bind("port:1"), ListenContractIT::byNoRule));
        return all;
    }

    @TestFactory
    Stream<DynamicContainer> variants_eachCaseIsAsPlain() throws Exception {
        return ContractRuns.each(
                variants(), AT_ONCE, variant -> variant.program.run(), (variant, run) -> variant.checks.apply(run));
    }

    /** Whom the server tells that its port is in use; each case binds thrice. */
    @TestFactory
    Stream<DynamicTest> inUse_isAsPlain() throws Exception {
        Fault[] none = {};
        Fault[] inUse = {Fault.addressInUse()};
        ContractRun run = program()
                .bind("*")
                .only(IN_USE)
                .faultsOfFirst(List.of(none, inUse, none, none, inUse, none, none, inUse, none))
                .run();
        return ContractComparison.cases(
                plain,
                run,
                Map.of(
                        "ServerSocket, bind to a port in use",
                        IN_USE_AT_THE_SERVER,
                        "ServerSocketChannel, bind to a port in use",
                        IN_USE_AT_THE_SERVER,
                        "AsynchronousServerSocketChannel, bind to a port in use",
                        IN_USE_AT_THE_SERVER));
    }

    @Test
    void dante_keepsTheContract() throws Exception {
        try (Dante dante = Dante.start(Setting.PLAIN)) {
            ContractRun run = program().bind("*").through(dante.port()).run();

            Map<String, String> differing = new TreeMap<>(run.outcomes());
            differing.entrySet().removeAll(plain.outcomes().entrySet());
            differing.keySet().removeAll(OF_BIND.keySet());
            differing.keySet().removeAll(OF_ALL.keySet());
            assertThat(differing).isEmpty();
            assertThat(run.ended()).isTrue();
            assertThat(run.outcomes()).hasSameSizeAs(plain.outcomes());
            assertThat(run.directVisitors()).isEmpty();
        }
    }

    private static Stream<DynamicTest> everyCase(ContractRun run) {
        return Stream.concat(
                ContractComparison.cases(plain, run, ofAll()),
                Stream.of(
                        dynamicTest(
                                "all cases, in their order",
                                () -> assertThat(run.outcomes().keySet())
                                        .containsExactlyElementsOf(
                                                plain.outcomes().keySet())),
                        dynamicTest("all through the server", () -> {
                            assertThat(binds(run)).hasSizeGreaterThan(FEWEST_BINDS);
                            assertThat(run.directVisitors()).isEmpty();
                        })));
    }

    private static Stream<DynamicTest> byAddress(ContractRun run) {
        return Stream.concat(
                ContractComparison.cases(plain, run, OF_BIND),
                Stream.of(dynamicTest(
                        "through the server", () -> assertThat(binds(run)).hasSizeGreaterThan(FEWEST_BINDS))));
    }

    /** Whom the client's connection goes to is expected to connect. */
    private static Stream<DynamicTest> byPeer(ContractRun run) {
        return Stream.concat(
                ContractComparison.cases(plain, run, Map.of()),
                Stream.of(dynamicTest(
                        "one for the peer",
                        () -> assertThat(binds(run))
                                .singleElement()
                                .satisfies(bind -> assertThat(bind.host() + ":" + bind.port())
                                        .isEqualTo("127.0.0.2:0")))));
    }

    private static Stream<DynamicTest> byNoRule(ContractRun run) {
        return Stream.concat(
                ContractComparison.cases(plain, run, Map.of()),
                Stream.of(dynamicTest(
                        "nothing at the server", () -> assertThat(binds(run)).isEmpty())));
    }

    private static Map<String, Difference> ofAll() {
        Map<String, Difference> all = new TreeMap<>(OF_ALL);
        all.putAll(OF_BIND);
        return all;
    }
}
