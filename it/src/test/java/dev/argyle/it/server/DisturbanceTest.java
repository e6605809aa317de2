// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.it.server.Disturbance.Origin;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DisturbanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Targets targets;
    private ScriptedServer server;
    private InetSocketAddress echo;
    private RawAssociation client;
    private Association association;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.address(targets.datagramEcho());
        server = ScriptedServer.start();
        client = RawAssociation.open(server.address());
        association = server.awaitAssociations(1).get(0);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        targets.close();
    }

    /** Sends so many datagrams with the numbers from 1, and receives as many as are expected. */
    private List<String> exchange(int sent, int received) throws IOException {
        for (int i = 1; i <= sent; i++) {
            client.send(echo, Integer.toString(i));
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < received; i++) {
            texts.add(client.receiveText());
        }
        return texts;
    }

    private String receiveHex() throws IOException {
        DatagramPacket packet = client.receivePacket();
        return HexFormat.of().formatHex(packet.getData(), 0, packet.getLength());
    }

    private String header() {
        return "000000017f000002" + HexFormat.of().toHexDigits((short) echo.getPort());
    }

    @Test
    void lose_eachNth_passesTheOthers() throws Exception {
        association.disturb(new Disturbance.Lose(Direction.DOWN, 3));
        assertThat(exchange(7, 5)).containsExactly("1", "2", "4", "5", "7");
        assertThat(association.up()).isEqualTo(7);

        association.disturb(new Disturbance.Lose(Direction.UP, 2));
        // the last one passes: with it all of them are past the relay
        assertThat(exchange(5, 3)).containsExactly("1", "3", "5");
        assertThat(association.up()).isEqualTo(10);

        association.disturb();
        assertThat(exchange(2, 2)).containsExactly("1", "2");
    }

    @Test
    void silence_losesAll() throws Exception {
        association.disturb(Disturbance.silence());
        client.timeout(50);

        assertThatThrownBy(() -> exchange(3, 1)).isInstanceOf(SocketTimeoutException.class);
        Awaitility.await().atMost(PATIENCE).until(() -> association.up() == 3);
    }

    @Test
    void duplicate_eachNth_comesTwice() throws Exception {
        association.disturb(new Disturbance.Duplicate(Direction.DOWN, 2));
        assertThat(exchange(4, 6)).containsExactly("1", "2", "2", "3", "4", "4");

        association.disturb(new Disturbance.Duplicate(Direction.UP, 1));
        assertThat(exchange(2, 4)).containsExactly("1", "1", "2", "2");
    }

    @Test
    void reorder_comesTheOtherWayRound() throws Exception {
        association.disturb(new Disturbance.Reorder(Direction.DOWN, 3));
        assertThat(exchange(6, 6)).containsExactly("3", "2", "1", "6", "5", "4");

        association.disturb(new Disturbance.Reorder(Direction.UP, 2));
        assertThat(exchange(2, 2)).containsExactly("2", "1");
    }

    @Test
    void severalDisturbances_areAppliedInTurn() throws Exception {
        association.disturb(
                new Disturbance.Lose(Direction.UP, 2),
                new Disturbance.Duplicate(Direction.DOWN, 1),
                new Disturbance.Reorder(Direction.DOWN, 4));

        assertThat(exchange(4, 4)).containsExactly("3", "3", "1", "1");
    }

    @Test
    void senderName_isToldInPlaceOfTheAddress() throws Exception {
        association.disturb(new Disturbance.SenderName("a.test"));
        client.send(echo, "x");

        String port = HexFormat.of().toHexDigits((short) echo.getPort());
        assertThat(receiveHex()).isEqualTo("00000003" + "06612e74657374" + port + "78");
    }

    @Test
    void header_isWhateverTheScriptSays() throws Exception {
        association.disturb(new Disturbance.Header(0xABCD, 0x7F, 9, "\1\2\3", 0x0405));
        client.send(echo, "x");

        assertThat(receiveHex()).isEqualTo("abcd7f09010203040578");
    }

    @Test
    void cut_leavesTheBeginning() throws Exception {
        association.disturb(new Disturbance.Cut(3));
        client.send(echo, "x");
        assertThat(receiveHex()).isEqualTo("000000");

        association.disturb(new Disturbance.Cut(0));
        client.send(echo, "x");
        assertThat(receiveHex()).isEmpty();
    }

    @Test
    void fragments_inGoodOrder_haveAllOfIt() throws Exception {
        association.disturb(Disturbance.fragments(0, 1, 3));
        client.send(echo, "abcdef");

        assertThat(receiveHex()).isEqualTo("000001" + header().substring(6) + "61");
        assertThat(receiveHex()).isEqualTo("000002" + header().substring(6) + "6263");
        assertThat(receiveHex()).isEqualTo("000083" + header().substring(6) + "646566");
    }

    @Test
    void fragments_inAnyOrder_repeatedOrWithoutTheLast_areSentSo() throws Exception {
        association.disturb(new Disturbance.Fragments(List.of(0, 1, 2), List.of(2, 1, 1)));
        client.send(echo, "abc");

        assertThat(receiveHex()).startsWith("000002").endsWith("62");
        assertThat(receiveHex()).startsWith("000001").endsWith("61");
        assertThat(receiveHex()).startsWith("000001").endsWith("61");
        association.disturb();
        client.send(echo, "whole");
        assertThat(client.receiveText()).isEqualTo("whole");
    }

    @Test
    void fragments_beyondThePayload_areEmpty() throws Exception {
        association.disturb(Disturbance.fragments(0, 5, 9));
        client.send(echo, "abc");

        assertThat(receiveHex()).startsWith("000001").endsWith("616263");
        assertThat(receiveHex()).isEqualTo("000002" + header().substring(6));
        assertThat(receiveHex()).isEqualTo("000083" + header().substring(6));
    }

    @Test
    void forge_comesBeforeTheDatagram() throws Exception {
        InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getByName("203.0.113.9"), 53);
        String forged = new String(RelayOctets.of(elsewhere, "forged"), ISO_8859_1);
        association.disturb(new Disturbance.Forge(Origin.RELAY, forged));
        client.send(echo, "true");
        DatagramPacket first = client.receivePacket();
        assertThat(first.getSocketAddress()).isEqualTo(client.relay());
        assertThat(HexFormat.of().formatHex(first.getData(), 4, 8)).isEqualTo("cb007109");
        assertThat(client.receiveText()).isEqualTo("true");

        association.disturb(new Disturbance.Forge(Origin.STRANGER, forged));
        client.send(echo, "true");
        DatagramPacket spoofed = client.receivePacket();
        assertThat(spoofed.getAddress()).isEqualTo(client.relay().getAddress());
        assertThat(spoofed.getPort()).isNotEqualTo(client.relay().getPort());
        assertThat(client.receiveText()).isEqualTo("true");
    }

    @Test
    void fromStranger_comesFromAnotherSocket() throws Exception {
        association.disturb(new Disturbance.FromStranger());
        client.send(echo, "x");

        assertThat(client.receivePacket().getPort()).isNotEqualTo(client.relay().getPort());
    }

    @Test
    void sendToClient_anyOctets_comeAtAnyTime() throws Exception {
        assertThatThrownBy(() -> association.sendToClient(Origin.RELAY, new byte[1]))
                .isInstanceOf(IOException.class);
        assertThat(exchange(1, 1)).containsExactly("1");

        association.sendToClient(Origin.RELAY, RelayOctets.of(0, 1, echo, "part"));
        assertThat(receiveHex()).isEqualTo("000001" + header().substring(6) + "70617274");
        association.sendToClient(Origin.STRANGER, new byte[] {7});
        assertThat(receiveHex()).isEqualTo("07");
    }

    @Test
    void restart_goesOnAtAnotherPort() throws Exception {
        assertThat(exchange(1, 1)).containsExactly("1");
        association.restart();
        client.send(echo, "lost");

        assertThat(association.relay().getAddress()).isEqualTo(client.relay().getAddress());
        assertThat(association.relay().getPort()).isNotEqualTo(client.relay().getPort());
        association.sendToClient(Origin.RELAY, new byte[] {1});
        assertThat(client.receivePacket().getSocketAddress()).isEqualTo(association.relay());
        assertThat(association.exchange().ending()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void end_atAnyTime_endsConnectionAndRelay(Ending ending) throws Exception {
        association.end(ending);

        assertEnded(ending);
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void endAfter_soManyDatagrams_endsConnectionAndRelay(Ending ending) throws Exception {
        association.disturb(new Disturbance.EndAfter(Direction.UP, 3, ending));
        exchange(3, 0);

        assertEnded(ending);
        assertThat(association.up()).isEqualTo(3);
    }

    private void assertEnded(Ending ending) throws Exception {
        server.awaitExchanges(1, exchange -> exchange.ending() == ending);
        client.control().timeout(ending == Ending.SILENCE ? 50 : 20_000);
        switch (ending) {
            case CLOSE -> assertThat(client.control().receiveAll()).isEmpty();
            case RESET ->
                assertThatThrownBy(() -> client.control().receiveAll()).isInstanceOf(SocketException.class);
            case SILENCE ->
                assertThatThrownBy(() -> client.control().receiveAll()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThatThrownBy(() -> association.sendToClient(Origin.RELAY, new byte[1]))
                .isInstanceOf(IOException.class);
    }

    @Test
    void faults_ofAssociationsOnly_leaveConnectsAlone() throws Exception {
        int stream = targets.echo();
        for (Fault fault : List.of(Fault.withoutUdp(), Fault.closesForUdp())) {
            server.faults(fault);
            try (RawClient refused = new RawClient(server.address());
                    RawClient connected = new RawClient(server.address())) {
                String answer =
                        refused.greet().send("05 03 00 01 00000000 0000").receiveAll();
                assertThat(answer).isEqualTo(fault.equals(Fault.withoutUdp()) ? "05070001000000000000" : "");
                connected.connect("127.0.0.2", stream).sendText("x");
                assertThat(connected.receiveText(1)).isEqualTo("x");
            }
        }
        assertThat(server.associations()).hasSize(1);
    }

    @Test
    void faults_ofTheReply_areThoseOfConnects() throws Exception {
        server.faultsForNext(1, Fault.relayAt(new byte[4]));
        server.faultsForNext(1, Fault.relayAt(new byte[16]));
        server.faultsForNext(1, Fault.boundAddress(new byte[] {127, 0, 0, 1}, 0));
        server.faultsForNext(1, Fault.boundName("relay.test", 9));
        server.faultsForNext(1, new Fault.CutReply(5, Ending.CLOSE));
        server.faultsForNext(1, Fault.reset(Step.TARGET_TRIED));

        assertThat(associate()).matches("0500000100000000(?!0000)....");
        assertThat(associate()).matches("05000004" + "0".repeat(32) + "(?!0000)....");
        assertThat(associate()).isEqualTo("050000017f0000010000");
        assertThat(associate()).isEqualTo("050000030a72656c61792e746573740009");
        assertThat(associate()).isEqualTo("050000017f");
        assertThatThrownBy(this::associate).isInstanceOf(SocketException.class);
    }

    /** The reply that a request for an association gets. */
    private String associate() throws IOException {
        try (RawClient each = new RawClient(server.address())) {
            each.greet().send("05 03 00 01 00000000 0000");
            StringBuilder reply = new StringBuilder(each.receiveOnce());
            each.endOutput();
            return reply.append(each.receiveAll()).toString();
        }
    }

    @Test
    void faults_disturbFromTheBeginning() throws Exception {
        server.faults(Fault.disturb(new Disturbance.Lose(Direction.UP, 2)));
        try (RawAssociation another = RawAssociation.open(server.address())) {
            another.send(echo, "1").send(echo, "2").send(echo, "3");

            assertThat(another.receiveText()).isEqualTo("1");
            assertThat(another.receiveText()).isEqualTo("3");
        }
    }

    @Test
    void hold_delaysTheReply() throws Exception {
        Gate gate = new Gate();
        server.faults(new Fault.Hold(Step.TARGET_TRIED, gate));
        try (RawClient waiting = new RawClient(server.address())) {
            waiting.greet().send("05 03 00 01 00000000 0000");
            gate.awaitArrival();
            waiting.timeout(50);
            assertThatThrownBy(() -> waiting.receive(1)).isInstanceOf(SocketTimeoutException.class);
            gate.open();
            waiting.timeout(20_000);

            assertThat(waiting.reply()).isZero();
        }
    }
}
