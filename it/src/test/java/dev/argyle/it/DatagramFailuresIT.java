// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.DatagramTalk.Talker;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Direction;
import dev.argyle.it.server.Disturbance;
import dev.argyle.it.server.Disturbance.Origin;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.RelayOctets;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever servers and relays do to datagrams, no socket hangs, and none sends direct: the target counts its visitors. */
class DatagramFailuresIT {
    static final List<String> KINDS = List.of("socket", "multicast", "channel", "selector");

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Of what is silent; what is slow on a loaded machine is sooner. */
    private static final String DEADLINE = "3s";

    private static Targets targets;
    private static ScriptedServer server;
    private static DatagramTalk talk;
    private static InetSocketAddress echo;

    private final List<Talker> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        targets = Targets.start();
        echo = targets.address(targets.datagramEcho());
        server = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
        talk = DatagramTalk.start("proxy=socks5h://bob:hunter2@127.0.0.1:" + server.port()
                + ",bypass=none,connect.timeout=" + DEADLINE + ",handshake.timeout=" + DEADLINE);
    }

    @AfterEach
    void closeSockets() throws Exception {
        server.faults();
        for (Talker each : open) {
            each.close();
        }
        assertThat(targets.directVisitors()).as("datagrams past the server").isEmpty();
    }

    @AfterAll
    static void stop() throws Exception {
        talk.close();
        server.close();
        targets.close();
    }

    private Talker open(String kind) throws Exception {
        Talker opened = talk.open(kind);
        open.add(opened);
        return opened;
    }

    private Talker connected(String kind) throws Exception {
        Talker opened = open(kind);
        assertThat(opened.connect(echo)).isEqualTo("connected");
        return opened;
    }

    /** The association that a socket's first datagram makes. */
    private static Association greet(Talker talker, boolean isConnected) throws Exception {
        int before = server.associations().size();
        assertThat(isConnected ? talker.write("hello") : talker.send("hello", echo))
                .isEqualTo("sent");
        assertThat(talker.receive()).isEqualTo("from back hello");
        return server.awaitAssociations(before + 1).get(before);
    }

    // ---- there is no association

    private static List<Fault> endings(Ending ending) {
        List<Fault> endings = new ArrayList<>();
        for (Step step : Step.values()) {
            // closed after the request: a server without UDP, which is remembered
            if (step != Step.REPLY_SENT && (ending != Ending.CLOSE || step.compareTo(Step.AUTH_SENT) < 0)) {
                endings.add(new Fault.End(step, ending));
            }
        }
        if (ending != Ending.CLOSE) {
            for (int octets : new int[] {1, 4, 9}) {
                endings.add(new Fault.CutReply(octets, ending));
            }
        }
        return endings;
    }

    static List<List<Fault>> deaths() {
        List<Fault> deaths = new ArrayList<>(endings(Ending.CLOSE));
        deaths.addAll(endings(Ending.RESET));
        for (int rep : new int[] {1, 2, 3, 4, 5, 6, 8, 9, 0x5A, 0xFF}) {
            deaths.add(Fault.reply(rep));
        }
        deaths.add(Fault.garbage());
        deaths.add(Fault.http());
        deaths.add(Fault.method(0xFF));
        deaths.add(new Fault.AuthStatus(1));
        deaths.add(Fault.boundName("relay.argyle.test", 9));
        deaths.add(Fault.boundAddress(new byte[] {127, 0, 0, 1}, 0));
        deaths.add(Fault.relayAt(new byte[] {127, 0, 0, 3}));
        deaths.add(Fault.relayAt(new byte[] {(byte) 203, 0, 113, 9}));
        deaths.add(new Fault.Bound(0x7E, "", 2));
        deaths.add(new Fault.ReplyVersion(4));
        List<List<Fault>> all = new ArrayList<>();
        deaths.forEach(death -> all.add(List.of(death)));
        // together: each takes as long as the deadlines
        all.add(endings(Ending.SILENCE));
        return all;
    }

    /** The deadlines end what is silent; what a non-blocking channel was told to be sent is made up for at its next call. */
    @ParameterizedTest
    @MethodSource("deaths")
    void onlyServerFails_eachSenderIsTold(List<Fault> faults) throws Exception {
        Map<Talker, Integer> ids = new LinkedHashMap<>();
        Map<Talker, String> unconnected = new LinkedHashMap<>();
        Map<Talker, String> connected = new LinkedHashMap<>();
        for (Fault fault : faults) {
            server.faultsForNext(2 * KINDS.size(), fault);
            for (String kind : KINDS) {
                Talker talker = open(kind);
                unconnected.put(talker, kind);
                ids.put(talker, talker.begin("send lost " + DatagramTalk.host(echo)));
                talker = connected(kind);
                connected.put(talker, kind);
                ids.put(talker, talker.begin("write lost"));
            }
        }

        for (Talker talker : unconnected.keySet()) {
            assertThat(talker.await(ids.get(talker)))
                    .as(unconnected.get(talker))
                    .matches(noAssociation());
        }
        for (Talker talker : connected.keySet()) {
            String outcome = talker.await(ids.get(talker));
            if (connected.get(talker).equals("selector")) {
                assertThat(outcome).isEqualTo("sent");
                assertThat(talker.receive()).startsWith("java.net.PortUnreachableException");
            } else {
                assertThat(outcome).as("connected " + connected.get(talker)).matches(noAssociation());
            }
        }
        assertThat(talk.err()).doesNotContain("hunter2");
    }

    private static String noAssociation() {
        return "java\\.net\\.SocketException: No UDP association: SOCKS server 127\\.0\\.0\\.1:" + server.port()
                + ": .*";
    }

    @Test
    void onlyServerFails_theNextDatagramTriesAgain() throws Exception {
        for (String kind : KINDS) {
            server.faultsForNext(1, Fault.reply(1));
            Talker talker = open(kind);

            assertThat(talker.send("lost", echo)).matches(noAssociation());
            greet(talker, false);
        }
    }

    @Test
    void onlyServerDoesNotListen_isTold() throws Exception {
        server.refuse();
        try {
            for (String kind : KINDS) {
                assertThat(open(kind).send("lost", echo))
                        .matches(noAssociation())
                        .endsWith("Connection refused");
            }
        } finally {
            server.resume();
        }
    }

    @Test
    void relayElsewhere_namesTheKey() throws Exception {
        server.faults(Fault.relayAt(new byte[] {127, 0, 0, 3}));

        assertThat(open("socket").send("lost", echo)).matches(noAssociation()).contains("udp.relay=any");
    }

    @Test
    void relayAtAnyAddress_isTheServer() throws Exception {
        for (String kind : KINDS) {
            server.faults(Fault.relayAt(new byte[4]));
            greet(open(kind), false);
            server.faults(Fault.relayAt(new byte[16]));
            greet(connected(kind), true);
        }
    }

    // ---- there was one

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLOSE", "RESET"})
    void controlConnectionEnds_unconnectedSocketsGoOn(Ending ending) throws Exception {
        for (String kind : KINDS) {
            Talker talker = open(kind);
            Association association = greet(talker, false);
            int before = server.associations().size();

            association.end(ending);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> {
                        assertThat(talker.send("more", echo)).isEqualTo("sent");
                        return server.associations().size() == before + 1;
                    });
            assertThat(talker.receive()).isEqualTo("from back more");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLOSE", "RESET"})
    void controlConnectionEnds_connectedReaderIsToldOnce(Ending ending) throws Exception {
        for (String kind : KINDS) {
            Talker talker = connected(kind);
            Association association = greet(talker, true);
            int reader = talker.begin("receive " + DatagramTalk.LONG_MILLIS);

            association.end(ending);

            assertThat(talker.await(reader)).as(kind).startsWith("java.net.PortUnreachableException");
            greet(talker, true);
        }
    }

    @Test
    void controlConnectionEnds_connectedWriterIsToldOnce() throws Exception {
        for (String kind : KINDS) {
            Talker talker = connected(kind);
            Association association = greet(talker, true);
            int before = server.associations().size();

            association.end(Ending.CLOSE);

            String outcome = Awaitility.await("connected " + kind)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> talker.write("more"), each -> !each.equals("sent"));
            assertThat(outcome).as(kind).startsWith("java.net.PortUnreachableException");
            // the next association may be this one's, or of the writer who was told, if it came just at the end
            assertThat(talker.write("hello")).as(kind).isEqualTo("sent");
            assertThat(talker.receive()).as(kind).isEqualTo("from back hello");
            assertThat(server.awaitAssociations(before + 1)).as(kind).hasSize(before + 1);
        }
    }

    /** What was sent into the end is lost, as datagrams may be; the socket goes on. */
    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLOSE", "RESET"})
    void controlConnectionEnds_whileDatagramsFlow(Ending ending) throws Exception {
        server.faults(Fault.disturb(new Disturbance.EndAfter(Direction.UP, 5, ending)));
        for (String kind : KINDS) {
            Talker talker = open(kind);
            int before = server.associations().size();

            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> {
                        assertThat(talker.send("more", echo)).isEqualTo("sent");
                        return server.associations().size() >= before + 3;
                    });
            assertThat(talker.receive()).isEqualTo("from back more");
        }
    }

    @Test
    void relayIsGone_connectedSocketIsToldByTheKernelAndGoesOn() throws Exception {
        for (String kind : KINDS) {
            Talker talker = connected(kind);
            greet(talker, true).end(Ending.SILENCE);

            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> talker.write("more").startsWith("java.net.PortUnreachableException"));
            greet(talker, true);
        }
    }

    @Test
    void relayMoves_whatComesFromElsewhereIsDropped() throws Exception {
        for (String kind : KINDS) {
            for (boolean isConnected : new boolean[] {false, true}) {
                Talker talker = isConnected ? connected(kind) : open(kind);
                Association association = greet(talker, isConnected);

                association.restart();
                association.sendToClient(Origin.RELAY, RelayOctets.of(echo, "moved"));
                assertNothing(kind, talker);
            }
        }
    }

    private static void assertNothing(String kind, Talker talker) throws Exception {
        // a blocking channel would wait for ever
        if (!kind.equals("channel")) {
            assertThat(talker.ask("receive " + DatagramTalk.SHORT_MILLIS)).isEqualTo("nothing");
        }
    }

    // ---- what comes from the relay, or seems to

    private static String octets(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    private static InetSocketAddress elsewhere() throws Exception {
        return new InetSocketAddress(InetAddress.getByName("203.0.113.9"), 53);
    }

    /** Has each socket receive what is true, and nothing before it. */
    private void assertDropped(boolean isConnected, Disturbance forged) throws Exception {
        for (String kind : KINDS) {
            Talker talker = isConnected ? connected(kind) : open(kind);
            Association association = greet(talker, isConnected);

            association.disturb(forged);
            talker.ask(isConnected ? "write true" : "send true " + DatagramTalk.host(echo));

            assertThat(talker.receive()).as(kind + " after " + forged).isEqualTo("from back true");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherSocketSends_isDropped(boolean isConnected) throws Exception {
        for (String forged : List.of("bare", octets(RelayOctets.of(echo, "forged")), "")) {
            assertDropped(isConnected, new Disturbance.Forge(Origin.STRANGER, forged));
        }
    }

    @Test
    void relayTellsAnotherSender_connectedSocketDropsIt() throws Exception {
        InetSocketAddress anotherPort = new InetSocketAddress(echo.getAddress(), echo.getPort() + 1);
        for (InetSocketAddress another : List.of(elsewhere(), anotherPort)) {
            assertDropped(true, new Disturbance.Forge(Origin.RELAY, octets(RelayOctets.of(another, "forged"))));
        }
        assertDropped(
                true, new Disturbance.Forge(Origin.RELAY, octets(RelayOctets.of("a.test", echo.getPort(), "forged"))));
    }

    @Test
    void relayTellsAnotherSender_unconnectedSocketReportsIt() throws Exception {
        for (String kind : KINDS) {
            Talker talker = open(kind);
            Association association = greet(talker, false);
            association.sendToClient(Origin.RELAY, RelayOctets.of(elsewhere(), "other"));

            assertThat(talker.receive()).isEqualTo("from 203.0.113.9:53 other");
        }
    }

    static List<String> malformed() {
        return List.of(
                "",
                "\0",
                "\0\0\0",
                "\0\0\0\1\177\0\0\2\0",
                octets(RelayOctets.of(0, 0, 4, "\177\0\0\2", echo.getPort(), "x")),
                octets(RelayOctets.of(0, 0, 0, "\177\0\0\2", echo.getPort(), "x")),
                octets(RelayOctets.of(0, 0, 2, "\177\0\0\2", echo.getPort(), "x")),
                octets(RelayOctets.of(0, 0, 0xFF, "\177\0\0\2", echo.getPort(), "x")),
                octets(RelayOctets.of(0, 0, 3, "\0", echo.getPort(), "")),
                octets(RelayOctets.of(0, 0, 3, "\u00ffabc", echo.getPort(), "")),
                octets(RelayOctets.of(1, 0, echo, "x")),
                octets(RelayOctets.of(0xFFFF, 0, echo, "x")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void malformedHeader_isDropped(boolean isConnected) throws Exception {
        for (String kind : KINDS) {
            Talker talker = isConnected ? connected(kind) : open(kind);
            Association association = greet(talker, isConnected);
            for (String each : malformed()) {
                association.sendToClient(Origin.RELAY, each.getBytes(ISO_8859_1));
            }
            association.sendToClient(Origin.RELAY, RelayOctets.of(echo, "good"));

            assertThat(talker.receive()).as(kind).isEqualTo("from back good");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fragments_arePutTogetherOrDropped(boolean isConnected) throws Exception {
        for (String kind : KINDS) {
            Talker talker = isConnected ? connected(kind) : open(kind);
            Association association = greet(talker, isConnected);
            association.disturb(Disturbance.fragments(0, 1, 3, 3));
            assertThat(isConnected ? talker.write("abcdef") : talker.send("abcdef", echo))
                    .isEqualTo("sent");
            assertThat(talker.receive()).as(kind).isEqualTo("from back abcdef");
            for (List<Integer> order :
                    List.of(List.of(2, 1, 3), List.of(1, 3), List.of(2, 3), List.of(3), List.of(1, 2))) {
                association.disturb(new Disturbance.Fragments(List.of(0, 1, 2), order));
                long sent = association.down() + order.size();
                talker.ask(isConnected ? "write abc" : "send abc " + DatagramTalk.host(echo));
                Awaitility.await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> association.down() == sent);
            }
            association.disturb();
            talker.ask(isConnected ? "write whole" : "send whole " + DatagramTalk.host(echo));
            assertThat(talker.receive()).as(kind).isEqualTo("from back whole");
            // a whole datagram between two fragments ends their sequence
            association.sendToClient(Origin.RELAY, RelayOctets.of(0, 1, echo, "a"));
            association.sendToClient(Origin.RELAY, RelayOctets.of(echo, "between"));
            association.sendToClient(Origin.RELAY, RelayOctets.of(0, 0x82, echo, "b"));
            association.sendToClient(Origin.RELAY, RelayOctets.of(echo, "end"));
            assertThat(talker.receive()).as(kind).isEqualTo("from back between");
            assertThat(talker.receive()).as(kind).isEqualTo("from back end");
        }
    }

    @Test
    void datagramsAreLostDoubledAndReordered_asTheyMayBe() throws Exception {
        for (String kind : KINDS) {
            Talker talker = open(kind);
            Association association = greet(talker, false);
            association.disturb(
                    new Disturbance.Lose(Direction.UP, 3),
                    new Disturbance.Duplicate(Direction.DOWN, 2),
                    new Disturbance.Reorder(Direction.DOWN, 3));
            for (String text : List.of("1", "2", "3")) {
                assertThat(talker.send(text, echo)).isEqualTo("sent");
            }

            assertThat(List.of(talker.receive(), talker.receive(), talker.receive()))
                    .as(kind)
                    .containsExactly("from back 2", "from back 2", "from back 1");
        }
    }

    @Test
    void largestDatagram_isCarriedAndALargerOneNamesTheLimit() throws Exception {
        for (String kind : KINDS) {
            Talker talker = open(kind);
            greet(talker, false);

            assertThat(talker.ask("size 65497 " + DatagramTalk.host(echo))).isEqualTo("sent");
            assertThat(talker.receive()).isEqualTo("from back 65497 octets");
            assertThat(talker.ask("size 65498 " + DatagramTalk.host(echo)))
                    .startsWith("java.net.SocketException: Message too long: ")
                    .contains("at most 65497");
            greetAgain(talker);
        }
    }

    private static void greetAgain(Talker talker) throws Exception {
        assertThat(talker.send("again", echo)).isEqualTo("sent");
        assertThat(talker.receive()).isEqualTo("from back again");
    }

    @Test
    void targetAnswersFromAnotherPort_connectedSocketDropsIt() throws Exception {
        InetSocketAddress another = targets.address(targets.datagramEchoFromAnotherPort());
        for (String kind : KINDS) {
            Talker unconnected = open(kind);
            unconnected.send("x", another);
            assertThat(unconnected.receive()).startsWith("from 127.0.0.2:").endsWith(" x");
            Talker connected = open(kind);
            connected.connect(another);
            assertThat(connected.write("x")).isEqualTo("sent");
            assertNothing(kind, connected);
        }
    }

    @Test
    void targetFloods_theSocketGoesOn() throws Exception {
        InetSocketAddress flood = targets.address(targets.datagramFlood(500));
        for (String kind : KINDS) {
            Talker talker = open(kind);
            assertThat(talker.send("flood", flood)).isEqualTo("sent");
            for (int i = 0; i < 20; i++) {
                assertThat(talker.receive()).isEqualTo("from back flood");
            }
        }
    }
}
