// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.ListenTalk.Talker;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.Step;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever servers do to BIND before they listen, no socket hangs, none listens for others on this machine instead, and
 * each can be bound when the server is well again.
 */
class BindFailuresIT extends BindKindsFixture {
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

        for (Map.Entry<Talker, Integer> each : ids.entrySet()) {
            assertThat(each.getKey().await(each.getValue()))
                    .as(kinds.get(each.getKey()))
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

            // as the JDK says of each when another thread closes it
            boolean ofServerSocket = List.of("socket", "timed").contains(kind);
            assertThat(talker.await(bind))
                    .as(kind)
                    .startsWith(
                            ofServerSocket
                                    ? "java.net.SocketException: Socket closed"
                                    : "java.nio.channels.AsynchronousCloseException");
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

    // ---- nothing fails

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
}
