// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.ListenTalk.Talker;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever servers do to BIND, no socket hangs, none listens for others on this machine instead, and each can be
 * bound, or accepts, when the server is well again.
 */
class BindFailuresIT {
    private static final List<String> KINDS =
            List.of("socket", "timed", "adaptor", "channel", "selector", "asynchronous");

    /** Those whose accept ends when nobody comes. */
    private static final List<String> TIMED_KINDS = List.of("timed", "adaptor", "selector", "asynchronous");

    private static final InetAddress LISTENS = ScriptedServer.OUTBOUND;
    /** Of what is silent; what is slow on a loaded machine is sooner. */
    private static final String TIMEOUTS = ",connect.timeout=3s,handshake.timeout=3s";

    private static Targets targets;
    private static ScriptedServer server;
    private static ListenTalk talk;

    private final List<Talker> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
        talk = ListenTalk.start("proxy=socks5h://bob:hunter2@127.0.0.1:" + server.port()
                + ",bypass=none,bind=local:127.0.0.9" + TIMEOUTS);
    }

    @AfterEach
    void closeSockets() throws Exception {
        server.faults();
        for (Talker each : open) {
            each.close();
        }
        assertThat(talk.listening()).as("all is closed").isEmpty();
        assertThat(talk.err()).doesNotContain("hunter2");
        awaitAcceptedAll();
    }

    /** A channel may have asked again as it was closed: the server is not to play the next test's faults for that. */
    private static void awaitAcceptedAll() throws Exception {
        try (Socket last = new Socket(server.address().getAddress(), server.port())) {
            server.awaitExchanges(1, exchange -> exchange.client().equals(last.getLocalSocketAddress()));
        }
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

    private static void assertNoneListensForOthers(ListenTalk program) throws Exception {
        assertThat(program.listening())
                .allSatisfy(address -> assertThat(address.getAddress().isLoopbackAddress() && !isServers(address))
                        .as(address.toString())
                        .isTrue());
    }

    private static boolean isServers(InetSocketAddress address) {
        return address.getAddress().equals(LISTENS);
    }

    private static InetSocketAddress address(String spelled) {
        int colon = spelled.lastIndexOf(':');
        return new InetSocketAddress(
                spelled.substring(spelled.lastIndexOf(' ') + 1, colon), Integer.parseInt(spelled.substring(colon + 1)));
    }

    /** Binds, and returns where the server listens. */
    private static InetSocketAddress bind(Talker talker) throws Exception {
        String outcome = talker.bind(LISTENS);
        assertThat(outcome).startsWith("bound " + LISTENS.getHostAddress() + ":");
        return address(outcome);
    }

    private Map<String, Talker> bound() throws Exception {
        Map<String, Talker> all = new LinkedHashMap<>();
        for (String kind : KINDS) {
            Talker talker = open(kind);
            bind(talker);
            all.put(kind, talker);
        }
        return all;
    }

    /** The socket is in order: somebody comes, and they talk. */
    private static void meet(String kind, Talker talker) throws Exception {
        InetSocketAddress at = address(talker.address());
        InetSocketAddress visitor = targets.visit(at);
        assertThat(talker.accept())
                .as(kind)
                .isEqualTo("from " + ListenTalk.spelled(visitor) + " to " + ListenTalk.spelled(at));
        assertThat(talker.ask("write hello")).as(kind).isEqualTo("written");
        assertThat(talker.read(5)).as(kind).isEqualTo("hello");
    }

    // ---- the first reply

    @ParameterizedTest
    @CsvSource({
        "1, SocketException: SOCKS server failure",
        "2, ConnectException: Connection not allowed",
        "3, NoRouteToHostException: Network is unreachable",
        "4, NoRouteToHostException: No route to host",
        "5, BindException: Address already in use",
        "6, ConnectException: Connection timed out",
        "7, SocketException: Command not supported",
        "8, SocketException: Address type not supported",
        "9, SocketException: SOCKS server failure",
        "255, SocketException: SOCKS server failure"
    })
    void firstReplyFails_bindThrowsAndCanBeTriedAgain(int rep, String thrown) throws Exception {
        server.faults(Fault.reply(rep));
        Map<String, Talker> talkers = new LinkedHashMap<>();
        for (String kind : KINDS) {
            Talker talker = open(kind);
            talkers.put(kind, talker);

            assertThat(talker.bind(LISTENS))
                    .as(kind)
                    .startsWith("java.net." + thrown)
                    .contains("SOCKS server 127.0.0.1:" + server.port());
            assertThat(talker.address()).as(kind).isEqualTo("none");
        }
        assertNoneListensForOthers(talk);
        server.faults();
        for (String kind : KINDS) {
            bind(talkers.get(kind));
            meet(kind, talkers.get(kind));
        }
    }

    private static List<Fault> endings(Ending ending) {
        List<Fault> endings = new ArrayList<>();
        for (Step step : List.of(Step.ACCEPTED, Step.METHOD_SENT, Step.REQUEST_READ, Step.TARGET_TRIED)) {
            endings.add(new Fault.End(step, ending));
        }
        endings.add(new Fault.CutReply(4, ending));
        endings.add(new Fault.CutReply(9, ending));
        return endings;
    }

    static List<List<Fault>> deaths() {
        List<Fault> deaths = new ArrayList<>(endings(Ending.CLOSE));
        deaths.addAll(endings(Ending.RESET));
        deaths.add(Fault.garbage());
        deaths.add(Fault.http());
        deaths.add(Fault.method(0xFF));
        deaths.add(new Fault.AuthStatus(1));
        deaths.add(Fault.boundName("bound.argyle.test", 9));
        deaths.add(new Fault.Bound(0x7E, "", 2));
        deaths.add(new Fault.ReplyVersion(4));
        List<List<Fault>> all = new ArrayList<>();
        deaths.forEach(death -> all.add(List.of(death)));
        // together: each takes as long as the deadlines
        all.add(endings(Ending.SILENCE));
        return all;
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void serverDiesBeforeItListens_bindThrowsAndNobodyListens(List<Fault> faults) throws Exception {
        Map<Talker, String> kinds = new LinkedHashMap<>();
        Map<Talker, Integer> ids = new LinkedHashMap<>();
        for (Fault fault : faults) {
            server.faultsForNext(KINDS.size(), fault);
            for (String kind : KINDS) {
                Talker talker = open(kind);
                kinds.put(talker, kind);
                ids.put(talker, talker.begin("bind " + LISTENS.getHostAddress() + " 0"));
            }
        }

        for (Talker talker : ids.keySet()) {
            assertThat(talker.await(ids.get(talker)))
                    .as(kinds.get(talker))
                    .matches("java\\.net\\.(Socket|Connect)Exception: .*SOCKS server 127\\.0\\.0\\.1:" + server.port()
                            + ".*");
        }
        assertNoneListensForOthers(talk);
        for (Map.Entry<Talker, String> each : kinds.entrySet()) {
            bind(each.getKey());
            meet(each.getValue(), each.getKey());
        }
    }

    @Test
    void serverIsDown_bindThrows() throws Exception {
        for (String kind : KINDS) {
            Talker talker = open(kind);
            server.refuse();
            try {
                assertThat(talker.bind(LISTENS))
                        .as(kind)
                        .startsWith("java.net.ConnectException: No SOCKS server can be reached");
            } finally {
                server.resume();
            }
            bind(talker);
            meet(kind, talker);
        }
    }

    @Test
    void closedWhileTheServerIsAsked_bothEnd() throws Exception {
        for (String kind : KINDS) {
            Gate gate = new Gate();
            server.faultsForNext(1, new Fault.Hold(Step.REQUEST_READ, gate));
            Talker talker = open(kind);
            int bind = talker.begin("bind " + LISTENS.getHostAddress() + " 0");
            gate.awaitArrival();

            assertThat(talker.close()).as(kind).isEqualTo("closed");

            assertThat(talker.await(bind)).as(kind).matches("java\\.(net|nio)\\..*Exception.*");
            gate.open();
        }
    }

    // ---- what the first reply says

    @Test
    void firstReplyNamesNoAddress_itIsTheServers() throws Exception {
        for (byte[] any : new byte[][] {new byte[4], new byte[16]}) {
            for (String kind : KINDS) {
                server.faultsForNext(1, Fault.relayAt(any));

                assertThat(open(kind).bind(LISTENS)).as(kind).startsWith("bound 127.0.0.1:");
            }
        }
    }

    @Test
    void firstReplyNamesAnAddressOfIPv6_itIsTold() throws Exception {
        byte[] address = InetAddress.getByName("2001:db8::9").getAddress();
        for (String kind : KINDS) {
            server.faultsForNext(1, Fault.boundAddress(address, 4711));

            assertThat(open(kind).bind(LISTENS)).as(kind).isEqualTo("bound 2001:db8:0:0:0:0:0:9:4711");
        }
    }

    // ---- the second reply

    static List<Fault> secondReplies() {
        List<Fault> faults = new ArrayList<>();
        for (int rep : new int[] {1, 2, 4, 5, 6, 0xFF}) {
            faults.add(Fault.second(Fault.reply(rep)));
        }
        for (Ending ending : new Ending[] {Ending.CLOSE, Ending.RESET}) {
            faults.add(new Fault.End(Step.REPLY_SENT, ending));
            faults.add(Fault.second(new Fault.End(Step.TARGET_TRIED, ending)));
            faults.add(Fault.second(new Fault.CutReply(4, ending)));
            faults.add(Fault.second(new Fault.CutReply(9, ending)));
        }
        faults.add(Fault.second(new Fault.ReplyVersion(4)));
        faults.add(Fault.second(new Fault.Bound(0x7E, "", 2)));
        faults.add(Fault.second(Fault.boundName("peer.argyle.test", 9)));
        return faults;
    }

    /** Comes, if the server listens still. */
    private static void visit(InetSocketAddress at) throws IOException {
        try (Socket visitor = new Socket()) {
            visitor.connect(at);
        } catch (ConnectException nobody) {
            // by the fault
        }
    }

    @ParameterizedTest
    @MethodSource("secondReplies")
    void secondReplyFails_acceptThrowsAndTheNextAccepts(Fault fault) throws Exception {
        server.faultsForNext(KINDS.size(), fault);
        Map<String, Talker> talkers = new LinkedHashMap<>();
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        // all of them first: with an accept's end a channel asks again
        for (String kind : KINDS) {
            Talker talker = open(kind);
            talkers.put(kind, talker);
            addresses.put(kind, bind(talker));
        }
        Map<String, Integer> accepts = new LinkedHashMap<>();
        for (String kind : KINDS) {
            accepts.put(kind, talkers.get(kind).beginAccept());
            visit(addresses.get(kind));
        }

        for (String kind : KINDS) {
            assertThat(talkers.get(kind).await(accepts.get(kind)))
                    .as(kind)
                    .matches("java\\.net\\.(Socket|Connect|NoRouteToHost)Exception: .*SOCKS server 127\\.0\\.0\\.1:"
                            + server.port() + ".*");
        }
        assertNoneListensForOthers(talk);
        for (String kind : KINDS) {
            meet(kind, talkers.get(kind));
        }
    }

    static List<Fault> endsBeforeAccept() {
        return List.of(
                Fault.second(Fault.reply(1)),
                Fault.close(Step.REPLY_SENT),
                Fault.reset(Step.REPLY_SENT),
                Fault.second(new Fault.CutReply(4, Ending.CLOSE)));
    }

    /** Nobody waits then: the next accept tells. */
    @ParameterizedTest
    @MethodSource("endsBeforeAccept")
    void secondReplyFailsBeforeAccept_acceptThrowsAndTheNextAccepts(Fault fault) throws Exception {
        int before = server.exchanges().size();
        server.faultsForNext(KINDS.size(), fault);
        Map<String, Talker> talkers = new LinkedHashMap<>();
        for (String kind : KINDS) {
            Talker talker = open(kind);
            talkers.put(kind, talker);
            visit(bind(talker));
        }
        server.awaitExchanges(
                KINDS.size(),
                exchange -> server.exchanges().indexOf(exchange) >= before
                        && (exchange.ending() != null || exchange.secondReply() != Exchange.NONE));

        for (String kind : KINDS) {
            assertThat(talkers.get(kind).accept())
                    .as(kind)
                    .matches("java\\.net\\.(Socket|Connect|NoRouteToHost)Exception: .*");
            meet(kind, talkers.get(kind));
        }
    }

    @Test
    void secondReplyNeverEnds_acceptWaitsAndCloseEndsIt() throws Exception {
        server.faultsForNext(KINDS.size(), Fault.second(new Fault.CutReply(3, Ending.SILENCE)));
        Map<String, Talker> talkers = new LinkedHashMap<>();
        for (String kind : KINDS) {
            Talker talker = open(kind);
            talkers.put(kind, talker);
            targets.visit(bind(talker));
        }

        for (String kind : TIMED_KINDS) {
            assertThat(talkers.get(kind).ask("accept " + ListenTalk.SHORT_MILLIS))
                    .as(kind)
                    .isEqualTo("nothing");
        }
        for (String kind : List.of("socket", "channel", "asynchronous")) {
            int accept = talkers.get(kind).beginAccept();
            assertThat(talkers.get(kind).close()).isEqualTo("closed");
            assertThat(talkers.get(kind).await(accept))
                    .as(kind)
                    .matches("java\\.net\\.SocketException: Socket.*closed|"
                            + "java\\.nio\\.channels\\.(AsynchronousClose|ClosedChannel)Exception");
        }
    }

    @Test
    void secondReplyComesInPieces_isPutTogether() throws Exception {
        server.faults(Fault.second(Fault.drip()));
        for (Map.Entry<String, Talker> each : bound().entrySet()) {
            meet(each.getKey(), each.getValue());
            meet(each.getKey(), each.getValue());
        }
    }

    @Test
    void secondReplyBringsData_noneIsLost() throws Exception {
        server.faults(Fault.second(new Fault.ReplyWithData()));
        for (Map.Entry<String, Talker> each : bound().entrySet()) {
            Talker talker = each.getValue();
            try (Socket visitor = new Socket()) {
                visitor.connect(address(talker.address()));
                visitor.getOutputStream().write("at once".getBytes(US_ASCII));

                assertThat(talker.accept()).as(each.getKey()).startsWith("from ");
                assertThat(talker.read(7)).as(each.getKey()).isEqualTo("at once");
            }
        }
    }

    @Test
    void secondReplyNamesAnAddressOfIPv6_itIsThePeers() throws Exception {
        byte[] address = InetAddress.getByName("2001:db8::9").getAddress();
        server.faults(Fault.second(Fault.boundAddress(address, 4711)));
        for (Map.Entry<String, Talker> each : bound().entrySet()) {
            targets.visit(address(each.getValue().address()));

            assertThat(each.getValue().accept())
                    .as(each.getKey())
                    .startsWith("from 2001:db8:0:0:0:0:0:9:4711 to 127.0.0.9:");
        }
    }

    /** As Dante does it. */
    @Test
    void anotherPeerThanExpected_acceptThrowsAndTheNextAccepts() throws Exception {
        server.faults(new Fault.OnlyThePeer());
        for (Map.Entry<String, Talker> each : bound().entrySet()) {
            meet(each.getKey(), each.getValue());
        }
        assertThat(server.binds()).allSatisfy(bind -> assertThat(bind.host()).isEqualTo("0.0.0.0"));
    }

    // ---- this machine

    /** What listens here is for the agent's own word alone. */
    @Test
    void strangerOnThisMachine_isNotAccepted() throws Exception {
        for (Map.Entry<String, Talker> each : bound().entrySet()) {
            Talker talker = each.getValue();
            int accept = talker.beginAccept();
            for (InetSocketAddress here : talk.listening()) {
                for (int i = 0; i < 3; i++) {
                    try (Socket stranger = new Socket()) {
                        stranger.connect(here);
                        stranger.getOutputStream().write('x');
                    } catch (IOException turnedAway) {
                        // sooner than it could write
                    }
                }
            }
            InetSocketAddress at = address(talker.address());
            InetSocketAddress visitor = targets.visit(at);

            assertThat(talker.await(accept))
                    .as(each.getKey())
                    .isEqualTo("from " + ListenTalk.spelled(visitor) + " to " + ListenTalk.spelled(at));
        }
    }

    @Test
    void strangerOnThisMachine_doesNotEndATimedAccept() throws Exception {
        for (String kind : TIMED_KINDS) {
            Talker talker = open(kind);
            bind(talker);
            for (InetSocketAddress here : talk.listening()) {
                try (Socket stranger = new Socket()) {
                    stranger.connect(here);

                    assertThat(talker.ask("accept " + ListenTalk.SHORT_MILLIS))
                            .as(kind)
                            .isEqualTo("nothing");
                }
            }
            meet(kind, talker);
        }
    }

    @Test
    void bound_noPortIsOpenForOthers() throws Exception {
        Map<String, Talker> talkers = bound();

        assertThat(talk.listening()).hasSizeLessThanOrEqualTo(KINDS.size());
        assertNoneListensForOthers(talk);
        for (Map.Entry<String, Talker> each : talkers.entrySet()) {
            meet(each.getKey(), each.getValue());
        }
        assertNoneListensForOthers(talk);
    }

    @Test
    void noRuleMatches_listensHere() throws Exception {
        int before = server.exchanges().size();
        InetAddress here = InetAddress.getByName("127.0.0.3");
        for (String kind : KINDS) {
            Talker talker = open(kind);

            assertThat(talker.bind(here)).as(kind).startsWith("bound 127.0.0.3:");
            assertThat(talk.listening()).contains(address(talker.address()));
            meet(kind, talker);
        }
        assertThat(server.exchanges()).hasSize(before);
    }

    // ---- other configurations

    /** With an agent of its own, and no socket of the others' in the way. */
    private static void with(String agent, Check check) throws Exception {
        try (ListenTalk program = ListenTalk.start(agent)) {
            check.run(program);
        }
    }

    private interface Check {
        void run(ListenTalk program) throws Exception;
    }

    private static String thisServer(String more) {
        return "proxy=socks5h://bob:hunter2@127.0.0.1:" + server.port() + ",bypass=none,bind=*" + TIMEOUTS + more;
    }

    @Test
    void onFailureDirect_doesNotListenHere() throws Exception {
        with(thisServer(",on-failure=direct"), program -> {
            for (String kind : KINDS) {
                server.faultsForNext(1, Fault.reply(1));
                Talker talker = program.open(kind);

                assertThat(talker.bind(LISTENS)).as(kind).startsWith("java.net.SocketException");
            }
            assertNoneListensForOthers(program);
        });
    }

    @Test
    void guardEnforces_bindAndAcceptGoOn() throws Exception {
        with(thisServer(",guard=enforce"), program -> {
            for (String kind : KINDS) {
                Talker talker = program.open(kind);
                bind(talker);
                meet(kind, talker);
                meet(kind, talker);
            }
        });
    }

    @Test
    void routesNameNoServer_bindIsRefusedInWords(@TempDir Path directory) throws Exception {
        Path routes = Files.write(directory.resolve("routes"), List.of("0.0.0.0/0 NONE", "::/0 NONE"));
        with("routes=" + routes + ",bind=*", program -> {
            for (String kind : KINDS) {
                Talker talker = program.open(kind);

                assertThat(talker.bind(LISTENS)).as(kind).contains("Exception: No SOCKS server for");
                assertThat(talker.address()).isEqualTo("none");
            }
            assertThat(program.listening()).isEmpty();
        });
    }

    // ---- several servers

    /** What the first of two does. */
    static List<Fault> firstServers() {
        return List.of(
                Fault.close(Step.ACCEPTED),
                Fault.silence(Step.GREETING_READ),
                Fault.close(Step.REQUEST_READ),
                Fault.reply(1),
                Fault.withoutBind());
    }

    private static String both(ScriptedServer first, ScriptedServer second) {
        return "proxy=socks5h://127.0.0.1:" + first.port() + ",socks5h://127.0.0.1:" + second.port()
                + ",bypass=none,bind=*" + TIMEOUTS;
    }

    private static ScriptedServer listeningAt(String address) throws IOException {
        return ScriptedServer.builder().outbound(InetAddress.getByName(address)).start();
    }

    @ParameterizedTest
    @MethodSource("firstServers")
    void firstServerFails_theSecondListens(Fault fault) throws Exception {
        try (ScriptedServer first = listeningAt("127.0.0.9");
                ScriptedServer second = listeningAt("127.0.0.8")) {
            first.faults(fault);
            with(both(first, second), program -> {
                for (String kind : KINDS) {
                    Talker talker = program.open(kind);

                    assertThat(talker.bind(LISTENS)).as(kind).startsWith("bound 127.0.0.8:");
                    meet(kind, talker);
                }
            });
            assertThat(first.exchanges()).isNotEmpty();
        }
    }

    @Test
    void firstServerSaysInUse_theSecondIsNotAsked() throws Exception {
        try (ScriptedServer first = listeningAt("127.0.0.9");
                ScriptedServer second = listeningAt("127.0.0.8")) {
            first.faults(Fault.addressInUse());
            with(both(first, second), program -> {
                for (String kind : KINDS) {
                    assertThat(program.open(kind).bind(LISTENS))
                            .as(kind)
                            .startsWith("java.net.BindException: Address already in use");
                }
            });
            assertThat(second.exchanges()).isEmpty();
        }
    }

    @Test
    void firstServerGoesDownBetweenAccepts_theSecondListensForTheNext() throws Exception {
        for (String kind : List.of("timed", "selector", "asynchronous")) {
            try (ScriptedServer first = listeningAt("127.0.0.9");
                    ScriptedServer second = listeningAt("127.0.0.8")) {
                with(both(first, second), program -> {
                    Talker talker = program.open(kind);
                    InetSocketAddress at = bind(talker);
                    first.refuse();
                    InetSocketAddress visitor = targets.visit(at);

                    assertThat(talker.accept())
                            .as(kind)
                            .isEqualTo("from " + ListenTalk.spelled(visitor) + " to " + ListenTalk.spelled(at));
                    assertThat(talker.address()).as(kind).startsWith("127.0.0.8:");
                    meet(kind, talker);
                });
            }
        }
    }
}
