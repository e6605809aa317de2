// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.Connects.REQUEST;
import static dev.argyle.transport.Connects.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.argyle.protocol.Credentials;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.Reply;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The next server after a failure that says nothing of the target; none after one that judges it. */
class ConnectFailoverTest {
    private static final String SECRET = "hunter2";
    private static final Credentials BOB = new Credentials("bob", SECRET);

    /** The ways in which a server fails and the next is tried. */
    private static final Map<String, Supplier<ScriptedPeer>> GOES_ON = new LinkedHashMap<>(Map.ofEntries(
            entry("refused", ScriptedPeer::refusing),
            entry("refused at once", ScriptedPeer::refusingAtOnce),
            entry("end before the method", () -> ScriptedPeer.answering().thenEnd()),
            entry("end within the method", () -> ScriptedPeer.answering("05").thenEnd()),
            entry("end before the status", () -> ScriptedPeer.answering("0502").thenEnd()),
            entry(
                    "end within the status",
                    () -> ScriptedPeer.answering("0502", "01").thenEnd()),
            entry("end before the reply", () -> ScriptedPeer.answering("0500").thenEnd()),
            entry(
                    "end within the reply",
                    () -> ScriptedPeer.answering("0500", "050000").thenEnd()),
            entry("reset before the method", () -> ScriptedPeer.answering().thenReset()),
            entry(
                    "reset before the status",
                    () -> ScriptedPeer.answering("0502").thenReset()),
            entry("reset before the reply", () -> ScriptedPeer.answering("0500").thenReset()),
            entry("no acceptable method", () -> ScriptedPeer.answering("05FF")),
            entry("method not offered", () -> ScriptedPeer.answering("0501")),
            entry("HTTP", () -> ScriptedPeer.answering("485454502F312E31")),
            entry("version 4", () -> ScriptedPeer.answering("005B")),
            entry("wrong version of the reply", () -> ScriptedPeer.answering("0500", "040000")),
            entry("unknown address type", () -> ScriptedPeer.answering("0500", "0500000900")),
            entry("REP 1", () -> ScriptedPeer.replying(1))));

    @TestFactory
    Stream<DynamicTest> advance_firstServerFails_goesOnWithTheNext() {
        return GOES_ON.entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    Connects connects =
                            new Connects().server(BOB, way.getValue().get()).server(ScriptedPeer.honest());

                    connects.drive();

                    assertThat(connects.carrier.connects).containsExactly(connects.address(0), connects.address(1));
                    assertThat(connects.carrier.disconnects).isEqualTo(1);
                    assertThat(connects.carrier.sent(connects.address(1))).isEqualTo("050100" + REQUEST);
                    assertThat(connects.failedLately(0)).isTrue();
                    assertThat(connects.failedLately(1)).isFalse();
                }));
    }

    @TestFactory
    Stream<DynamicTest> advance_allFail_namesEachServerAndWhy() {
        return GOES_ON.entrySet().stream()
                .map(way -> DynamicTest.dynamicTest(way.getKey(), () -> {
                    Connects connects = new Connects()
                            .server(BOB, way.getValue().get())
                            .server(ScriptedPeer.refusing())
                            .server(BOB, way.getValue().get());

                    IOException failure = connects.failure();

                    assertThat(failure)
                            .hasMessageContaining("target.test:80")
                            .hasMessageContaining("SOCKS server 192.0.2.1:1080: ")
                            .hasMessageContaining("SOCKS server 192.0.2.2:1080: Connection refused")
                            .hasMessageContaining("SOCKS server 192.0.2.3:1080: ")
                            .hasMessageNotContaining(SECRET);
                    assertThat(failure.getCause()).isNotNull();
                    assertThat(failure.getMessage().indexOf("192.0.2.3"))
                            .as("the last failure comes first")
                            .isLessThan(failure.getMessage().indexOf("192.0.2.1"));
                    assertThat(connects.carrier.connects).hasSize(3);
                    assertThat(IntStream.range(0, 3)).allMatch(connects::failedLately);
                }));
    }

    private static IntStream finalReplies() {
        return IntStream.rangeClosed(2, 255);
    }

    @ParameterizedTest
    @MethodSource("finalReplies")
    void advance_targetIsJudged_isFinal(int rep) {
        Connects connects = new Connects()
                .server(ScriptedPeer.replying(rep))
                .server(ScriptedPeer.honest())
                .resort(ScriptedPeer.silent());

        IOException failure = connects.failure();

        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        SocksException.class, socks -> assertThat(socks.code()).isEqualTo(rep));
        assertThat(connects.carrier.connects).containsExactly(connects.address(0));
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_wrongPassword_isFinalAndNeverGoesDirect() {
        Connects connects = new Connects()
                .server(BOB, ScriptedPeer.answering("0502", "0101"))
                .server(ScriptedPeer.honest())
                .resort(ScriptedPeer.silent());

        assertThat(connects.failure())
                .hasMessageStartingWith("SOCKS authentication failed: target.test:80: SOCKS server 192.0.2.1:1080: ")
                .hasMessageNotContaining(SECRET);
        assertThat(connects.carrier.connects).containsExactly(connects.address(0));
    }

    @Test
    void advance_judgedByTheSecondServer_isFinalAndNamesBoth() {
        Connects connects = new Connects()
                .server(ScriptedPeer.refusing())
                .server(ScriptedPeer.replying(2))
                .resort(ScriptedPeer.silent());

        assertThat(connects.failure())
                .hasMessageStartingWith("Connection not allowed: target.test:80: SOCKS server 192.0.2.2:1080: ")
                .hasMessageEndingWith("; tried before: SOCKS server 192.0.2.1:1080: Connection refused");
        assertThat(connects.carrier.connects).hasSize(2);
    }

    @Test
    void advance_serverOfTwoAddresses_triesBothAndForgetsTheFirstFailure() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.refusing(), ScriptedPeer.honest());

        connects.drive();

        assertThat(connects.carrier.connects).containsExactly(address(1, 1080), address(2, 1080));
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_stateOfAnEarlierHandshake_isNotTakenForTheNextServers() throws IOException {
        // a reset after the request left "requested" behind, and the next server's silence was taken for the target's
        Connects connects = new Connects()
                .server(ScriptedPeer.answering("0500").thenReset())
                .server(ScriptedPeer.unreachable())
                .server(ScriptedPeer.honest());
        // the third has to answer in that time
        connects.timeouts = new Timeouts(2_000, 600_000);

        connects.drive();

        assertThat(connects.carrier.connects).hasSize(3);
        assertThat(connects.failedLately(1)).isTrue();
    }

    @Test
    void advance_noServer_saysWhyFromTheFailuresItWasGiven() {
        Connects connects = new Connects();
        connects.failures.addUnreachable(
                new dev.argyle.route.Server("proxy.test", 1080, true, null), new java.net.ConnectException("no name"));

        assertThat(connects.failure())
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server proxy.test: no name");
    }

    @Test
    void advance_cannotDisconnect_endsWithTheFirstFailureAndBlamesNoOther() {
        Connects connects = new Connects()
                .server(ScriptedPeer.refusing())
                .server(ScriptedPeer.honest())
                .resort(ScriptedPeer.silent());
        connects.carrier.disconnectFailure = new BindException("Address already in use");

        assertThat(connects.failure())
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " Connection refused")
                .hasSuppressedException(connects.carrier.disconnectFailure);
        assertThat(connects.carrier.connects).containsExactly(connects.address(0));
        assertThat(connects.failedLately(0)).isTrue();
        assertThat(connects.failedLately(1)).isFalse();
    }

    @Test
    void advance_onFailureDirect_comesAfterAllServers() throws IOException {
        Connects connects = new Connects()
                .server(ScriptedPeer.refusing())
                .server(ScriptedPeer.replying(1))
                .resort(ScriptedPeer.silent());

        connects.drive();

        assertThat(connects.carrier.connects)
                .containsExactly(connects.address(0), connects.address(1), address(99, 80));
        assertThat(connects.carrier.isReleased()).isTrue();
    }

    @Test
    void advance_onFailureDirectFailsToo_namesAll() {
        Connects connects = new Connects().server(ScriptedPeer.refusing()).resort(ScriptedPeer.refusing());

        assertThat(connects.failure())
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: directly: Connection refused;"
                        + " tried before: SOCKS server 192.0.2.1:1080: Connection refused");
    }

    @Test
    void advance_onFailureDirectWithoutAddress_namesAll() {
        Connects connects = new Connects().server(ScriptedPeer.refusing());
        connects.lastResort = late -> {
            throw new UnknownHostException("target.test");
        };

        assertThat(connects.failure())
                .hasMessage("No SOCKS server can be reached: target.test:80: directly: target.test;"
                        + " tried before: SOCKS server 192.0.2.1:1080: Connection refused")
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void advance_closedWithoutReply_neverGoesDirect() {
        // it is how OpenSSH says what others say with REP 5
        Connects connects = new Connects()
                .server(ScriptedPeer.answering("0500").thenEnd())
                .server(ScriptedPeer.refusing())
                .resort(ScriptedPeer.silent());

        assertThat(connects.failure()).hasMessageContaining("192.0.2.2:1080: Connection refused");
        assertThat(connects.carrier.connects).hasSize(2);
    }

    // ---- a request with a say of its own

    /** Takes a relay at 127.0.0.1 only, and the next server also after REP 7. */
    private static final class Demanding implements Connect.Request {
        final List<String> failed = new ArrayList<>();
        final List<String> granted = new ArrayList<>();

        @Override
        public Handshake handshake(ServerState server) {
            return Handshake.connect(Connects.TARGET, server.authentications);
        }

        @Override
        public void granted(Reply reply, InetSocketAddress server) throws SocksException {
            granted.add(server + " " + reply.bound());
            if (!reply.bound().host().equals("127.0.0.1")) {
                throw new SocksException(SocksException.Kind.MALFORMED, Stage.REQUEST, -1, "of no use");
            }
        }

        @Override
        public boolean goesOn(int replyCode) {
            return replyCode == 7;
        }

        @Override
        public void failed(Hop hop, IOException reason) {
            failed.add(hop.name() + ": " + reason.getMessage());
        }
    }

    private static void drive(Connects connects, Connect.Request request) throws IOException {
        Connects.drive(new Connect(
                connects.carrier,
                request,
                late -> connects.hops,
                null,
                connects.timeouts,
                System.nanoTime() + Connect.UNLIMITED_NANOS,
                connects.failures));
    }

    @Test
    void advance_grantIsOfNoUse_goesOnWithTheNext() throws Exception {
        Connects connects = new Connects()
                .server(ScriptedPeer.answering("0500", "05000001 CB007105 0050"))
                .server(ScriptedPeer.honest());
        Demanding request = new Demanding();

        drive(connects, request);

        assertThat(request.granted).containsExactly("/192.0.2.1:1080 203.0.113.5:80", "/192.0.2.2:1080 127.0.0.1:80");
        assertThat(request.failed).containsExactly("SOCKS server 192.0.2.1:1080: of no use");
        assertThat(connects.carrier.connects).containsExactly(connects.address(0), connects.address(1));
        assertThat(connects.failedLately(0))
                .as("the request remembers it, or not")
                .isFalse();
    }

    @Test
    void advance_noGrantIsOfUse_fails() {
        Connects connects = new Connects().server(ScriptedPeer.answering("0500", "05000001 CB007105 0050"));

        assertThatThrownBy(() -> drive(connects, new Demanding()))
                .hasMessageEndingWith(": SOCKS server 192.0.2.1:1080: of no use")
                .hasCauseInstanceOf(SocksException.class);
    }

    @Test
    void advance_replyThatTheRequestGoesOnAfter_goesOnWithTheNext() throws Exception {
        Connects connects = new Connects().server(ScriptedPeer.replying(7)).server(ScriptedPeer.honest());

        drive(connects, new Demanding());

        assertThat(connects.carrier.connects).containsExactly(connects.address(0), connects.address(1));
    }

    @Test
    void advance_replyThatTheRequestDoesNotGoOnAfter_isFinal() {
        Connects connects = new Connects().server(ScriptedPeer.replying(1)).server(ScriptedPeer.honest());
        Demanding request = new Demanding();

        assertThatThrownBy(() -> drive(connects, request)).hasMessageStartingWith("SOCKS server failure: ");

        assertThat(request.failed).isEmpty();
        assertThat(connects.carrier.connects).containsExactly(connects.address(0));
    }
}
