// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Changing;
import dev.argyle.it.agents.ChangingLate;
import dev.argyle.it.app.ChannelAttempts;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.SctpOnce;
import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, nothing goes direct: the target counts its visitors. */
class FailClosedIT {
    /** REP of RFC 1928, section 6. */
    private static final int NOT_ALLOWED = 2;

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(targets.directVisitors()).isEmpty();
        server.close();
        targets.close();
    }

    private Jvm program(String more) {
        return Jvm.of(ConnectOnce.class)
                .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none" + more)
                .arguments(targets.address().getHostAddress(), echo);
    }

    /** So that the absence of visitors below says something. */
    @Test
    void server_thatWorks_isTheOnlyVisitor() throws Exception {
        JvmResult result = program("").run();

        assertThat(result.out()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        assertThat(targets.visitors(echo)).hasSize(1);
    }

    @Test
    void server_thatDoesNotListen_isAConnectException() throws Exception {
        server.refuse();

        JvmResult result = program("").run();

        assertThat(result.lines().get(0))
                .startsWith("java.net.ConnectException: No SOCKS server can be reached: 127.0.0.2:" + echo)
                .contains("127.0.0.1:" + server.port() + ": Connection refused");
        assertThat(targets.visitors(echo)).isEmpty();
    }

    /** Whatever way in: the socket fails, and nothing goes direct. */
    @ParameterizedTest
    @EnumSource(names = "SOCKET_FACTORY", mode = EnumSource.Mode.EXCLUDE)
    void server_thatFails_isAnExceptionInEachWayIn(Way way) throws Exception {
        int port = server.port();
        Jvm program = way.jvm(ConnectOnce.class, "127.0.0.1:" + port, "none")
                .arguments(targets.address().getHostAddress(), echo);

        server.faults(Fault.reply(NOT_ALLOWED));
        List<JvmResult> results = new ArrayList<>(List.of(program.run()));
        server.faults(new Fault.End(Step.GREETING_READ, Ending.CLOSE));
        results.add(program.run());
        server.refuse();
        results.add(program.run());

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.lines().get(0)).matches("java\\.net\\.(Connect|Socket)Exception: .*"));
        assertThat(targets.visitors(echo)).isEmpty();
    }

    static List<Fault> deaths() {
        List<Fault> deaths = new ArrayList<>();
        for (Step step : EnumSet.complementOf(EnumSet.of(Step.REPLY_SENT))) {
            for (Ending ending : Ending.values()) {
                deaths.add(new Fault.End(step, ending));
            }
        }
        return deaths;
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void server_thatDiesAtAStep_isAnExceptionOfTheSocket(Fault.End death) throws Exception {
        server.close();
        server = ScriptedServer.builder().user("ann", "right").faults(death).start();
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("proxy=ann:right@127.0.0.1:" + server.port()
                        + ",bypass=none,connect.timeout=400ms,handshake.timeout=400ms")
                .arguments(targets.address().getHostAddress(), echo, 5000)
                .run();

        assertThat(result.exitCode()).isZero();
        assertThat(result.lines().get(0))
                .matches("java\\.net\\.(Connect|Socket)Exception: .*127\\.0\\.0\\.2:" + echo + ".*127\\.0\\.0\\.1:"
                        + server.port() + ".*");
        assertThat(result.out()).doesNotContain("ok ").doesNotContain("right");
    }

    @Test
    void password_thatIsWrong_isASocketException() throws Exception {
        server.close();
        server = ScriptedServer.builder().user("ann", "right").start();

        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("proxy=ann:wr0ng@127.0.0.1:" + server.port() + ",bypass=none,log=debug")
                .arguments(targets.address().getHostAddress(), echo)
                .run();

        assertThat(result.lines().get(0))
                .startsWith("java.net.SocketException: SOCKS authentication failed: 127.0.0.2:");
        assertThat(result.out() + result.err()).doesNotContain("wr0ng");
        assertThat(targets.visitors(echo)).isEmpty();
    }

    /** What has been hooked stays hooked, whatever another agent makes of it. */
    @Test
    void code_thatAnotherAgentChangesLater_staysHooked(@TempDir Path folder) throws Exception {
        String other = "-javaagent:" + AgentJar.of(ChangingLate.class, folder);
        JvmResult result = Jvm.of(ConnectOnce.class)
                .options(other)
                .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none")
                .options(other)
                .arguments(targets.address().getHostAddress(), echo)
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("retransformed", "not changed", "ok /127.0.0.2:" + echo);
        assertThat(result.err()).contains("[argyle] Cannot hook sun.nio.ch.NioSocketImpl of Java ");
        assertThat(server.awaitConnects(1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sun/nio/ch/NioSocketImpl pollConnectNow pollConnectXow",
                "sun/nio/ch/NioSocketImpl endConnect endConnexx",
                "sun/net/spi/DefaultProxySelector version",
                "sun/nio/ch/NioSocketImpl version"
            })
    void code_thatIsNotAsWeKnowIt_endsTheJvm(String change, @TempDir Path folder) throws Exception {
        assertChangeEndsTheJvm(change, folder, Jvm.of(ConnectOnce.class).arguments("inside.argyle.test", echo));
    }

    @ParameterizedTest
    @CsvSource({
        "sun/nio/ch/SocketChannelImpl pollConnectNow pollConnectXow, SELECTOR",
        "sun/nio/ch/SocketChannelImpl version, BLOCKING",
        "sun/nio/ch/SocketAdaptor version, ADAPTOR",
        "java/nio/channels/SocketChannel version, BLOCKING",
        "java/nio/channels/AsynchronousSocketChannel version, FUTURE",
        "sun/nio/ch/SelectionKeyImpl translateInterestOps translateXnterestOps, SELECTOR",
        "sun/nio/ch/AsynchronousSocketChannelImpl version, FUTURE",
        "sun/nio/ch/UnixAsynchronousSocketChannelImpl checkConnect checkXonnect, HANDLER"
    })
    void codeOfChannels_thatIsNotAsWeKnowIt_endsTheJvm(String change, String way, @TempDir Path folder)
            throws Exception {
        assertChangeEndsTheJvm(
                change, folder, Jvm.of(ChannelAttempts.class).arguments("127.0.0.2", echo, "one-by-one", way));
    }

    @ParameterizedTest
    @CsvSource({
        "sun/nio/ch/DatagramChannelImpl innerJoin innerJoix, socketSend",
        "sun/nio/ch/DatagramChannelImpl version, multicastSend",
        "java/nio/channels/DatagramChannel version, channelConnect",
        "java/net/InetAddress isReachable isReachablx, reach",
    })
    void codeOfDatagrams_thatIsNotAsWeKnowIt_endsTheJvm(String change, String way, @TempDir Path folder)
            throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
            int port = receiver.getLocalPort();

            JvmResult result = changed(change, folder, Jvm.of(Uncarried.class).arguments(way + " 127.0.0.2 " + port));

            assertThat(result.out()).isEmpty();
            receiver.send(new DatagramPacket(new byte[] {'x'}, 1, receiver.getLocalSocketAddress()));
            DatagramPacket first = new DatagramPacket(new byte[10], 10);
            receiver.receive(first);
            assertThat(first.getLength()).isEqualTo(1);
        }
    }

    /** They load also where the system has no SCTP. */
    @ParameterizedTest
    @ValueSource(strings = {"sun/nio/ch/sctp/SctpChannelImpl version", "sun/nio/ch/sctp/SctpMultiChannelImpl version"})
    void codeOfSctp_thatIsNotAsWeKnowIt_endsTheJvm(String change, @TempDir Path folder) throws Exception {
        JvmResult result = changed(change, folder, Jvm.of(SctpOnce.class).arguments("127.0.0.2", echo));

        assertThat(result.out()).doesNotContain("connected", "sent");
    }

    private JvmResult changed(String change, Path folder, Jvm program) throws Exception {
        JvmResult result = program.options("-javaagent:" + AgentJar.of(Changing.class, folder) + "=" + change)
                .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none")
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        String changed = change.substring(0, change.indexOf(' ')).replace('/', '.');
        assertThat(result.err()).contains("[argyle] Cannot hook " + changed + " of Java ");
        return result;
    }

    private void assertChangeEndsTheJvm(String change, Path folder, Jvm program) throws Exception {
        server.name("inside.argyle.test", targets.address(echo));

        JvmResult result = changed(change, folder, program);

        assertThat(result.out()).doesNotContain("ok ");
        assertThat(targets.visitors(echo)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxi=127.0.0.1:1",
                "proxy=127.0.0.1:99999",
                "proxy=http://127.0.0.1:3128",
                "proxy=127.0.0.1,proxy=127.0.0.1",
                "proxy=127.0.0.1,connect.timeout=soon",
                "proxy=127.0.0.1,credentials=/there/is/no/such/file",
                "proxy=127.0.0.1,bypass=10.0.0.0/99",
                "/there/is/no/such.properties"
            })
    void configuration_thatIsBad_endsTheJvmBeforeTheProgram(String argument) throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent(argument)
                .arguments(targets.address().getHostAddress(), echo)
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("[argyle] Configuration: ").doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(targets.visitors(echo)).isEmpty();
    }

    @Test
    void agent_givenTwice_endsTheJvmBeforeTheProgram() throws Exception {
        JvmResult result = program("")
                .options("-javaagent:" + System.getProperty("argyle.agent.jar") + "=127.0.0.1:" + server.port())
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("[argyle] The agent is given twice");
        assertThat(result.out()).isEmpty();
    }

    /** Up to Java 23. On others the JVM itself refuses, and there is nothing to test. */
    @ParameterizedTest
    @CsvSource({"all, true", "all, false", "factories, true", "factories, false"})
    void securityPolicy_thatGrantsNothing_isThePrograms(String hooks, boolean mayConnect, @TempDir Path folder)
            throws Exception {
        if (TestJava.feature() >= 24) {
            JvmResult result = program("").options("-Djava.security.manager").run();
            assertThat(result.exitCode()).isNotZero();
            return;
        }
        Path policy = folder.resolve("policy");
        Files.writeString(
                policy,
                mayConnect
                        ? "grant { permission java.net.SocketPermission \"*\", \"connect,resolve,listen\"; };"
                        : "grant { };");
        server.name("inside.argyle.test", targets.address(echo));
        Jvm plain = Jvm.of(ConnectOnce.class)
                .options("-Djava.security.manager", "-Djava.security.policy==" + policy)
                .arguments("inside.argyle.test", echo);

        if (!mayConnect) {
            assertThat(plain.run().lines().get(0)).startsWith("java.security.AccessControlException");
        }
        JvmResult result = plain.agent("proxy=127.0.0.1:" + server.port() + ",bypass=none,hooks=" + hooks)
                .run();
        if (mayConnect && hooks.equals("all")) {
            JvmResult channels = Jvm.of(ChannelAttempts.class)
                    .options("-Djava.security.manager", "-Djava.security.policy==" + policy)
                    .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none")
                    .arguments("127.0.0.2", echo, "at-once")
                    .run();
            assertThat(channels.lines())
                    .hasSize(11)
                    .allSatisfy(line -> assertThat(line).endsWith(" ok ping"));
        }

        assertThat(result.err()).contains("connections go through");
        if (mayConnect) {
            assertThat(result.lines().get(0)).startsWith("ok inside.argyle.test/198.1");
            assertThat(targets.visitors(echo)).hasSize(hooks.equals("all") ? 12 : 1);
        } else {
            assertThat(result.lines().get(0)).startsWith("java.security.AccessControlException");
            assertThat(targets.visitors(echo)).isEmpty();
        }
    }

    @Test
    void onFailureDirect_isTheOnlyWayPast_andWarns() throws Exception {
        server.refuse();
        int open;
        try (Targets others = Targets.start()) {
            open = others.echo();
            JvmResult result = Jvm.of(ConnectOnce.class)
                    .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none,on-failure=direct")
                    .arguments("127.0.0.2", open)
                    .run();

            assertThat(result.out()).isEqualTo("ok /127.0.0.2:" + open + "\n");
            assertThat(result.err()).contains("[argyle] WARN: ").contains("on-failure=direct");
            assertThat(others.directVisitors()).hasSize(1);
        }
    }
}
