// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.AnsweringServer.LISTENS;
import static dev.argyle.transport.AnsweringServer.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sockets listen at a server, for whom, and what connections say that they come from. */
class ListeningTest extends BindingFixture {
    private static final String GRANTED = "05000001 CB007109 1F40";

    @AfterEach
    void leaveScope() {
        BindScope.set(null);
    }

    private @Nullable Binding listen(Connector connector, String asked, int port) throws IOException {
        return listen(connector, asked, port, SelectorProvider.provider());
    }

    private void assertBinds(Connector connector, String asked) throws IOException {
        Binding binding = listen(connector, asked, 0);
        assertThat(binding).isNotNull();
        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
    }

    /** What a connection through the server, which has granted it so, says that it comes from. */
    private @Nullable InetSocketAddress own(
            Connector connector, InetSocketAddress through, InetSocketAddress target, String granted)
            throws IOException {
        ScriptedCarrier fresh = new ScriptedCarrier();
        fresh.at(through, ScriptedPeer.answering(ScriptedPeer.NO_AUTHENTICATION, granted));
        Connect connect = connector.connect(fresh, target, 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);
        return connector.listening().ownAddress(connect, target);
    }

    // ---- rules of what a socket asks for

    @ParameterizedTest
    @CsvSource({
        "*, 0.0.0.0, 0, true",
        "*, 127.0.0.1, 8080, true",
        "port:8080, 0.0.0.0, 8080, true",
        "port:8080, 0.0.0.0, 8081, false",
        "port:0, 0.0.0.0, 0, true",
        "local:192.0.2.0/24, 192.0.2.7, 0, true",
        "local:192.0.2.0/24, 198.51.100.7, 0, false",
        "local:127.0.0.1, 127.0.0.1, 0, true",
        "local:0.0.0.0, ::, 0, true",
        "peer:*, 0.0.0.0, 0, false"
    })
    void listen_rule_decides(String rule, String asked, int port, boolean binds) throws Exception {
        Binding binding = listen(connector(PROXY + ",bind=" + rule), asked, port);

        assertThat(binding != null).isEqualTo(binds);
    }

    @Test
    void listen_noRule_listensHere() throws Exception {
        assertThat(listen(connector(PROXY), "0.0.0.0", 0)).isNull();
    }

    @Test
    void listen_rule_isForAnybodyThroughTheServersOfNoTargetInParticular() throws Exception {
        AnsweringServer server = listening();

        assertBinds(connector("proxy=" + server.url() + ",bind=*"), "0.0.0.0");

        assertThat(server.requests()).containsExactly("05020001000000000000");
    }

    @Test
    void listen_noServer_isRefusedInWordsOfTheJdksType() throws Exception {
        Connector connector = connector(routes("203.0.113.0/24 NONE") + ",bind=*");

        assertThatThrownBy(() -> listen(connector, "0.0.0.0", 0))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("No SOCKS server for no target in particular (S5_ENOSERV): ")
                .hasCauseInstanceOf(NoServerException.class);
    }

    // ---- scopes

    private Connector fixed(Route route) {
        return connector(withRoutes(List.of(), route));
    }

    private static RouteRecord record() {
        return new RouteRecord("a record", "a test");
    }

    @Test
    void listen_scopeOfADirectPeer_listensHere() throws Exception {
        BindScope.set(at("203.0.113.5", 21));

        assertThat(listen(fixed(new Route.Direct(record())), "0.0.0.0", 0)).isNull();
        assertThat(listen(fixed(RouteTable.IMPLICIT), "0.0.0.0", 0)).isNull();
    }

    @Test
    void listen_scopeOfARefusedPeer_isRefused() throws Exception {
        BindScope.set(at("203.0.113.5", 21));
        Connector connector = fixed(new Route.Refuse(record()));

        assertThatThrownBy(() -> listen(connector, "0.0.0.0", 0))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("Refused by the routes: 203.0.113.5:21: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",bind=port:9"})
    void listen_scope_needsNoRuleAndExpectsThePeer(String rules) throws Exception {
        AnsweringServer server = listening();
        BindScope.set(at("203.0.113.5", 21));

        assertBinds(connector("proxy=" + server.url() + rules), "127.0.0.1");

        assertThat(server.requests()).containsExactly("05020001cb0071050015");
    }

    @Test
    void listen_scope_usesTheServerOfThePeer() throws Exception {
        AnsweringServer server = listening();
        AnsweringServer other = listening();
        BindScope.set(at("203.0.113.5", 21));

        assertBinds(
                connector(routes("203.0.113.0/24 " + server.url(), "0.0.0.0/0 " + other.url()) + ",bind=*"), "0.0.0.0");

        assertThat(server.requests()).hasSize(1);
        assertThat(other.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listen_scopeOfAName_expectsItAndShowsItsStandIn(boolean unresolved) throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Connector connector = connector("proxy=" + server.url());
        InetSocketAddress standIn = named(connector, "ftp.test", 21);
        BindScope.set(unresolved ? InetSocketAddress.createUnresolved("ftp.test", 21) : standIn);
        Binding binding = listen(connector, "0.0.0.0", 0);
        assertThat(binding).isNotNull();
        binding.bound();

        Binding.Accepted accepted = accept(told(binding), binding);

        assertThat(server.requests()).containsExactly("05020003086674702e746573740015");
        assertThat(accepted.peer()).isEqualTo(new InetSocketAddress(standIn.getAddress(), 4711));
        assertThat(accepted.peer().getHostString()).isEqualTo("ftp.test");
    }

    @Test
    void listen_scopeOfANameThatIsLookedUpHere_expectsTheAddress() throws Exception {
        AnsweringServer server = listening();
        names.real.put("ftp.test", new InetAddress[] {address("203.0.113.5")});
        BindScope.set(InetSocketAddress.createUnresolved("ftp.test", 21));

        assertBinds(connector("proxy=socks5://127.0.0.1:" + server.port()), "0.0.0.0");

        assertThat(server.requests()).containsExactly("05020001cb0071050015");
    }

    // ---- own addresses

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "port:0, true",
        "local:10.0.0.0/8, true",
        "peer:203.0.113.5, true",
        "peer:203.0.113.5:21, true",
        "peer:203.0.113.5:22, false",
        "peer:198.51.100.0/24, false"
    })
    void ownAddress_targetOfARule_isTheServers(String rule, boolean servers) throws Exception {
        Connector connector = connector(PROXY + ",bind=" + rule);

        assertThat(own(connector, SERVER, at("203.0.113.5", 21), GRANTED))
                .isEqualTo(servers ? at("203.0.113.9", 8000) : null);
    }

    @Test
    void ownAddress_noRule_isItsOwn() throws Exception {
        assertThat(own(connector(PROXY), SERVER, at("203.0.113.5", 21), GRANTED))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05000001 00000000 1F40",
                "05000001 CB007109 0000",
                "05000004 00000000000000000000000000000000 1F40",
                "05000003 0A 626F756E642E74657374 1F40"
            })
    void ownAddress_thatTheServerDoesNotTell_isItsOwn(String granted) throws Exception {
        assertThat(own(connector(PROXY + ",bind=*"), SERVER, at("203.0.113.5", 21), granted))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"peer:ftp.test, true", "peer:.test:21, true", "peer:ftp.test:22, false", "peer:www.test, false"})
    void ownAddress_nameThatTheServerLooksUp_isMatched(String rule, boolean servers) throws Exception {
        Connector connector = connector(PROXY + ",bind=" + rule);

        assertThat(own(connector, SERVER, named(connector, "ftp.test", 21), GRANTED))
                .isEqualTo(servers ? at("203.0.113.9", 8000) : null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ownAddress_nameThatIsLookedUpHere_isMatchedIfALookUpGaveIt(boolean gave) throws Exception {
        Connector connector = connector(PROXY.replace("socks5h", "socks5") + ",bind=peer:ftp.test");
        InetAddress looked = InetAddress.getByAddress("ftp.test", new byte[] {(byte) 203, 0, 113, 5});
        if (gave) {
            names.real.put("ftp.test", new InetAddress[] {looked});
        }

        assertThat(own(connector, SERVER, new InetSocketAddress(looked, 21), GRANTED))
                .isEqualTo(gave ? at("203.0.113.9", 8000) : null);
    }

    @Test
    void ownAddress_addressOfARule_isMatchedWhateverNameItCarries() throws Exception {
        Connector connector = connector(PROXY.replace("socks5h", "socks5") + ",bind=peer:203.0.113.5");
        InetAddress looked = InetAddress.getByAddress("ftp.test", new byte[] {(byte) 203, 0, 113, 5});
        names.real.put("ftp.test", new InetAddress[] {looked});

        assertThat(own(connector, SERVER, new InetSocketAddress(looked, 21), GRANTED))
                .isEqualTo(at("203.0.113.9", 8000));
    }

    // ---- beside a connection

    @Test
    void listen_besideAConnection_expectsItsTargetAtTheSameServer() throws Exception {
        AnsweringServer first = listening();
        AnsweringServer second = listening();
        Connector connector = connector(
                routes("203.0.113.0/24 " + second.url(), "0.0.0.0/0 " + first.url()) + ",bind=peer:203.0.113.5");
        own(connector, second.address(), at("203.0.113.5", 21), GRANTED);

        assertBinds(connector, "203.0.113.9");
        assertThat(listen(connector, "203.0.113.8", 0)).as("another address").isNull();
        assertThat(listen(connector, "0.0.0.0", 0)).as("none").isNull();

        assertThat(second.requests()).containsExactly("05020001cb0071050000");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void listen_besideConnections_expectsTheNewest() throws Exception {
        AnsweringServer server = listening();
        Connector connector = connector("proxy=" + server.url() + ",bind=peer:203.0.113.0/24");
        own(connector, server.address(), at("203.0.113.5", 21), GRANTED);
        own(connector, server.address(), at("203.0.113.6", 21), GRANTED);
        own(connector, server.address(), at("198.51.100.5", 21), GRANTED);

        assertBinds(connector, "203.0.113.9");

        assertThat(server.requests()).containsExactly("05020001cb0071060000");
    }

    @Test
    void listen_besideAConnectionThatNoRuleOfPeersNames_isForTheOtherRulesToName() throws Exception {
        AnsweringServer server = listening();
        Connector connector = connector("proxy=" + server.url() + ",bind=port:9");
        own(connector, server.address(), at("203.0.113.5", 21), GRANTED);

        assertThat(listen(connector, "203.0.113.9", 0)).as("another port").isNull();
        Binding binding = listen(connector, "203.0.113.9", 9);
        assertThat(binding).isNotNull();
        binding.bound();

        assertThat(server.requests()).containsExactly("05020001000000000000");
    }

    @Test
    void listen_besideConnectionsOfWhichARuleNamesOne_expectsThat() throws Exception {
        AnsweringServer server = listening();
        Connector connector = connector("proxy=" + server.url() + ",bind=peer:203.0.113.5,port:9");
        own(connector, server.address(), at("203.0.113.5", 21), GRANTED);
        own(connector, server.address(), at("203.0.113.6", 80), GRANTED);

        assertBinds(connector, "203.0.113.9");

        assertThat(server.requests()).containsExactly("05020001cb0071050000");
    }

    @Test
    void listen_besideAConnectionByName_expectsItAndShowsItsStandIn() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Connector connector = connector("proxy=" + server.url() + ",bind=peer:ftp.test");
        InetSocketAddress target = named(connector, "ftp.test", 21);
        own(connector, server.address(), target, GRANTED);
        Binding binding = listen(connector, "203.0.113.9", 0);
        assertThat(binding).isNotNull();
        binding.bound();

        Binding.Accepted accepted = accept(told(binding), binding);

        assertThat(server.requests()).containsExactly("05020003086674702e746573740000");
        assertThat(accepted.peer()).isEqualTo(new InetSocketAddress(target.getAddress(), 4711));
    }

    @Test
    void listen_besideAConnectionFromLoopback_listensHere() throws Exception {
        AnsweringServer server = listening();
        Connector connector = connector("proxy=" + server.url() + ",bind=peer:203.0.113.5");
        own(connector, server.address(), at("203.0.113.5", 21), "05000001 7F000001 1F40");

        assertThat(listen(connector, "127.0.0.1", 0)).isNull();
    }

    @Test
    void listen_besideMoreAddressesThanAServerHas_forgetsTheOld() throws Exception {
        Connector connector = connector(PROXY + ",bind=peer:*");
        for (int i = 0; i <= 1000; i++) {
            own(connector, SERVER, at("203.0.113.5", 21), String.format("05000001 0A01%04X 1F40", i));
        }

        assertThat(listen(connector, "10.1.0.0", 0)).isNull();
        assertThat(listen(connector, "10.1.3.232", 0)).isNotNull();
    }
}
