// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.config.GuardMode;
import dev.argyle.config.HookMode;
import dev.argyle.config.LocalNames;
import dev.argyle.config.NativeTransportMode;
import dev.argyle.config.OnFailure;
import dev.argyle.config.Routing;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.name.StandInBlock;
import dev.argyle.name.StandIns;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.OwnHost;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.TargetPattern;
import dev.argyle.route.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConnectorTest {
    private static final String PROXY = "proxy=socks5h://192.0.2.1:1080";
    private static final InetSocketAddress SERVER = Connects.address(1, 1080);
    private static final InetSocketAddress SECOND_SERVER = Connects.address(2, 1080);

    private static final OwnHost OWN_HOST = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnName(String name) {
            return false;
        }
    };

    private final StandIns standIns = StandIns.ofThisJvm(StandInBlock.defaults(), 7);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log = new Log(LogLevel.WARN, new PrintStream(written, true, UTF_8));
    private final Map<String, InetAddress[]> real = new HashMap<>();
    private final Map<InetAddress, String> reverse = new HashMap<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final ScriptedCarrier carrier = new ScriptedCarrier();

    @AfterEach
    void letLookUpsEnd() {
        hanging.countDown();
    }

    private final class Names implements NameService {
        @Override
        public InetAddress[] lookUp(String host) throws UnknownHostException {
            if (host.equals("hanging.test")) {
                hang();
            }
            InetAddress[] addresses = real.get(host);
            if (addresses == null) {
                throw new UnknownHostException(host + ": not found");
            }
            return addresses;
        }

        @Override
        public boolean gave(String host, InetAddress address) {
            return real.containsKey(host) && List.of(real.get(host)).contains(address);
        }

        @Override
        public String reverse(InetAddress address) throws UnknownHostException {
            String name = reverse.get(address);
            if (name == null) {
                throw new UnknownHostException(address + ": not found");
            }
            if (name.equals("hanging.test") || name.equals("later.ibm.test")) {
                hang();
            }
            return name;
        }

        private void hang() {
            try {
                hanging.await();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    private Connector connector(String argument) throws Exception {
        return connector(SettingsLoader.load(argument, Map.of(), new Properties(), OWN_HOST));
    }

    private Connector connector(Settings settings) {
        Connector connector = new Connector(settings, standIns, new Names(), log);
        connector.start();
        return connector;
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    /** What the first server is asked for: the request in hexadecimal, without VER, CMD and RSV. */
    private String request(Connector connector, InetAddress target) throws IOException {
        carrier.at(SERVER, Peer.honest());
        Connect connect = connector.connect(carrier, new InetSocketAddress(target, 80), 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);
        String sent = carrier.sent(SERVER);
        assertThat(sent).startsWith("050100050100");
        return sent.substring("050100050100".length());
    }

    private static String named(String name) {
        return "03" + HexFormat.of().toHexDigits((byte) name.length())
                + HexFormat.of().formatHex(name.getBytes(UTF_8)) + "0050";
    }

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

    private static Settings withRoutes(List<RouteTable.Rule> rules, Route otherwise) {
        return withRoutes(rules, otherwise, GuardMode.OFF);
    }

    private static Settings withRoutes(List<RouteTable.Rule> rules, Route otherwise, GuardMode uncovered) {
        return new Settings(
                new Routing(new RouteTable(rules, otherwise, true, OWN_HOST), false, "", "", Map.of()),
                new LocalNames(true, List.of()),
                StandInBlock.defaults(),
                true,
                GuardMode.ENFORCE,
                uncovered,
                1000,
                1000,
                OnFailure.REFUSE,
                null,
                HookMode.ALL,
                NativeTransportMode.DISABLE,
                LogLevel.WARN,
                true,
                Map.of(),
                List.of());
    }

    // ---- a name whose route is direct at this port

    @Test
    void connect_directStandIn_isLookedUpForReal() throws Exception {
        Connector connector = connector(PROXY + ",bypass=target.test:80");
        real.put("target.test", new InetAddress[] {address("2001:db8::1"), address("192.0.2.77")});
        InetAddress[] standIn = connector.targets().addresses("target.test");
        assertThat(standIn).isNotNull();
        carrier.supportsIPv6 = false;
        carrier.at(Connects.address(77, 80), Peer.silent());

        Connect connect = connector.connect(carrier, new InetSocketAddress(standIn[0], 80), 0, null);

        assertThat(connect).isNotNull();
        Connects.drive(connect);
        assertThat(carrier.connects).containsExactly(Connects.address(77, 80));
        assertThat(request(connector, 81, standIn[0])).endsWith("0051");
    }

    private String request(Connector connector, int port, InetAddress target) throws IOException {
        ScriptedCarrier another = new ScriptedCarrier().at(SERVER, Peer.honest());
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
        real.put("target.test", new InetAddress[] {address("2001:db8::1")});
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

    // ---- names that addresses carry

    @Test
    void connect_nameThatALookUpHasGiven_decides() throws Exception {
        Connector connector = connector(PROXY + ",bypass=.corp.test");
        InetAddress given = InetAddress.getByAddress("db.corp.test", new byte[] {10, 0, 0, 1});
        real.put("db.corp.test", new InetAddress[] {given});

        assertThat(connector.connect(carrier, new InetSocketAddress(given, 80), 0, null))
                .isNull();
    }

    @Test
    void connect_nameThatTheProgramHasPutOnAnAddress_isNoEvidence() throws Exception {
        Connector connector = connector(PROXY + ",bypass=.corp.test");
        real.put("db.corp.test", new InetAddress[] {address("10.0.0.1")});

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
        reverse.put(address("198.51.100.7"), "aguila.ibm.test");

        assertThat(request(withFragment(via(), RouteTable.IMPLICIT), address("198.51.100.7")))
                .isEqualTo("01c63364070050");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connect_addressOfANameWithAFragmentThatIsDirect_goesDirect(boolean waits) throws Exception {
        reverse.put(address("198.51.100.7"), waits ? "aguila.ibm.test" : "later.ibm.test");
        Connector connector = withFragment(direct(), via());
        CountDownLatch lookedUp = new CountDownLatch(1);
        InetSocketAddress target = new InetSocketAddress("198.51.100.7", 80);
        carrier.at(target, Peer.honest());

        Connect connect = connector.connect(carrier, target, 0, waits ? null : lookedUp::countDown);
        assertThat(connect).isNotNull();
        if (!waits) {
            assertThat(connect.advance()).isFalse();
            assertThat(connect.isLookingUp()).isTrue();
            hanging.countDown();
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
        reverse.put(address("198.51.100.7"), "hanging.test");
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
        reverse.put(address("198.51.100.7"), "hanging.test");

        assertThat(request(withFragment(direct(), via()), address("198.51.100.7")))
                .isEqualTo("01c63364070050");
    }

    @Test
    void connect_thisMachine_isNotConverted() throws Exception {
        reverse.put(address("127.0.0.1"), "aguila.ibm.test");

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
        real.put("target.test", new InetAddress[] {address("10.0.0.1")});

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
        real.put("db.corp.test", new InetAddress[] {given});

        assertThat(withoutCover(GuardMode.ENFORCE).connect(carrier, new InetSocketAddress(given, 80), 0, null))
                .isNull();
    }

    @Test
    void datagram_toAStandInThatNoRecordCovers_isForTheGuardToDecide() throws Exception {
        Connector connector = withoutCover(GuardMode.ENFORCE);
        real.put("a.routed.test", new InetAddress[] {address("198.51.100.7")});
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

    // ---- servers

    @Test
    void connect_serverThatFailed_isTriedLastUntilItSucceeds() throws Exception {
        Connector connector = connector(PROXY + ",socks5h://192.0.2.2:1080");

        assertThat(tried(connector, Peer.refusing(), Peer.honest())).containsExactly(SERVER, SECOND_SERVER);
        assertThat(tried(connector, Peer.refusing(), Peer.honest())).containsExactly(SECOND_SERVER);
        assertThat(tried(connector, Peer.honest(), Peer.refusing())).containsExactly(SECOND_SERVER, SERVER);
        assertThat(tried(connector, Peer.honest(), Peer.honest())).containsExactly(SERVER);
    }

    private static List<InetSocketAddress> tried(Connector connector, Peer first, Peer second) throws IOException {
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
        assertThat(tried(connector, Peer.honest(), Peer.refusing())).containsExactly(SECOND_SERVER, SERVER);

        assertThat(connector.order(via)).containsExactly(first, second);
    }

    @Test
    void connect_serverOfSeveralAddresses_isTriedAtEachThatTheSocketCanReach() throws Exception {
        real.put("proxy.test", new InetAddress[] {address("2001:db8::1"), address("192.0.2.2"), address("192.0.2.1")});
        Connector connector = connector("proxy=socks5h://proxy.test:1080");
        carrier.supportsIPv6 = false;
        carrier.at(SECOND_SERVER, Peer.refusing());

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
        carrier.at(SECOND_SERVER, Peer.replying(5));

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
        carrier.at(SECOND_SERVER, Peer.honest());
        InetSocketAddress target = new InetSocketAddress("198.51.100.7", 80);

        Connect first = connector.connect(carrier, target, 2_000, null);
        assertThat(first).isNotNull();
        Connects.drive(first);

        // were it waited for now, it would be for minutes
        assertThat(tried(connector, Peer.refusing(), Peer.honest())).containsExactly(SECOND_SERVER);
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
        carrier.at(SECOND_SERVER, Peer.unreachable());
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
        real.put("hanging.test", new InetAddress[] {SERVER.getAddress()});
        carrier.at(SERVER, Peer.honest()).at(new InetSocketAddress(SERVER.getAddress(), 80), Peer.honest());
        CountDownLatch called = new CountDownLatch(1);

        Connect connect = connector.connect(carrier, target, 0, called::countDown);

        assertThat(connect).isNotNull();
        assertThat(connect.advance()).isFalse();
        assertThat(connect.advance()).isFalse();
        assertThat(connect.isLookingUp()).isTrue();
        assertThat(carrier.connects).isEmpty();
        hanging.countDown();
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
            ScriptedCarrier another = new ScriptedCarrier().at(SERVER, Peer.honest());
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
        carrier.at(SERVER, Peer.honest()).at(new InetSocketAddress("127.0.0.1", 1080), Peer.honest());
        Connect connect = connector(argument).connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);

        assertThat(connect).isNotNull();
        connect.advance();
        assertThat(written.toString(UTF_8)).isEmpty();
    }

    @Test
    void connect_onFailureDirect_saysSoAndLooksTheNameUpForReal() throws Exception {
        Connector connector = connector(PROXY + ",on-failure=direct");
        real.put("target.test", new InetAddress[] {address("192.0.2.77")});
        carrier.at(SERVER, Peer.refusing()).at(Connects.address(77, 80), Peer.silent());

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
        carrier.at(SERVER, Peer.refusing());

        Connect connect = connector.connect(carrier, new InetSocketAddress("198.51.100.7", 80), 0, null);
        assertThat(connect).isNotNull();

        assertThatThrownBy(() -> Connects.drive(connect)).isInstanceOf(ConnectException.class);
        assertThat(carrier.connects).containsExactly(SERVER);
    }
}
