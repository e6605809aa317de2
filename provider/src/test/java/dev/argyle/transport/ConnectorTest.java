// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.name.StandInBlock;
import dev.argyle.name.StandIns;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorTest extends ConnectorFixture {
    // ---- decisions

    @Test
    void connect_directRoute_isLeftToTheJdk() throws Exception {
        Connector connector = connector(PROXY + ",bypass=198.51.100.0/24");

        assertThat(connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null))
                .isNull();
        assertThat(connector.connect(carrier, new InetSocketAddress("127.0.0.1", 80), 0, null))
                .isNull();
        assertThat(carrier.calls()).isZero();
    }

    @Test
    void connect_routedAddress_isAskedForAsItIs() throws Exception {
        assertThat(request(connector(PROXY), address("198.51.100.7"))).isEqualTo("01c63364070050");
    }

    @Test
    void connect_standIn_isAskedForByName() throws Exception {
        Connector connector = connector(PROXY);
        InetAddress[] standIn = connector.targets().addresses("target.test");

        assertThat(standIn).hasSize(1);
        assertThat(request(connector, standIn[0])).isEqualTo(named("target.test"));
    }

    @Test
    void connect_standInWithoutItsName_isAskedForByName() throws Exception {
        Connector connector = connector(PROXY);
        InetAddress bare = InetAddress.getByAddress(standIns.of("target.test").getAddress());

        assertThat(request(connector, bare)).isEqualTo(named("target.test"));
    }

    @ParameterizedTest
    @CsvSource({
        "target.test, TARGET.Test",
        // one name, although no character equals another without regard to case
        "i\u0307stanbul.test, \u0130stanbul.test",
        "a/b.test, a/b.test"
    })
    void connect_standInOfTheSameName_isTaken(String first, String written) throws Exception {
        Connector connector = connector(PROXY);
        connector.targets().addresses(first);

        assertThat(request(connector, standIns.of(written))).startsWith("03");
    }

    @Test
    void connect_foreignStandIn_isRefused() throws Exception {
        Connector connector = connector(PROXY);
        InetAddress foreign = StandIns.ofThisJvm(StandInBlock.defaults(), 9).of("target.test");

        assertThatThrownBy(() -> connector.connect(carrier, new InetSocketAddress(foreign, 80), 0, null))
                .isInstanceOf(SocketException.class)
                .hasMessage("Stand-in address " + foreign + " was not given out by this JVM;"
                        + " look the name up here instead");
        assertThat(carrier.calls()).isZero();
    }

    @Test
    void connect_standInOfAnotherName_isRefused() throws Exception {
        Connector connector = connector(PROXY);
        InetAddress other = InetAddress.getByAddress(
                "other.test", standIns.of("target.test").getAddress());

        assertThatThrownBy(() -> connector.connect(carrier, new InetSocketAddress(other, 80), 0, null))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("was not given out by this JVM for that name");
    }

    @Test
    void connect_blockOfStandInsWithoutRemoteNames_isOrdinary() throws Exception {
        Connector connector = connector("proxy=socks5://192.0.2.1:1080");

        assertThat(request(connector, address("198.18.0.9"))).isEqualTo("01c61200090050");
    }

    @Test
    void connect_refused_saysWhichRecord() throws Exception {
        Connector connector = connector(refusing());

        assertThatThrownBy(() -> connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null))
                .isInstanceOf(SocketException.class)
                .hasMessage("Refused by the routes: 198.51.100.7:80: everything (a test)");
        assertThat(carrier.calls()).isZero();
    }

    @Test
    void connect_refusedNameOfServersThatResolveNone_isRefusedWithoutItsNameToo() throws Exception {
        Connector connector = connector(refusing());
        InetAddress[] standIn = connector.targets().addresses("target.test");
        assertThat(standIn).isNotNull();
        InetAddress bare = InetAddress.getByAddress(standIn[0].getAddress());

        assertThatThrownBy(() -> connector.connect(carrier, new InetSocketAddress(bare, 80), 0, null))
                .hasMessage("Refused by the routes: target.test:80: everything (a test)");
    }

    private static Settings refusing() {
        return withRoutes(List.of(), new Route.Refuse(new RouteRecord("everything", "a test")));
    }

    // ---- a name whose route is direct at this port

    @Test
    void connect_directStandIn_isLookedUpForReal() throws Exception {
        Connector connector = connector(PROXY + ",bypass=target.test:80");
        names.real.put("target.test", new InetAddress[] {address("2001:db8::1"), address("192.0.2.77")});
        InetAddress[] standIn = connector.targets().addresses("target.test");
        assertThat(standIn).isNotNull();
        carrier.supportsIPv6 = false;
        carrier.at(Connects.address(77, 80), ScriptedPeer.silent());

        Connect connect = connector.connect(carrier, new InetSocketAddress(standIn[0], 80), 0, null);

        assertThat(connect).isNotNull();
        Connects.drive(connect);
        assertThat(carrier.connects).containsExactly(Connects.address(77, 80));
        assertThat(request(connector, 81, standIn[0])).endsWith("0051");
    }

    private String request(Connector connector, int port, InetAddress target) throws IOException {
        ScriptedCarrier another = new ScriptedCarrier().at(SERVER, ScriptedPeer.honest());
        Connect connect = connector.connect(another, new InetSocketAddress(target, port), 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);
        return another.sent(SERVER);
    }

    @Test
    void connect_directStandInUnknown_isUnknown() throws Exception {
        Connector connector = connector(PROXY + ",bypass=target.test:80");
        InetAddress standIn = standIns.of("target.test");

        Connect connect = connector.connect(carrier, new InetSocketAddress(standIn, 80), 0, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(connect::advance).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void connect_directStandInOfAFamilyThatCannotBe_fails() throws Exception {
        Connector connector = connector(PROXY + ",bypass=target.test:80");
        names.real.put("target.test", new InetAddress[] {address("2001:db8::1")});
        carrier.supportsIPv6 = false;
        InetAddress standIn = standIns.of("target.test");

        Connect connect = connector.connect(carrier, new InetSocketAddress(standIn, 80), 0, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(connect::advance)
                .isInstanceOf(SocketException.class)
                .hasMessage("Protocol family unavailable: target.test:80 has IPv6 addresses only");
    }

    // ---- names

    @Test
    void addresses_bypassedName_isLookedUpByTheJdk() throws Exception {
        Connector connector = connector("proxy=socks5h://proxy.test:1080,bypass=.direct.test");

        assertThat(connector.targets().addresses("a.direct.test")).isNull();
        assertThat(connector.targets().addresses("localhost")).isNull();
        assertThat(connector.targets().addresses("proxy.test"))
                .as("the server's own")
                .isNull();
        assertThat(connector.targets().addresses("target.test")).isNotNull();
    }

    @Test
    void addresses_serversThatResolveNoNames_areLookedUpByTheJdk() throws Exception {
        assertThat(connector("proxy=socks5://192.0.2.1:1080").targets().addresses("target.test"))
                .isNull();
    }

    @Test
    void namesThatAreLocal_areLookedUpHere_butGoToTheServerWhereTheProgramWantsNoLookUp() throws Exception {
        Connector connector = connector(PROXY + ",names.local=.corp.test");

        assertThat(connector.targets().addresses("db.corp.test")).isNull();
        assertThat(connector.targets().addresses("db.elsewhere.test")).isNotNull();
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("db.corp.test", 80);
        assertThat(request(connector, connector.targets().standInFor(unresolved).getAddress()))
                .isEqualTo(named("db.corp.test"));
    }

    @Test
    void addresses_nameThatNoRequestCanCarry_isUnknown() throws Exception {
        Connector connector = connector(PROXY);
        String longest = ("a".repeat(63) + ".").repeat(3) + "b".repeat(63);
        assertThat(longest).hasSize(255);

        assertThat(connector.targets().addresses(longest)).isNotNull();
        assertThatThrownBy(() -> connector.targets().addresses(longest + "c"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("256 octets (expected 1 to 255)");
        assertThatThrownBy(() -> connector.targets().addresses("nul\0.test")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void host_ofWhatIsRouted_isToldWithoutAQuestion() throws Exception {
        Connector connector = connector(PROXY + ",bypass=198.51.100.0/24");
        InetAddress standIn = standIns.of("target.test");

        assertThat(connector.targets().host(InetAddress.getByAddress(standIn.getAddress())))
                .isEqualTo("target.test");
        assertThat(connector.targets().host(address("192.0.2.1"))).isEqualTo("192.0.2.1");
        assertThat(connector.targets().host(address("198.19.0.1"))).isEqualTo("198.19.0.1");
        assertThat(connector.targets().host(address("198.51.100.1"))).isNull();
        assertThat(connector.targets().host(address("127.0.0.1"))).isNull();
    }

    @Test
    void host_ofServersThatResolveNoNames_isLookedUpByTheJdk() throws Exception {
        assertThat(connector("proxy=socks5://192.0.2.1:1080").targets().host(address("192.0.2.1")))
                .isNull();
    }

    @Test
    void mustNotBeProbed_isWhatIsNotDirect() throws Exception {
        Connector connector = connector(PROXY + ",bypass=198.51.100.0/24");

        assertThat(connector.targets().mustNotBeProbed(standIns.of("target.test")))
                .isTrue();
        assertThat(connector.targets().mustNotBeProbed(address("198.19.0.1"))).isTrue();
        assertThat(connector.targets().mustNotBeProbed(address("192.0.2.1"))).isTrue();
        assertThat(connector.targets().mustNotBeProbed(address("198.51.100.1"))).isFalse();
        assertThat(connector.targets().mustNotBeProbed(address("127.0.0.1"))).isFalse();
    }

    // ---- servers

    @Test
    void connect_serverThatFailed_isTriedLastUntilItSucceeds() throws Exception {
        Connector connector = connector(PROXY + ",socks5h://192.0.2.2:1080");

        assertThat(tried(connector, ScriptedPeer.refusing(), ScriptedPeer.honest()))
                .containsExactly(SERVER, SECOND_SERVER);
        assertThat(tried(connector, ScriptedPeer.refusing(), ScriptedPeer.honest()))
                .containsExactly(SECOND_SERVER);
        assertThat(tried(connector, ScriptedPeer.honest(), ScriptedPeer.refusing()))
                .containsExactly(SECOND_SERVER, SERVER);
        assertThat(tried(connector, ScriptedPeer.honest(), ScriptedPeer.honest()))
                .containsExactly(SERVER);
    }

    private static List<InetSocketAddress> tried(Connector connector, ScriptedPeer first, ScriptedPeer second)
            throws IOException {
        ScriptedCarrier carrier = new ScriptedCarrier().at(SERVER, first).at(SECOND_SERVER, second);
        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);
        return carrier.connects;
    }

    @Test
    void order_isThatOfConnects() throws Exception {
        Settings settings =
                SettingsLoader.load(PROXY + ",socks5h://192.0.2.2:1080", Map.of(), new Properties(), OWN_HOST);
        Connector connector = connector(settings);
        Server first = settings.servers().get(0);
        Server second = settings.servers().get(1);
        Route.Via via = new Route.Via(new RouteRecord("*", "test"), settings.servers());
        assertThat(connector.order(via)).containsExactly(first, second);

        connector.failed(first);
        assertThat(connector.order(via)).containsExactly(second, first);
        assertThat(tried(connector, ScriptedPeer.honest(), ScriptedPeer.refusing()))
                .containsExactly(SECOND_SERVER, SERVER);

        assertThat(connector.order(via)).containsExactly(first, second);
    }

    @Test
    void connect_serverOfSeveralAddresses_isTriedAtEachThatTheSocketCanReach() throws Exception {
        names.real.put(
                "proxy.test", new InetAddress[] {address("2001:db8::1"), address("192.0.2.2"), address("192.0.2.1")});
        Connector connector = connector("proxy=socks5h://proxy.test:1080");
        carrier.supportsIPv6 = false;
        carrier.at(SECOND_SERVER, ScriptedPeer.refusing());

        assertThat(request(connector, address("198.51.100.7"))).isEqualTo("01c63364070050");
        assertThat(carrier.connects).containsExactly(SECOND_SERVER, SERVER);
    }

    @Test
    void connect_serverOfAFamilyThatCannotBe_saysSo() throws Exception {
        Connector connector = connector("proxy=socks5h://[2001:db8::1]:1080");
        carrier.supportsIPv6 = false;

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(connect::advance)
                .isInstanceOf(ConnectException.class)
                .hasMessage("No SOCKS server can be reached: 198.51.100.7:80: SOCKS server 2001:db8::1:"
                        + " it has IPv6 addresses only, and this socket has no IPv6");
    }

    @Test
    void connect_serverUnknown_isPassedOverAndNamed() throws Exception {
        Connector connector = connector("proxy=socks5h://gone.test:1080," + "socks5h://192.0.2.2:1080");
        carrier.at(SECOND_SERVER, ScriptedPeer.replying(5));

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(() -> Connects.drive(connect))
                .hasMessageStartingWith("Connection refused: 198.51.100.7:80: SOCKS server 192.0.2.2:1080: ")
                .hasMessageEndingWith("; tried before: SOCKS server gone.test: its name cannot be looked up here");
    }

    @Test
    void connect_lookUpThatHangs_takesItsShareOnceAndIsNotWaitedForAgain() throws Exception {
        Connector connector =
                connector("proxy=socks5h://hanging.test:1080,socks5h://192.0.2.2:1080,connect.timeout=10m");
        carrier.at(SECOND_SERVER, ScriptedPeer.honest());
        InetSocketAddress target = new InetSocketAddress("198.51.100.7", 80);

        Connect first = connector.connect(carrier, target, 2_000, null);
        assertThat(first).isNotNull();
        Connects.drive(first);

        // were it waited for now, it would be for minutes
        assertThat(tried(connector, ScriptedPeer.refusing(), ScriptedPeer.honest()))
                .containsExactly(SECOND_SERVER);
    }

    @Test
    void connect_onlyServersLookUpHangs_endsWithTheApplicationsTimeout() throws Exception {
        Connector connector = connector("proxy=socks5h://hanging.test:1080");
        long begin = System.nanoTime();

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 50, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(connect::advance)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Connect timed out");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000L);
        assertThat(carrier.connects).isEmpty();
    }

    @Test
    void connect_lookUpTakesSomeOfTheApplicationsTime_onlyTheRestIsLeft() throws Exception {
        Connector connector = connector("proxy=socks5h://hanging.test:1080,socks5h://192.0.2.2:1080");
        carrier.at(SECOND_SERVER, ScriptedPeer.unreachable());
        long begin = System.nanoTime();

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 3_000, null);
        assertThat(connect).isNotNull();
        connect.advance();
        long used = System.nanoTime() - begin;

        assertThat(used).isGreaterThanOrEqualTo(1_500_000_000L);
        assertThat(connect.remainingNanos()).isLessThanOrEqualTo(1_500_000_000L);
    }

    /** What an event loop sees of a look-up: nothing to wait for, then a call. */
    @ParameterizedTest
    @ValueSource(
            strings = {"proxy=socks5h://hanging.test:1080", "proxy=socks5h://192.0.2.9:1080,bypass=hanging.test:80"})
    void connect_callerThatCannotWait_isCalledWhenTheNameIsLookedUp(String argument) throws Exception {
        Connector connector = connector(argument);
        InetSocketAddress target = new InetSocketAddress(
                argument.contains("bypass") ? standIns.of("hanging.test") : address("198.51.100.7"), 80);
        names.real.put("hanging.test", new InetAddress[] {SERVER.getAddress()});
        carrier.at(SERVER, ScriptedPeer.honest())
                .at(new InetSocketAddress(SERVER.getAddress(), 80), ScriptedPeer.honest());
        CountDownLatch called = new CountDownLatch(1);

        Connect connect = connector.connect(carrier, target, 0, called::countDown);

        assertThat(connect).isNotNull();
        assertThat(connect.advance()).isFalse();
        assertThat(connect.advance()).isFalse();
        assertThat(connect.isLookingUp()).isTrue();
        assertThat(carrier.connects).isEmpty();
        names.hanging.countDown();
        called.await();
        Connects.drive(connect);
        assertThat(carrier.connects).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy=socks5h://gone.test:1080", "proxy=socks5h://192.0.2.9:1080,bypass=gone.test:80"})
    void connect_callerThatCannotWait_isToldOfAnUnknownName(String argument) throws Exception {
        Connector connector = connector(argument);
        InetSocketAddress target = new InetSocketAddress(
                argument.contains("bypass") ? standIns.of("gone.test") : address("198.51.100.7"), 80);

        Connect connect = connector.connect(carrier, target, 0, () -> {});

        assertThat(connect).isNotNull();
        assertThatThrownBy(() -> Connects.drive(connect)).hasStackTraceContaining("gone.test: not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy=socks5h://hanging.test:1080", "proxy=socks5h://192.0.2.9:1080,bypass=hanging.test:80"})
    void connect_callerThatCannotWait_getsNoAddressInTime(String argument) throws Exception {
        Connector connector = connector(argument + ",connect.timeout=50ms");
        InetSocketAddress target = new InetSocketAddress(
                argument.contains("bypass") ? standIns.of("hanging.test") : address("198.51.100.7"), 80);

        Connect connect = connector.connect(carrier, target, 0, () -> {});

        assertThat(connect).isNotNull();
        assertThatThrownBy(() -> Connects.drive(connect))
                .isInstanceOfAny(ConnectException.class, UnknownHostException.class)
                .hasMessageContaining("not looked up");
    }

    @Test
    void connect_lookUpHangsLongerThanConnectTimeout_saysSo() throws Exception {
        Connector connector = connector("proxy=socks5h://hanging.test:1080,connect.timeout=50ms");

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);

        assertThat(connect).isNotNull();
        assertThatThrownBy(connect::advance)
                .isInstanceOf(ConnectException.class)
                .hasMessageEndingWith("SOCKS server hanging.test: its name was not looked up in time");
    }

    @Test
    void connect_passwordInClearText_isWarnedOfOnceAndNotShown() throws Exception {
        Connector connector = connector("proxy=socks5h://bob:hunter2@192.0.2.1:1080");
        for (int i = 0; i < 3; i++) {
            ScriptedCarrier another = new ScriptedCarrier().at(SERVER, ScriptedPeer.honest());
            Connect connect = connector.connect(another, new InetSocketAddress("198.51.100.7", 80), 0, null);
            assertThat(connect).isNotNull();
            connect.advance();
        }

        assertThat(written.toString(UTF_8).lines())
                .containsExactly("[argyle] WARN: the password for socks5h://192.0.2.1:1080 travels in clear text"
                        + " (RFC 1929)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy=socks5h://bob:hunter2@127.0.0.1:1080", PROXY})
    void connect_nothingToWarnOf_isSilent(String argument) throws Exception {
        carrier.at(SERVER, ScriptedPeer.honest()).at(new InetSocketAddress("127.0.0.1", 1080), ScriptedPeer.honest());
        Connect connect = connector(argument).connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);

        assertThat(connect).isNotNull();
        connect.advance();
        assertThat(written.toString(UTF_8)).isEmpty();
    }

    @Test
    void connect_onFailureDirect_saysSoAndLooksTheNameUpForReal() throws Exception {
        Connector connector = connector(PROXY + ",on-failure=direct");
        names.real.put("target.test", new InetAddress[] {address("192.0.2.77")});
        carrier.at(SERVER, ScriptedPeer.refusing()).at(Connects.address(77, 80), ScriptedPeer.silent());

        Connect connect = connector.connect(carrier, new InetSocketAddress(standIns.of("target.test"), 80), 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);

        assertThat(carrier.connects).containsExactly(SERVER, Connects.address(77, 80));
        assertThat(written.toString(UTF_8))
                .contains(
                        "[argyle] WARN: no SOCKS server can be used; connecting directly, as on-failure=direct says: ")
                .contains("target.test:80: SOCKS server 192.0.2.1:1080: Connection refused");
    }

    @Test
    void connect_onFailureRefuse_neverGoesDirect() throws Exception {
        Connector connector = connector(PROXY);
        carrier.at(SERVER, ScriptedPeer.refusing());

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);
        assertThat(connect).isNotNull();

        assertThatThrownBy(() -> Connects.drive(connect)).isInstanceOf(ConnectException.class);
        assertThat(carrier.connects).containsExactly(SERVER);
    }
}
