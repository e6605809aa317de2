// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.TargetPattern;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of servers otherwise than by a socket's connect: targets, servers, and when the next is asked. */
class RequestsTest extends DatagramsFixture {
    private static final String TWO = "proxy=socks5h://192.0.2.1:1080,socks5h://192.0.2.2:1080";
    private static final RouteRecord RECORD = new RouteRecord("a record", "a test");
    private static final Address TARGET = Address.name("target.test", 80);

    private static Route.Via via(int number) {
        return new Route.Via(RECORD, List.of(new Server("192.0.2." + number, 1080, true, null)));
    }

    // ---- addresses

    @Test
    void address_none_isZeros() throws Exception {
        assertThat(connector(PROXY).requests().address(null)).hasToString("0.0.0.0:0");
    }

    @Test
    void address_target_isWhatTheProgramMeans() throws Exception {
        Connector connector = connector(PROXY);
        Requests requests = connector.requests();

        assertThat(requests.address(at("203.0.113.5", 21)))
                .isEqualTo(Address.ip(new byte[] {(byte) 203, 0, 113, 5}, 21));
        assertThat(requests.address(at("2001:db8::5", 21))).hasToString("[2001:db8::5]:21");
        assertThat(requests.address(InetSocketAddress.createUnresolved("ftp.test", 21)))
                .isEqualTo(Address.name("ftp.test", 21));
        assertThat(requests.address(named(connector, "ftp.test", 21))).isEqualTo(Address.name("ftp.test", 21));
    }

    @Test
    void address_standInThatWasNeverGivenOut_isRefused() throws Exception {
        Requests requests = connector(PROXY).requests();
        InetSocketAddress foreign = at("198.18.255.254", 21);

        assertThatThrownBy(() -> requests.address(foreign))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("was not given out by this JVM");
    }

    @Test
    void address_nameThatNoRequestCarries_isRefused() throws Exception {
        Requests requests = connector(PROXY).requests();
        InetSocketAddress target = InetSocketAddress.createUnresolved("a".repeat(256), 21);

        assertThatThrownBy(() -> requests.address(target)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- servers

    private static Server only(Route.Via via) {
        assertThat(via.servers()).hasSize(1);
        return via.servers().get(0);
    }

    @Test
    void servers_target_areThoseOfItsRoute() throws Exception {
        Connector connector = connector(routes(
                "203.0.113.0/24 socks5h://192.0.2.1:1080",
                "ftp.test socks5h://192.0.2.2:1080",
                "0.0.0.0/0 socks5h://192.0.2.3:1080"));
        Requests requests = connector.requests();

        assertThat(only(requests.servers(at("203.0.113.5", 21), Transport.TCP)).host())
                .isEqualTo("192.0.2.1");
        assertThat(only(requests.servers(named(connector, "ftp.test", 21), Transport.TCP))
                        .host())
                .isEqualTo("192.0.2.2");
        assertThat(only(requests.servers(InetSocketAddress.createUnresolved("ftp.test", 21), Transport.TCP))
                        .host())
                .isEqualTo("192.0.2.2");
        assertThat(only(requests.servers(at("198.51.100.5", 21), Transport.UDP)).host())
                .isEqualTo("192.0.2.3");
    }

    @Test
    void servers_noTarget_areThoseThatNoRecordChanges() throws Exception {
        Connector connector = connector(withRoutes(List.of(), via(9)));

        assertThat(only(connector.requests().servers(null, Transport.TCP)).host())
                .isEqualTo("192.0.2.9");
        assertThat(connector.requests().route(null, Transport.TCP))
                .isSameAs(connector.requests().general());
    }

    @Test
    void servers_directRoute_areNone() throws Exception {
        Requests requests =
                connector(withRoutes(List.of(), new Route.Direct(RECORD))).requests();
        InetSocketAddress target = at("203.0.113.5", 21);

        assertThatThrownBy(() -> requests.servers(target, Transport.TCP))
                .isInstanceOf(NoServerException.class)
                .hasMessageStartingWith("No SOCKS server for 203.0.113.5:21 (S5_ENOSERV): ");
        assertThatThrownBy(() -> requests.servers(null, Transport.TCP))
                .isInstanceOf(NoServerException.class)
                .hasMessageStartingWith("No SOCKS server for no target in particular (S5_ENOSERV): ");
    }

    @Test
    void servers_refusal_isOne() throws Exception {
        Requests requests =
                connector(withRoutes(List.of(), new Route.Refuse(RECORD))).requests();
        InetSocketAddress target = InetSocketAddress.createUnresolved("ftp.test", 21);

        assertThatThrownBy(() -> requests.servers(target, Transport.TCP))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by the routes: ftp.test:21: ");
    }

    // ---- addresses that are converted to names

    private Requests withFragment(Route route, Route otherwise) {
        return connector(
                        withRoutes(List.of(new RouteTable.Rule(TargetPattern.suffix("ibm.test", 0), route)), otherwise))
                .requests();
    }

    @Test
    void servers_addressOfANameWithAFragment_areTheRecords() throws Exception {
        names.reverse.put(address("198.51.100.7"), "aguila.ibm.test");
        Requests requests = withFragment(via(1), via(2));

        assertThat(only(requests.servers(at("198.51.100.7", 21), Transport.TCP)).host())
                .isEqualTo("192.0.2.1");
        assertThat(only(requests.servers(at("198.51.100.8", 21), Transport.TCP)).host())
                .isEqualTo("192.0.2.2");
    }

    @Test
    void servers_conversionThatHangs_isRefusedOnlyWhereAFragmentCouldDecide() throws Exception {
        names.reverse.put(address("198.51.100.7"), "hanging.test");
        Requests requests = withFragment(via(1), RouteTable.IMPLICIT);
        InetSocketAddress target = at("198.51.100.7", 21);

        assertThatThrownBy(() -> requests.servers(target, Transport.TCP))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("198.51.100.7:21 was not converted to a name");
    }

    // ---- requests

    private Connect begin(Connector connector, Command command, long timeoutNanos) throws IOException {
        Requests requests = connector.requests();
        Route.Via via = requests.servers(null, Transport.TCP);
        return requests.begin(carrier, command, TARGET, null, via, timeoutNanos, null);
    }

    @ParameterizedTest
    @CsvSource({"CONNECT, 01", "BIND, 02", "UDP_ASSOCIATE, 03"})
    void begin_command_isAskedForWithTheTarget(Command command, String octet) throws Exception {
        carrier.at(SERVER, ScriptedPeer.honest());
        Connect connect = begin(connector(PROXY), command, 0);

        Connects.drive(connect);

        assertThat(carrier.sent(SERVER)).isEqualTo("05010005" + octet + "00030b7461726765742e746573740050");
        Connect.Granted granted = connect.granted();
        assertThat(granted).isNotNull();
        assertThat(granted.bound()).hasToString("127.0.0.1:80");
        assertThat(granted.address()).isEqualTo(SERVER);
    }

    @Test
    void begin_ownAddress_isWhatTheRequestNames() throws Exception {
        carrier.at(SERVER, ScriptedPeer.honest());
        Requests requests = connector(PROXY).requests();
        Route.Via via = requests.servers(null, Transport.TCP);

        Connects.drive(requests.begin(
                carrier,
                Command.UDP_ASSOCIATE,
                TARGET,
                () -> Address.ip(new byte[] {127, 0, 0, 1}, 5555),
                via,
                0,
                null));

        assertThat(carrier.sent(SERVER)).isEqualTo("05010005030001" + "7f00000115b3");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 1, true",
        "BIND, 1, true",
        "UDP_ASSOCIATE, 1, true",
        "CONNECT, 7, false",
        "BIND, 7, true",
        "UDP_ASSOCIATE, 7, true",
        "CONNECT, 5, false",
        "BIND, 5, false",
        "UDP_ASSOCIATE, 2, false"
    })
    void begin_reply_isFollowedByTheNextServerOrFinal(Command command, int rep, boolean next) throws Exception {
        carrier.at(SERVER, ScriptedPeer.replying(rep)).at(SECOND_SERVER, ScriptedPeer.honest());
        Connect connect = begin(connector(TWO), command, 0);

        if (next) {
            Connects.drive(connect);
        } else {
            assertThatThrownBy(() -> Connects.drive(connect)).isInstanceOf(SocketException.class);
        }

        assertThat(carrier.connects).hasSize(next ? 2 : 1);
    }

    @Test
    void begin_portInUse_isABindExceptionForBindAlone() throws Exception {
        carrier.at(SERVER, ScriptedPeer.replying(5));
        Connect bind = begin(connector(PROXY), Command.BIND, 0);
        ScriptedCarrier other = new ScriptedCarrier().at(SERVER, ScriptedPeer.replying(5));
        Requests requests = connector(PROXY).requests();
        Connect connect =
                requests.begin(other, Command.CONNECT, TARGET, null, requests.servers(null, Transport.TCP), 0, null);

        assertThatThrownBy(() -> Connects.drive(bind))
                .isExactlyInstanceOf(BindException.class)
                .hasMessageStartingWith("Address already in use: listening for target.test:80 (BIND): ");
        assertThatThrownBy(() -> Connects.drive(connect)).isExactlyInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void begin_serverWithoutReply_isFollowedByTheNextButForConnect(Command command) throws Exception {
        carrier.at(SERVER, ScriptedPeer.answering(ScriptedPeer.NO_AUTHENTICATION))
                .at(SECOND_SERVER, ScriptedPeer.honest());
        // the next has to reply in that time
        Connect connect = begin(connector(TWO + ",handshake.timeout=2s"), command, 0);

        if (command == Command.CONNECT) {
            assertThatThrownBy(() -> Connects.drive(connect)).isInstanceOf(ConnectException.class);
        } else {
            Connects.drive(connect);
        }

        assertThat(carrier.connects).hasSize(command == Command.CONNECT ? 1 : 2);
    }

    @Test
    void begin_timeoutOfTheCaller_endsIt() throws Exception {
        carrier.at(SERVER, ScriptedPeer.silent());
        Connect connect = begin(connector(PROXY), Command.BIND, 1);

        assertThatThrownBy(() -> Connects.drive(connect)).isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void secondReply_beforeTheFirst_isNone(boolean begun) throws Exception {
        carrier.at(SERVER, ScriptedPeer.silent());
        Connect connect = begin(connector(PROXY), Command.BIND, 0);
        if (begun) {
            assertThat(connect.advance()).isFalse();
        }

        assertThatThrownBy(connect::secondReply).isInstanceOf(IllegalStateException.class);
    }
}
