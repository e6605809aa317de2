// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argyle.it.agents.Changing;
import dev.argyle.it.agents.SettingADatagramFactory;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.DatagramEchoes;
import dev.argyle.it.app.DatagramPings;
import dev.argyle.it.app.DatagramReconnects;
import dev.argyle.it.app.DatagramSteps;
import dev.argyle.it.embedding.DatagramByName;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Datagram;
import dev.argyle.it.server.Disturbance;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's plug-in point for datagrams, installed by a program that has the library and by the agent. */
class DatagramFactoryIT {
    private static final String FAR = "127.0.0.2";
    private static final String NO_SERVER = "127.0.0.1:1";

    /** The program has to start first. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * What the JDK's own class between DatagramSocket and the factory's sockets has its own words for: an outcome of the
     * platform's sockets, and what comes in its place.
     */
    private static final Map<String, String> WORDS_OF_THE_JDK = Map.of(
            "errors bind twice: java.net.SocketException: Already bound",
            "errors bind twice: java.net.SocketException: already bound",
            "closed send: java.net.SocketException: Socket closed",
            "closed send: java.net.SocketException: Socket is closed",
            "closed option: java.nio.channels.ClosedChannelException",
            "closed option: java.net.SocketException: Socket is closed",
            "with another address: java.lang.IllegalArgumentException: Connected and packet address differ",
            "with another address: java.lang.IllegalArgumentException: connected address and packet address differ");

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.datagramEcho();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private static List<String> asTheJdkHasIt(List<String> plain) {
        List<String> lines = new ArrayList<>();
        for (String line : plain) {
            lines.add(WORDS_OF_THE_JDK
                    .getOrDefault(line, line)
                    // the address of none in particular is that of IPv4 there
                    .replace(" /0:0:0:0:0:0:0:0 ", " 0.0.0.0/0.0.0.0 "));
        }
        return lines;
    }

    private static void assertAsPlain(JvmResult result, JvmResult plain) {
        assertThat(plain.exitCode()).as(plain.toString()).isZero();
        assertThat(result.lines()).as(result.toString()).isEqualTo(asTheJdkHasIt(plain.lines()));
    }

    private String proxy() {
        return "127.0.0.1:" + server.port();
    }

    // ---- what is set already

    @Test
    void factory_ofAnAgentBefore_endsTheJvm(@TempDir Path folder) throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .options("-javaagent:" + AgentJar.of(SettingADatagramFactory.class, folder))
                .agent("proxy=" + NO_SERVER + ",hooks=factories")
                .arguments(FAR, 9)
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("[argyle] A DatagramSocketImplFactory is set already, "
                        + SettingADatagramFactory.class.getName()
                        + ", and the JDK takes one only: datagrams cannot be routed beside it.")
                .doesNotContain("\tat ");
    }

    @Test
    void factory_ofSomeoneElse_isNamedAndNothingIsInstalled(@TempDir Path folder) throws Exception {
        JvmResult result = Way.LIBRARY
                .jvm(ConnectOnce.class, NO_SERVER, "none")
                .options("-javaagent:" + AgentJar.of(SettingADatagramFactory.class, folder))
                .arguments(FAR, 9)
                .run();

        assertThat(result.out())
                .startsWith("java.lang.IllegalStateException: A DatagramSocketImplFactory is set already, "
                        + SettingADatagramFactory.class.getName());
    }

    /** What is looked for in DatagramChannelImpl is not there. */
    @Test
    void code_thatIsNotAsWeKnowIt_isNotInstalled(@TempDir Path folder) throws Exception {
        Path changing = AgentJar.of(Changing.class, folder);
        JvmResult result = Way.LIBRARY
                .jvm(ConnectOnce.class, NO_SERVER, "none")
                .options("-javaagent:" + changing + "=sun/nio/ch/DatagramChannelImpl endWrite endWritx")
                .arguments(FAR, 9)
                .run();

        assertThat(result.out())
                .startsWith(
                        "java.lang.IllegalStateException: This JDK's platform sockets are not as this version of Argyle"
                                + " knows them");
    }

    // ---- as plain

    @ParameterizedTest
    @EnumSource(names = {"FACTORIES", "LIBRARY"})
    void direct_eachStepIsAsPlain(Way way) throws Exception {
        JvmResult plain = Jvm.of(DatagramSteps.class).arguments(FAR).run();
        JvmResult direct = way.jvm(DatagramSteps.class, proxy(), "0.0.0.0/0")
                .arguments(FAR)
                .run();

        assertAsPlain(direct, plain);
        assertThat(server.associations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FACTORIES", "LIBRARY"})
    void routed_eachExchangeIsAsPlain(Way way) throws Exception {
        assertExchangesAsPlain(way.jvm(DatagramEchoes.class, proxy(), "none"), targets.datagramEcho());

        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void routedAndDirect_onOneSocket_eachExchangeIsAsPlain(@TempDir Path folder) throws Exception {
        int other = targets.datagramEcho();
        Path routes = Files.writeString(folder.resolve("routes"), FAR + ":" + other + " NONE\n");

        assertExchangesAsPlain(
                Jvm.of(DatagramEchoes.class)
                        .agent("proxy=" + proxy() + ",bypass=none,hooks=factories,routes=" + routes),
                other);

        assertThat(targets.directVisitors()).as("two sockets, to the other").hasSize(2);
        assertThat(targets.directVisitors()).isSubsetOf(targets.visitors(other));
    }

    private void assertExchangesAsPlain(Jvm program, int other) throws Exception {
        JvmResult plain;
        try (Targets own = Targets.start()) {
            plain = Jvm.of(DatagramEchoes.class)
                    .arguments(FAR, own.datagramEcho(), FAR, own.datagramEcho(), FAR, own.datagramSilent())
                    .run();
        }
        JvmResult result = program.arguments(FAR, echo, FAR, other, FAR, targets.datagramSilent())
                .run();

        String tooLong = "too long: java.net.SocketException: Message too long";
        assertThat(plain.lines()).as(plain.toString()).contains(tooLong);
        assertThat(result.out())
                .contains(tooLong + ": 65508 octets to ")
                .contains(", which takes at most 65497: 10 go for the header");
        assertThat(result.lines())
                .as(result.toString())
                .filteredOn(line -> !line.startsWith(tooLong))
                .isEqualTo(asTheJdkHasIt(plain.lines().stream()
                        .filter(line -> !line.equals(tooLong))
                        .toList()));
        assertThat(targets.visitors(echo))
                .isNotEmpty()
                .allMatch(from -> from.getAddress().equals(ScriptedServer.OUTBOUND));
    }

    // ---- names

    @Test
    void name_ofAnAddressThatTheLibraryGives_goesToTheServer() throws Exception {
        server.name("far.argyle.test", targets.address(echo));
        JvmResult result = Jvm.of(DatagramByName.class)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .options("--add-opens", "java.base/java.net=ALL-UNNAMED")
                .property("argyle.proxy", proxy())
                .arguments("far.argyle.test", echo)
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .hasSize(3)
                .startsWith("java.net.SocketException: Unresolved address");
        assertThat(result.lines().subList(1, 3)).allMatch(line -> line.startsWith("ping from far.argyle.test/198.1"));
        assertThat(server.associations())
                .singleElement()
                .satisfies(association -> assertThat(association.datagrams())
                        .extracting(Datagram::host)
                        .containsExactly("far.argyle.test", "far.argyle.test"));
        assertThat(targets.directVisitors()).isEmpty();
    }

    // ---- what is lost, and what does not come

    private JvmProcess pings(String proxy) throws Exception {
        return Way.LIBRARY
                .jvm(DatagramPings.class, proxy, "none")
                .arguments(FAR, echo)
                .start();
    }

    /** Has the program do something, and waits until it says how that went. */
    private static void does(JvmProcess program, String word, String outcome) throws Exception {
        int before = program.out().length();
        program.say(word);
        await().atMost(PATIENCE).until(() -> program.out().substring(before).endsWith("\n"));
        assertThat(program.out().substring(before)).isEqualTo(word + " " + outcome + "\n");
    }

    @Test
    void association_thatIsLost_isOpenedAgain() throws Exception {
        try (JvmProcess program = pings(proxy())) {
            does(program, "ping", "ping from it");
            server.awaitAssociations(1).get(0).end(Ending.CLOSE);
            while (server.associations().size() < 2) {
                does(program, "send", "done"); // as long as the end is not known here, into nothing
            }
            does(program, "receive", "ping from it");
        }
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void association_ofAConnectedSocketThatIsLost_isAPeerThatIsGoneOnce() throws Exception {
        try (JvmProcess program = pings(proxy())) {
            does(program, "connect", "done");
            does(program, "ping", "ping from it");
            program.say("receive"); // which waits
            server.awaitAssociations(1).get(0).end(Ending.RESET);
            program.awaitOut("receive java.net.PortUnreachableException: null\n");
            does(program, "ping", "ping from it");
            assertThat(server.awaitAssociations(2)).hasSize(2);
        }
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void timeout_whileDatagramsAreDropped_isKept() throws Exception {
        try (JvmProcess program = pings(proxy())) {
            does(program, "ping", "ping from it");
            does(program, "timeout", "done");
            Association association = server.awaitAssociations(1).get(0);
            program.say("receive");
            while (!program.out().contains("receive ")) {
                association.sendToClient(Disturbance.Origin.RELAY, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
            }
            program.awaitOut("receive java.net.SocketTimeoutException: Receive timed out\n");
        }
    }

    @Test
    void close_whileAnAssociationIsOpened_endsTheSend() throws Exception {
        try (ScriptedServer silent = ScriptedServer.builder()
                        .faults(Fault.silence(Step.ACCEPTED))
                        .start();
                JvmProcess program = pings("127.0.0.1:" + silent.port())) {
            does(program, "begin", "done");
            silent.awaitExchanges(1, exchange -> true);
            does(program, "close", "done");
            does(program, "end", "java.net.SocketException: Socket closed");
        }
        assertThat(targets.datagrams(echo)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void connectAndDisconnect_whileAnotherThreadSends_noDatagramIsWithoutHeader(Way way) throws Exception {
        JvmResult result = way.jvm(DatagramReconnects.class, proxy(), "none")
                .arguments(FAR, echo, targets.datagramSilent(), 4_000)
                .run();

        assertThat(result.out()).as(result.toString()).isEqualTo("reconnected\n");
        assertThat(server.associations()).isNotEmpty().allSatisfy(association -> {
            assertThat(association.received()).isPositive();
            assertThat(association.malformed()).isZero();
        });
        assertThat(targets.directVisitors()).isEmpty();
    }

    // ---- fail closed

    @Test
    void server_withoutUdp_isSaidAndNothingGoesDirect() throws Exception {
        try (ScriptedServer without =
                        ScriptedServer.builder().faults(Fault.withoutUdp()).start();
                JvmProcess program = pings("127.0.0.1:" + without.port())) {
            program.say("ping");
            program.awaitOut("ping java.net.SocketException: ");
            program.awaitOut("command not supported");
            program.say("connect");
            program.awaitOut("connect done\n");
            program.say("send");
            program.awaitOut("send java.net.SocketException: ");
        }
        assertThat(targets.datagrams(echo)).isZero();
    }

    /** Java 17 keeps an exception of a factory's connect to itself, and lets the socket filter: the next send has it. */
    @ParameterizedTest
    @EnumSource(names = {"FACTORIES", "LIBRARY"})
    void udp_thatIsRefused_leavesNothing(Way way) throws Exception {
        try (JvmProcess program = way.jvm(DatagramPings.class, proxy(), "none")
                .property("argyle.udp", "refuse")
                .arguments(FAR, echo)
                .start()) {
            program.say("connect");
            program.awaitOut(
                    TestJava.feature() > 17 ? "connect java.net.SocketException: Refused by " : "connect done\n");
            program.say("ping");
            program.awaitOut("ping java.net.SocketException: Refused by udp=refuse");
        }
        assertThat(server.associations()).isEmpty();
        assertThat(targets.datagrams(echo)).isZero();
    }

    @Test
    void server_thatIsNotThere_isSaidAndNothingGoesDirect() throws Exception {
        try (JvmProcess program = pings(NO_SERVER)) {
            program.say("ping");
            program.awaitOut("ping java.net.");
            program.awaitOut("SOCKS server " + NO_SERVER + ": Connection refused");
        }
        assertThat(targets.datagrams(echo)).isZero();
    }
}
