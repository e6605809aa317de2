// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.OwnChannels;
import dev.argyle.it.app.PlainSocket;
import dev.argyle.it.app.SctpOnce;
import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no server carries, or is not to carry: whether it leaves all the same, which a receiver of datagrams sees. */
class GuardIT {
    private static final String RECEIVER = "127.0.0.2";
    private static final String NAME = "direct.argyle.test";
    private static final String GROUP = "239.1.1.1";
    private static final String REFUSED_GROUP = "239.1.1.2";
    private static final String MARKER = "marker";

    /** Up to Java 21 a Socket can send datagrams; later JDKs know no such. */
    private static final String STREAM = "datagramStream";

    private static final boolean STREAM_IS_KNOWN = TestJava.feature() < 25;

    private static final List<String> WAYS = Stream.of(
                    "socketSend",
                    "socketConnect",
                    "socketConnectToAddress",
                    "channelSend",
                    "channelConnect",
                    "channelConnectAndGather",
                    "adaptorSend",
                    "multicastSend",
                    STREAM)
            .filter(way -> STREAM_IS_KNOWN || !way.equals(STREAM))
            .toList();

    private DatagramSocket receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new DatagramSocket(0, InetAddress.getByName(RECEIVER));
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    /** A server that nobody must go to. */
    private static String argument(String more) {
        return "proxy=127.0.0.1:1,bypass=none" + more;
    }

    private Jvm going(List<String> ways, String host) {
        return Jvm.of(Uncarried.class)
                .arguments(ways.stream()
                        .map(way -> way + " " + host + " " + receiver.getLocalPort())
                        .toArray());
    }

    /** What has arrived, but from a relay: a datagram on this machine is there when it has been sent. */
    private List<String> received() throws IOException {
        try (DatagramSocket sender = new DatagramSocket()) {
            sender.send(
                    new DatagramPacket(MARKER.getBytes(US_ASCII), MARKER.length(), receiver.getLocalSocketAddress()));
        }
        List<String> received = new ArrayList<>();
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            receiver.receive(packet);
            String text = new String(packet.getData(), 0, packet.getLength(), US_ASCII);
            if (text.equals(MARKER)) {
                return received;
            }
            if (!packet.getAddress().equals(ScriptedServer.OUTBOUND)) {
                received.add(text);
            }
        }
    }

    private static List<String> warnings(JvmResult result) {
        return result.err()
                .lines()
                .filter(line -> line.startsWith("[argyle] WARN: "))
                .toList();
    }

    private static String[] sent(List<String> ways) {
        return ways.stream().map(way -> way + " sent").toArray(String[]::new);
    }

    /** So that what does not arrive below says something. */
    @Test
    void datagrams_plain_arrive() throws Exception {
        JvmResult result = going(WAYS, RECEIVER).run();

        assertThat(result.lines()).as(result.toString()).containsExactly(sent(WAYS));
        assertThat(received()).isEqualTo(WAYS);
    }

    @Test
    void datagrams_whereTheyGoDirect_arrive() throws Exception {
        JvmResult result = going(WAYS, RECEIVER).agent("proxy=127.0.0.1:1").run();

        assertThat(result.lines()).as(result.toString()).containsExactly(sent(WAYS));
        assertThat(received()).isEqualTo(WAYS);
        assertThat(warnings(result)).isEmpty();
    }

    /** There is nothing to guard. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",guard=enforce", ",guard=audit,on-failure=direct"})
    void datagrams_whereTheyAreRouted_goToTheRelayAlone(String keys) throws Exception {
        try (ScriptedServer server = ScriptedServer.start()) {
            JvmResult result = going(WAYS, RECEIVER)
                    .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none" + keys)
                    .run();

            assertThat(result.lines()).as(result.toString()).containsExactly(sent(WAYS));
            assertThat(server.awaitAssociations(WAYS.size())).hasSameSizeAs(WAYS);
            assertThat(received()).isEmpty();
            assertThat(warnings(result)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",guard=audit", ",guard=off,on-failure=direct"})
    void datagrams_whoseServerIsNotThere_fail(String keys) throws Exception {
        JvmResult result = going(WAYS, RECEIVER).agent(argument(keys)).run();

        assertThat(result.lines())
                .as(result.toString())
                .hasSameSizeAs(WAYS)
                .allSatisfy(line ->
                        assertThat(line).contains(" java.net.SocketException: No UDP association: SOCKS server "));
        assertThat(received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "',udp=refuse', Refused by udp=refuse: a datagram to TARGET (* (agent argument: proxy)), 0",
        "',udp=refuse,guard=off', Refused by udp=refuse: a datagram to TARGET (* (agent argument: proxy)), 0",
        "',udp=off,guard=enforce', 'Refused by the guard: a datagram to TARGET would be routed"
                + " (* (agent argument: proxy)), and udp=off lets it go direct; udp=on carries it, ', 1"
    })
    void datagrams_thatAreNotToGo_areRefused(String keys, String words, int warnings) throws Exception {
        JvmResult result = going(WAYS, RECEIVER).agent(argument(keys)).run();

        String refusal =
                "java.net.SocketException: " + words.replace("TARGET", RECEIVER + ":" + receiver.getLocalPort());
        String untouched = "connected false, bound false: ";
        assertThat(result.lines())
                .as(result.toString())
                .hasSameSizeAs(WAYS)
                .zipSatisfy(
                        WAYS,
                        (line, way) -> assertThat(line)
                                .startsWith(way + " "
                                        + (way.contains("Connect") ? untouched : "")
                                        + (way.equals("socketConnect") ? "java.io.UncheckedIOException: " : "")
                                        + refusal));
        assertThat(received()).isEmpty();
        assertThat(warnings(result))
                .hasSize(warnings)
                .allSatisfy(line -> assertThat(line)
                        .contains("; refused: at dev.argyle.it.app.Uncarried.socketSend(Uncarried.java:"));
    }

    /** Each once, whatever the way; and the first one's place in the program. */
    @Test
    void datagrams_thatAreNotToBeCarried_areReportedUnderAudit() throws Exception {
        JvmResult result =
                going(WAYS, RECEIVER).agent(argument(",udp=off,guard=audit")).run();

        assertThat(result.lines()).as(result.toString()).containsExactly(sent(WAYS));
        assertThat(received()).isEqualTo(WAYS);
        assertThat(warnings(result))
                .singleElement()
                .asString()
                .startsWith("[argyle] WARN: a datagram to " + RECEIVER + ":" + receiver.getLocalPort()
                        + " would be routed (* (agent argument: proxy)), and udp=off lets it go direct; it goes direct,"
                        + " as guard=audit says")
                .contains(": at dev.argyle.it.app.Uncarried.socketSend(Uncarried.java:");
    }

    @ParameterizedTest
    @ValueSource(strings = {",udp=off", ",udp=off,guard=off"})
    void datagrams_thatAreNotToBeCarried_areSentWithoutAWord(String keys) throws Exception {
        JvmResult result = going(WAYS, RECEIVER).agent(argument(keys)).run();

        assertThat(result.lines()).as(result.toString()).containsExactly(sent(WAYS));
        assertThat(received()).isEqualTo(WAYS);
        assertThat(warnings(result)).isEmpty();
    }

    /** No server carries theirs. Later JDKs than 17 do not know the property, and route them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void datagramsOfTheSocketsOfBefore_areAsTheGuardSays(boolean enforced) throws Exception {
        List<String> ways = List.of("socketSend", "socketConnect", "socketConnectToAddress", "multicastSend");
        JvmResult result = going(ways, RECEIVER)
                .property("jdk.net.usePlainDatagramSocketImpl", "true")
                .agent(argument(enforced ? "" : ",guard=audit"))
                .run();

        boolean known = TestJava.feature() == 17;
        String outcome = !known ? "No UDP association: " : enforced ? "Refused by the guard: a datagram" : "sent";
        assertThat(received()).as(result.toString()).isEqualTo(known && !enforced ? ways : List.of());
        assertThat(result.lines())
                .hasSameSizeAs(ways)
                .allSatisfy(line -> assertThat(line).contains(outcome));
        assertThat(warnings(result)).hasSize(known ? 1 : 0);
    }

    /** Where nothing but an implicit record covers them. */
    @ParameterizedTest
    @CsvSource({"'', 0, true", "enforce, 1, false", "audit, 1, true", "off, 0, true"})
    void datagrams_thatNoRecordCovers_areAsTheGuardSays(
            String guard, int warnings, boolean arrive, @TempDir Path folder) throws Exception {
        Path routes = Files.writeString(folder.resolve("routes"), "192.0.2.0/24 127.0.0.1:1\n");
        JvmResult result = going(WAYS, RECEIVER)
                .agent("routes=" + routes + ",bypass=none" + (guard.isEmpty() ? "" : ",guard=" + guard))
                .run();

        assertThat(received()).as(result.toString()).isEqualTo(arrive ? WAYS : List.of());
        assertThat(warnings(result))
                .hasSize(warnings)
                .allSatisfy(line -> assertThat(line)
                        .contains(" a datagram to " + RECEIVER + ":" + receiver.getLocalPort()
                                + " is covered by no record; ")
                        .contains(": at dev.argyle.it.app.Uncarried.socketSend(Uncarried.java:"));
    }

    /** The longest prefix, and the transport. */
    @Test
    void datagrams_ofARecord_areAsItSays(@TempDir Path folder) throws Exception {
        Path routes = Files.writeString(
                folder.resolve("routes"),
                "127.0.0.0/8 127.0.0.1:1\n" + RECEIVER + " NONE udp\n" + RECEIVER + " REFUSE tcp\n"
                        + "127.0.0.3 REFUSE\n");

        JvmResult result = Jvm.of(Uncarried.class)
                .agent("routes=" + routes + ",guard=audit")
                .arguments(
                        "socketSend " + RECEIVER + " " + receiver.getLocalPort(),
                        "channelConnect 127.0.0.3 9",
                        "reach 127.0.0.3 0")
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("socketSend sent"),
                        line -> assertThat(line)
                                .startsWith("channelConnect connected false, bound false: java.net.SocketException:"
                                        + " Refused by the routes: a datagram to 127.0.0.3:9: "),
                        line -> assertThat(line).isEqualTo("reach false"));
        assertThat(received()).containsExactly("socketSend");
        assertThat(warnings(result)).isEmpty();
    }

    /** A name is one if it was looked up, and not if a program has put it on an address. */
    @Test
    void datagrams_toANameThatGoesDirect_areSentIfItWasLookedUp(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), RECEIVER + " " + NAME + "\n");
        int port = receiver.getLocalPort();

        JvmResult result = Jvm.of(Uncarried.class)
                .property("jdk.net.hosts.file", hosts.toString())
                .agent(argument("," + NAME))
                .arguments(
                        "channelSend " + NAME + "=" + RECEIVER + " " + port,
                        "socketSend " + NAME + " " + port,
                        "channelConnect " + NAME + " " + port,
                        "adaptorSend " + RECEIVER + " " + port)
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("channelSend java.net.SocketException: No UDP association: "),
                        line -> assertThat(line).isEqualTo("socketSend sent"),
                        line -> assertThat(line).isEqualTo("channelConnect sent"),
                        line -> assertThat(line)
                                .startsWith("adaptorSend java.net.SocketException: No UDP association: "));
        assertThat(received()).containsExactly("socketSend", "channelConnect");
    }

    /** The name behind it is looked up here, where its datagrams are to go direct. */
    @ParameterizedTest
    @CsvSource({"udp=off, true", "'udp=off,guard=audit', true", "'udp=off,guard=enforce', false", "udp=refuse, false"})
    void datagrams_toAStandIn_areAsTheKeysSay(String keys, boolean arrive, @TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), RECEIVER + " " + NAME + "\n");

        JvmResult result = going(WAYS, NAME)
                .property("jdk.net.hosts.file", hosts.toString())
                .agent(argument(",names.local=none," + keys))
                .run();

        assertThat(received()).as(result.toString()).isEqualTo(arrive ? WAYS : List.of());
        assertThat(result.lines())
                .hasSameSizeAs(WAYS)
                .allSatisfy(line -> assertThat(line).contains(arrive ? " sent" : ": Refused by "));
    }

    /** On Java 17 and 21. Their sockets are plain ones, under whatever name. */
    @ParameterizedTest
    @CsvSource({"'', false, 1", "',guard=audit', true, 1", "',guard=off', true, 0"})
    void datagramsByAnotherName_ofTheFactories_areAsTheGuardSays(String keys, boolean arrive, int warnings)
            throws Exception {
        List<String> ways = List.of(STREAM);
        JvmResult result =
                going(ways, RECEIVER).agent(argument(",hooks=factories" + keys)).run();

        assertThat(received()).as(result.toString()).isEqualTo(STREAM_IS_KNOWN && arrive ? ways : List.of());
        assertThat(warnings(result))
                .hasSize(STREAM_IS_KNOWN ? warnings : 0)
                .allSatisfy(line -> assertThat(line)
                        .contains(" UDP of new Socket(host, port, false) to " + RECEIVER + ":")
                        .contains(": at dev.argyle.it.app.Uncarried.datagramStream(Uncarried.java:"));
    }

    /** Multicast goes direct whatever is routed. */
    @Test
    void groups_areJoined() throws Exception {
        JvmResult result = going(List.of("multicastJoin", "channelJoin"), GROUP)
                .options("-Djava.net.preferIPv4Stack=true")
                .agent(argument(""))
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("multicastJoin joined", "channelJoin joined");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void groupsOfARecord_areRefusedToTheSocketsOfBefore(boolean refused, @TempDir Path folder) throws Exception {
        Path routes = Files.writeString(
                folder.resolve("routes"), GROUP + (refused ? " REFUSE" : " NONE") + "\n192.0.2.0/24 127.0.0.1:1\n");
        JvmResult result = Jvm.of(Uncarried.class)
                .property("jdk.net.usePlainDatagramSocketImpl", "true")
                .property("java.net.preferIPv4Stack", "true")
                .agent("routes=" + routes)
                .arguments("multicastJoin " + GROUP + " 0")
                .run();

        assertThat(result.out())
                .as(result.toString())
                .contains(refused ? "Refused by the routes: joining a multicast group to " : "multicastJoin joined");
    }

    @ParameterizedTest
    @CsvSource({
        "'', Refused by the guard: joining a multicast group to , Refused by the guard: a datagram to , 2",
        "audit, joined, sent, 2",
        "off, joined, sent, 0",
    })
    void groupsOfARecord_areAsItSays(String guard, String joined, String sent, int warnings, @TempDir Path folder)
            throws Exception {
        Path routes =
                Files.writeString(folder.resolve("routes"), GROUP + " 127.0.0.1:1\n" + REFUSED_GROUP + " REFUSE\n");
        JvmResult result = Jvm.of(Uncarried.class)
                .options("-Djava.net.preferIPv4Stack=true")
                .agent("routes=" + routes + (guard.isEmpty() ? "" : ",guard=" + guard))
                .arguments(
                        "multicastJoin " + GROUP + " 0",
                        "channelJoin " + GROUP + " 0",
                        "multicastSend " + GROUP + " 9",
                        "channelJoin " + REFUSED_GROUP + " 0",
                        "multicastSend " + REFUSED_GROUP + " 9")
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("multicastJoin ").contains(joined),
                        line -> assertThat(line).startsWith("channelJoin ").contains(joined),
                        line -> assertThat(line).startsWith("multicastSend ").contains(sent),
                        line -> assertThat(line).contains("Refused by the routes: joining a multicast group to "),
                        line -> assertThat(line).contains("Refused by the routes: a datagram to " + REFUSED_GROUP));
        assertThat(warnings(result)).hasSize(warnings);
    }

    /** Later JDKs know no other sockets, and route them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void socketOfBefore_thatAProgramAsksFor_isAsTheGuardSays(boolean enforced) throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.start()) {
            int echo = targets.echo();

            JvmResult result = Jvm.of(PlainSocket.class)
                    .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none" + (enforced ? "" : ",guard=audit"))
                    .arguments(RECEIVER, echo)
                    .run();

            boolean known = TestJava.feature() == 17;
            String outcome = known && enforced
                    ? "java.net.SocketException: Refused by the guard: a socket of jdk.net.usePlainSocketImpl to "
                            + RECEIVER + ":" + echo
                    : "ok /" + RECEIVER + ":" + echo;
            assertThat(result.out()).as(result.toString()).startsWith(outcome);
            assertThat(targets.directVisitors()).hasSize(known && !enforced ? 1 : 0);
            assertThat(warnings(result)).hasSize(known ? 1 : 0);
        }
    }

    /** The class that it is of is named, once. What is inside is one of the JDK's here, and is routed. */
    @ParameterizedTest
    @CsvSource({"'', false, 1", "enforce, false, 1", "audit, true, 1", "off, true, 0"})
    void channelOfAnotherProvider_isAsTheGuardSays(String guard, boolean made, int warnings) throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.start()) {
            int echo = targets.echo();
            String reached = "ok /" + RECEIVER + ":" + echo;

            JvmResult result = Jvm.of(OwnChannels.class)
                    .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none"
                            + (guard.isEmpty() ? "" : ",guard=" + guard))
                    .arguments(RECEIVER, echo)
                    .run();

            String what = "a socket channel of dev.argyle.it.app.OwnChannels$Provider would be routed";
            if (made) {
                assertThat(result.lines()).as(result.toString()).containsExactly(reached, reached, reached);
            } else {
                assertThat(result.lines())
                        .as(result.toString())
                        .hasSize(3)
                        .endsWith(reached)
                        .first()
                        .asString()
                        .startsWith("java.lang.UnsupportedOperationException: Refused by the guard: " + what)
                        .contains(" <- java.net.SocketException: Refused by the guard: ");
            }
            assertThat(warnings(result))
                    .hasSize(warnings)
                    .allSatisfy(line -> assertThat(line)
                            .contains(what)
                            .contains(": at dev.argyle.it.app.OwnChannels$Channel.<init>(OwnChannels.java:"));
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    /** Where the system has no SCTP, that is what the program is told, as ever. */
    @Test
    void sctp_isRefusedWhereItWouldBeRouted() throws Exception {
        Jvm program = Jvm.of(SctpOnce.class).arguments(RECEIVER, 9);
        List<String> plain = program.run().lines();

        JvmResult result = program.agent(argument("")).run();

        assertThat(plain).hasSize(2);
        if (plain.get(0).startsWith("java.lang.")) {
            assertThat(result.lines()).as(result.toString()).isEqualTo(plain);
        } else {
            assertThat(result.lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("java.net.SocketException: Refused by the guard: an SCTP channel to " + RECEIVER
                                    + ":9 would be routed"));
        }
    }

    @Test
    void isReachable_isFalseAndSendsNothing_whereItIsNotDirect() throws Exception {
        Object[] ways = {
            "reach 127.0.0.1 0",
            "reachOneHop 127.0.0.1 0",
            "reach ::1 0",
            "reach 192.0.2.1 0",
            "reachOneHop 192.0.2.1 0",
            "reach inside.argyle.test 0",
            "reachInNoTime 192.0.2.1 0"
        };

        JvmResult byDefault = Jvm.of(Uncarried.class)
                .agent("proxy=127.0.0.1:1")
                .arguments(ways)
                .run();
        JvmResult routed =
                Jvm.of(Uncarried.class).agent(argument("")).arguments(ways).run();

        String negative = "reachInNoTime java.lang.IllegalArgumentException: timeout can't be negative";
        assertThat(byDefault.lines())
                .containsExactly(
                        "reach true",
                        "reachOneHop true",
                        "reach true",
                        "reach false",
                        "reachOneHop false",
                        "reach false",
                        negative);
        assertThat(routed.lines())
                .containsExactly(
                        "reach false",
                        "reachOneHop false",
                        "reach false",
                        "reach false",
                        "reachOneHop false",
                        "reach false",
                        negative);
    }
}
