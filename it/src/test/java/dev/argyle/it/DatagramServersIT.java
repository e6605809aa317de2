// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.DatagramTalk.Talker;
import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Microsocks;
import dev.argyle.it.real.OpenSsh;
import dev.argyle.it.real.RealServer;
import dev.argyle.it.real.Setting;
import dev.argyle.it.real.Shadowsocks;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which servers carry datagrams, and what becomes of those that none carries: {@link FailoverIT} for datagrams. */
class DatagramServersIT {
    private static final List<String> KINDS = DatagramFailuresIT.KINDS;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Targets targets;
    private ScriptedServer first;
    private ScriptedServer second;
    private InetSocketAddress echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.address(targets.datagramEcho());
        first = ScriptedServer.start();
        second = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        assertThat(targets.directVisitors()).as("datagrams past the servers").isEmpty();
        targets.close();
    }

    private String one(String more) {
        return "proxy=socks5h://127.0.0.1:" + first.port() + ",bypass=none" + more;
    }

    private String both(String more) {
        return "proxy=socks5h://127.0.0.1:" + first.port() + ",socks5h://127.0.0.1:" + second.port() + ",bypass=none"
                + more;
    }

    /** The sockets stay open: no two have the same port, by which visitors are told apart. */
    private static void echoes(DatagramTalk talk, InetSocketAddress target) throws Exception {
        for (String kind : KINDS) {
            Talker unconnected = talk.open(kind);
            assertThat(unconnected.send(kind, target)).as(kind).isEqualTo("sent");
            assertThat(unconnected.receive()).isEqualTo("from back " + kind);
            Talker connected = talk.open(kind);
            assertThat(connected.connect(target)).isEqualTo("connected");
            assertThat(connected.write(kind)).as("connected " + kind).isEqualTo("sent");
            assertThat(connected.receive()).isEqualTo("from back " + kind);
        }
    }

    // ---- servers without UDP

    static List<Fault> withoutUdp() {
        return List.of(Fault.withoutUdp(), Fault.closesForUdp());
    }

    @ParameterizedTest
    @MethodSource("withoutUdp")
    void onlyServerHasNoUdp_isSaidOnceAndRemembered(Fault fault) throws Exception {
        first.faults(fault);
        try (DatagramTalk talk = DatagramTalk.start(one(""))) {
            assertThat(talk.open("socket").send("lost", echo))
                    .startsWith("java.net.SocketException: No UDP association: SOCKS server 127.0.0.1:" + first.port()
                            + ": ")
                    .contains("udp=off");
            for (String kind : KINDS) {
                assertThat(talk.open(kind).send("lost", echo))
                        .as(kind)
                        .startsWith("java.net.SocketException: No UDP association: ")
                        .contains("udp=off");
                Talker connected = talk.open(kind);
                assertThat(connected.connect(echo)).isEqualTo("connected");
                assertThat(connected.write("lost")).as("connected " + kind).startsWith("java.net.SocketException: ");
            }

            assertThat(first.exchanges()).hasSize(1);
            talk.awaitErr("WARN: SOCKS server ");
            assertThat(talk.err()).containsOnlyOnce("WARN: SOCKS server ");
        }
    }

    @ParameterizedTest
    @MethodSource("withoutUdp")
    void firstServerHasNoUdp_theSecondCarriesAndTheFirstIsAskedNoMore(Fault fault) throws Exception {
        first.faults(fault);
        try (DatagramTalk talk = DatagramTalk.start(both(""))) {
            echoes(talk, echo);

            assertThat(first.exchanges()).hasSize(1);
            assertThat(second.associations()).hasSize(2 * KINDS.size());
        }
    }

    @Test
    void bothServersHaveNoUdp_isRemembered() throws Exception {
        first.faults(Fault.withoutUdp());
        second.faults(Fault.closesForUdp());
        try (DatagramTalk talk = DatagramTalk.start(both(",on-failure=direct"))) {
            for (String kind : KINDS) {
                assertThat(talk.open(kind).send("lost", echo))
                        .as(kind)
                        .startsWith("java.net.SocketException: No UDP association: ");
            }

            assertThat(first.exchanges()).hasSize(1);
            assertThat(second.exchanges()).hasSize(1);
        }
    }

    // ---- failover

    static List<Fault> faults() {
        return List.of(
                Fault.close(Step.ACCEPTED),
                Fault.reset(Step.GREETING_READ),
                Fault.method(0xFF),
                Fault.garbage(),
                Fault.reset(Step.REQUEST_READ),
                Fault.reply(1),
                Fault.boundName("relay.argyle.test", 9),
                Fault.relayAt(new byte[] {(byte) 203, 0, 113, 9}));
    }

    /** In one program, which remembers that the first has failed: then the second is the first to be asked. */
    @Test
    void serversFailByTurns_theOtherCarries() throws Exception {
        try (DatagramTalk talk = DatagramTalk.start(both(""))) {
            for (Fault fault : faults()) {
                for (ScriptedServer failing : List.of(first, second)) {
                    ScriptedServer other = failing == first ? second : first;
                    failing.faults(fault);
                    other.faults();
                    int before = other.associations().size();
                    Talker talker = talk.open(failing == first ? "socket" : "selector");

                    assertThat(talker.send("hello", echo)).as(fault.toString()).isEqualTo("sent");
                    assertThat(talker.receive()).isEqualTo("from back hello");
                    assertThat(other.associations()).hasSize(before + 1);
                    talker.close();
                }
            }
        }
    }

    @Test
    void firstServerDies_socketsGoOnWithTheSecond() throws Exception {
        try (DatagramTalk talk = DatagramTalk.start(both(""))) {
            List<Talker> talkers = new ArrayList<>();
            for (String kind : KINDS) {
                Talker talker = talk.open(kind);
                talkers.add(talker);
                assertThat(talker.send("one", echo)).as(kind).isEqualTo("sent");
                assertThat(talker.receive()).isEqualTo("from back one");
            }

            first.refuse();
            for (Association association : first.associations()) {
                association.end(Ending.RESET);
            }
            for (Talker talker : talkers) {
                int before = second.associations().size();
                Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
                    assertThat(talker.send("two", echo)).isEqualTo("sent");
                    return second.associations().size() > before;
                });
                assertThat(talker.receive()).isEqualTo("from back two");
            }
        }
    }

    @Test
    void serverIsSlow_sendersWaitAndCloseEndsThat() throws Exception {
        Gate gate = new Gate();
        first.faults(new Fault.Hold(Step.GREETING_READ, gate));
        try (DatagramTalk talk = DatagramTalk.start(one(""))) {
            Map<Talker, Integer> waiting = new LinkedHashMap<>();
            Map<Talker, Integer> closed = new LinkedHashMap<>();
            for (String kind : KINDS) {
                Talker talker = talk.open(kind);
                waiting.put(talker, talker.begin("send waited " + DatagramTalk.host(echo)));
                talker = talk.open(kind);
                closed.put(talker, talker.begin("send lost " + DatagramTalk.host(echo)));
            }
            for (int i = 0; i < 2 * KINDS.size(); i++) {
                gate.awaitArrival();
            }

            for (Talker talker : closed.keySet()) {
                talker.close();
                assertThat(talker.await(closed.get(talker)))
                        .matches("java\\.(net\\.SocketException: Socket closed"
                                + "|nio\\.channels\\.(Asynchronous|Closed|ClosedChannel|ClosedSelector).*)");
            }
            gate.open();
            for (Talker talker : waiting.keySet()) {
                assertThat(talker.await(waiting.get(talker))).isEqualTo("sent");
                assertThat(talker.receive()).isEqualTo("from back waited");
            }
        }
    }

    // ---- where a relay may be

    @Test
    void udpRelayAny_letsTheRelayBeElsewhere() throws Exception {
        try (ScriptedServer elsewhere = ScriptedServer.builder()
                        .relayAddress(InetAddress.getByName("127.0.0.3"))
                        .start();
                DatagramTalk talk = DatagramTalk.start(
                        "proxy=socks5h://127.0.0.1:" + elsewhere.port() + ",bypass=none,udp.relay=any")) {
            echoes(talk, echo);
        }
    }

    // ---- what is not to be carried

    @Test
    void udpRefuse_isASocketException() throws Exception {
        try (DatagramTalk talk = DatagramTalk.start(one(",udp=refuse"))) {
            for (String kind : KINDS) {
                assertThat(talk.open(kind).send("lost", echo))
                        .as(kind)
                        .startsWith("java.net.SocketException: Refused by udp=refuse: ");
                assertThat(talk.open(kind).connect(echo)).contains("Refused by udp=refuse: ");
            }
        }
        assertThat(first.exchanges()).isEmpty();
    }

    @Test
    void udpOff_goesDirectAndTheGuardSeesIt() throws Exception {
        try (Targets others = Targets.start()) {
            InetSocketAddress other = others.address(others.datagramEcho());
            try (DatagramTalk talk = DatagramTalk.start(one(",udp=off"))) {
                echoes(talk, other);
            }
            assertThat(others.directVisitors()).hasSize(2 * KINDS.size());
        }
        try (DatagramTalk talk = DatagramTalk.start(one(",udp=off,guard=enforce"))) {
            for (String kind : KINDS) {
                assertThat(talk.open(kind).send("lost", echo))
                        .as(kind)
                        .startsWith("java.net.SocketException: ")
                        .contains("udp=on");
            }
        }
        assertThat(first.exchanges()).isEmpty();
    }

    @Test
    void records_decideByPort(@TempDir Path folder) throws Exception {
        InetSocketAddress refused = targets.address(targets.datagramEcho());
        try (Targets others = Targets.start()) {
            InetSocketAddress direct = others.address(others.datagramEcho());
            Path routes = Files.write(
                    folder.resolve("routes"),
                    List.of(
                            "127.0.0.2 127.0.0.1:" + first.port(),
                            "127.0.0.2:" + echo.getPort() + " 127.0.0.1:" + second.port() + " udp",
                            "127.0.0.2:" + direct.getPort() + " NONE udp",
                            "127.0.0.2:" + refused.getPort() + " REFUSE udp"));
            try (DatagramTalk talk = DatagramTalk.start("routes=" + routes + ",bypass=none")) {
                echoes(talk, echo);
                echoes(talk, direct);
                for (String kind : KINDS) {
                    Talker talker = talk.open(kind);
                    assertThat(talker.send("lost", refused))
                            .startsWith("java.net.SocketException: Refused by the routes: ");
                    // the same socket goes on with others, each its own way
                    assertThat(talker.send("routed", echo)).isEqualTo("sent");
                    assertThat(talker.receive()).isEqualTo("from back routed");
                    assertThat(talker.send("direct", direct)).isEqualTo("sent");
                    assertThat(talker.receive()).isEqualTo("from back direct");
                }
            }
            assertThat(others.directVisitors()).hasSize(3 * KINDS.size());
        }
        assertThat(first.exchanges()).isEmpty();
        assertThat(second.associations()).hasSize(3 * KINDS.size());
    }

    // ---- real servers

    private void throughRealServer(RealServer server, String scheme) throws Exception {
        try (DatagramTalk talk =
                DatagramTalk.start("proxy=" + scheme + "://127.0.0.1:" + server.port() + ",bypass=none")) {
            echoes(talk, echo);
            if (scheme.equals("socks5h")) {
                echoes(talk, InetSocketAddress.createUnresolved("inside.argyle.test", echo.getPort()));
            }
        }
        assertThat(targets.visitors(echo.getPort())).isNotEmpty();
    }

    @Test
    void dante_carries() throws Exception {
        try (Dante dante = Dante.start(Setting.PLAIN.host("inside.argyle.test", "127.0.0.2"))) {
            throughRealServer(dante, "socks5h");
        }
    }

    @Test
    void shadowsocks_carries() throws Exception {
        try (Shadowsocks shadowsocks = Shadowsocks.start(Setting.PLAIN.host("inside.argyle.test", "127.0.0.2"))) {
            throughRealServer(shadowsocks, "socks5h");
        }
    }

    @Test
    void microsocksAndOpenSsh_carryNone() throws Exception {
        try (Microsocks microsocks = Microsocks.start();
                OpenSsh ssh = OpenSsh.start()) {
            for (RealServer server : List.of(microsocks, ssh)) {
                try (DatagramTalk talk = DatagramTalk.start("proxy=127.0.0.1:" + server.port() + ",bypass=none")) {
                    for (String kind : KINDS) {
                        assertThat(talk.open(kind).send("lost", echo))
                                .as(kind)
                                .startsWith("java.net.SocketException: No UDP association: ")
                                .contains("udp=off");
                    }
                }
            }
        }
        assertThat(targets.allVisitors()).isEmpty();
    }
}
