// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static dev.argyle.it.ContractDifferences.union;
import static dev.argyle.it.Difference.instead;
import static dev.argyle.it.Difference.maySay;
import static dev.argyle.it.Difference.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Setting;
import dev.argyle.it.real.Shadowsocks;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of the JDK's datagram sockets and channels: {@link ContractIT} for them, by each way in that reaches them and
 * through each server that carries datagrams.
 */
class DatagramContractIT {
    private static final int FEWEST_CASES = 300;

    /** Of sockets alone, which the plug-in point reaches. */
    private static final int FEWEST_CASES_OF_SOCKETS = 140;

    /** DatagramSocket and MulticastSocket, and not what channels make. */
    private static final String SOCKETS = "(?:DatagramSocket|MulticastSocket), .*";

    /**
     * Dante takes answers from the port alone that was sent to, and on the client's machine the port that a connected socket
     * wants back when it is disconnected; shadowsocks carries no large datagrams.
     */
    private static final String OF_REAL_SERVERS = "(?:DatagramSocket|DatagramChannel), (?:echo of (?:0|1|1472) octets.*"
            + "|written and read, 1472 octets.*|truncated to the packet.*|gathers and scatters.*|connect binds|send binds"
            + "|two peers on one socket|source of what is received|peer by name|peer by name, connected"
            + "|two names on .*|several datagrams wait|timeout ends.*|closed while receiving.*|interrupted while .*"
            + "|virtual thread.*|sockets at the same time|opened, used and closed|non-blocking, .*"
            + "|selector, (?:exchange.*|several keys|datagram ends a select|wakeup|a hundred exchanges))";

    private static final int FEWEST_CASES_OF_REAL_SERVERS = 45;

    private static final String[] KINDS = {"DatagramSocket, ", "MulticastSocket, ", "DatagramChannel.socket(), "};

    private static final Setting SETTING =
            Setting.PLAIN.host(ContractProgram.NAME, "127.0.0.2").host(DatagramContractProgram.OTHER_NAME, "127.0.0.2");

    /** Programs that mostly wait. */
    private static final int AT_ONCE = 2;

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = program().run();
    }

    private static DatagramContractProgram program() {
        return new DatagramContractProgram(directory);
    }

    /** What is another where a server carries the datagrams. */
    private static Map<String, Difference> ofRelays() {
        Map<String, Difference> all = new HashMap<>();
        for (String kind : KINDS) {
            // the header takes its part of what the kernel takes
            all.put(kind + "more than a datagram holds", says("Message too long", "Message too long: "));
            // no server tells that nobody was there
            all.put(
                    kind + "nobody at the peer's port",
                    instead("java.net.PortUnreachableException", "java.net.SocketTimeoutException: Receive timed out"));
            // the server takes it as it likes
            all.put(
                    kind + "wildcard address to send to",
                    maySay("received=anybody", "received=java.net.SocketTimeoutException: Receive timed out"));
        }
        all.put("DatagramChannel, more than a datagram holds", says("Message too long", "Message too long: "));
        return all;
    }

    /** What is another where the server alone knows the names' address. */
    private static Map<String, Difference> ofNames() {
        Map<String, Difference> all = ofRelays();
        for (String kind : KINDS) {
            // nothing in an answer says which of them it is from: it has the real address then
            all.put(
                    kind + "two names on one port",
                    instead("other=name from 0 1 2; one=name from 0 1 2", "other=name from 2; one=name from 2"));
            all.put(
                    kind + "name and address on one port",
                    instead("address=name from 0 1; name=name from 0 1", "address=name from 1; name=name from 1"));
        }
        return all;
    }

    /** What is another where java.net.NetMulticastSocket is before the platform's socket, as at each DatagramSocketImpl. */
    private static Map<String, Difference> ofPlugInPoint() {
        Map<String, Difference> all = new HashMap<>();
        for (String kind : List.of("DatagramSocket, ", "MulticastSocket, ")) {
            all.put(
                    kind + "calls when closed",
                    instead(
                            "option=java.nio.channels.ClosedChannelException",
                            "option=java.net.SocketException: Socket closed"));
            all.put(
                    kind + "wrong addresses to connect to",
                    instead("java.net.SocketException: Can't connect to port 0", "connect failed"));
            // Java 17's goes on without the kernel's connect, and filters
            all.put(kind + "broadcast", maySay("connect=java.net.BindException", "connect=done; received=to all"));
            // it is not told of the end
            for (String timed : List.of("", " with a timeout")) {
                all.put(
                        kind + "virtual thread interrupted while receiving" + timed,
                        instead("flags bound closed", "flags bound"));
            }
        }
        // the JDK takes one factory, once
        all.put(
                "DatagramSocket, own DatagramSocketImplFactory",
                says("set=done", "set=java.net.SocketException: factory already defined"));
        return all;
    }

    /** That class has words of its own for what is the same. */
    private static ContractRun inItsWords(ContractRun run) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        run.outcomes()
                .forEach((name, outcome) -> outcomes.put(
                        name,
                        outcome.replaceAll(
                                        "java.lang.IllegalArgumentException: [^;]*|java.nio.channels.Unsupported"
                                                + "AddressTypeException",
                                        "java.lang.IllegalArgumentException")
                                .replaceAll("/0:0:0:0:0:0:0:0|/\\[0:0:0:0:0:0:0:0]|0\\.0\\.0\\.0/0\\.0\\.0\\.0", "any")
                                .replace("already bound", "Already bound")
                                .replace("Socket is closed", "Socket closed")));
        return new ContractRun(run.result(), outcomes, run.visitors(), run.connects(), run.directVisitors());
    }

    @Test
    void plain_runsEveryCaseToItsEnd() {
        ContractComparison.assertComplete(plain, FEWEST_CASES);
    }

    @TestFactory
    Stream<DynamicTest> routed_eachCaseIsAsPlain() throws Exception {
        return everyCase(plain, program().routed(Way.HOOKS).run(), ofNames(), FEWEST_CASES);
    }

    /** The plug-in point is that of DatagramSocket and MulticastSocket alone. */
    @TestFactory
    Stream<DynamicContainer> routedByPlugInPoint_eachSocketIsAsPlain() throws Exception {
        return ContractRuns.each(
                List.of(Way.FACTORIES, Way.LIBRARY),
                AT_ONCE,
                way -> program().routed(way).only(SOCKETS).run(),
                (way, run) -> everyCase(
                        inItsWords(plain),
                        inItsWords(run),
                        union(ofRelays(), ofPlugInPoint()),
                        FEWEST_CASES_OF_SOCKETS));
    }

    @TestFactory
    Stream<DynamicContainer> unrouted_eachCaseIsAsPlain() throws Exception {
        return ContractRuns.each(
                List.of(Way.HOOKS, Way.FACTORIES),
                AT_ONCE,
                way -> program().unrouted(way).run(),
                (way, run) -> way == Way.HOOKS
                        ? ContractComparison.cases(plain, run, Map.of())
                        : ContractComparison.cases(inItsWords(plain), inItsWords(run), ofPlugInPoint()));
    }

    @Test
    void dante_keepsTheContract() throws Exception {
        try (Dante dante = Dante.start(SETTING)) {
            assertKept(
                    program().only(OF_REAL_SERVERS).routedThrough(dante.port()).run());
        }
    }

    @Test
    void shadowsocks_keepsTheContract() throws Exception {
        try (Shadowsocks shadowsocks = Shadowsocks.start(SETTING)) {
            assertKept(program()
                    .only(OF_REAL_SERVERS)
                    .routedThrough(shadowsocks.port())
                    .run());
        }
    }

    private static void assertKept(ContractRun run) {
        Map<String, String> differing = new TreeMap<>(run.outcomes());
        differing.entrySet().removeAll(plain.outcomes().entrySet());
        differing.keySet().removeAll(ofNames().keySet());
        assertThat(differing).isEmpty();
        assertThat(run.ended()).isTrue();
        assertThat(run.outcomes()).hasSizeGreaterThan(FEWEST_CASES_OF_REAL_SERVERS);
        assertThat(run.directVisitors()).isEmpty();
    }

    private static Stream<DynamicTest> everyCase(
            ContractRun expected, ContractRun run, Map<String, Difference> differences, int fewestCases) {
        return Stream.concat(
                ContractComparison.cases(expected, run, differences),
                Stream.of(
                        dynamicTest(
                                "all cases", () -> assertThat(run.outcomes()).hasSizeGreaterThan(fewestCases)),
                        dynamicTest("all through the server", () -> {
                            assertThat(run.connects()).hasSizeGreaterThan(fewestCases);
                            assertThat(run.directVisitors()).isEmpty();
                        })));
    }
}
