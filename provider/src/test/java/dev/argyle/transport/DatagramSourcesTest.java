// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where datagrams that come in are from, and which are dropped. */
class DatagramSourcesTest extends DatagramsFixture {
    private static final InetSocketAddress RELAY = new InetSocketAddress("127.0.0.1", RELAY_PORT);

    private AnsweringServer server;
    private Connector connector;
    private Datagrams datagrams;

    @BeforeEach
    void begin() throws Exception {
        server = granting();
        use("proxy=" + server.url() + ",bypass=198.51.100.0/24");
    }

    private void use(String argument) throws Exception {
        connector = connector(argument);
        datagrams = datagrams(connector);
    }

    private Peer sendTo(InetSocketAddress target) throws Exception {
        Peer peer = datagrams.peer(target);
        open(peer);
        return peer;
    }

    private Peer connectTo(InetSocketAddress target) throws Exception {
        Peer peer = sendTo(target);
        datagrams.connect(peer);
        return peer;
    }

    /** Where the program sees a datagram from, which the relay has from there. */
    private @Nullable InetSocketAddress source(String host, int port) {
        ByteBuffer datagram = relayed(host, port, "hello");
        InetSocketAddress source = datagrams.source(datagram, RELAY);
        if (source != null) {
            assertThat(rest(datagram)).isEqualTo("hello");
        }
        return source;
    }

    private @Nullable InetSocketAddress past(String literal, int port) throws Exception {
        return datagrams.source(ByteBuffer.allocate(5), at(literal, port));
    }

    // ---- addresses

    @Test
    void source_unconnected_isWhatTheHeaderSays() throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(source("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
        assertThat(source("203.0.113.6", 54)).isEqualTo(at("203.0.113.6", 54));
        assertThat(source("2001:db8::5", 53)).isEqualTo(at("2001:db8::5", 53));
        assertThat(source("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
    }

    @Test
    void source_sameHeaderAgain_isTheSameObject() throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(source("203.0.113.5", 53)).isSameAs(source("203.0.113.5", 53));
    }

    @Test
    void source_emptyDatagram_isOne() throws Exception {
        sendTo(at("203.0.113.5", 53));
        ByteBuffer datagram = relayed("203.0.113.5", 53, "");

        assertThat(datagrams.source(datagram, RELAY)).isEqualTo(at("203.0.113.5", 53));
        assertThat(datagram.remaining()).isZero();
    }

    @Test
    void source_connected_mustBeThePeer() throws Exception {
        InetSocketAddress target = at("203.0.113.5", 53);
        connectTo(target);

        assertThat(source("203.0.113.5", 53)).isSameAs(target);
        assertThat(source("203.0.113.5", 54)).isNull();
        assertThat(source("203.0.113.6", 53)).isNull();
        assertThat(source("2001:db8::5", 53)).isNull();
        assertThat(source("db.test", 53)).isNull();
        assertThat(source("203.0.113.5", 53)).isSameAs(target);
    }

    @Test
    void source_disconnectedAgain_isAnyones() throws Exception {
        connectTo(at("203.0.113.5", 53));
        assertThat(source("203.0.113.6", 53)).isNull();

        datagrams.connect(null);

        assertThat(source("203.0.113.6", 53)).isEqualTo(at("203.0.113.6", 53));
    }

    // ---- names

    @Test
    void source_connectedByName_learnsTheFirstAddressOfThePort() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        connectTo(target);

        assertThat(source("203.0.113.9", 54)).as("another port").isNull();
        assertThat(source("203.0.113.5", 53)).isSameAs(target);
        assertThat(source("203.0.113.6", 53)).as("another address").isNull();
        assertThat(source("203.0.113.5", 53)).isSameAs(target);
    }

    @Test
    void source_connectedByNameAgain_learnsAnew() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        Peer peer = connectTo(target);
        assertThat(source("203.0.113.5", 53)).isSameAs(target);

        datagrams.connect(peer);

        assertThat(source("203.0.113.6", 53)).isSameAs(target);
        assertThat(source("203.0.113.5", 53)).isNull();
    }

    @Test
    void source_connectedByName_mayBeSaidByName() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        connectTo(target);

        assertThat(source("db.test", 53)).isSameAs(target);
        assertThat(source("DB.Test.", 53)).isSameAs(target);
        assertThat(source("db.test", 54)).isNull();
        assertThat(source("web.test", 53)).isNull();
        assertThat(source("203.0.113.5", 53)).as("nothing was learned of it").isSameAs(target);
    }

    @Test
    void source_nameThatIsNotAscii_isTheOneThatWasSent() throws Exception {
        InetSocketAddress target = named(connector, "b\u00fccher.test", 53);
        sendTo(target);

        assertThat(source("xn--bcher-kva.test", 53)).as("unconnected").isSameAs(target);
        connectTo(target);
        assertThat(source("xn--bcher-kva.test", 53)).as("connected").isSameAs(target);
    }

    @Test
    void source_unconnectedOneNameOnThePort_isItsStandIn() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        sendTo(target);

        assertThat(source("203.0.113.5", 53)).isSameAs(target);
        assertThat(source("203.0.113.6", 53)).isSameAs(target);
        assertThat(source("203.0.113.5", 54)).isEqualTo(at("203.0.113.5", 54));
    }

    @Test
    void source_sameNameAgain_isNoSecondOne() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        sendTo(target);
        InetAddress bare = InetAddress.getByAddress(target.getAddress().getAddress());
        sendTo(new InetSocketAddress(bare, 53));

        assertThat(source("203.0.113.5", 53)).isEqualTo(target);
    }

    @Test
    void source_twoNamesOnThePort_isTheRealAddress() throws Exception {
        InetSocketAddress first = named(connector, "db.test", 53);
        sendTo(first);
        assertThat(source("203.0.113.5", 53)).isSameAs(first);

        sendTo(named(connector, "web.test", 53));

        assertThat(source("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
        sendTo(first);
        assertThat(source("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void source_nameAndAddressOnThePort_isTheRealAddress(boolean nameFirst) throws Exception {
        InetSocketAddress name = named(connector, "db.test", 53);
        sendTo(nameFirst ? name : at("203.0.113.9", 53));
        sendTo(nameFirst ? at("203.0.113.9", 53) : name);

        assertThat(source("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
    }

    @Test
    void source_saidByName_isItsStandIn() throws Exception {
        InetSocketAddress target = named(connector, "db.test", 53);
        sendTo(target);
        sendTo(at("203.0.113.9", 53));

        assertThat(source("db.test", 53)).as("although the port is in doubt").isEqualTo(target);
        assertThat(source("web.test", 54)).isEqualTo(named(connector, "web.test", 54));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.1", "1.2.3.4.5", "0x7f.1"})
    void source_saidByANameOfNoUse_isDropped(String name) throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(source(name, 53)).isNull();
    }

    @Test
    void source_saidByNameWhereNamesAreLookedUpHere_isDropped() throws Exception {
        use("proxy=" + server.url().replace("socks5h", "socks5"));
        sendTo(at("203.0.113.5", 53));

        assertThat(source("db.test", 53)).isNull();
    }

    @Test
    void source_addressWrittenAsAName_isAnAddress() throws Exception {
        Address ipv4 = Address.name("203.0.113.5", 53);
        Address ipv6 = Address.name("2001:db8::5", 53);
        sendTo(at("203.0.113.5", 53));
        assertThat(datagrams.source(relayed(ipv4, "hello"), RELAY)).isEqualTo(at("203.0.113.5", 53));
        assertThat(datagrams.source(relayed(ipv6, "hello"), RELAY)).isEqualTo(at("2001:db8::5", 53));

        connectTo(at("203.0.113.5", 53));
        assertThat(datagrams.source(relayed(ipv4, "hello"), RELAY)).isEqualTo(at("203.0.113.5", 53));
        assertThat(datagrams.source(relayed(ipv6, "hello"), RELAY)).isNull();

        InetSocketAddress byName = named(connector, "db.test", 53);
        connectTo(byName);
        assertThat(datagrams.source(relayed(ipv4, "hello"), RELAY)).isSameAs(byName);
        assertThat(datagrams.source(relayed(ipv6, "hello"), RELAY)).isNull();
        assertThat(source("203.0.113.5", 53)).as("the same one").isSameAs(byName);
    }

    @Test
    void source_anyName_throwsNothing() throws Exception {
        sendTo(at("203.0.113.5", 53));
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] name = new byte[1 + random.nextInt(255)];
            random.nextBytes(name);
            ByteBuffer datagram = ByteBuffer.allocate(5 + name.length + 2);
            datagram.put(HexFormat.of().parseHex("00000003")).put((byte) name.length);
            datagram.put(name).putShort((short) 53).flip();

            InetSocketAddress source = datagrams.source(datagram, RELAY);

            assertThat(source == null || !source.isUnresolved())
                    .as(new String(name, StandardCharsets.ISO_8859_1))
                    .isTrue();
        }
    }

    // ---- from others than the relay

    @Test
    void source_beforeAnyAssociation_isLeftAlone() throws Exception {
        InetSocketAddress from = at("203.0.113.5", 53);

        assertThat(datagrams.source(ByteBuffer.allocate(5), from)).isSameAs(from);
    }

    @Test
    void source_pastTheRelay_isForDirectOnesOnly() throws Exception {
        sendTo(at("203.0.113.5", 53));

        for (int i = 0; i < 2; i++) {
            InetSocketAddress direct = at("198.51.100.5", 53);
            ByteBuffer datagram = relayed("203.0.113.5", 53, "hello");
            int octets = datagram.remaining();
            assertThat(datagrams.source(datagram, direct)).isSameAs(direct);
            assertThat(datagram.remaining()).as("it has no header").isEqualTo(octets);
            assertThat(past("203.0.113.5", 53)).as("a routed one").isNull();
            assertThat(past("127.0.0.1", RELAY_PORT + 1)).as("a direct one").isNotNull();
        }
    }

    @Test
    void source_pastTheRelayFromARefusedOne_isDropped() throws Exception {
        use("proxy=" + server.url() + "," + routes("198.51.100.0/24 REFUSE udp"));
        sendTo(at("203.0.113.5", 53));

        assertThat(past("198.51.100.5", 53)).isNull();
    }

    @Test
    void source_pastTheRelayFromWhatWasSentToByADirectName_passes() throws Exception {
        use("proxy=" + server.url() + ",bypass=db.test");
        names.real.put("db.test", new InetAddress[] {address("203.0.113.77")});
        sendTo(at("203.0.113.5", 53));
        assertThat(past("203.0.113.77", 53)).isNull();
        Peer direct = datagrams.peer(new InetSocketAddress(
                InetAddress.getByAddress("db.test", address("203.0.113.77").getAddress()), 53));
        assertThat(direct.direct()).isNotNull();

        assertThat(past("203.0.113.77", 53)).isEqualTo(at("203.0.113.77", 53));
        assertThat(past("203.0.113.77", 54)).isNull();
    }

    @Test
    void source_pastTheRelayInAGroup_isForAll() throws Exception {
        sendTo(at("203.0.113.5", 53));
        assertThat(past("203.0.113.5", 53)).isNull();

        datagrams.joined();

        assertThat(past("203.0.113.5", 53)).isEqualTo(at("203.0.113.5", 53));
    }

    @Test
    void source_connectedThroughTheRelay_isForNobodyElse() throws Exception {
        connectTo(at("203.0.113.5", 53));

        assertThat(past("198.51.100.5", 53)).isNull();
        assertThat(past("127.0.0.1", 53)).isNull();
    }

    @Test
    void source_formerRelay_isDropped() throws Exception {
        Peer peer = sendTo(at("203.0.113.5", 53));
        server.answer(() -> AnsweringServer.grant(RELAY_PORT + 1));
        lose(server, peer);
        assertThat(source("203.0.113.5", 53)).as("none stands").isNull();
        open(peer);

        assertThat(source("203.0.113.5", 53)).as("another stands").isNull();
        assertThat(datagrams.source(relayed("203.0.113.5", 53, "hello"), at("127.0.0.1", RELAY_PORT + 1)))
                .isEqualTo(at("203.0.113.5", 53));
    }

    // ---- headers

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "000000",
                "00010001cb007105003568",
                "01000001cb007105003568",
                "00000002cb007105003568",
                "00000000cb007105003568",
                "000000030000350000",
                "00000001cb00710500",
                "0000000420010DB8000000000000000000000005",
                "00000003FF6100"
            })
    void source_malformed_isDropped(String octets) throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(datagrams.source(ByteBuffer.wrap(HexFormat.of().parseHex(octets)), RELAY))
                .isNull();
        assertThat(source("203.0.113.5", 53)).isNotNull();
    }

    private @Nullable String fragment(int frag, String payload) throws Exception {
        ByteBuffer datagram = relayed("203.0.113.5", 53, payload);
        datagram.put(2, (byte) frag);
        InetSocketAddress source = datagrams.source(datagram, RELAY);
        assertThat(source).isIn(null, at("203.0.113.5", 53));
        return source == null ? null : rest(datagram);
    }

    @Test
    void source_fragments_arePutTogether() throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(fragment(1, "one ")).isNull();
        assertThat(fragment(2, "two ")).isNull();
        assertThat(fragment(0x83, "three")).isEqualTo("one two three");
        assertThat(fragment(0x81, "alone")).isEqualTo("alone");
        assertThat(fragment(0, "whole")).isEqualTo("whole");
    }

    @Test
    void source_wholeDatagramBetweenFragments_abandonsThem() throws Exception {
        sendTo(at("203.0.113.5", 53));

        assertThat(fragment(1, "one ")).isNull();
        assertThat(fragment(0, "whole")).isEqualTo("whole");
        assertThat(fragment(0x82, "two")).isNull();
    }

    @Test
    void source_fragmentsLongerThanTheRoom_areCut() throws Exception {
        sendTo(at("203.0.113.5", 53));
        String part = "x".repeat(200);
        assertThat(fragment(1, part)).isNull();
        assertThat(fragment(2, part)).isNull();

        // the room is that of the buffer that the last one came in
        assertThat(fragment(0x83, "end")).hasSize(103).startsWith("xxx");
    }

    @Test
    void source_fragmentsOfTwoAssociations_doNotMeet() throws Exception {
        AnsweringServer other = granting(RELAY_PORT + 1);
        use(routes("203.0.113.0/24 " + server.url(), "192.0.2.0/24 " + other.url()));
        sendTo(at("203.0.113.5", 53));
        sendTo(at("192.0.2.5", 53));
        assertThat(fragment(1, "one ")).isNull();
        ByteBuffer strange = relayed("203.0.113.5", 53, "strange");
        strange.put(2, (byte) 0x82);

        assertThat(datagrams.source(strange, at("127.0.0.1", RELAY_PORT + 1))).isNull();
        assertThat(fragment(0x82, "two")).isEqualTo("one two");
    }

    @Test
    void source_fragmentsOfAnAssociationAndTheNext_doNotMeet() throws Exception {
        Peer peer = sendTo(at("203.0.113.5", 53));
        assertThat(fragment(1, "one ")).isNull();
        lose(server, peer);
        open(peer);

        assertThat(fragment(0x82, "two")).isNull();
        assertThat(fragment(0x81, "alone")).isEqualTo("alone");
    }
}
