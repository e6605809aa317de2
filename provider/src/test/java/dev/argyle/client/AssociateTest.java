// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UDP ASSOCIATE, and datagrams through the relay. */
class AssociateTest extends ClientFixture {
    private DatagramSocket relay;

    @BeforeEach
    void openRelay() throws IOException {
        relay = opened(new DatagramSocket(new InetSocketAddress("127.0.0.1", 0)));
    }

    private String granting(String address) {
        return "05000001 " + address + " " + HexFormat.of().toHexDigits((short) relay.getLocalPort());
    }

    private Socks5Datagrams associated() throws IOException {
        return opened(at(replying(granting("7F000001"))).associate(LONG));
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** What has come to the relay, in hexadecimal. */
    private String arrived() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
        relay.receive(packet);
        return HexFormat.of().formatHex(packet.getData(), 0, packet.getLength());
    }

    private void relays(Socks5Datagrams datagrams, String hex) throws IOException {
        byte[] octets = octets(hex).array();
        relay.send(new DatagramPacket(octets, octets.length, datagrams.localAddress()));
    }

    private static String text(ByteBuffer received) {
        return US_ASCII.decode(received.flip()).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7F000001", "00000000"})
    void associate_granted_tellsTheRendezvousAddress(String bound) throws Exception {
        ScriptedServer server = replying(granting(bound));

        Socks5Datagrams datagrams = opened(at(server).associate(LONG));

        assertThat(datagrams.rendezvous()).isEqualTo(relay.getLocalSocketAddress());
        assertThat(datagrams.server()).isEqualTo(server.server());
        int port = datagrams.localAddress().getPort();
        assertThat(datagrams.localAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", port));
        assertThat(server.requests()).containsExactly("3 127.0.0.1 " + port);
    }

    @Test
    void associate_givenLocalAddress_isTheDatagramsAndTheConnections() throws Exception {
        ScriptedServer server = replying(granting("7F000001"));

        Socks5Datagrams datagrams = opened(at(server).associate(new InetSocketAddress("127.0.0.1", 0), LONG));

        assertThat(datagrams.localAddress().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(server.visitors().get(0).getInetAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void send_anyTarget_goesToTheRelayWithItsHeader() throws Exception {
        Socks5Datagrams datagrams = associated();
        ByteBuffer payload = octets("00AABB");

        datagrams.send(payload.position(1), ADDRESS);
        datagrams.send(octets(""), InetSocketAddress.createUnresolved("a.test", 7));

        assertThat(payload.hasRemaining()).isFalse();
        assertThat(arrived()).isEqualTo("000000" + "01c00002070051" + "aabb");
        assertThat(arrived()).isEqualTo("000000" + "0306" + "612e74657374" + "0007");
    }

    @Test
    void send_tooLong_isRefusedAndGoesOn() throws Exception {
        Socks5Datagrams datagrams = associated();

        ByteBuffer payload = ByteBuffer.allocate(65_498);
        assertThatThrownBy(() -> datagrams.send(payload, ADDRESS))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("Message too long")
                .hasMessageEndingWith("at most 65497");
        assertThat(payload.position()).isZero();
        datagrams.send(octets("01"), ADDRESS);

        assertThat(arrived()).endsWith("01");
    }

    @Test
    void receive_address_isTheSource() throws Exception {
        Socks5Datagrams datagrams = associated();
        relays(datagrams, "000000 01 C0000207 0051" + "6869");
        relays(datagrams, "000000 03 06 612E74657374 0007" + "796F");
        ByteBuffer dst = ByteBuffer.allocate(100);

        assertThat(datagrams.receive(dst, LONG)).isEqualTo(ADDRESS);
        assertThat(text(dst)).isEqualTo("hi");
        assertThat(datagrams.receive(dst.clear(), Duration.ZERO))
                .isEqualTo(InetSocketAddress.createUnresolved("a.test", 7));
        assertThat(text(dst)).isEqualTo("yo");
    }

    @Test
    void receive_longerThanTheBuffer_isCut() throws Exception {
        Socks5Datagrams datagrams = associated();
        relays(datagrams, "000000 01 C0000207 0051" + "616263");
        ByteBuffer dst = ByteBuffer.allocate(2);

        datagrams.receive(dst, LONG);

        assertThat(text(dst)).isEqualTo("ab");
    }

    @Test
    void associate_unresolvedLocalAddress_isRefused() throws Exception {
        Socks5Client client = at(replying(granting("7F000001")));

        assertThatThrownBy(() -> client.associate(InetSocketAddress.createUnresolved("localhost", 0), LONG))
                .isInstanceOf(UnresolvedAddressException.class);
    }

    @Test
    void receive_readOnlyBuffer_isRefusedAndTheDatagramKept() throws Exception {
        Socks5Datagrams datagrams = associated();
        relays(datagrams, "000000 01 C0000207 0051" + "616263");
        ByteBuffer dst = ByteBuffer.allocate(10);

        assertThatThrownBy(() -> datagrams.receive(dst.asReadOnlyBuffer(), LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Read-only buffer");
        datagrams.receive(dst, LONG);

        assertThat(text(dst)).isEqualTo("abc");
    }

    @Test
    void receive_whatIsNoDatagramOfTheRelays_isDropped() throws Exception {
        Socks5Datagrams datagrams = associated();
        relays(datagrams, "");
        relays(datagrams, "FFFF00 01 C0000207 0051 41");
        relays(datagrams, "000000 09 C0000207 0051 42");
        relays(datagrams, "000005 01 C0000207 0051 43");
        try (DatagramSocket stranger = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            byte[] forged = octets("000000 01 C0000207 0051 44").array();
            stranger.send(new DatagramPacket(forged, forged.length, datagrams.localAddress()));
        }
        relays(datagrams, "000000 01 C0000207 0051 45");
        ByteBuffer dst = ByteBuffer.allocate(10);

        datagrams.receive(dst, LONG);

        assertThat(text(dst)).isEqualTo("E");
    }

    @Test
    void receive_fragments_arePutTogether() throws Exception {
        Socks5Datagrams datagrams = associated();
        relays(datagrams, "000001 01 C0000207 0051 41");
        relays(datagrams, "000002 01 C0000207 0051 42");
        relays(datagrams, "000083 01 C0000207 0051 43");
        ByteBuffer dst = ByteBuffer.allocate(10);

        assertThat(datagrams.receive(dst, LONG)).isEqualTo(ADDRESS);

        assertThat(text(dst)).isEqualTo("ABC");
    }

    @Test
    void receive_nothing_endsWithTheTimeout() throws Exception {
        Socks5Datagrams datagrams = associated();
        ByteBuffer dst = ByteBuffer.allocate(10);

        assertThatThrownBy(() -> datagrams.receive(dst, SHORT)).isExactlyInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> datagrams.receive(dst, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        relays(datagrams, "000000 01 C0000207 0051 41");
        datagrams.receive(dst, LONG);

        assertThat(text(dst)).isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receive_serverEndsTheAssociation_fails(boolean byReset) throws Exception {
        ScriptedServer server = replying(granting("7F000001"));
        Socks5Datagrams datagrams = opened(at(server).associate(LONG));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                () -> thrown.set(catchThrowable(() -> datagrams.receive(ByteBuffer.allocate(10), Duration.ZERO))));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.RUNNABLE);

        if (byReset) {
            server.visitors().get(0).setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        server.visitors().get(0).close();

        thread.join();
        assertThat(thrown.get()).isExactlyInstanceOf(SocketException.class);
        Socks5Exception failure = Socks5Exception.of(thrown.get());
        assertThat(failure).isNotNull();
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.ASSOCIATION);
        assertThat(failure.server()).isEqualTo(server.server());
        assertThatThrownBy(() -> datagrams.send(octets("41"), ADDRESS))
                .hasMessage(thrown.get().getMessage());
        assertThatThrownBy(() -> datagrams.receive(ByteBuffer.allocate(10), LONG))
                .hasMessage(thrown.get().getMessage());
    }

    @Test
    void send_serverHasEndedTheAssociation_fails() throws Exception {
        ScriptedServer server = playing(visitor -> ScriptedServer.send(visitor, granting("7F000001")));
        Socks5Datagrams datagrams = opened(at(server).associate(LONG));

        await().untilAsserted(() -> assertThat(
                        Socks5Exception.of(catchThrowable(() -> datagrams.send(octets("41"), ADDRESS))))
                .isNotNull());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receive_closedOrInterrupted_ends(boolean byInterrupt) throws Exception {
        Socks5Datagrams datagrams = associated();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                () -> thrown.set(catchThrowable(() -> datagrams.receive(ByteBuffer.allocate(10), Duration.ZERO))));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.RUNNABLE);

        if (byInterrupt) {
            thread.interrupt();
        } else {
            datagrams.close();
        }

        thread.join();
        if (byInterrupt) {
            assertThat(thrown.get()).isExactlyInstanceOf(ClosedByInterruptException.class);
        } else {
            assertThat(thrown.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
        }
        assertThatThrownBy(() -> datagrams.send(octets("41"), ADDRESS)).hasMessage("Socket closed");
        datagrams.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, S5_ESRVFAIL, java.net.SocketException",
        "2, S5_EPERM, java.net.ConnectException",
        "3, S5_ENETUNREACH, java.net.NoRouteToHostException",
        "5, S5_ECONNREFUSED, java.net.ConnectException",
        "7, S5_EOPNOTSUPP, java.net.SocketException",
        "9, , java.net.SocketException"
    })
    void associate_failingReply_tellsTheCode(int rep, S5 code, Class<? extends IOException> type) throws Exception {
        ScriptedServer server = failing(rep);

        Socks5Exception failure = failure(type, () -> at(server).associate(LONG));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.rep()).isEqualTo(rep);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
        assertThat(failure.target()).isNull();
        assertThat(failure.server()).isEqualTo(server.server());
    }

    @Test
    void associate_relayElsewhere_isRefusedUnlessAllowed() throws Exception {
        ScriptedServer server = replying(granting("7F000009"));

        Socks5Exception failure =
                failure(SocketException.class, () -> at(server).associate(LONG));
        Socks5Datagrams allowed = opened(of("udp.relay=any,", server).associate(LONG));

        assertThat(failure).hasMessageContaining("127.0.0.9").hasMessageContaining("udp.relay");
        assertThat(failure.rep()).isEqualTo(-1);
        assertThat(allowed.rendezvous().getAddress()).isEqualTo(InetAddress.getByName("127.0.0.9"));
    }

    @Test
    void associate_firstServerHasNoUdp_isFollowedByTheSecond() throws Exception {
        ScriptedServer second = replying(granting("7F000001"));

        assertThat(opened(of("", failing(7), second).associate(LONG)).server()).isEqualTo(second.server());
    }

    @Test
    void associate_silentServer_endsWithTheTimeout() throws Exception {
        ScriptedServer server = silent();

        Socks5Exception failure =
                failure(SocketTimeoutException.class, () -> at(server).associate(SHORT));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
    }
}
