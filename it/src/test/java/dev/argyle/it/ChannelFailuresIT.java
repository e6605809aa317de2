// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ChannelAttempts;
import dev.argyle.it.app.FailedConnects;
import dev.argyle.it.app.PendingConnects;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do to channels, in whatever way they connect: {@link FailClosedIT} and {@link FailoverIT} for them. */
class ChannelFailuresIT {
    private static final String HOST = "127.0.0.2";
    private static final int WAYS = 11;
    private static final int GENERAL_FAILURE = 1;

    private Targets targets;
    private ScriptedServer first;
    private ScriptedServer second;
    private int echo;

    @BeforeEach
    void start() throws IOException {
        targets = Targets.start();
        echo = targets.echo();
        first = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
        second = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
        assertThat(targets.directVisitors()).as("connections past the servers").isEmpty();
        targets.close();
    }

    private String one(String more) {
        return "proxy=socks5h://bob:hunter2@127.0.0.1:" + first.port() + ",bypass=none" + more;
    }

    private String both(String more) {
        return "proxy=socks5h://bob:hunter2@127.0.0.1:" + first.port() + ",socks5h://bob:hunter2@127.0.0.1:"
                + second.port() + ",bypass=none" + more;
    }

    private List<String> run(String agent, String order, String... ways) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(HOST, echo, order));
        arguments.addAll(List.of(ways));
        JvmResult result = Jvm.of(ChannelAttempts.class)
                .agent(agent)
                .arguments(arguments.toArray())
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.toString()).doesNotContain("hunter2");
        assertThat(result.lines()).as(result.toString()).hasSize(ways.length == 0 ? WAYS : ways.length);
        return result.lines();
    }

    static List<Fault> deaths() {
        List<Fault> deaths = new ArrayList<>();
        for (Step step : EnumSet.complementOf(EnumSet.of(Step.REPLY_SENT))) {
            for (Ending ending : Ending.values()) {
                deaths.add(new Fault.End(step, ending));
            }
        }
        deaths.add(Fault.garbage());
        deaths.add(Fault.http());
        deaths.add(Fault.method(0xFF));
        for (int rep = 1; rep <= 9; rep++) {
            deaths.add(Fault.reply(rep));
        }
        return deaths;
    }

    /** The deadlines end what is silent: here no channel has a timeout of its own that would. */
    @ParameterizedTest
    @MethodSource("deaths")
    void onlyServerFails_eachWayIsToldAndClosed(Fault fault) throws Exception {
        first.faults(fault);

        List<String> outcomes = run(one(",connect.timeout=600ms,handshake.timeout=600ms"), "at-once");

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome)
                        .matches("[A-Z_]+ \\d+ failed java\\.net\\.(Connect|NoRouteToHost|Socket)Exception: .*"
                                + "127\\.0\\.0\\.2:" + echo + ": SOCKS server 127\\.0\\.0\\.1:" + first.port() + ": .*")
                        .doesNotContain("still open"));
    }

    @Test
    void onlyServerDoesNotListen_eachWayIsToldAndClosed() throws Exception {
        first.refuse();

        assertThat(run(one(""), "at-once"))
                .allSatisfy(outcome -> assertThat(outcome)
                        .matches("[A-Z_]+ \\d+ failed java\\.net\\.ConnectException: No SOCKS server can be reached: .*"
                                + ": Connection refused"));
    }

    @Test
    void onlyServerHasNoIPv4_channelsOfThatFamilySaySo() throws Exception {
        String agent = "proxy=socks5h://[::1]:" + first.port() + ",bypass=none";

        List<String> outcomes = run(agent, "one-by-one", "INET_FAMILY", "BLOCKING");

        assertThat(outcomes.get(0))
                .endsWith(": SOCKS server ::1: it has IPv6 addresses only, and this socket has no IPv6");
        assertThat(outcomes.get(1)).endsWith(": SOCKS server [::1]:" + first.port() + ": Connection refused");
    }

    @Test
    void firstServerHasNoIPv4_channelsOfThatFamilyGoOn() throws Exception {
        String agent = "proxy=socks5h://[::1]:" + first.port() + ",socks5h://bob:hunter2@127.0.0.1:" + second.port()
                + ",bypass=none";

        assertThat(run(agent, "one-by-one", "INET_FAMILY"))
                .allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
    }

    /** Nothing of it is ever connected, so that the kernel tells no selector anything. */
    @Test
    void onlyServerDropsPackets_eachWayEndsWithConnectTimeout() throws Exception {
        String agent = "proxy=127.0.0.2:" + targets.full() + ",bypass=none,connect.timeout=500ms";

        assertThat(run(agent, "at-once"))
                .allSatisfy(outcome -> assertThat(outcome)
                        .matches("[A-Z_]+ \\d+ failed java\\.net\\.ConnectException: No SOCKS server can be reached: .*"
                                + ": not reached within 500 ms \\(connect.timeout\\)"));
    }

    static Stream<Fault> faults() {
        return FailoverIT.faults().map(ChannelFailuresIT::fault);
    }

    private static Fault fault(Arguments arguments) {
        return (Fault) arguments.get()[1];
    }

    /** The two fail by turns, so that each connect begins with one that fails and goes on with the other. */
    @ParameterizedTest
    @MethodSource("faults")
    void serversFailByTurns_eachWayGoesOnWithTheSameDescriptor(Fault fault) throws Exception {
        failByTurns(fault);

        List<String> outcomes = run(both(""), "one-by-one");

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
        assertThat(first.exchanges()).hasSize(WAYS);
        assertThat(second.exchanges()).hasSize(WAYS);
    }

    private void failByTurns(Fault fault) {
        for (int i = 0; i < (WAYS + 1) / 2; i++) {
            first.faultsForNext(1, fault);
            first.faultsForNext(1);
            second.faultsForNext(1);
            second.faultsForNext(1, fault);
        }
    }

    /** Who begins when another has found out already does not come to that server, and has nothing to wait for. */
    @Test
    void firstServerIsSilent_eachWayGoesOnAfterConnectTimeout() throws Exception {
        first.faults(Fault.silence(Step.GREETING_READ));

        List<String> outcomes = run(both(",connect.timeout=5s"), "at-once");

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
        assertThat(second.exchanges()).hasSize(WAYS);
        assertThat(first.exchanges()).isNotEmpty();
        assertThat(outcomes)
                .filteredOn(outcome -> millis(outcome) >= 5_000)
                .hasSizeGreaterThanOrEqualTo(first.exchanges().size());
    }

    private static int millis(String outcome) {
        return Integer.parseInt(outcome.split(" ")[1]);
    }

    @Test
    void firstServerDropsPackets_eachWayGoesOnAndRemembersIt() throws Exception {
        String agent = "proxy=127.0.0.2:" + targets.full() + ",socks5h://bob:hunter2@127.0.0.1:" + second.port()
                + ",bypass=none,connect.timeout=5s";

        assertThat(run(agent, "at-once"))
                .allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
        List<String> later = run(agent, "one-by-one", "SELECTOR", "SELECTOR", "FUTURE", "BLOCKING");
        assertThat(later).allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
        assertThat(later.subList(1, 4))
                .allSatisfy(outcome -> assertThat(millis(outcome)).isLessThan(5_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 255})
    void targetIsJudged_isFinalInEachWay(int rep) throws Exception {
        first.faults(Fault.reply(rep));

        assertThat(run(both(",on-failure=direct"), "at-once"))
                .allSatisfy(outcome -> assertThat(outcome).contains(" failed java.net."));
        assertThat(second.exchanges()).isEmpty();
    }

    /** The JDK reads the hosts file at each look-up, and this one has nothing to read until somebody writes. */
    @Test
    void serverIsBeingLookedUp_connectsThatDoNotWaitArePending(@TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();
        try (JvmProcess process = Jvm.of(PendingConnects.class)
                .agent("proxy=bob:hunter2@bastion.argyle.test:" + first.port() + ",bypass=none")
                .property("jdk.net.hosts.file", hosts.toString())
                .arguments(HOST, echo)
                .start()) {
            process.awaitOut("pending\n");

            Files.writeString(hosts, "127.0.0.1 bastion.argyle.test\n");

            assertThat(process.await().lines()).containsExactly("pending", "connected", "connected");
        }
        assertThat(first.exchanges()).hasSize(2);
    }

    @Test
    void serverIsNotLookedUpInTime_connectsThatDoNotWaitEnd(@TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();

        JvmResult result = Jvm.of(ChannelAttempts.class)
                .agent("proxy=bastion.argyle.test:" + first.port() + ",bypass=none,connect.timeout=400ms")
                .property("jdk.net.hosts.file", hosts.toString())
                .arguments(HOST, echo, "at-once")
                .run();

        assertThat(result.lines())
                .hasSize(WAYS)
                .allSatisfy(outcome -> assertThat(outcome)
                        .matches("[A-Z_]+ \\d+ failed java\\.net\\.ConnectException: No SOCKS server can be reached: .*"
                                + ": SOCKS server bastion.argyle.test: its name was not looked up in time"));
    }

    @ParameterizedTest
    @MethodSource("dev.argyle.it.FailoverIT#leavings")
    void connectsFailManyTimes_leaveNothingBehind(List<Fault> faults) throws Exception {
        first.faults(faults.toArray(new Fault[0]));
        second.refuse();

        JvmResult result = Jvm.of(FailedConnects.class)
                .agent(both(""))
                .options("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED")
                .arguments(HOST, echo, 400, "channel")
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("failed 400", "descriptors grew by 0", "under way 0");
    }

    @Test
    void onFailureDirect_eachWayGoesDirectAndWarns() throws Exception {
        first.faults(Fault.reply(GENERAL_FAILURE));
        try (Targets others = Targets.start()) {
            JvmResult result = Jvm.of(ChannelAttempts.class)
                    .agent(one(",on-failure=direct"))
                    .arguments(HOST, others.echo(), "at-once")
                    .run();

            assertThat(result.lines())
                    .hasSize(WAYS)
                    .allSatisfy(outcome -> assertThat(outcome).matches("[A-Z_]+ \\d+ ok ping"));
            assertThat(result.err()).contains("[argyle] WARN: ").contains("on-failure=direct");
            assertThat(others.directVisitors()).hasSize(WAYS);
        }
    }
}
