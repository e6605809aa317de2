// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.ListenTalk.Talker;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever becomes of the second reply to BIND, and whoever connects on this machine, accept tells it, no socket hangs,
 * and the next accept is in order.
 */
class BindAcceptIT extends BindKindsFixture {
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
}
