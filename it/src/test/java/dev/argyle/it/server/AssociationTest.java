// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssociationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
    void close() throws Exception {
        server.close();
        targets.close();
    }

    /** The header of what comes from a target. */
    private static String header(int port) {
        return "000000017f000002" + HexFormat.of().toHexDigits((short) port);
    }

    private static String port(int port) {
        return HexFormat.of().toHexDigits((short) port);
    }

    @Test
    void datagram_byAddress_isCarriedAndRecorded() throws Exception {
        try (RawAssociation client = RawAssociation.open(server.address())) {
            client.send(targets.address(echo), "hello");

            assertThat(client.receive(10)).isEqualTo(header(echo) + " hello");
            Association association = server.awaitAssociations(1).get(0);
            assertThat(association.datagrams()).containsExactly(new Datagram(0, 0, 1, "127.0.0.2", echo, 5));
            assertThat(association.client()).isEqualTo(client.local());
            assertThat(association.relay()).isEqualTo(client.relay());
            assertThat(association.received()).isEqualTo(1);
            assertThat(association.up()).isEqualTo(1);
            assertThat(association.down()).isEqualTo(1);
            assertThat(association.outbound().getAddress()).isEqualTo(ScriptedServer.OUTBOUND);
            assertThat(targets.visitors(echo)).containsExactly(association.outbound());
            assertThat(targets.datagrams(echo)).isEqualTo(1);
            assertThat(targets.directVisitors()).isEmpty();
            Exchange exchange = association.exchange();
            assertThat(exchange.command()).isEqualTo(3);
            assertThat(exchange.host()).isEqualTo("0.0.0.0");
            assertThat(exchange.port()).isZero();
            assertThat(exchange.up()).isEqualTo(5);
            assertThat(exchange.down()).isEqualTo(15);
            assertThat(exchange.ending()).isNull();
        }
    }

    @Test
    void datagram_byName_isCarriedAndTheReplyHasTheAddressAndThePortThatWasAsked() throws Exception {
        server.name("inside.argyle.test", targets.address(echo));
        try (RawAssociation client = RawAssociation.open(server.address())) {
            client.send(RelayOctets.of("Inside.Argyle.Test", 53, "x"));

            assertThat(client.receive(10)).isEqualTo("00000001" + "7f000002" + "0035 x");
            assertThat(server.associations().get(0).datagrams())
                    .containsExactly(new Datagram(0, 0, 3, "Inside.Argyle.Test", 53, 1));
        }
    }

    @Test
    void datagram_byForeignAddress_comesBackFromThere() throws Exception {
        server.name("203.0.113.5", new InetSocketAddress(targets.address(), 0));
        server.name("2001:db8::5", targets.address(echo));
        InetSocketAddress foreign = new InetSocketAddress(InetAddress.getByName("203.0.113.5"), echo);
        InetSocketAddress foreign6 = new InetSocketAddress(InetAddress.getByName("2001:db8::5"), 53);
        try (RawAssociation client = RawAssociation.open(server.address());
                RawAssociation client6 = RawAssociation.open(server.address())) {
            client.send(foreign, "4");
            client6.send(foreign6, "6");

            assertThat(client.receive(10)).isEqualTo("00000001cb007105" + port(echo) + " 4");
            assertThat(client6.receive(22)).isEqualTo("0000000420010db8000000000000000000000005" + "0035 6");
        }
    }

    @Test
    void datagram_toIPv6_isCarried() throws Exception {
        try (Targets six = Targets.at(InetAddress.getByName("::1"), InetAddress.getByName("::1"));
                RawAssociation client = RawAssociation.open(server.address())) {
            int echo6 = six.datagramEcho();
            client.send(six.address(echo6), "6");

            assertThat(client.receive(22)).isEqualTo("00000004" + "0".repeat(31) + "1" + port(echo6) + " 6");
        }
    }

    @Test
    void datagrams_toSeveralTargets_keepTheirSendersApart() throws Exception {
        int other = targets.datagramEcho();
        try (RawAssociation client = RawAssociation.open(server.address())) {
            for (int target : new int[] {echo, other, echo, echo, other}) {
                client.send(targets.address(target), "to " + target);

                assertThat(client.receive(10)).isEqualTo(header(target) + " to " + target);
            }
        }
    }

    @Test
    void datagram_emptyOrLargest_isCarriedWhole() throws Exception {
        String largest = "m".repeat(65_507 - 10);
        try (RawAssociation client = RawAssociation.open(server.address())) {
            assertThat(client.send(targets.address(echo), "").receiveText()).isEmpty();
            assertThat(client.send(targets.address(echo), largest).receiveText())
                    .isEqualTo(largest);
        }
    }

    @Test
    void datagram_ofAnyoneElse_isDropped() throws Exception {
        try (RawAssociation client = RawAssociation.open(server.address());
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                DatagramSocket elsewhere = new DatagramSocket(0, InetAddress.getByName("127.0.0.3"))) {
            byte[] forged = RelayOctets.of(targets.address(echo), "forged");
            elsewhere.send(new DatagramPacket(forged, forged.length, client.relay()));
            Association association = server.awaitAssociations(1).get(0);
            Awaitility.await().atMost(PATIENCE).until(() -> association.strangers() == 1);
            client.send(targets.address(echo), "first");
            assertThat(client.receiveText()).isEqualTo("first");
            stranger.send(new DatagramPacket(forged, forged.length, client.relay()));

            Awaitility.await().atMost(PATIENCE).until(() -> association.strangers() == 2);
            assertThat(targets.datagrams(echo)).isEqualTo(1);
        }
    }

    @Test
    void request_withTheClientsPort_letsThatPortInAlone() throws Exception {
        try (DatagramSocket said = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                RawAssociation client =
                        RawAssociation.open(server.address(), "01 7f000001" + port(said.getLocalPort()))) {
            client.send(targets.address(echo), "from another port");
            Association association = server.awaitAssociations(1).get(0);
            Awaitility.await().atMost(PATIENCE).until(() -> association.strangers() == 1);
            byte[] octets = RelayOctets.of(targets.address(echo), "right");
            said.send(new DatagramPacket(octets, octets.length, client.relay()));

            association.awaitDatagrams(1);
            assertThat(association.client()).isEqualTo(said.getLocalSocketAddress());
            assertThat(association.exchange().host()).isEqualTo("127.0.0.1");
            assertThat(association.exchange().port()).isEqualTo(said.getLocalPort());
        }
    }

    @Test
    void datagram_malformed_isDroppedAndCounted() throws Exception {
        InetSocketAddress target = targets.address(echo);
        List<byte[]> malformed = List.of(
                new byte[0],
                new byte[9],
                RelayOctets.of(0, 0, 2, "\177\0\0\2", echo, "x"),
                RelayOctets.of(0, 0, 3, "\0", echo, "xxxx"),
                RelayOctets.of(0, 0, 3, "\u00ffx", echo, "xxxx"),
                RelayOctets.of(0, 0, 4, "\177\0\0\2", echo, "x"),
                RelayOctets.of(1, 0, target, "x"),
                RelayOctets.of(0, 1, target, "x"),
                RelayOctets.of(0, 0x81, target, "x"),
                RelayOctets.of("nowhere.argyle.test", echo, "x"));
        try (RawAssociation client = RawAssociation.open(server.address())) {
            for (byte[] octets : malformed) {
                client.send(octets);
            }
            client.send(target, "good");

            assertThat(client.receiveText()).isEqualTo("good");
            Association association = server.associations().get(0);
            assertThat(association.malformed()).isEqualTo(malformed.size());
            assertThat(association.datagrams())
                    .containsExactly(
                            new Datagram(1, 0, 1, "127.0.0.2", echo, 1),
                            new Datagram(0, 1, 1, "127.0.0.2", echo, 1),
                            new Datagram(0, 0x81, 1, "127.0.0.2", echo, 1),
                            new Datagram(0, 0, 3, "nowhere.argyle.test", echo, 1),
                            new Datagram(0, 0, 1, "127.0.0.2", echo, 4));
            assertThat(targets.datagrams(echo)).isEqualTo(1);
        }
    }

    @Test
    void controlConnection_ends_soDoesTheRelay() throws Exception {
        try (RawAssociation closing = RawAssociation.open(server.address());
                RawAssociation resetting = RawAssociation.open(server.address())) {
            closing.control().endOutput();
            resetting.control().reset();

            assertThat(closing.control().receiveAll()).isEmpty();
            server.awaitExchanges(1, exchange -> exchange.ending() == Ending.CLOSE);
            server.awaitExchanges(1, exchange -> exchange.ending() == Ending.RESET);
            for (RawAssociation ended : List.of(closing, resetting)) {
                // free again, as soon as the relay's selector has let go of it
                Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                    new DatagramSocket(ended.relay()).close();
                    return true;
                });
            }
        }
    }

    @Test
    void relayAddress_isBoundAndReported() throws Exception {
        try (ScriptedServer other = ScriptedServer.builder()
                        .relayAddress(InetAddress.getByName("127.0.0.3"))
                        .start();
                RawAssociation client = RawAssociation.open(other.address())) {
            assertThat(client.relay().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
            assertThat(client.send(targets.address(echo), "x").receiveText()).isEqualTo("x");
        }
    }

    @Test
    void serverAtIPv6_hasItsRelayThere() throws Exception {
        try (ScriptedServer six = ScriptedServer.builder()
                        .address(InetAddress.getByName("::1"))
                        .start();
                RawClient client = new RawClient(six.address());
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("::1"))) {
            String reply =
                    client.greet().send("05 03 00 04" + "0".repeat(32) + "0000").receive(22);
            assertThat(reply).startsWith("05000004" + "0".repeat(31) + "1");
            byte[] octets = RelayOctets.of(targets.address(echo), "x");
            int port = HexFormat.fromHexDigits(reply, 40, 44);
            socket.send(new DatagramPacket(octets, octets.length, InetAddress.getByName("::1"), port));

            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            assertThat(HexFormat.of().formatHex(packet.getData(), 0, packet.getLength()))
                    .isEqualTo(header(echo) + "78");
        }
    }

    @Test
    void echoes_playsEveryTarget() throws Exception {
        try (ScriptedServer echoing = ScriptedServer.builder().echoes().start();
                RawAssociation client = RawAssociation.open(echoing.address())) {
            client.send(RelayOctets.of("any.argyle.test", 7, "first"));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> echoing.associations().get(0).malformed() == 1);
            client.send(targets.address(echo), "x");

            assertThat(client.receive(10)).isEqualTo(header(echo) + " x");
            assertThat(targets.allVisitors()).isEmpty();
        }
    }

    @Test
    void targets_answerFromAnotherPort_flood_orNever() throws Exception {
        int another = targets.datagramEchoFromAnotherPort();
        int flood = targets.datagramFlood(20);
        int silent = targets.datagramSilent();
        try (RawAssociation client = RawAssociation.open(server.address())) {
            assertThat(client.send(targets.address(another), "x").receive(10))
                    .startsWith("000000017f000002")
                    .doesNotStartWith(header(another))
                    .endsWith(" x");
            client.send(targets.address(flood), "y");
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive(10)).isEqualTo(header(flood) + " y");
            }
            client.send(targets.address(silent), "z");
            client.timeout(50);
            assertThatThrownBy(client::receivePacket).isInstanceOf(SocketTimeoutException.class);
            Awaitility.await().atMost(PATIENCE).until(() -> targets.datagrams(silent) == 1);
            assertThat(targets.awaitVisitors(silent, 1)).hasSize(1);
        }
    }

    @Test
    void associations_many_runSideBySide() throws Exception {
        List<RawAssociation> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                clients.add(RawAssociation.open(server.address()));
            }
            for (RawAssociation client : clients) {
                client.send(targets.address(echo), client.local().toString());
            }
            for (RawAssociation client : clients) {
                assertThat(client.receiveText()).isEqualTo(client.local().toString());
            }
            assertThat(targets.visitors(echo)).hasSize(200);
        } finally {
            for (RawAssociation client : clients) {
                client.close();
            }
        }
        server.awaitExchanges(200, exchange -> exchange.ending() == Ending.CLOSE);
    }
}
