// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.config.GuardMode;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.TargetPattern;
import dev.argyle.route.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which record decides where an address has a name or can have one, and what the guard makes of the rest. */
class ConnectorRecordsTest extends ConnectorFixture {
    // ---- names that addresses carry

    @Test
    void connect_nameThatALookUpHasGiven_decides() throws Exception {
        Connector connector = connector(PROXY + ",bypass=.corp.test");
        InetAddress given = InetAddress.getByAddress("db.corp.test", new byte[] {10, 0, 0, 1});
        names.real.put("db.corp.test", new InetAddress[] {given});

        assertThat(connector.connect(carrier, new InetSocketAddress(given, 80), 0, null))
                .isNull();
    }

    @Test
    void connect_nameThatTheProgramHasPutOnAnAddress_isNoEvidence() throws Exception {
        Connector connector = connector(PROXY + ",bypass=.corp.test");
        names.real.put("db.corp.test", new InetAddress[] {address("10.0.0.1")});

        assertThat(request(connector, InetAddress.getByAddress("db.corp.test", new byte[] {10, 0, 0, 2})))
                .isEqualTo("010a0000020050");
    }

    // ---- addresses converted to names, for the fragments of a socks5c.conf

    private Connector withFragment(Route route, Route otherwise) throws Exception {
        return connector(
                withRoutes(List.of(new RouteTable.Rule(TargetPattern.suffix("ibm.test", 0), route)), otherwise));
    }

    private Route.Via via() {
        return new Route.Via(new RouteRecord("a record", "a test"), List.of(new Server("192.0.2.1", 1080, true, null)));
    }

    private static Route.Direct direct() {
        return new Route.Direct(new RouteRecord("a record", "a test"));
    }

    @Test
    void connect_addressOfANameWithAFragment_isRoutedByIt() throws Exception {
        names.reverse.put(address("198.51.100.7"), "aguila.ibm.test");

        assertThat(request(withFragment(via(), RouteTable.IMPLICIT), address("198.51.100.7")))
                .isEqualTo("01c63364070050");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connect_addressOfANameWithAFragmentThatIsDirect_goesDirect(boolean waits) throws Exception {
        names.reverse.put(address("198.51.100.7"), waits ? "aguila.ibm.test" : "later.ibm.test");
        Connector connector = withFragment(direct(), via());
        CountDownLatch lookedUp = new CountDownLatch(1);
        InetSocketAddress target = new InetSocketAddress("198.51.100.7", 80);
        carrier.at(target, ScriptedPeer.honest());

        Connect connect = connector.connect(carrier, target, 0, waits ? null : lookedUp::countDown);
        assertThat(connect).isNotNull();
        if (!waits) {
            assertThat(connect.advance()).isFalse();
            assertThat(connect.isLookingUp()).isTrue();
            names.hanging.countDown();
            lookedUp.await();
        }
        Connects.drive(connect);

        assertThat(carrier.connects).containsExactly(target);
        assertThat(carrier.sent(target)).isEmpty();
    }

    @Test
    void connect_addressWithoutAName_isRoutedByTheAddress() throws Exception {
        assertThat(request(withFragment(direct(), via()), address("198.51.100.7")))
                .isEqualTo("01c63364070050");
    }

    @Test
    void connect_conversionThatHangs_fails_whereAFragmentCouldRoute() throws Exception {
        names.reverse.put(address("198.51.100.7"), "hanging.test");
        Connector connector = withFragment(via(), RouteTable.IMPLICIT);
        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);
        assertThat(connect).isNotNull();

        assertThatThrownBy(connect::advance)
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("198.51.100.7:80 was not converted to a name within 2 s")
                .hasMessageContaining("names.reverse=off");
        assertThat(carrier.connects).isEmpty();
    }

    @Test
    void connect_conversionThatHangs_goesByTheAddress_whereAllFragmentsAreDirect() throws Exception {
        names.reverse.put(address("198.51.100.7"), "hanging.test");

        assertThat(request(withFragment(direct(), via()), address("198.51.100.7")))
                .isEqualTo("01c63364070050");
    }

    @Test
    void connect_thisMachine_isNotConverted() throws Exception {
        names.reverse.put(address("127.0.0.1"), "aguila.ibm.test");

        assertThat(withFragment(via(), RouteTable.IMPLICIT)
                        .connect(carrier, new InetSocketAddress("127.0.0.1", 80), 0, null))
                .isNull();
    }

    // ---- what cannot be carried

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7", "2001:db8::1"})
    void requireDirect_routed_isRefused(String target) throws Exception {
        Connector connector = connector(PROXY);

        assertThatThrownBy(() -> connector
                        .guard()
                        .requireDirect(new InetSocketAddress(target, 53), Transport.UDP, "UDP of a socket"))
                .isInstanceOf(SocketException.class)
                .hasMessageMatching("Refused by the guard: UDP of a socket to \\[?" + target
                        + "\\]?:53 would be routed \\(\\* \\(.*\\)\\) and cannot be carried; .*");
        assertThat(written.toString(UTF_8)).contains("UDP of a socket to ").contains("; refused: at ");
    }

    @Test
    void requireDirect_direct_passes() throws Exception {
        connector(PROXY + ",bypass=198.51.100.7")
                .guard()
                .requireDirect(new InetSocketAddress("198.51.100.7", 53), Transport.UDP, "UDP");
        assertThat(written.toString(UTF_8)).isEmpty();
    }

    @Test
    void requireDirect_standInOfADirectRoute_isRefused() throws Exception {
        // the JDK would send to the stand-in itself
        Connector connector = connector(PROXY + ",bypass=target.test:53");
        InetAddress standIn = standIns.of("target.test");

        assertThatThrownBy(
                        () -> connector.guard().requireDirect(new InetSocketAddress(standIn, 53), Transport.UDP, "UDP"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("target.test:53");
    }

    @Test
    void requireDirect_unknownTarget_isRefused() throws Exception {
        assertThatThrownBy(() -> connector(PROXY).guard().requireDirect(null, Transport.TCP, "a channel of another"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("a channel of another");
    }

    @Test
    void datagram_toAStandInOfADirectRoute_goesToItsRealAddress() throws Exception {
        Connector connector = connector(PROXY + ",bypass=target.test:53");
        names.real.put("target.test", new InetAddress[] {address("10.0.0.1")});

        assertThat(connector.guard().datagram(new InetSocketAddress(standIns.of("target.test"), 53)))
                .isEqualTo(new InetSocketAddress("10.0.0.1", 53));
        assertThatThrownBy(() -> connector.guard().datagram(new InetSocketAddress(standIns.of("target.test"), 54)))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("target.test:54");
    }

    @Test
    void datagram_direct_isLetGo() throws Exception {
        InetSocketAddress multicast = new InetSocketAddress("224.0.0.1", 53);

        assertThat(connector(PROXY).guard().datagram(multicast)).isSameAs(multicast);
        connector(PROXY).guard().join(address("224.0.0.1"));
    }

    /** A record for names that lets some go direct, one for addresses, and nothing for the rest. */
    private Connector withoutCover(GuardMode uncovered) {
        return connector(withRoutes(
                List.of(
                        new RouteTable.Rule(TargetPattern.domain("corp.test", 0), direct()),
                        new RouteTable.Rule(
                                TargetPattern.domain("routed.test", 0).at(1, 52, null), via()),
                        new RouteTable.Rule(TargetPattern.block(new byte[] {10, 0, 0, 0}, 8, 0), via())),
                RouteTable.IMPLICIT,
                uncovered));
    }

    @Test
    void connect_coveredByNoRecord_isForTheGuardToDecide() throws Exception {
        InetSocketAddress target = new InetSocketAddress("198.51.100.7", 80);

        assertThat(withoutCover(GuardMode.OFF).connect(carrier, target, 0, null))
                .isNull();
        assertThat(written.toString(UTF_8)).isEmpty();
        assertThat(withoutCover(GuardMode.AUDIT).connect(carrier, target, 0, null))
                .isNull();
        assertThat(written.toString(UTF_8))
                .contains("a connection to 198.51.100.7:80 is covered by no record; it goes direct");
        assertThatThrownBy(() -> withoutCover(GuardMode.ENFORCE).connect(carrier, target, 0, null))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("a connection to 198.51.100.7:80 is covered by no record");
    }

    @Test
    void connect_nameCoveredByARecord_isLetGoWhateverItsAddress() throws Exception {
        InetAddress given = InetAddress.getByAddress("db.corp.test", new byte[] {(byte) 198, 51, 100, 7});
        names.real.put("db.corp.test", new InetAddress[] {given});

        assertThat(withoutCover(GuardMode.ENFORCE).connect(carrier, new InetSocketAddress(given, 80), 0, null))
                .isNull();
    }

    @Test
    void datagram_toAStandInThatNoRecordCovers_isForTheGuardToDecide() throws Exception {
        Connector connector = withoutCover(GuardMode.ENFORCE);
        names.real.put("a.routed.test", new InetAddress[] {address("198.51.100.7")});
        InetSocketAddress target = new InetSocketAddress(standIns.of("a.routed.test"), 53);

        assertThatThrownBy(() -> connector.guard().datagram(target))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("a datagram to a.routed.test:53 is covered by no record");
        assertThat(withoutCover(GuardMode.OFF).guard().datagram(target))
                .isEqualTo(new InetSocketAddress("198.51.100.7", 53));
    }

    @Test
    void join_groupThatARecordRefuses_isRefused() throws Exception {
        Route refuse = new Route.Refuse(new RouteRecord("224.0.0.0/4 REFUSE", "a test"));
        Connector connector = connector(withRoutes(
                List.of(new RouteTable.Rule(TargetPattern.block(new byte[] {(byte) 224, 0, 0, 0}, 4, 0), refuse)),
                RouteTable.IMPLICIT));

        assertThatThrownBy(() -> connector.guard().join(address("224.0.0.1")))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by the routes: joining a multicast group to 224.0.0.1:0");
    }
}
