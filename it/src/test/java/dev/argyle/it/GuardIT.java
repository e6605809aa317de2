// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no server carries: whether it leaves all the same, which a receiver of datagrams sees. */
class GuardIT {
    private static final String RECEIVER = "127.0.0.2";
    private static final String NAME = "direct.argyle.test";
    private static final String GROUP = "239.1.1.1";
    private static final String MARKER = "marker";

    private static final List<String> WAYS = List.of(
            "socketSend",
            "socketConnect",
            "socketConnectToAddress",
            "channelSend",
            "channelConnect",
            "channelConnectAndGather",
            "adaptorSend",
            "multicastSend");

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

    /** What has arrived: a datagram on this machine is there when it has been sent. */
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
            received.add(text);
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

    @Test
    void datagrams_whereTheyWouldBeRouted_areRefused() throws Exception {
        JvmResult result = going(WAYS, RECEIVER).agent(argument("")).run();

        String refusal = "java.net.SocketException: Refused by the guard: a datagram to " + RECEIVER + ":"
                + receiver.getLocalPort() + " would be routed (* (agent argument)) and cannot be carried; ";
        String untouched = "connected false, bound false: ";
        assertThat(result.lines())
                .as(result.toString())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("socketSend " + refusal),
                        line -> assertThat(line)
                                .startsWith("socketConnect " + untouched + "java.io.UncheckedIOException: " + refusal),
                        line -> assertThat(line).startsWith("socketConnectToAddress " + untouched + refusal),
                        line -> assertThat(line).startsWith("channelSend " + refusal),
                        line -> assertThat(line).startsWith("channelConnect " + untouched + refusal),
                        line -> assertThat(line).startsWith("channelConnectAndGather " + untouched + refusal),
                        line -> assertThat(line).startsWith("adaptorSend " + refusal),
                        line -> assertThat(line).startsWith("multicastSend " + refusal));
        assertThat(received()).isEmpty();
        assertThat(warnings(result))
                .singleElement()
                .asString()
                .contains("; refused: at dev.argyle.it.app.Uncarried.socketSend(Uncarried.java:");
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
                        line -> assertThat(line).startsWith("channelSend java.net.SocketException: Refused"),
                        line -> assertThat(line).isEqualTo("socketSend sent"),
                        line -> assertThat(line).isEqualTo("channelConnect sent"),
                        line -> assertThat(line).startsWith("adaptorSend java.net.SocketException: Refused"));
        assertThat(received()).containsExactly("socketSend", "channelConnect");
    }

    @Test
    void datagram_toAStandIn_isRefused() throws Exception {
        JvmResult result = going(WAYS, "inside.argyle.test").agent(argument("")).run();

        assertThat(result.lines())
                .as(result.toString())
                .hasSize(WAYS.size())
                .allSatisfy(line -> assertThat(line)
                        .contains("SocketException: a datagram to inside.argyle.test:")
                        .contains("cannot be carried"));
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
