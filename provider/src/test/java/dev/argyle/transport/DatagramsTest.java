// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided on targets, and how large a datagram to them may be. */
class DatagramsTest extends DatagramsFixture {
    private static final InetSocketAddress IPV4_RELAY = new InetSocketAddress("127.0.0.1", RELAY_PORT);
    private static final InetSocketAddress IPV6_RELAY = new InetSocketAddress("::1", RELAY_PORT);

    private Datagrams datagrams(String argument) throws Exception {
        return datagrams(connector(argument));
    }

    private String said() {
        return written.toString(UTF_8);
    }

    private static String header(Peer peer) {
        return HexFormat.of().formatHex(peer.header());
    }

    // ---- routed

    @ParameterizedTest
    @CsvSource({
        "203.0.113.5, 00000001cb0071050035",
        "2001:db8::5, 0000000420010db80000000000000000000000050035",
        "::ffff:203.0.113.5, 00000001cb0071050035"
    })
    void peer_routedAddress_isSentAsItIs(String literal, String header) throws Exception {
        Peer peer = datagrams(PROXY).peer(at(literal, 53));

        assertThat(peer.direct()).isNull();
        assertThat(header(peer)).isEqualTo(header);
    }

    @Test
    void peer_standIn_isSentByName() throws Exception {
        Connector connector = connector(PROXY);

        Peer peer = datagrams(connector).peer(named(connector, "db.test", 53));

        assertThat(peer.direct()).isNull();
        assertThat(header(peer)).isEqualTo("00000003" + "07" + "64622e74657374" + "0035");
    }

    @Test
    void peer_foreignStandIn_isRefused() throws Exception {
        Connector connector = connector(PROXY);
        InetSocketAddress standIn = named(connector, "db.test", 53);
        InetAddress other =
                InetAddress.getByAddress("web.test", standIn.getAddress().getAddress());
        Datagrams datagrams = datagrams(connector);
        datagrams.peer(standIn);

        assertThatThrownBy(() -> datagrams.peer(new InetSocketAddress(other, 53)))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("was not given out by this JVM for that name");
    }

    @Test
    void peer_refusedByARecord_throwsAndSaysWhich() throws Exception {
        Datagrams datagrams = datagrams(connector(PROXY + "," + routes("203.0.113.0/24 REFUSE udp")));

        assertThatThrownBy(() -> datagrams.peer(at("203.0.113.5", 53)))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by the routes: a datagram to 203.0.113.5:53")
                .hasMessageContaining("203.0.113.0/24");
    }

    @Test
    void peer_recordOfTheOtherTransport_hasNoPart() throws Exception {
        Datagrams datagrams =
                datagrams(connector(PROXY + "," + routes("203.0.113.0/24 REFUSE tcp", "198.51.100.0/24 NONE udp")));
        InetSocketAddress none = at("198.51.100.5", 53);

        assertThat(datagrams.peer(at("203.0.113.5", 53)).direct()).isNull();
        assertThat(datagrams.peer(none).direct()).isSameAs(none);
    }

    // ---- direct

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "198.51.100.5", "224.0.0.251", "ff02::fb", "255.255.255.255"})
    void peer_directRoute_isTheTargetItself(String literal) throws Exception {
        InetSocketAddress target = at(literal, 53);

        Peer peer = datagrams(PROXY + ",bypass=198.51.100.0/24").peer(target);

        assertThat(peer.direct()).isSameAs(target);
        assertThat(peer.header()).isEmpty();
        assertThatThrownBy(peer::relay).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "224.0.0.1, true",
        "239.255.255.255, true",
        "ff02::1, true",
        "255.255.255.255, true",
        "255.255.255.254, false",
        "240.0.0.1, false",
        "203.0.113.255, false",
        "fe80::1, false",
        "203.0.113.5, false"
    })
    void isForMany_groupsAndAll(String literal, boolean expected) throws Exception {
        assertThat(Datagrams.isForMany(address(literal))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.251", "ff02::fb", "255.255.255.255"})
    void peer_manyWithARecordForServers_isNotCarried(String literal) throws Exception {
        String many = routes(
                "224.0.0.0/4 socks5h://192.0.2.1",
                "ff00::/8 socks5h://192.0.2.1",
                "255.255.255.255 socks5h://192.0.2.1");

        assertThat(datagrams(many + ",guard=off").peer(at(literal, 53)).direct())
                .isEqualTo(at(literal, 53));
        assertThatThrownBy(() -> datagrams(many).peer(at(literal, 53)))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("cannot be carried");
    }

    @Test
    void peer_directStandIn_isLookedUpForReal() throws Exception {
        Connector connector = connector(PROXY + ",bypass=db.test:53");
        names.real.put("db.test", new InetAddress[] {address("2001:db8::1"), address("192.0.2.77")});
        InetSocketAddress standIn = named(connector, "db.test", 53);
        Datagrams datagrams = datagrams(connector);

        assertThat(datagrams.peer(standIn).direct()).isEqualTo(at("2001:db8::1", 53));
        assertThat(datagrams.peer(named(connector, "db.test", 54)).direct()).isNull();

        owner.supportsIPv6 = false;
        assertThat(datagrams(connector).peer(standIn).direct()).isEqualTo(at("192.0.2.77", 53));
    }

    @Test
    void peer_directStandInWithoutAnAddressOfTheFamily_fails() throws Exception {
        Connector connector = connector(PROXY + ",bypass=db.test:53");
        names.real.put("db.test", new InetAddress[] {address("2001:db8::1")});
        owner.supportsIPv6 = false;

        assertThatThrownBy(() -> datagrams(connector).peer(named(connector, "db.test", 53)))
                .isInstanceOf(SocketException.class)
                .hasMessage("Protocol family unavailable: db.test has IPv6 addresses only");
    }

    @Test
    void peer_directStandInThatIsUnknown_failsAndIsNotRemembered() throws Exception {
        Connector connector = connector(PROXY + ",bypass=db.test:53");
        Datagrams datagrams = datagrams(connector);
        InetSocketAddress standIn = named(connector, "db.test", 53);

        assertThatThrownBy(() -> datagrams.peer(standIn)).isInstanceOf(UnknownHostException.class);
        names.real.put("db.test", new InetAddress[] {address("192.0.2.77")});

        assertThat(datagrams.peer(standIn).direct()).isEqualTo(at("192.0.2.77", 53));
    }

    // ---- udp

    @Test
    void peer_udpRefuse_throwsAndNamesTheKey() throws Exception {
        Datagrams datagrams = datagrams(PROXY + ",udp=refuse,bypass=198.51.100.0/24");

        assertThatThrownBy(() -> datagrams.peer(at("203.0.113.5", 53)))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by udp=refuse: a datagram to 203.0.113.5:53")
                .hasMessageEndingWith(" (* (agent argument: proxy))");
        assertThat(datagrams.peer(at("198.51.100.5", 53)).direct()).isNotNull();
        assertThat(datagrams.peer(at("224.0.0.251", 53)).direct()).isNotNull();
    }

    @Test
    void peer_udpOff_goesDirect() throws Exception {
        Connector connector = connector(PROXY + ",udp=off");
        names.real.put("db.test", new InetAddress[] {address("192.0.2.77")});
        Datagrams datagrams = datagrams(connector);

        assertThat(datagrams.peer(at("203.0.113.5", 53)).direct()).isEqualTo(at("203.0.113.5", 53));
        assertThat(datagrams.peer(named(connector, "db.test", 53)).direct()).isEqualTo(at("192.0.2.77", 53));
        assertThat(said()).isEmpty();
    }

    @Test
    void peer_udpOffAndGuardAudit_isReportedOnce() throws Exception {
        Datagrams datagrams = datagrams(PROXY + ",udp=off,guard=audit");

        assertThat(datagrams.peer(at("203.0.113.5", 53)).direct()).isNotNull();
        assertThat(datagrams.peer(at("203.0.113.5", 53)).direct()).isNotNull();

        assertThat(said())
                .containsOnlyOnce("a datagram to 203.0.113.5:53")
                .contains("and udp=off lets it go direct; it goes direct, as guard=audit says: ");
    }

    @Test
    void peer_udpOffAndGuardEnforce_isRefused() throws Exception {
        Datagrams datagrams = datagrams(PROXY + ",udp=off,guard=enforce");

        assertThatThrownBy(() -> datagrams.peer(at("203.0.113.5", 53)))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by the guard: a datagram to 203.0.113.5:53")
                .hasMessageContaining("udp=off lets it go direct; udp=on carries it");
    }

    // ---- what has been decided

    @Test
    void peer_sameAddress_isDecidedOnce() throws Exception {
        Datagrams datagrams = datagrams(PROXY);
        InetSocketAddress first = at("203.0.113.5", 53);
        InetSocketAddress second = at("203.0.113.6", 53);
        assertThat(datagrams.known(first)).isNull();

        Peer peer = datagrams.peer(first);
        Peer other = datagrams.peer(second);

        assertThat(other).isNotSameAs(peer);
        assertThat(datagrams.peer(first)).isSameAs(peer);
        assertThat(datagrams.known(new InetSocketAddress(first.getAddress(), 53)))
                .isSameAs(peer);
        assertThat(datagrams.known(second)).isSameAs(other);
        assertThat(datagrams.known(new InetSocketAddress(first.getAddress(), 54)))
                .isNull();
    }

    @Test
    void peer_nameThatAnAddressCarries_decidesForNoOther() throws Exception {
        InetAddress carrying = InetAddress.getByAddress(
                "web.direct.test", address("203.0.113.5").getAddress());
        names.real.put("web.direct.test", new InetAddress[] {carrying});
        InetSocketAddress named = new InetSocketAddress(carrying, 53);
        InetSocketAddress bare = at("203.0.113.5", 53);
        assertThat(named).as("as a map sees them").isEqualTo(bare);

        for (InetSocketAddress first : new InetSocketAddress[] {named, bare}) {
            Datagrams datagrams = datagrams("proxy=socks5://192.0.2.1:1080,bypass=.direct.test");
            datagrams.peer(first);
            for (int i = 0; i < 2; i++) {
                assertThat(datagrams.peer(named).direct()).as("by its name").isSameAs(named);
                assertThat(datagrams.peer(bare).direct()).as("as an address").isNull();
                datagrams.peer(at("203.0.113.6", 53)); // which is the last one then
            }
        }
    }

    @Test
    void peer_moreThanAThousand_areDecidedOnAgain() throws Exception {
        Datagrams datagrams = datagrams(PROXY);
        InetAddress address = address("203.0.113.5");
        InetSocketAddress first = new InetSocketAddress(address, 1);
        Peer peer = datagrams.peer(first);
        for (int port = 2; port <= 1000; port++) {
            datagrams.peer(new InetSocketAddress(address, port));
        }
        assertThat(datagrams.known(first)).isSameAs(peer);

        datagrams.peer(new InetSocketAddress(address, 1001));

        assertThat(datagrams.known(first)).isNull();
        assertThat(datagrams.peer(first).association()).isSameAs(peer.association());
    }

    // ---- sizes

    @ParameterizedTest
    @CsvSource({"203.0.113.5, 10", "2001:db8::5, 22"})
    void requireFits_address_leavesRoomForTheHeader(String literal, int header) throws Exception {
        Peer peer = datagrams(PROXY).peer(at(literal, 53));

        requireFits(peer, IPV4_RELAY, 65_507 - header);
        requireFits(peer, IPV6_RELAY, 65_527 - header);
    }

    @Test
    void requireFits_name_leavesRoomForIt() throws Exception {
        Connector connector = connector(PROXY);
        Peer peer = datagrams(connector).peer(named(connector, "db.test", 53));

        requireFits(peer, IPV4_RELAY, 65_507 - 7 - 7);
    }

    private static void requireFits(Peer peer, InetSocketAddress relay, int most) throws IOException {
        peer.requireFits(relay, 0);
        peer.requireFits(relay, most);
        assertThatThrownBy(() -> peer.requireFits(relay, most + 1))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Message too long: " + (most + 1) + " octets to ")
                .hasMessageContaining(relay + ", which takes at most " + most + ": ");
    }
}
