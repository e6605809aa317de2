// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.argyle.it.app.Attempts;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Microsocks;
import dev.argyle.it.real.OpenSsh;
import dev.argyle.it.real.RealServer;
import dev.argyle.it.real.Setting;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each server's way of failing has a message that says so, as the user of a program reads it. */
class ServerWaysIT {
    private static final String HOST = "127.0.0.2";
    private static final String NOT_SOCKS = "java.net.SocketException: SOCKS server unusable";
    private static final String SECRET = "hunter2";

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws IOException {
        targets = Targets.start();
        server = ScriptedServer.builder().user("bob", SECRET).methods(2, 0).start();
        echo = targets.echo();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        targets.close();
    }

    private List<String> attempts(String host, int serverPort, int target, int count) throws Exception {
        return attempts(host, serverPort, "", target, count);
    }

    /** With timeouts where the server is silent, and there alone: any other must have the time that it takes. */
    private List<String> attempts(String host, int serverPort, String timeouts, int target, int count)
            throws Exception {
        JvmResult result = Jvm.of(Attempts.class)
                .agent("proxy=socks5h://bob:" + SECRET + "@" + host + ":" + serverPort + ",bypass=none" + timeouts)
                .arguments(HOST, target, 0, count)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.toString()).doesNotContain(SECRET);
        List<String> outcomes = new ArrayList<>();
        for (String attempt : result.out().split("attempt [0-9]+ [0-9]+\n")) {
            if (!attempt.isEmpty()) {
                outcomes.add(attempt);
            }
        }
        assertThat(outcomes).as(result.toString()).hasSize(count);
        return outcomes;
    }

    private String attempt(int serverPort, int target) throws Exception {
        return attempts("127.0.0.1", serverPort, target, 1).get(0);
    }

    private static String failure(String beginning, int target, int serverPort, String detail) {
        return "failed " + beginning + ": " + HOST + ":" + target + ": SOCKS server 127.0.0.1:" + serverPort + ": "
                + detail;
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                arguments(
                        Fault.close(Step.GREETING_READ),
                        NOT_SOCKS,
                        "the server closed the connection without an answer to the greeting",
                        "SocksException -1"),
                arguments(
                        Fault.reset(Step.GREETING_READ),
                        NOT_SOCKS,
                        "Connection reset after the greeting",
                        "ConnectionResetException"),
                arguments(
                        Fault.close(Step.AUTH_READ),
                        NOT_SOCKS,
                        "the server closed the connection during authentication (method 0x02)",
                        "SocksException -1"),
                arguments(
                        Fault.close(Step.REQUEST_READ),
                        "java.net.ConnectException: Connection refused",
                        "the server closed the connection without a reply; OpenSSH does so when the target refuses",
                        "SocksException -1"),
                arguments(
                        new Fault.CutReply(4, Ending.CLOSE),
                        "java.net.ConnectException: Connection refused",
                        "the server closed the connection within its reply: 4 of at least 5 octets came",
                        "SocksException -1"),
                arguments(Fault.garbage(), NOT_SOCKS, "unsupported version: 0xDE (expected 0x05)", "SocksException -1"),
                arguments(
                        Fault.http(),
                        NOT_SOCKS,
                        "unsupported version: 0x48 (expected 0x05): an HTTP server seems to listen there",
                        "SocksException -1"),
                arguments(
                        Fault.tlsAlert(),
                        NOT_SOCKS,
                        "unsupported version: 0x15 (expected 0x05): the server seems to expect TLS",
                        "SocksException -1"),
                arguments(
                        Fault.sshBanner(),
                        NOT_SOCKS,
                        "unsupported version: 0x53 (expected 0x05): an SSH server seems to listen there",
                        "SocksException -1"),
                arguments(
                        new Fault.Say(Step.GREETING_READ, "\0\u005b\0\0\0\0\0\0", Ending.CLOSE),
                        NOT_SOCKS,
                        "unsupported version: 0x00 (expected 0x05): a SOCKS4 server seems to listen there",
                        "SocksException -1"),
                arguments(
                        Fault.method(0xFF),
                        NOT_SOCKS,
                        "the server accepts none of the offered methods: got 0xFF (expected 0x00",
                        "SocksException 255"),
                arguments(
                        Fault.method(1),
                        NOT_SOCKS,
                        "the server chose a method that was not offered: got 0x01 (expected 0x00",
                        "SocksException 1"),
                arguments(
                        new Fault.AuthStatus(3),
                        "java.net.SocketException: SOCKS authentication failed",
                        "",
                        "SocksException 3"),
                arguments(
                        new Fault.ReplyVersion(4),
                        NOT_SOCKS,
                        "unsupported version of the reply: 0x04 (expected 0x05)",
                        "SocksException -1"),
                arguments(
                        new Fault.Bound(9, "\1\2\3\4", 80),
                        NOT_SOCKS,
                        "unknown address type of the reply: 0x09",
                        "SocksException -1"),
                reply(1, "java.net.SocketException: SOCKS server failure", "general server failure", "S5_ESRVFAIL"),
                reply(2, "java.net.ConnectException: Connection not allowed", "not allowed by the", "S5_EPERM"),
                reply(3, "java.net.NoRouteToHostException: Network is unreachable", "network un", "S5_ENETUNREACH"),
                reply(4, "java.net.NoRouteToHostException: No route to host", "host unreach", "S5_EHOSTUNREACH"),
                reply(5, "java.net.ConnectException: Connection refused", "connection refused", "S5_ECONNREFUSED"),
                reply(6, "java.net.ConnectException: Connection timed out", "TTL expired", "S5_ETIMEDOUT"),
                reply(7, "java.net.SocketException: Command not supported", "command not", "S5_EOPNOTSUPP"),
                reply(8, "java.net.SocketException: Address type not supported", "address type", "S5_EAFNOSUPPORT"),
                reply(9, "java.net.SocketException: SOCKS server failure", "unassigned 0x09", "(0x09)"),
                reply(255, "java.net.SocketException: SOCKS server failure", "unassigned 0xFF", "(0xFF)"));
    }

    private static Arguments reply(int rep, String beginning, String meaning, String name) {
        return arguments(Fault.reply(rep), beginning, "the server replied: " + meaning, "SocksException " + rep, name);
    }

    /** One JVM for all, since only its connects differ. */
    @Test
    void connect_eachWay_isSaid() throws Exception {
        List<Arguments> ways = ways().toList();
        for (Arguments way : ways) {
            server.faultsForNext(1, (Fault) way.get()[0]);
        }

        List<String> outcomes = attempts("127.0.0.1", server.port(), echo, ways.size());

        for (int i = 0; i < ways.size(); i++) {
            Object[] way = ways.get(i).get();
            assertSaid(outcomes.get(i), (String) way[1], (String) way[2], (String) way[3]);
            if (way.length > 4) {
                assertThat(outcomes.get(i).lines().findFirst().orElseThrow()).contains((String) way[4]);
            }
        }
        assertThat(targets.directVisitors()).isEmpty();
    }

    private void assertSaid(String outcome, String beginning, String detail, String cause) {
        String[] lines = outcome.split("\n");
        assertThat(lines[0]).startsWith(failure(beginning, echo, server.port(), detail));
        assertThat(lines[1]).startsWith("cause " + cause + ": ");
        assertThat(lines).as("causes").hasSize(2);
    }

    @Test
    void connect_silenceAfterTheGreeting_isSaid() throws Exception {
        server.faults(Fault.silence(Step.GREETING_READ));

        assertSaid(
                attempts("127.0.0.1", server.port(), ",connect.timeout=3s", echo, 1)
                        .get(0),
                "java.net.ConnectException: SOCKS server unusable",
                "connected, but the handshake got no answer within 3000 ms (connect.timeout)",
                "HopTimeoutException");
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void connect_silenceAfterTheRequest_isSaid() throws Exception {
        server.faults(Fault.silence(Step.REQUEST_READ));

        assertSaid(
                attempts("127.0.0.1", server.port(), ",handshake.timeout=1s", echo, 1)
                        .get(0),
                "java.net.ConnectException: Connection timed out",
                "no reply to the request within 1000 ms (handshake.timeout)",
                "HopTimeoutException");
        assertThat(targets.directVisitors()).isEmpty();
    }

    static Stream<Arguments> oddSuccesses() {
        return Stream.of(
                arguments("name of 255 octets", List.of(Fault.boundName("b".repeat(255), 65535))),
                arguments("name of 1 octet", List.of(Fault.boundName("b", 0))),
                arguments("IPv6", List.of(Fault.boundAddress(new byte[16], 0))),
                arguments("RSV", List.of(new Fault.ReplyReserved(0xFF))),
                arguments("drip", List.of(Fault.drip())),
                arguments("drip of a name", List.of(Fault.drip(), Fault.boundName("b".repeat(255), 1))),
                arguments("with data", List.of(new Fault.ReplyWithData())),
                arguments("name, with data", List.of(new Fault.ReplyWithData(), Fault.boundName("b".repeat(255), 1))));
    }

    /** The target's first octets come with the reply or right behind it: exactly they are the application's. */
    @Test
    void connect_anySuccess_leavesTheTargetsOctetsToTheApplication() throws Exception {
        int target = targets.speaksFirst("hello");
        List<Arguments> successes = oddSuccesses().toList();
        for (Arguments success : successes) {
            List<?> faults = (List<?>) success.get()[1];
            server.faultsForNext(1, faults.stream().map(Fault.class::cast).toArray(Fault[]::new));
        }

        List<String> outcomes = attempts("127.0.0.1", server.port(), target, successes.size());

        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i)).as(successes.get(i).get()[0].toString()).isEqualTo("ok hello|ping\n");
        }
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void connect_toATlsServer_saysSo() throws Exception {
        int tls = targets.tlsEcho("localhost").port();

        // it waits for the five octets of a record's head, and the greeting has fewer
        assertThat(attempts(HOST, tls, ",connect.timeout=3s", echo, 1).get(0))
                .startsWith("failed java.net.ConnectException: SOCKS server unusable: " + HOST + ":" + echo
                        + ": SOCKS server " + HOST + ":" + tls + ": connected, but the handshake got no answer within"
                        + " 3000 ms (connect.timeout); a server that expects TLS or HTTP is silent like this\n");
    }

    @Test
    void connect_toAWebServer_saysSo() throws Exception {
        int web = targets.http();

        // the JDK's web server answers at once up to 17, and later waits for the end of a line
        assertThat(attempts(HOST, web, ",connect.timeout=3s", echo, 1).get(0))
                .contains("SOCKS server unusable: " + HOST + ":" + echo)
                .contains("HTTP");
    }

    @Test
    void connect_nothingListens_saysSo() throws Exception {
        int closed = targets.refused();

        assertThat(attempts(HOST, closed, echo, 1).get(0))
                .isEqualTo("failed java.net.ConnectException: No SOCKS server can be reached: " + HOST + ":" + echo
                        + ": SOCKS server " + HOST + ":" + closed + ": Connection refused\n"
                        + "cause ConnectException: Connection refused\n");
    }

    /** Starts a real server. */
    private interface Start {
        RealServer with(Setting setting) throws IOException, InterruptedException;
    }

    static Stream<Arguments> realServers() {
        return Stream.of(arguments("Dante", (Start) Dante::start), arguments("microsocks", (Start) Microsocks::start));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("realServers")
    void connect_wrongPassword_isSaid(String name, Start start) throws Exception {
        try (RealServer real = start.with(Setting.PLAIN.user("bob", "another"))) {
            String outcome = attempt(real.port(), echo);

            assertThat(outcome)
                    .startsWith(failure("java.net.SocketException: SOCKS authentication failed", echo, real.port(), ""))
                    .contains("\ncause SocksException ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("realServers")
    void connect_refusedTarget_isSaid(String name, Start start) throws Exception {
        int refused = targets.refused();
        try (RealServer real = start.with(Setting.PLAIN.user("bob", SECRET))) {
            String outcome = attempt(real.port(), refused);

            assertThat(outcome)
                    .startsWith(failure(
                            "java.net.ConnectException: Connection refused",
                            refused,
                            real.port(),
                            "the server replied: connection refused (0x05, S5_ECONNREFUSED)"))
                    .contains("\ncause SocksException 5: ");
        }
    }

    @Test
    void connect_refusedTargetBehindOpenSsh_isSaid() throws Exception {
        int refused = targets.refused();
        try (OpenSsh real = OpenSsh.start()) {
            assertThat(attempt(real.port(), refused))
                    .startsWith(failure(
                            "java.net.ConnectException: Connection refused",
                            refused,
                            real.port(),
                            "the server closed the connection without a reply; OpenSSH does so"));
        }
    }
}
