// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.protocol.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One association from its first use to its end. */
class AssociationTest extends DatagramsFixture {
    private static final String DAEMON = "argyle-controls";

    private Peer peer(Datagrams datagrams) throws IOException {
        return datagrams.peer(at("203.0.113.5", 53));
    }

    // ---- opening

    @Test
    void peer_beforeTheFirstDatagram_opensNothing() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);

        Peer peer = peer(datagrams);
        datagrams.connect(peer);

        assertThat(peer.direct()).isNull();
        assertThat(peer.isOpening()).isFalse();
        assertThat(peer.server()).isEqualTo(server.address());
        // the daemon, which comes with the first association, sees to nothing else
        open(datagrams(server).peer(at("203.0.113.6", 53)));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void relay_firstUse_beginsAndTellsWhenItStands() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            asked.await();
            return AnsweringServer.grant(RELAY_PORT);
        });
        Peer peer = peer(datagrams(server));

        assertThat(peer.relay()).isNull();
        assertThat(peer.relay()).isNull();
        assertThat(peer.isOpening()).isTrue();
        assertThat(owner.changed).hasValue(0);

        asked.countDown();
        peer.await();

        assertThat(peer.relay()).isEqualTo(at("127.0.0.1", RELAY_PORT));
        assertThat(peer.isOpening()).isFalse();
        assertThat(peer.server()).as("what the kernel is connected to").isEqualTo(peer.relay());
        assertThat(server.requests()).hasSize(1);
        await().untilAsserted(() -> assertThat(owner.changed).hasValue(1));
    }

    @Test
    void relay_peersOfOneServer_shareTheAssociation() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);

        open(datagrams.peer(at("203.0.113.5", 53)));
        open(datagrams.peer(at("203.0.113.6", 54)));

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void relay_twoSockets_haveAnAssociationEach() throws Exception {
        AnsweringServer server = granting();
        Connector connector = connector("proxy=" + server.url());

        open(peer(datagrams(connector)));
        open(peer(datagrams(connector)));

        assertThat(server.requests()).hasSize(2);
        assertThat(server.open()).isEqualTo(2);
    }

    @Test
    void relay_serverByName_waitsForItsLookUp() throws Exception {
        AnsweringServer server = granting();
        names.real.put("later.test", new InetAddress[] {address("127.0.0.1")});
        Connector connector = connector("proxy=socks5h://later.test:" + server.port());
        Peer peer = peer(datagrams(connector));

        assertThat(peer.server()).isNull();
        assertThat(peer.relay()).isNull();
        assertThat(peer.isOpening()).isTrue();
        names.hanging.countDown();
        peer.await();

        assertThat(peer.relay()).isEqualTo(at("127.0.0.1", RELAY_PORT));
    }

    @Test
    void await_manyThreads_allGoOnWithOneAssociation() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            asked.await();
            return AnsweringServer.grant(RELAY_PORT);
        });
        Peer peer = peer(datagrams(server));
        List<WaitingCall<InetSocketAddress>> relays = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            relays.add(WaitingCall.of(() -> open(peer)));
        }

        asked.countDown();

        for (WaitingCall<InetSocketAddress> relay : relays) {
            assertThat(relay.result()).isEqualTo(at("127.0.0.1", RELAY_PORT));
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void await_interrupt_isKept() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            asked.await();
            return AnsweringServer.grant(RELAY_PORT);
        });
        Peer peer = peer(datagrams(server));
        WaitingCall<Boolean> interrupted = WaitingCall.of(() -> {
            open(peer);
            return Thread.currentThread().isInterrupted();
        });

        interrupted.interrupt();
        asked.countDown();

        assertThat(interrupted.result()).isTrue();
    }

    // ---- DST, and where the control connection comes from

    @Test
    void request_serverOnThisMachine_hasTheSocketsOwnAddress() throws Exception {
        AnsweringServer server = granting();

        open(peer(datagrams(server)));

        assertThat(server.requests()).containsExactly("050300017f00000115b3");
    }

    @Test
    void request_unknownPort_hasZeros() throws Exception {
        AnsweringServer server = granting();
        owner.local = () -> null;

        open(peer(datagrams(server)));

        assertThat(server.requests()).containsExactly("05030001000000000000");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.1, 0.0.0.0:0",
        "192.0.2.7, 192.0.2.7, 192.0.2.7:5555",
        "127.0.0.3, 127.0.0.1, 127.0.0.3:5555",
        "::1, ::1, [::1]:5555",
        "2001:db8::7, 2001:db8::1, 0.0.0.0:0"
    })
    void destination_ownAddressWithinThisMachine_zerosElsewhere(String own, String server, String expected)
            throws Exception {
        Address destination = Control.destination(address(own), address(server), new InetSocketAddress(5555));

        assertThat(destination).hasToString(expected);
    }

    @Test
    void connect_socketBoundToAnAddress_comesFromThere() throws Exception {
        AnsweringServer server = granting();
        owner.local = () -> new InetSocketAddress("127.0.0.3", 5555);

        open(peer(datagrams(server)));

        assertThat(server.visitors()).containsExactly(address("127.0.0.3"));
        assertThat(server.requests()).containsExactly("050300017f00000315b3");
    }

    // ---- BND

    @ParameterizedTest
    @CsvSource({
        "server, 01 7F000001 9C41, 127.0.0.1", // its own
        "server, 01 00000000 9C41, 127.0.0.1",
        "server, 04 00000000000000000000000000000000 9C41, 127.0.0.1",
        "server, 04 00000000000000000000FFFF7F000001 9C41, 127.0.0.1",
        "any, 01 00000000 9C41, 127.0.0.1",
        "any, 01 7F000002 9C41, 127.0.0.2",
        "any, 04 20010DB8000000000000000000000001 9C41, 2001:db8::1"
    })
    void granted_relay_isWhereItMayBe(String allowed, String bound, String expected) throws Exception {
        AnsweringServer server = server(() -> "050000" + bound);
        Connector connector = connector("proxy=" + server.url() + ",udp.relay=" + allowed);

        assertThat(open(peer(datagrams(connector)))).isEqualTo(at(expected, 40_001));
    }

    @Test
    void granted_relayAtAnotherServerOfTheRoute_isTaken() throws Exception {
        AnsweringServer server = server(() -> "05000001 7F000002 9C41");
        Connector connector = connector("proxy=" + server.url() + ",socks5h://127.0.0.2:1");

        assertThat(open(peer(datagrams(connector)))).isEqualTo(at("127.0.0.2", 40_001));
    }

    @ParameterizedTest
    @CsvSource({
        "01 7F000002 9C41, 'its relay is 127.0.0.2:40001, which is not the server; udp.relay=any allows it'",
        "01 7F000001 0000, 'its relay is 127.0.0.1:0, which is no address to send to'",
        "03 0A 72656C61792E74657374 9C41, 'its relay is relay.test:40001, which is no address to send to'"
    })
    void granted_relayOfNoUse_isNotTaken(String bound, String words) throws Exception {
        AnsweringServer server = server(() -> "050000" + bound);

        assertThat(failure(peer(datagrams(server))))
                .isInstanceOf(SocketException.class)
                .hasMessage("No UDP association: SOCKS server 127.0.0.1:" + server.port() + ": " + words);
        await().until(() -> server.open() == 0);
    }

    @Test
    void granted_relayOfAFamilyThatTheSocketHasNot_isNotTaken() throws Exception {
        AnsweringServer server = server(() -> "05000004 20010DB8000000000000000000000001 9C41");
        owner.supportsIPv6 = false;

        assertThat(failure(peer(datagrams(connector("proxy=" + server.url() + ",udp.relay=any")))))
                .hasMessageEndingWith("its relay is [2001:db8::1]:40001, and this socket has no IPv6");
    }

    // ---- the end of the control connection

    @Test
    void lost_unconnectedSocket_associatesAgainWithoutAnError() throws Exception {
        AnsweringServer server = granting();
        Peer peer = peer(datagrams(server));
        open(peer);

        server.answer(() -> AnsweringServer.grant(40_002));
        lose(server, peer);

        assertThat(open(peer)).isEqualTo(at("127.0.0.1", 40_002));
        assertThat(server.requests()).hasSize(2);
        assertThat(owner.lost).hasValue(0);
    }

    @Test
    void lost_connectedSocket_isToldOnceEachTime() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);
        Peer peer = peer(datagrams);
        datagrams.connect(peer);
        open(peer);

        lose(server, peer);
        await().untilAsserted(() -> assertThat(owner.lost).hasValue(1));
        open(peer);
        assertThat(owner.lost).hasValue(1);

        lose(server, peer);
        await().untilAsserted(() -> assertThat(owner.lost).hasValue(2));
    }

    @Test
    void lost_connectedThroughAnother_isNotTold() throws Exception {
        AnsweringServer first = granting();
        AnsweringServer second = granting(40_002);
        Datagrams datagrams =
                datagrams(connector(routes("203.0.113.0/24 " + first.url(), "198.51.100.0/24 " + second.url())));
        Peer peer = datagrams.peer(at("203.0.113.5", 53));
        Peer other = datagrams.peer(at("198.51.100.5", 53));
        assertThat(open(peer)).isEqualTo(at("127.0.0.1", RELAY_PORT));
        assertThat(open(other)).isEqualTo(at("127.0.0.1", 40_002));

        datagrams.connect(peer);
        lose(second, other);
        assertThat(owner.lost).hasValue(0);

        datagrams.connect(other);
        open(other);
        lose(first, peer);
        lose(second, other);
        await().untilAsserted(() -> assertThat(owner.lost).hasValue(1));
    }

    /** As it may be while the daemon finds out: who sends has heard it of the kernel. */
    @Test
    void lost_justAfterTheKernelHasSaidSo_isNotToldAgain() throws Exception {
        Connector connector = connector("proxy=" + granting().url());
        Datagrams datagrams = datagrams(connector);
        Peer peer = peer(datagrams);
        datagrams.connect(peer);
        open(peer);
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        closed(() -> released.complete(true));
        ScriptedOwner other = new ScriptedOwner();
        other.told = released::join; // the daemon comes no further
        Datagrams others = connector.datagrams(other);
        closed(others::close);
        open(peer(others));
        await().until(() -> other.changed.get() > 0);

        peer.unreachable();
        peer.association().lost();

        assertThat(owner.lost).hasValue(0);
    }

    @Test
    void lost_disconnected_isNotTold() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);
        Peer peer = peer(datagrams);
        datagrams.connect(peer);
        open(peer);
        datagrams.connect(null);

        lose(server, peer);
        open(peer); // by the same daemon: it has seen to the loss

        assertThat(owner.lost).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unreachable_relayThatIsGone_endsItsConnectionAndHasAnother(boolean atOnce) throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);
        Peer peer = peer(datagrams);
        datagrams.connect(peer);
        open(peer);
        server.answer(() -> AnsweringServer.grant(40_002));

        peer.unreachable();
        assertThat(peer.standing()).isNull();
        if (!atOnce) {
            await().until(() -> server.open() == 0);
        }

        assertThat(open(peer)).isEqualTo(at("127.0.0.1", 40_002));
        await().until(() -> server.open() == 1);
        assertThat(owner.lost).as("who was refused knows").hasValue(0);
    }

    @Test
    void unreachable_withoutARelay_opensNothing() throws Exception {
        AnsweringServer server = granting();
        Peer peer = peer(datagrams(server));

        peer.unreachable();

        assertThat(peer.isOpening()).isFalse();
        open(peer);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void control_serverThatVanishes_isAskedForASignOfLife() throws Exception {
        AnsweringServer server = granting();
        open(peer(datagrams(server)));

        String client = HexFormat.of().withUpperCase().toHexDigits((short) server.visitorPort());
        String peer = HexFormat.of().withUpperCase().toHexDigits((short) server.port());
        List<String> connections = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        connections.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        // established, from and to these ports, and a timer that is not the one for retransmission
        assertThat(connections)
                .anyMatch(line -> line.matches(" *\\d+: \\w+:" + client + " \\w+:" + peer + " 01 \\w+:\\w+ 02:.*"));
    }

    @Test
    void control_whatTheServerSaysAfterItsReply_isOfNoMeaning() throws Exception {
        AnsweringServer server = server(() -> AnsweringServer.grant(RELAY_PORT) + "00".repeat(1000));
        Peer peer = peer(datagrams(server));

        open(peer);

        assertThat(peer.standing()).isNotNull();
        lose(server, peer);
    }

    // ---- the end of the socket

    @Test
    void close_standing_endsTheControlConnection() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);
        Peer peer = peer(datagrams);
        open(peer);
        assertThat(server.open()).isEqualTo(1);

        long closedAt = System.nanoTime();
        datagrams.close();

        await().until(() -> server.open() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - closedAt))
                .as("so that the relay reads what was sent last")
                .isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(peer.standing()).isNull();
        assertThatThrownBy(peer::relay).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThat(owner.lost).hasValue(0);
    }

    @Test
    void close_theServerEndsItMeanwhile_leavesNothingOpen() throws Exception {
        AnsweringServer server = granting();
        Connector connector = connector("proxy=" + server.url());
        Datagrams datagrams = datagrams(connector);
        open(peer(datagrams));

        datagrams.close();
        server.end();

        await().until(() -> server.open() == 0);
        open(peer(datagrams(connector))); // by the same daemon
        assertThat(server.open()).isEqualTo(1);
    }

    @Test
    void close_whileOpening_endsTheWaitAndTheConnection() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            never.await();
            return "";
        });
        Datagrams datagrams = datagrams(server);
        Peer peer = peer(datagrams);
        WaitingCall<InetSocketAddress> opening = WaitingCall.of(() -> open(peer));
        await().until(() -> server.requests().size() == 1);

        datagrams.close();

        assertThat(opening.failure()).isInstanceOf(IOException.class).hasMessage("Socket closed");
        assertThat(peer.isOpening()).isFalse();
        never.countDown();
        await().until(() -> server.open() == 0);
    }

    @Test
    void close_asTheServerGrants_leavesNothingOpen() throws Exception {
        AnsweringServer server = granting();
        Connector connector = connector("proxy=" + server.url());
        for (int i = 0; i < 100; i++) {
            Datagrams datagrams = connector.datagrams(owner);
            Peer peer = peer(datagrams);
            peer.relay();
            if (i % 2 == 0) {
                peer.await();
            }
            datagrams.close();
            assertThat(peer.standing()).isNull();
        }

        open(peer(datagrams(connector))); // after all those, by the same daemon

        await().until(() -> server.open() == 1);
    }

    @Test
    void peer_afterTheClose_hasNoRelay() throws Exception {
        AnsweringServer server = granting();
        Datagrams datagrams = datagrams(server);
        datagrams.close();

        Peer peer = peer(datagrams);

        assertThatThrownBy(peer::relay).hasMessage("Socket closed");
        peer.await();
        assertThat(server.requests()).isEmpty();
    }

    // ---- the daemon

    private static List<Thread> daemons() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(DAEMON))
                .toList();
    }

    @Test
    void daemon_interrupted_goesOnAndDoesNotSpin() throws Exception {
        AnsweringServer server = granting();
        Peer peer = peer(datagrams(server));
        open(peer);
        List<Thread> daemons = daemons();
        assertThat(daemons).isNotEmpty().allMatch(Thread::isDaemon);

        daemons.forEach(Thread::interrupt);

        await().until(() -> daemons.stream().noneMatch(Thread::isInterrupted));
        lose(server, peer);
        open(peer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void daemon_fault_isToldToWhoWaitsAndTheNextGoesOn(boolean error) throws Exception {
        AnsweringServer server = granting();
        Peer peer = peer(datagrams(server));
        owner.local = () -> {
            if (error) {
                throw new AssertionError("a fault");
            }
            throw new IllegalStateException("a fault");
        };

        assertThat(failure(peer))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Argyle has failed: java.lang.")
                .hasMessageEndingWith(": a fault")
                .hasCauseInstanceOf(error ? AssertionError.class : IllegalStateException.class);

        owner.local = () -> null;
        assertThat(open(peer)).isNotNull();
        assertThat(owner.lost).hasValue(0);
    }

    @Test
    void daemon_socketThatFailsToBeTold_isAloneInThat() throws Exception {
        AnsweringServer server = granting();
        Connector connector = connector("proxy=" + server.url());
        ScriptedOwner other = new ScriptedOwner();
        other.told = () -> {
            throw new AssertionError("a fault");
        };
        other.local = () -> {
            throw new IllegalStateException("why there is something to tell");
        };
        Datagrams faulty = connector.datagrams(other);
        closed(faulty::close);

        assertThat(failure(peer(faulty))).isNotNull();
        open(peer(datagrams(connector)));

        await().untilAsserted(() ->
                assertThat(written.toString(UTF_8)).contains("ERROR: the watch over control connections: "));
    }

    @Test
    void daemon_itsConnections_goDirect() throws Exception {
        Connector connector = connector(PROXY);
        assertThat(connector.connect(carrier, at("203.0.113.5", 80), 0, null)).isNotNull();
        CompletableFuture<Boolean> direct = new CompletableFuture<>();
        owner.local = () -> {
            try {
                direct.complete(connector.connect(carrier, at("203.0.113.5", 80), 0, null) == null);
            } catch (IOException e) {
                direct.completeExceptionally(e);
            }
            throw new IllegalStateException("enough");
        };

        assertThat(failure(peer(datagrams(connector)))).isNotNull();

        assertThat(direct.get(10, TimeUnit.SECONDS)).isTrue();
    }
}
