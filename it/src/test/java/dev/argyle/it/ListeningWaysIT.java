// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.AcceptSteps;
import dev.argyle.it.app.AcceptTimes;
import dev.argyle.it.app.CloseWhileBinding;
import dev.argyle.it.embedding.ListenInScope;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ServerSocket at a server, by each way in that reaches it: hooks, and the JDK's plug-in points. */
class ListeningWaysIT {
    private static final String FAR = "127.0.0.2";
    private static final String NAME = "peer.argyle.test";
    private static final int BIND = 2;

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    /** With this value of the key bind. */
    private Jvm program(Way way, Class<?> program, String bind) {
        return way.jvm(program, "127.0.0.1:" + server.port(), "none").property("argyle.bind", bind);
    }

    /** Sends a visitor to each BIND, and returns what the program is to say of each. */
    private List<String> visit(int from, int to) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            InetSocketAddress listening = server.awaitBinds(i + 1).get(i).listening();
            InetSocketAddress visitor = targets.visit(listening);
            lines.add("listens at " + listening.getAddress() + " " + listening.getPort());
            lines.add("from " + visitor + " at " + listening.getPort() + ": x");
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void rule_ofAPort_listensAtTheServer_andAgain(Way way) throws Exception {
        try (JvmProcess process = program(way, AcceptTimes.class, "port:0")
                .arguments("0.0.0.0", 0, 2)
                .start()) {
            List<String> expected = visit(0, 2);
            expected.add("timeout 20000");

            JvmResult result = process.await();
            assertThat(result.lines()).as(result.toString()).isEqualTo(expected);
        }
        assertThat(server.binds()).hasSize(2).allSatisfy(bind -> {
            assertThat(bind.host()).isEqualTo("0.0.0.0");
            assertThat(bind.port()).isZero();
            assertThat(bind.problem()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void rule_ofAnotherPort_listensHere(Way way) throws Exception {
        JvmResult plain = Jvm.of(AcceptSteps.class).arguments("127.0.0.1").run();

        JvmResult result = program(way, AcceptSteps.class, "port:1-9")
                .arguments("127.0.0.1")
                .run();

        assertThat(result.lines()).as(result.toString()).isEqualTo(plain.lines());
        assertThat(server.exchanges()).isEmpty();
    }

    /** As active FTP does: the address of a connection is the server's, and who asks for it listens there. */
    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void rule_ofALocalAddress_isThatOfAConnectionToo(Way way) throws Exception {
        int port = targets.echo();
        try (JvmProcess process = program(way, AcceptTimes.class, "local:127.0.0.9")
                .arguments("-", 0, 1, FAR, port)
                .start()) {
            List<String> expected = visit(0, 1);
            expected.add("timeout 20000");

            JvmResult result = process.await();
            expected.add(0, "connection from " + server.connects().get(0).outbound());
            assertThat(result.lines()).as(result.toString()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void scope_ofABlock_listensAtTheServerForItsPeer(Way way) throws Exception {
        Jvm program = way == Way.LIBRARY
                ? program(way, ListenInScope.class, "")
                : program(way, ListenInScope.class, "")
                        .classPath(
                                Path.of(System.getProperty("argyle.demo.jar")),
                                Path.of(System.getProperty("argyle.provider.jar")));
        try (JvmProcess process = program.arguments(FAR, 20, AcceptTimes.class.getName(), "0.0.0.0", 0, 1)
                .start()) {
            List<String> expected = visit(0, 1);
            expected.addAll(List.of("timeout 20000", "outside true"));

            JvmResult result = process.await();
            assertThat(result.lines()).as(result.toString()).isEqualTo(expected);
        }
        Exchange bind = server.binds().get(0);
        assertThat(bind.host()).isEqualTo(FAR);
        assertThat(bind.port()).isEqualTo(20);
        assertThat(server.exchanges()).hasSize(1);
    }

    /** A close comes before there is anything to end: who looks a name up waits for a hosts file that has nothing yet. */
    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void scope_closedWhileThePeerIsLookedUp_asksNoServer(Way way, @TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();
        try (JvmProcess process = way.jvm(ListenInScope.class, "socks5://127.0.0.1:" + server.port(), "none")
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .property("jdk.net.hosts.file", hosts.toString())
                .arguments(NAME, 20, CloseWhileBinding.class.getName())
                .start()) {
            try (OutputStream lookedUp = Files.newOutputStream(hosts)) { // which waits for who reads
                process.say("close");
                process.awaitOut("closing\n");
                lookedUp.write((FAR + " " + NAME + "\n").getBytes(StandardCharsets.US_ASCII));
            }

            JvmResult result = process.await();
            assertThat(result.lines())
                    .as(result.toString())
                    .containsExactly("closing", "java.net.SocketException: Socket closed", "outside true");
        }
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void scope_inAJvmThatNothingRoutes_isAnExceptionAndRunsNothing() throws Exception {
        JvmResult result = Jvm.of(ListenInScope.class)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .arguments("peer.test", 20, AcceptTimes.class.getName(), "0.0.0.0", 0, 1)
                .run();

        assertThat(result.lines())
                .containsExactly(
                        "java.lang.IllegalStateException: Neither the agent nor Argyle.install routes this JVM",
                        "outside true");
    }

    /** The first reply fails, then a second one: bind and accept can be tried again. */
    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void replies_thatFail_leaveASocketThatCanBeUsedAgain(Way way) throws Exception {
        server.faultsForNext(1, Fault.addressInUse());
        server.faultsForNext(1, Fault.second(Fault.reply(6)));
        try (JvmProcess process =
                program(way, AcceptTimes.class, "*").arguments("0.0.0.0", 0, 1).start()) {
            List<String> last = visit(1, 2);

            JvmResult result = process.await();
            assertThat(result.lines()).as(result.toString()).hasSize(6);
            assertThat(result.lines().get(0)).startsWith("java.net.BindException: Address already in use: ");
            assertThat(result.lines().get(1)).startsWith("listens at /127.0.0.9 ");
            assertThat(result.lines().get(2)).startsWith("java.net.ConnectException: Connection timed out: ");
            assertThat(result.lines().subList(3, 5)).isEqualTo(last);
        }
        assertThat(server.exchanges()).allMatch(exchange -> exchange.command() == BIND);
    }

    @ParameterizedTest
    @EnumSource(names = {"HOOKS", "FACTORIES", "LIBRARY"})
    void accept_timeoutStrangersAndCloses_areAsPlain(Way way) throws Exception {
        JvmResult plain = Jvm.of(AcceptSteps.class).arguments("127.0.0.9").run();

        JvmResult result =
                program(way, AcceptSteps.class, "*").arguments("127.0.0.9").run();

        assertThat(plain.lines()).as(plain.toString()).hasSize(6).contains("found 0");
        assertThat(result.lines())
                .as(result.toString())
                .isEqualTo(plain.lines().stream()
                        .map(line -> line.equals("found 0") ? "found 1" : line)
                        .toList());
    }
}
