// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private static final String BOUND_NOWHERE = "0001" + "00000000" + "0000";

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void startServer() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
        server = ScriptedServer.builder().user("u", "p").methods(0, 2).start();
    }

    @AfterEach
    void closeServer() throws Exception {
        server.close();
        targets.close();
    }

    /** Speaks as an honest client with a password does, and returns where the server left off. */
    private static String speakUpTo(RawClient client, Step step, int port) throws IOException {
        StringBuilder heard = new StringBuilder();
        if (step.compareTo(Step.GREETING_READ) >= 0) {
            client.send("05 01 02");
        }
        if (step.compareTo(Step.METHOD_SENT) >= 0) {
            heard.append(client.receive(2));
        }
        if (step.compareTo(Step.AUTH_READ) >= 0) {
            client.sendText("\1\1u\1p");
        }
        if (step.compareTo(Step.AUTH_SENT) >= 0) {
            heard.append(client.receive(2));
        }
        if (step.compareTo(Step.REQUEST_READ) >= 0) {
            client.request("127.0.0.2", port);
        }
        if (step.compareTo(Step.REPLY_SENT) >= 0) {
            heard.append(client.receive(10), 0, 8);
        }
        return heard.toString();
    }

    private static String expectedUpTo(Step step) {
        return switch (step) {
            case ACCEPTED, GREETING_READ -> "";
            case METHOD_SENT, AUTH_READ -> "0502";
            case AUTH_SENT, REQUEST_READ, TARGET_TRIED -> "05020100";
            case REPLY_SENT -> "0502010005000001";
        };
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void close_atStep_endsTheStream(Step step) throws Exception {
        server.faults(Fault.close(step));
        try (RawClient client = new RawClient(server.address())) {
            assertThat(speakUpTo(client, step, echo)).isEqualTo(expectedUpTo(step));
            assertThat(client.receiveAll()).isEmpty();
            assertThat(server.exchanges().get(0).faults()).containsExactly(Fault.close(step));
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void reset_atStep_failsTheRead(Step step) throws Exception {
        server.faults(Fault.reset(step));
        // the first reset can be as early as in the client's connect
        assertThatThrownBy(() -> {
                    try (RawClient client = new RawClient(server.address())) {
                        speakUpTo(client, step, echo);
                        client.receiveAll();
                    }
                })
                .isInstanceOf(SocketException.class);
        server.awaitExchanges(1, exchange -> exchange.ending() == Ending.RESET);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void silence_atStep_neverAnswers(Step step) throws Exception {
        server.faults(Fault.silence(step));
        try (RawClient client = new RawClient(server.address())) {
            assertThat(speakUpTo(client, step, echo)).isEqualTo(expectedUpTo(step));
            client.timeout(50);

            assertThatThrownBy(() -> client.receive(1)).isInstanceOf(SocketTimeoutException.class);
        }
        server.awaitExchanges(1, exchange -> exchange.ending() == Ending.SILENCE);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void hold_atStep_goesOnWhenTheGateOpens(Step step) throws Exception {
        Gate gate = new Gate();
        server.faults(new Fault.Hold(step, gate));
        try (RawClient client = new RawClient(server.address())) {
            assertThat(speakUpTo(client, step, echo)).isEqualTo(expectedUpTo(step));
            gate.awaitArrival();
            client.timeout(50);
            assertThatThrownBy(() -> client.receive(1)).isInstanceOf(SocketTimeoutException.class);
            gate.open();
        }
        try (RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", echo);

            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    static Stream<Arguments> repliesCutShort() {
        return IntStream.range(0, 10)
                .boxed()
                .flatMap(octets -> Stream.of(Ending.values()).map(ending -> Arguments.of(octets, ending)));
    }

    @ParameterizedTest
    @MethodSource("repliesCutShort")
    void cutReply_leavesAfterSoManyOctets(int octets, Ending ending) throws Exception {
        server.faults(new Fault.Bound(1, "\1\2\3\4", 0x0506), new Fault.CutReply(octets, ending));
        try (RawClient client = new RawClient(server.address())) {
            client.greet().request("127.0.0.2", echo);
            client.timeout(ending == Ending.SILENCE ? 50 : 20_000);

            // a reset can overtake the octets before it
            if (ending != Ending.RESET) {
                assertThat(client.receive(octets)).isEqualTo("05000001010203040506".substring(0, 2 * octets));
            }
            switch (ending) {
                case CLOSE -> assertThat(client.receiveAll()).isEmpty();
                case RESET -> assertThatThrownBy(client::receiveAll).isInstanceOf(SocketException.class);
                case SILENCE -> assertThatThrownBy(client::receiveAll).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    static IntStream allOctets() {
        return IntStream.rangeClosed(0, 255);
    }

    @ParameterizedTest
    @MethodSource("allOctets")
    void reply_anyRep_isSentAndTheConnectionClosed(int rep) throws Exception {
        server.faults(Fault.reply(rep));
        try (RawClient client = new RawClient(server.address())) {
            client.greet().request("127.0.0.2", echo);

            assertThat(client.receiveAll()).isEqualTo("05" + hex(rep) + BOUND_NOWHERE);
            assertThat(server.connects().get(0).reply()).isEqualTo(rep);
            assertThat(targets.visitors(echo)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("allOctets")
    void method_anyOctet_isSent(int octet) throws Exception {
        server.faults(Fault.method(octet));
        try (RawClient client = new RawClient(server.address())) {
            client.send("05 01 00");

            assertThat(client.receive(2)).isEqualTo("05" + hex(octet));
            assertThat(server.exchanges().get(0).method()).isEqualTo(octet);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 0x48, 0xFF})
    void versions_anyOctet_areSent(int octet) throws Exception {
        server.faults(
                new Fault.MethodVersion(octet),
                new Fault.AuthVersion(octet),
                new Fault.ReplyVersion(octet),
                new Fault.ReplyReserved(octet));
        try (RawClient client = new RawClient(server.address())) {
            assertThat(client.send("05 01 02").receive(2)).isEqualTo(hex(octet) + "02");
            assertThat(client.sendText("\1\1u\1p").receive(2)).isEqualTo(hex(octet) + "00");
            client.request("127.0.0.2", echo);
            assertThat(client.receive(4)).isEqualTo(hex(octet) + "00" + hex(octet) + "01");
        }
    }

    @Test
    void authStatus_isSentWhateverThePassword() throws Exception {
        server.faultsForNext(1, new Fault.AuthStatus(0x7F));
        server.faultsForNext(1, new Fault.AuthStatus(0));
        try (RawClient right = new RawClient(server.address())) {
            assertThat(right.logIn("u", "p").receiveAll()).isEqualTo("017f");
        }
        try (RawClient wrong = new RawClient(server.address())) {
            assertThat(wrong.logIn("u", "wrong").receive(2)).isEqualTo("0100");
        }
    }

    @Test
    void otherProtocols_speakTheirOwn() throws Exception {
        server.faultsForNext(1, Fault.http());
        server.faultsForNext(1, Fault.tlsAlert());
        server.faultsForNext(1, Fault.sshBanner());
        server.faultsForNext(1, Fault.garbage());
        try (RawClient web = new RawClient(server.address())) {
            assertThat(text(web.send("05 01 00").receiveAll())).startsWith("HTTP/1.1 400 ");
        }
        try (RawClient tls = new RawClient(server.address())) {
            assertThat(tls.send("05 01 00").receiveAll()).isEqualTo("15030300020246");
        }
        try (RawClient ssh = new RawClient(server.address())) {
            assertThat(text(ssh.receiveAll())).startsWith("SSH-2.0-").endsWith("\r\n");
        }
        try (RawClient garbled = new RawClient(server.address())) {
            assertThat(garbled.send("05 01 00").receiveAll()).isEqualTo("deadbeef00ff057f");
        }
    }

    @Test
    void close_withUnreadOctets_isStillNoReset() throws Exception {
        server.faults(Fault.close(Step.GREETING_READ));
        try (RawClient client = new RawClient(server.address())) {
            client.send("05 01 00  05 01 00 01 7f000002 0007  68 65 6c 6c 6f");

            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void drip_sendsEveryOctetAlone() throws Exception {
        server.faults(new Fault.Drip(Duration.ofMillis(50)));
        try (RawClient client = new RawClient(server.address())) {
            client.send("05 01 00");
            assertThat(client.receive(2)).isEqualTo("0500");
            client.request("127.0.0.2", echo);
            StringBuilder reply = new StringBuilder();
            int reads = 0;
            while (reply.length() < 2 * 10) {
                reply.append(client.receiveOnce());
                reads++;
            }

            assertThat(reply.toString()).startsWith("05000001");
            // ten, unless this thread was held up
            assertThat(reads).isGreaterThan(5);
            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    @Test
    void replyWithData_comesInOneRead() throws Exception {
        int speaker = targets.speaksFirst("ready");
        server.faults(new Fault.ReplyWithData());
        try (RawClient client = new RawClient(server.address())) {
            client.greet().request("127.0.0.2", speaker);

            String all = client.receiveOnce();
            assertThat(all).startsWith("05000001").hasSize(2 * (10 + 6));
            assertThat(text(all)).endsWith("ready\n");
            assertThat(server.connects().get(0).down()).isEqualTo(6);
            assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
        }
    }

    @Test
    void bound_anyAddressType_isReported() throws Exception {
        String longest = "n".repeat(255);
        server.faultsForNext(1, Fault.boundName(longest, 0xABCD));
        server.faultsForNext(1, Fault.boundAddress(new byte[16], 1));
        server.faultsForNext(1, new Fault.Bound(0x7E, "", 2));
        try (RawClient named = new RawClient(server.address())) {
            named.greet().request("127.0.0.2", echo);
            assertThat(named.receive(5)).isEqualTo("05000003ff");
            assertThat(named.receiveText(255)).isEqualTo(longest);
            assertThat(named.receive(2)).isEqualTo("abcd");
            assertThat(named.sendText("x").receiveText(1)).isEqualTo("x");
        }
        try (RawClient six = new RawClient(server.address())) {
            six.greet().request("127.0.0.2", echo);
            assertThat(six.receive(22)).isEqualTo("05000004" + "0".repeat(32) + "0001");
        }
        try (RawClient odd = new RawClient(server.address())) {
            odd.greet().request("127.0.0.2", echo);
            assertThat(odd.receive(6)).isEqualTo("0500007e0002");
        }
    }

    @Test
    void faultsForNext_areOverAfterThose() throws Exception {
        server.faultsForNext(2, Fault.reply(1));
        for (String start : new String[] {"0501", "0501", "0500"}) {
            try (RawClient client = new RawClient(server.address())) {
                client.greet().request("127.0.0.2", echo);
                assertThat(client.receive(2)).isEqualTo(start);
            }
        }
    }

    private static String hex(int octet) {
        return HexFormat.of().toHexDigits((byte) octet);
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
