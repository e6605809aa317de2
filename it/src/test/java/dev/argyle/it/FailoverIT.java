// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.argyle.it.app.Attempts;
import dev.argyle.it.app.CloseWhileConnecting;
import dev.argyle.it.app.FailedConnects;
import dev.argyle.it.app.OneDescriptor;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first server fails, and the application's own descriptor goes on to the next. */
class FailoverIT {
    private static final int GENERAL_FAILURE = 1;
    private static final String HOST = "127.0.0.2";

    private Targets targets;
    private ScriptedServer first;
    private ScriptedServer second;
    private int echo;

    @BeforeEach
    void start() throws IOException {
        targets = Targets.start();
        first = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
        second = ScriptedServer.start();
        echo = targets.echo();
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
        assertThat(targets.directVisitors()).as("connections past the servers").isEmpty();
        targets.close();
    }

    private String proxies(ScriptedServer... others) {
        StringBuilder text = new StringBuilder("proxy=socks5h://bob:hunter2@127.0.0.1:" + first.port());
        text.append(",socks5h://127.0.0.1:").append(second.port());
        for (ScriptedServer other : others) {
            text.append(",socks5h://127.0.0.1:").append(other.port());
        }
        return text + ",bypass=none";
    }

    private JvmResult attempts(String agent, int timeoutMillis, int attempts) throws Exception {
        JvmResult result = Jvm.of(Attempts.class)
                .agent(agent)
                .arguments(HOST, echo, timeoutMillis, attempts)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    private static String line(JvmResult result, String beginning) {
        return result.lines().stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + beginning + " in " + result));
    }

    private static long millis(JvmResult result) {
        return Long.parseLong(line(result, "attempt 0 ").substring("attempt 0 ".length()));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                        Stream.of(Step.ACCEPTED, Step.GREETING_READ, Step.AUTH_READ, Step.AUTH_SENT, Step.REQUEST_READ)
                                .flatMap(step -> Stream.of(Fault.close(step), Fault.reset(step))),
                        Stream.of(
                                Fault.method(0xFF),
                                Fault.method(1),
                                new Fault.MethodVersion(4),
                                Fault.garbage(),
                                Fault.http(),
                                Fault.tlsAlert(),
                                Fault.sshBanner(),
                                new Fault.AuthVersion(5),
                                new Fault.ReplyVersion(4),
                                new Fault.CutReply(3, Ending.CLOSE),
                                new Fault.CutReply(3, Ending.RESET),
                                Fault.reply(GENERAL_FAILURE)))
                .flatMap(each -> each)
                .map(fault -> arguments(fault.toString().lines().findFirst().orElseThrow(), fault));
    }

    private void assertUnchanged(JvmResult result) throws InterruptedException {
        assertThat(result.lines()).as(result.toString()).contains("ok ping");
        assertThat(line(result, "after ").substring("after ".length()))
                .isEqualTo(line(result, "before ").substring("before ".length()));
        assertThat(line(result, "before "))
                .contains("SO_KEEPALIVE=true", "SO_LINGER=7", "TCP_KEEPIDLE=77", "descriptor=[socket:[");
        InetSocketAddress client = second.awaitConnects(1).get(0).client();
        assertThat(line(result, "local "))
                .isEqualTo("local " + client.getAddress().getHostAddress() + ":" + client.getPort());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void connect_firstServerFails_goesOnWithTheSameDescriptor(String name, Fault fault) throws Exception {
        first.faults(fault);

        JvmResult result = Jvm.of(OneDescriptor.class)
                .agent(proxies())
                .arguments(HOST, echo, 0, "ephemeral", "platform")
                .run();

        assertUnchanged(result);
        assertThat(first.exchanges()).hasSize(1);
    }

    static Stream<Arguments> ways() {
        Stream<Arguments> platform = Stream.of(
                arguments("none", 0, "platform"),
                arguments("explicit", 0, "platform"),
                arguments("none", 20_000, "platform"),
                arguments("ephemeral", 20_000, "platform"),
                arguments("explicit", 20_000, "platform"));
        Stream<Arguments> virtual = Stream.of(
                arguments("none", 0, "virtual"),
                arguments("ephemeral", 20_000, "virtual"),
                arguments("explicit", 0, "virtual"));
        return TestJava.feature() < 21 ? platform : Stream.concat(platform, virtual);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void connect_anyBindTimeoutAndThread_goesOnWithTheSameDescriptor(String bind, int timeoutMillis, String thread)
            throws Exception {
        first.faults(Fault.reply(GENERAL_FAILURE));
        try (ScriptedServer middle =
                ScriptedServer.builder().faults(Fault.reset(Step.REQUEST_READ)).start()) {
            String agent = "proxy=socks5h://bob:hunter2@127.0.0.1:" + first.port() + ",socks5h://127.0.0.1:"
                    + middle.port() + ",socks5h://127.0.0.1:" + second.port() + ",bypass=none";

            JvmResult result = Jvm.of(OneDescriptor.class)
                    .agent(agent)
                    .arguments(HOST, echo, timeoutMillis, bind, thread)
                    .run();

            assertUnchanged(result);
            assertThat(first.exchanges()).hasSize(1);
            assertThat(middle.exchanges()).hasSize(1);
        }
    }

    @Test
    void connect_firstServerRefuses_goesOn() throws Exception {
        first.refuse();

        JvmResult result = Jvm.of(OneDescriptor.class)
                .agent(proxies())
                .arguments(HOST, echo, 0, "explicit", "platform")
                .run();

        assertUnchanged(result);
    }

    @Test
    void connect_firstServerFailed_isTriedLastAfterwards() throws Exception {
        first.faults(Fault.reply(GENERAL_FAILURE));
        second.faultsForNext(1);
        second.faultsForNext(1);
        second.faultsForNext(1, Fault.reply(GENERAL_FAILURE));

        JvmResult result = attempts(proxies(), 0, 3);

        assertThat(result.lines()).filteredOn("ok ping"::equals).hasSize(2);
        assertThat(line(result, "failed "))
                .contains(
                        "SOCKS server 127.0.0.1:" + first.port(),
                        "; tried before: SOCKS server 127.0.0.1:" + second.port());
        assertThat(first.exchanges()).hasSize(2);
        assertThat(second.exchanges()).hasSize(3);
    }

    @Test
    void connect_allFail_namesEachAndWhyAndNoPassword() throws Exception {
        first.faults(Fault.reset(Step.REQUEST_READ));
        second.refuse();
        try (ScriptedServer third =
                ScriptedServer.builder().faults(Fault.method(0xFF)).start()) {
            JvmResult result = attempts(proxies(third), 0, 1);

            assertThat(line(result, "failed "))
                    .isEqualTo("failed java.net.SocketException: SOCKS server unusable: " + HOST + ":" + echo
                            + ": SOCKS server 127.0.0.1:" + third.port()
                            + ": the server accepts none of the offered methods: got 0xFF (expected 0x00 no authentication);"
                            + " it may want a user name and a password; tried before: SOCKS server 127.0.0.1:"
                            + first.port() + ": Connection reset after the request, SOCKS server 127.0.0.1:"
                            + second.port() + ": Connection refused");
            assertThat(line(result, "cause ")).startsWith("cause SocksException 255: ");
            assertThat(result.toString()).doesNotContain("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 255})
    void connect_targetIsJudged_isFinal(int rep) throws Exception {
        first.faults(Fault.reply(rep));

        JvmResult result = attempts(proxies() + ",on-failure=direct", 0, 1);

        assertThat(line(result, "cause ")).startsWith("cause SocksException " + rep + ": ");
        assertThat(second.exchanges()).isEmpty();
    }

    @Test
    void connect_wrongPassword_isFinal() throws Exception {
        first.faults(new Fault.AuthStatus(1));

        JvmResult result = attempts(proxies() + ",on-failure=direct", 0, 1);

        assertThat(line(result, "failed "))
                .startsWith("failed java.net.SocketException: SOCKS authentication failed: ");
        assertThat(second.exchanges()).isEmpty();
    }

    @Test
    void connect_closedWithoutReply_doesNotGoDirect() throws Exception {
        first.faults(Fault.close(Step.REQUEST_READ));
        second.refuse();

        JvmResult result = attempts(proxies() + ",on-failure=direct", 0, 1);

        assertThat(line(result, "failed ")).contains("closed the connection without a reply", "Connection refused");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void connect_firstServerIsSilent_goesOnAfterConnectTimeout(int timeoutMillis) throws Exception {
        first.faults(Fault.silence(Step.ACCEPTED));

        JvmResult result = attempts(proxies() + ",connect.timeout=4s", timeoutMillis, 1);

        assertThat(result.lines()).as(result.toString()).contains("ok ping");
        assertThat(millis(result)).isGreaterThanOrEqualTo(4_000);
    }

    @Test
    void connect_firstServerDropsPackets_leavesTimeForTheSecond() throws Exception {
        // the default of connect.timeout is longer than the application's patience
        String agent = "proxy=socks5h://127.0.0.2:" + targets.full() + ",socks5h://127.0.0.1:" + second.port()
                + ",bypass=none";

        JvmResult result = attempts(agent, 10_000, 2);

        assertThat(result.lines())
                .filteredOn("ok ping"::equals)
                .as(result.toString())
                .hasSize(2);
        assertThat(millis(result)).isGreaterThanOrEqualTo(5_000);
    }

    @Test
    void connect_allServersDropPackets_endsWithTheApplicationsTimeout() throws Exception {
        String agent = "proxy=socks5h://127.0.0.2:" + targets.full() + ",socks5h://127.0.0.2:" + targets.full()
                + ",bypass=none";

        JvmResult result = attempts(agent, 1_000, 1);

        assertThat(line(result, "failed ")).isEqualTo("failed java.net.SocketTimeoutException: Connect timed out");
        assertThat(millis(result)).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void connect_noReply_isFinalAfterHandshakeTimeout() throws Exception {
        first.faults(Fault.silence(Step.REQUEST_READ));

        JvmResult result = attempts(proxies() + ",handshake.timeout=300ms", 0, 1);

        assertThat(line(result, "failed "))
                .startsWith("failed java.net.ConnectException: Connection timed out: ")
                .endsWith("no reply to the request within 300 ms (handshake.timeout)");
        assertThat(second.exchanges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void close_whileTheFirstServerIsSilent_blamesIt_not(int timeoutMillis) throws Exception {
        Gate gate = new Gate();
        first.faultsForNext(1, new Fault.Hold(Step.GREETING_READ, gate));

        closeAt(gate, timeoutMillis);

        assertThat(first.awaitExchanges(2, exchange -> true)).hasSize(2);
        assertThat(second.exchanges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void close_whileTheSecondServerIsSilent_blamesTheFirstAlone(int timeoutMillis) throws Exception {
        Gate gate = new Gate();
        first.faults(Fault.reply(GENERAL_FAILURE));
        second.faultsForNext(1, new Fault.Hold(Step.REQUEST_READ, gate));

        closeAt(gate, timeoutMillis);

        assertThat(first.exchanges()).hasSize(1);
        assertThat(second.awaitExchanges(2, exchange -> true)).hasSize(2);
    }

    private void closeAt(Gate gate, int timeoutMillis) throws Exception {
        try (JvmProcess process = Jvm.of(CloseWhileConnecting.class)
                .agent(proxies())
                .arguments(HOST, echo, timeoutMillis)
                .start()) {
            gate.awaitArrival();
            process.say("close");
            JvmResult result = process.await();
            gate.open();

            assertThat(result.lines())
                    .as(result.toString())
                    .containsExactly("failed java.net.SocketException: Socket closed", "ok ping");
        }
    }

    static Stream<List<Fault>> leavings() {
        return Stream.of(
                List.of(Fault.reply(GENERAL_FAILURE)),
                List.of(Fault.reset(Step.GREETING_READ)),
                List.of(Fault.reply(5)),
                List.of(Fault.close(Step.ACCEPTED)));
    }

    @ParameterizedTest
    @MethodSource("leavings")
    void connect_failsManyTimes_leavesNothingBehind(List<Fault> faults) throws Exception {
        first.faults(faults.toArray(new Fault[0]));
        second.refuse();

        JvmResult result = Jvm.of(FailedConnects.class)
                .agent(proxies())
                .options("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED")
                .arguments(HOST, echo, 200, "socket")
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("failed 200", "descriptors grew by 0", "under way 0");
    }

    @Test
    void connect_serverOfAFamilyThatIsOff_saysSo() throws Exception {
        JvmResult result = Jvm.of(Attempts.class)
                .agent("proxy=socks5h://[::1]:" + first.port() + ",bypass=none")
                .property("java.net.preferIPv4Stack", "true")
                .arguments(HOST, echo, 0, 1)
                .run();

        assertThat(line(result, "failed "))
                .isEqualTo("failed java.net.ConnectException: No SOCKS server can be reached: " + HOST + ":" + echo
                        + ": SOCKS server ::1: it has IPv6 addresses only, and this socket has no IPv6");
    }
}
