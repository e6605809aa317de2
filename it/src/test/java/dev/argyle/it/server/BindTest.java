// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** BIND of the scripted server, and the visitors that come to what listens. */
class BindTest {
    private static final String NOWHERE = "0001" + "00000000" + "0000";

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private RawClient binding(String expected, int port) throws Exception {
        return new RawClient(server.address()).greet().bind(expected, port);
    }

    @Test
    void bind_visited_relaysAndRecords() throws Exception {
        try (RawClient client = binding("127.0.0.2", 20)) {
            InetSocketAddress bound = client.bound();
            assertThat(bound.getAddress()).isEqualTo(ScriptedServer.OUTBOUND);
            InetSocketAddress peer = targets.visit(bound);

            assertThat(client.bound()).isEqualTo(peer);
            assertThat(client.sendText("hello").receiveText(5)).isEqualTo("hello");
            client.endOutput();
            assertThat(client.receiveAll()).isEmpty();
            server.awaitExchanges(1, done -> done.ending() == Ending.CLOSE);
            Exchange exchange = server.binds().get(0);
            assertThat(exchange.host()).isEqualTo("127.0.0.2");
            assertThat(exchange.port()).isEqualTo(20);
            assertThat(exchange.listening()).isEqualTo(bound);
            assertThat(exchange.peer()).isEqualTo(peer);
            assertThat(exchange.reply()).isZero();
            assertThat(exchange.secondReply()).isZero();
            assertThat(exchange.up()).isEqualTo(5);
            assertThat(exchange.down()).isEqualTo(5);
            assertThat(exchange.problem()).isEmpty();
            assertThat(server.connects()).isEmpty();
        }
    }

    @Test
    void bind_visitedTwice_takesTheFirst() throws Exception {
        try (RawClient client = binding("0.0.0.0", 0)) {
            InetSocketAddress bound = client.bound();
            targets.visit(bound);
            client.bound();

            assertThatThrownBy(() -> targets.visit(bound)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void bind_withoutAnOutboundAddress_listensWhereTheClientConnected() throws Exception {
        try (ScriptedServer any = ScriptedServer.builder().anyOutbound().start();
                RawClient client = new RawClient(any.address()).greet().bind("0.0.0.0", 0)) {
            assertThat(client.bound().getAddress()).isEqualTo(any.address().getAddress());
        }
    }

    @Test
    void bind_atAnIpv6Address_tellsItAndThePeer() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        try (ScriptedServer server6 = ScriptedServer.builder().outbound(six).start();
                RawClient client = new RawClient(server6.address()).greet().bind("0.0.0.0", 0)) {
            String loopback = "0".repeat(31) + "1";
            assertThat(client.receive(22)).startsWith("05000004" + loopback);
            try (Socket peer =
                    new Socket(six, server6.awaitBinds(1).get(0).listening().getPort())) {
                assertThat(client.receive(22))
                        .isEqualTo("05000004" + loopback + HexFormat.of().toHexDigits((short) peer.getLocalPort()));
            }
        }
    }

    @Test
    void bind_clientLeavesBeforeAPeer_endsIt() throws Exception {
        InetSocketAddress bound;
        try (RawClient client = binding("0.0.0.0", 0)) {
            bound = client.bound();
        }
        server.awaitExchanges(1, done -> done.ending() == Ending.CLOSE);

        assertThatThrownBy(() -> targets.visit(bound)).isInstanceOf(ConnectException.class);
    }

    @Test
    void bind_clientSpeaksBeforeAPeer_endsIt() throws Exception {
        try (RawClient client = binding("0.0.0.0", 0);
                RawClient hasty = new RawClient(server.address())) {
            client.bound();
            assertThat(client.sendText("x").receiveAll()).isEmpty();
            hasty.greet().send("05 02 00 01 00000000 0000 78").bound();
            assertThat(hasty.receiveAll()).isEmpty();
        }
        assertThat(server.binds()).extracting(Exchange::problem).containsOnly("the client spoke before a peer came");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.2, 0", "127.0.0.2, 9", "0.0.0.0, 0", "inside.argyle.test, 0"})
    void onlyThePeer_asExpected_isRelayed(String host, int port) throws Exception {
        server.name("inside.argyle.test", new InetSocketAddress("127.0.0.2", 0));
        server.faults(new Fault.OnlyThePeer());
        try (RawClient client = binding(host, port)) {
            InetSocketAddress peer = targets.visit(client.bound());

            assertThat(client.bound()).isEqualTo(peer);
            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    @Test
    void onlyThePeer_another_isTurnedAway() throws Exception {
        server.faults(new Fault.OnlyThePeer());
        try (RawClient client = binding("127.0.0.3", 0)) {
            InetSocketAddress bound = client.bound();
            InetSocketAddress peer = targets.visit(bound);

            assertThat(client.receiveAll())
                    .isEqualTo("050200017f000002" + HexFormat.of().toHexDigits((short) peer.getPort()));
            Exchange exchange = server.binds().get(0);
            assertThat(exchange.peer()).isEqualTo(peer);
            assertThat(exchange.secondReply()).isEqualTo(2);
            assertThatThrownBy(() -> targets.visit(bound)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void onlyThePeer_unknownName_isUnreachable() throws Exception {
        server.faults(new Fault.OnlyThePeer());
        try (RawClient client = binding("nowhere.argyle.test", 0)) {
            assertThat(client.receiveAll()).isEqualTo("0504" + NOWHERE);
        }
        assertThat(server.binds()).isEmpty();
    }

    @Test
    void firstReply_thatFails_isForBindAlone() throws Exception {
        int echo = targets.echo();
        server.faultsForNext(1, Fault.withoutBind());
        server.faultsForNext(2, Fault.addressInUse());
        try (RawClient without = binding("0.0.0.0", 0);
                RawClient inUse = binding("0.0.0.0", 0);
                RawClient connecting = new RawClient(server.address())) {
            assertThat(without.receiveAll()).isEqualTo("0507" + NOWHERE);
            assertThat(inUse.receiveAll()).isEqualTo("0505" + NOWHERE);
            assertThat(connecting.connect("127.0.0.2", echo).sendText("x").receiveText(1))
                    .isEqualTo("x");
        }
        assertThat(server.binds()).isEmpty();
    }

    static IntStream allOctets() {
        return IntStream.rangeClosed(0, 255);
    }

    @ParameterizedTest
    @MethodSource("allOctets")
    void secondReply_anyRep_isSentWithoutAPeer(int rep) throws Exception {
        server.faults(Fault.second(Fault.reply(rep)));
        try (RawClient client = binding("0.0.0.0", 0)) {
            InetSocketAddress bound = client.bound();

            assertThat(client.receiveAll()).isEqualTo("05" + HexFormat.of().toHexDigits((byte) rep) + NOWHERE);
            assertThat(server.binds().get(0).reply()).isZero();
            assertThat(server.binds().get(0).secondReply()).isEqualTo(rep);
            assertThatThrownBy(() -> targets.visit(bound)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void hold_betweenTheReplies_goesOnWhenTheGateOpens() throws Exception {
        Gate before = new Gate();
        Gate after = new Gate();
        server.faults(new Fault.Hold(Step.REPLY_SENT, before), Fault.second(new Fault.Hold(Step.TARGET_TRIED, after)));
        try (RawClient client = binding("0.0.0.0", 0)) {
            targets.visit(client.bound());
            before.awaitArrival();
            assertThat(server.binds().get(0).peer()).isNull();
            before.open();
            after.awaitArrival();
            assertThat(server.binds().get(0).peer()).isNotNull();
            client.timeout(50);
            assertThatThrownBy(client::bound).isInstanceOf(SocketTimeoutException.class);
            after.open();
            client.timeout(20_000);
            client.bound();
            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    @ParameterizedTest
    @EnumSource
    void end_insteadOfTheSecondReply_isSeen(Ending ending) throws Exception {
        server.faults(Fault.second(new Fault.End(Step.TARGET_TRIED, ending)));
        try (RawClient client = binding("0.0.0.0", 0)) {
            targets.visit(client.bound());
            assertLeft(client, ending);
        }
        server.awaitExchanges(1, exchange -> exchange.ending() == ending);
    }

    @ParameterizedTest
    @CsvSource({"0, CLOSE", "3, CLOSE", "9, CLOSE", "4, SILENCE", "5, RESET"})
    void cutReply_ofTheSecond_leavesAfterSoManyOctets(int octets, Ending ending) throws Exception {
        server.faults(
                Fault.second(new Fault.CutReply(octets, ending)), Fault.second(new Fault.Bound(1, "\1\2\3\4", 5)));
        try (RawClient client = binding("0.0.0.0", 0)) {
            targets.visit(client.bound());
            // a reset can overtake the octets before it
            if (ending != Ending.RESET) {
                assertThat(client.receive(octets)).isEqualTo("05000001010203040005".substring(0, 2 * octets));
            }
            assertLeft(client, ending);
        }
    }

    private static void assertLeft(RawClient client, Ending ending) throws Exception {
        switch (ending) {
            case CLOSE -> assertThat(client.receiveAll()).isEmpty();
            case RESET -> assertThatThrownBy(client::receiveAll).isInstanceOf(SocketException.class);
            case SILENCE -> {
                client.timeout(50);
                assertThatThrownBy(client::receiveAll).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void bound_ofEachReply_isReportedInIt() throws Exception {
        server.faults(Fault.boundAddress(new byte[] {1, 2, 3, 4}, 5), Fault.second(Fault.boundName("peer", 0x0607)));
        try (RawClient client = binding("0.0.0.0", 0)) {
            assertThat(client.receive(10)).isEqualTo("05000001010203040005");
            targets.visit(server.awaitBinds(1).get(0).listening());

            assertThat(client.receive(11)).isEqualTo("0500000304706565720607");
        }
    }

    @Test
    void drip_ofTheSecondReply_leavesTheFirstWhole() throws Exception {
        server.faults(Fault.second(Fault.drip()));
        try (RawClient client = binding("0.0.0.0", 0)) {
            assertThat(client.receiveOnce()).hasSize(2 * 10);
            targets.visit(server.awaitBinds(1).get(0).listening());

            client.bound();
            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    @Test
    void replyWithData_ofTheSecond_comesInOneRead() throws Exception {
        int visitor = targets.visit();
        server.faults(Fault.second(new Fault.ReplyWithData()));
        try (RawClient client = binding("0.0.0.0", 0);
                RawClient control = new RawClient(targets.address(visitor))) {
            InetSocketAddress bound = client.bound();
            control.sendText("127.0.0.9:" + bound.getPort() + "\ntwo words");
            assertThat(client.receiveOnce()).startsWith("05000001").hasSize(2 * (10 + "two words".length()));
        }
    }

    private RawClient visiting(String at) throws Exception {
        return new RawClient(targets.address(targets.visit())).sendText(at + "\n");
    }

    @Test
    void visit_asAProgramAsks_isOneWithItsConnection() throws Exception {
        try (RawClient client = binding("0.0.0.0", 0);
                RawClient visitor = visiting("127.0.0.9:" + client.bound().getPort())) {
            InetSocketAddress peer = client.bound();
            assertThat(peer.getAddress()).isEqualTo(targets.address());
            String answer = "127.0.0.2:" + peer.getPort() + "\n";
            assertThat(visitor.receiveText(answer.length())).isEqualTo(answer);
            visitor.sendText("there");
            assertThat(client.receiveText(5)).isEqualTo("there");
            client.sendText("back").endOutput();
            assertThat(visitor.receiveText(4)).isEqualTo("back");
            assertThat(visitor.receiveAll()).isEmpty();
            visitor.reset();
            assertThatThrownBy(client::receiveAll).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void visit_whereNobodyListens_closesTheProgramsConnection() throws Exception {
        try (RawClient program = visiting("127.0.0.2:" + targets.refused())) {
            assertThat(program.receiveAll()).isEmpty();
        }
    }
}
