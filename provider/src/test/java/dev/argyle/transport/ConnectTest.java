// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.Connects.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.protocol.Credentials;
import java.io.IOException;
import java.net.SocketException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One server: phases, splits, and what is left on the wire. */
class ConnectTest {
    private static final Credentials BOB = new Credentials("bob", "pw");
    private static final String BOB_AND_PASSWORD = "0103626f62027077";

    @Test
    void advance_honestServer_greetsThenRequests() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.honest());

        connects.drive();

        assertThat(connects.carrier.sent(connects.address(0))).isEqualTo("050100" + REQUEST);
        assertThat(connects.carrier.isReleased()).isTrue();
        assertThat(connects.carrier.disconnects).isZero();
    }

    @Test
    void advance_connectedAtOnce_needsNoPoll() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.honest().atOnce());

        Connect connect = connects.connect();

        assertThat(connect.advance()).isFalse();
        assertThat(connect.awaitsReadable()).isTrue();
        assertThat(connects.carrier.sent(connects.address(0))).isEqualTo("050100");
    }

    @Test
    void advance_serverWithPassword_offersBothMethodsAndLogsIn() throws IOException {
        Connects connects = new Connects().server(BOB, ScriptedPeer.answering("0502", "0100", ScriptedPeer.SUCCESS));

        connects.drive();

        assertThat(connects.carrier.sent(connects.address(0))).isEqualTo("05020002" + BOB_AND_PASSWORD + REQUEST);
    }

    @Test
    void advance_serverWithoutPassword_isNotSentOne() throws IOException {
        Connects connects = new Connects().server(BOB, ScriptedPeer.honest());

        connects.drive();

        assertThat(connects.carrier.sent(connects.address(0))).isEqualTo("05020002" + REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 7F000001 0050", "04 00000000000000000000000000000001 0050"})
    void advance_octetByOctet_staysPendingUntilTheLast(String bound) throws IOException {
        ScriptedPeer peer =
                ScriptedPeer.answering("0502", "0100", "050000" + bound).drip().writesAtMost(1);
        Connects connects = new Connects().server(BOB, peer);

        connects.drive();

        assertThat(connects.carrier.sent(connects.address(0))).isEqualTo("05020002" + BOB_AND_PASSWORD + REQUEST);
        assertThat(connects.carrier.unread()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 255})
    void advance_boundNameOfAnyLength_leavesWhatFollows(int length) throws IOException {
        String name = "05000003" + HexFormat.of().toHexDigits((byte) length) + "61".repeat(length) + "0050";
        Connects connects =
                new Connects().server(ScriptedPeer.answering(ScriptedPeer.NO_AUTHENTICATION, name + "DEADBEEF"));

        connects.drive();

        assertThat(connects.carrier.unread()).isEqualTo(4);
    }

    @Test
    void advance_allInOneSegment_leavesTheTargetsOctets() throws IOException {
        Connects connects = new Connects()
                .server(ScriptedPeer.answering(ScriptedPeer.NO_AUTHENTICATION + ScriptedPeer.SUCCESS + "CAFE"));

        connects.drive();

        assertThat(connects.carrier.unread()).isEqualTo(2);
    }

    @Test
    void awaitsReadable_byPhase_isWritableToConnectAndToSend() throws IOException {
        ScriptedPeer peer = ScriptedPeer.honest().drip().writesAtMost(2);
        Connects connects = new Connects().server(peer);
        Connect connect = connects.connect();

        assertThat(connect.advance()).isFalse();
        assertThat(connect.awaitsReadable()).as("connecting").isFalse();
        assertThat(connect.advance()).isFalse();
        assertThat(connect.awaitsReadable()).as("half the greeting is sent").isFalse();
        while (connects.carrier.sent(connects.address(0)).length() < 6) {
            assertThat(connect.awaitsReadable()).isFalse();
            assertThat(connect.advance()).isFalse();
        }
        assertThat(connect.awaitsReadable()).as("the greeting is sent").isTrue();
        Connects.drive(connect);
        assertThat(connect.awaitsReadable()).as("established").isFalse();
    }

    @Test
    void advance_afterTheEnd_saysTheSameAgain() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.honest());
        Connect connect = connects.drive();
        int calls = connects.carrier.calls();

        assertThat(connect.advance()).isTrue();
        assertThat(connects.carrier.calls()).isEqualTo(calls);
    }

    @Test
    void advance_afterFailure_failsAgainAndTouchesNothing() {
        Connects connects = new Connects().server(ScriptedPeer.replying(5)).server(ScriptedPeer.honest());
        Connect connect = connects.connect();
        assertThatThrownBy(() -> Connects.drive(connect)).hasMessageContaining("Connection refused");
        int calls = connects.carrier.calls();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(connect::advance).isInstanceOf(SocketException.class);
        }
        assertThat(connects.carrier.calls()).isEqualTo(calls);
    }

    @Test
    void advance_cannotBeAcquired_failsAndBlamesNobody() {
        Connects connects = new Connects().server(ScriptedPeer.honest());
        connects.carrier.acquireFailure = new IOException("no");
        Connect connect = connects.connect();

        assertThatThrownBy(connect::advance).isSameAs(connects.carrier.acquireFailure);
        assertThatThrownBy(connect::advance).isInstanceOf(SocketException.class);
        assertThat(connects.carrier.connects).isEmpty();
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_cannotBeReleased_failsWithoutASecondConnection() {
        Connects connects = new Connects().server(ScriptedPeer.honest()).server(ScriptedPeer.honest());
        connects.carrier.releaseFailure = new IOException("no");

        assertThat(connects.failure()).isSameAs(connects.carrier.releaseFailure);
        assertThat(connects.carrier.connects).containsExactly(connects.address(0));
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_targetItself_isConnectedWithoutAHandshake() throws IOException {
        Connects connects = new Connects().direct(ScriptedPeer.silent());

        connects.drive();

        assertThat(connects.carrier.sent(connects.address(0))).isEmpty();
        assertThat(connects.carrier.isReleased()).isTrue();
    }

    @Test
    void advance_targetItselfRefuses_failsInTheJdksOwnWords() {
        Connects connects = new Connects().direct(ScriptedPeer.refusing()).direct(ScriptedPeer.refusingAtOnce());

        assertThat(connects.failure())
                .isInstanceOf(java.net.ConnectException.class)
                .hasMessage("Connection refused")
                .hasNoCause();
        assertThat(connects.carrier.connects).hasSize(2);
    }
}
