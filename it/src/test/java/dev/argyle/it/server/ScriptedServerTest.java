// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptedServerTest {
    private Targets targets;

    @BeforeEach
    void startTargets() throws Exception {
        targets = Targets.start();
    }

    @AfterEach
    void closeTargets() throws Exception {
        targets.close();
    }

    @Test
    void connect_byAddress_relaysAndRecords() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", echo).sendText("hello");

            assertThat(client.receiveText(5)).isEqualTo("hello");
            client.endOutput();
            assertThat(client.receiveAll()).isEmpty();
            Exchange exchange =
                    server.awaitExchanges(1, done -> done.ending() != null).get(0);
            assertThat(exchange.ending()).isEqualTo(Ending.CLOSE);
            assertThat(exchange.client()).isEqualTo(client.local());
            assertThat(exchange.methods()).containsExactly(0);
            assertThat(exchange.method()).isZero();
            assertThat(exchange.command()).isEqualTo(1);
            assertThat(exchange.addressType()).isEqualTo(1);
            assertThat(exchange.host()).isEqualTo("127.0.0.2");
            assertThat(exchange.port()).isEqualTo(echo);
            assertThat(exchange.reply()).isZero();
            assertThat(exchange.up()).isEqualTo(5);
            assertThat(exchange.down()).isEqualTo(5);
            assertThat(exchange.target()).isEqualTo(targets.address(echo));
            assertThat(targets.visitors(echo)).containsExactly(exchange.outbound());
            assertThat(exchange.outbound().getAddress()).isEqualTo(ScriptedServer.OUTBOUND);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    @Test
    void connect_byNameThatOnlyTheServerKnows_reachesWhatItStandsFor() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server = ScriptedServer.builder()
                        .name("inside.argyle.test", targets.address(echo))
                        .start();
                RawClient client = new RawClient(server.address())) {
            client.connect("Inside.Argyle.Test", 443).sendText("x");

            assertThat(client.receiveText(1)).isEqualTo("x");
            Exchange exchange = server.awaitConnects(1).get(0);
            assertThat(exchange.addressType()).isEqualTo(3);
            assertThat(exchange.host()).isEqualTo("Inside.Argyle.Test");
            assertThat(exchange.port()).isEqualTo(443);
        }
    }

    @Test
    void connect_byForeignAddress_reachesWhatItStandsFor() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server = ScriptedServer.start()) {
            server.name("2001:db8::5", targets.address(echo));
            server.name("203.0.113.5", new InetSocketAddress(targets.address(), 0));
            try (RawClient six = new RawClient(server.address());
                    RawClient four = new RawClient(server.address())) {
                six.greet().send("05 01 00 04 20010db8 00000000 00000000 00000005 0050");
                assertThat(six.reply()).isZero();
                assertThat(six.sendText("6").receiveText(1)).isEqualTo("6");

                four.greet().send("05 01 00 01 cb007105").sendText("" + (char) (echo >> 8) + (char) (echo & 0xFF));
                assertThat(four.reply()).isZero();
                assertThat(four.sendText("4").receiveText(1)).isEqualTo("4");
            }
            assertThat(server.connects())
                    .extracting(Exchange::host)
                    .containsExactly("2001:db8:0:0:0:0:0:5", "203.0.113.5");
        }
    }

    @Test
    void connect_unknownName_isUnreachable() throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.greet().request("nowhere.argyle.test", 80);

            assertThat(client.receiveAll()).isEqualTo("05040001000000000000");
        }
    }

    @Test
    void connect_refusedTarget_isRefused() throws Exception {
        int refused = targets.refused();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.greet().request("127.0.0.2", refused);

            assertThat(client.receiveAll()).isEqualTo("05050001000000000000");
            assertThat(server.connects().get(0).reply()).isEqualTo(5);
        }
    }

    @Test
    void request_otherCommandOrAddressType_isRefused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                RawClient strange = new RawClient(server.address());
                RawClient odd = new RawClient(server.address())) {
            strange.greet().send("05 04 00 01 7f000001 0050");
            odd.greet().send("05 01 00 02");

            assertThat(strange.receiveAll()).startsWith("0507");
            assertThat(odd.receiveAll()).startsWith("0508");
            assertThat(server.connects()).hasSize(1);
        }
    }

    @Test
    void connect_inOneFlightWithData_forwardsTheData() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server = ScriptedServer.builder()
                        .name("e", targets.address(echo))
                        .start();
                RawClient client = new RawClient(server.address())) {
            client.send("05 01 00  05 01 00 03 01 65 0007  68 69");

            assertThat(client.receive(2)).isEqualTo("0500");
            assertThat(client.reply()).isZero();
            assertThat(client.receiveText(2)).isEqualTo("hi");
        }
    }

    @Test
    void user_rightPassword_isLetIn() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server =
                        ScriptedServer.builder().user("alice", "wonder").start();
                RawClient client = new RawClient(server.address())) {
            client.logIn("alice", "wonder");
            assertThat(client.receive(2)).isEqualTo("0100");
            client.request("127.0.0.2", echo);

            assertThat(client.reply()).isZero();
            assertThat(server.awaitConnects(1).get(0).userName()).isEqualTo("alice");
            assertThat(server.toString() + server.connects()).doesNotContain("wonder");
        }
    }

    @Test
    void user_wrongPassword_isRefused() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.builder().user("alice", "wonder").start();
                RawClient client = new RawClient(server.address())) {
            client.logIn("alice", "blunder");

            assertThat(client.receiveAll()).isEqualTo("0101");
            assertThat(server.exchanges().get(0).userName()).isEqualTo("alice");
        }
    }

    @Test
    void methods_noneAcceptable_isSaid() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.builder().user("alice", "wonder").start();
                RawClient client = new RawClient(server.address())) {
            client.send("05 02 00 01");

            assertThat(client.receiveAll()).isEqualTo("05ff");
            assertThat(server.exchanges().get(0).methods()).containsExactly(0, 1);
        }
    }

    @Test
    void methods_severalAcceptable_takesTheServersBest() throws Exception {
        try (ScriptedServer server = ScriptedServer.builder()
                        .user("alice", "wonder")
                        .methods(2, 0)
                        .start();
                RawClient anonymous = new RawClient(server.address());
                RawClient known = new RawClient(server.address())) {
            assertThat(anonymous.send("05 01 00").receive(2)).isEqualTo("0500");
            assertThat(known.send("05 02 00 02").receive(2)).isEqualTo("0502");
        }
    }

    @Test
    void relay_halfCloseOfTheClient_reachesTheTarget() throws Exception {
        int counter = targets.halfCloser();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", counter).sendText("12345678").endOutput();

            assertThat(client.receiveAll()).isEqualTo("38");
        }
    }

    @Test
    void relay_closeOfTheTarget_reachesTheClient() throws Exception {
        int closer = targets.closer();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", closer);

            assertThat(client.receiveAll()).isEmpty();
            client.endOutput();
            server.awaitExchanges(1, exchange -> exchange.ending() == Ending.CLOSE);
        }
    }

    @Test
    void relay_resetOfTheTarget_reachesTheClient() throws Exception {
        int resetter = targets.resetter();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", resetter).sendText("x");

            assertThatThrownBy(client::receiveAll).isInstanceOf(SocketException.class);
            server.awaitExchanges(1, exchange -> exchange.ending() == Ending.RESET);
        }
    }

    @Test
    void relay_resetOfTheClient_endsTheExchange() throws Exception {
        int silent = targets.silent();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", silent).reset();

            server.awaitExchanges(1, exchange -> exchange.ending() == Ending.RESET);
        }
    }

    @Test
    void relay_muchDataAgainstASlowReader_arrivesWhole() throws Exception {
        int echo = targets.echo();
        int octets = 32 << 20;
        try (ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            client.connect("127.0.0.2", echo);
            String block = "0123456789abcdef".repeat(4096);
            // the echo cannot send before the client reads: every buffer on the way fills
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    for (int sent = 0; sent < octets; sent += block.length()) {
                        client.sendText(block);
                    }
                    client.endOutput();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            for (int received = 0; received < octets; received += block.length()) {
                assertThat(client.receiveText(block.length())).isEqualTo(block);
            }

            assertThat(client.receiveAll()).isEmpty();
            writing.get();
            Exchange exchange =
                    server.awaitExchanges(1, done -> done.ending() != null).get(0);
            assertThat(List.of(exchange.up(), exchange.down())).containsOnly((long) octets);
        }
    }

    @Test
    void relay_aThousandSocketsAtOnce_allSpeak() throws Exception {
        int echo = targets.echo();
        List<RawClient> clients = new ArrayList<>();
        try (ScriptedServer server = ScriptedServer.start()) {
            for (int i = 0; i < 1000; i++) {
                clients.add(new RawClient(server.address()).greet());
            }
            for (RawClient client : clients) {
                client.request("127.0.0.2", echo);
            }
            for (RawClient client : clients) {
                assertThat(client.reply()).isZero();
                client.sendText("ping");
            }
            for (RawClient client : clients) {
                assertThat(client.receiveText(4)).isEqualTo("ping");
            }
            assertThat(server.awaitConnects(1000)).hasSize(1000);
            assertThat(targets.visitors(echo)).hasSize(1000);
        } finally {
            for (RawClient client : clients) {
                // a thousand ports in TIME_WAIT would be in the next test's way
                client.reset();
            }
        }
    }

    @Test
    void refuse_thenResume_keepsThePortAndTheConnections() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer server = ScriptedServer.start();
                RawClient before = new RawClient(server.address())) {
            before.connect("127.0.0.2", echo);
            server.refuse();

            assertThatThrownBy(() -> new RawClient(server.address())).isInstanceOf(ConnectException.class);
            assertThat(before.sendText("x").receiveText(1)).isEqualTo("x");
            server.resume();
            try (RawClient after = new RawClient(server.address())) {
                assertThat(after.connect("127.0.0.2", echo).sendText("y").receiveText(1))
                        .isEqualTo("y");
            }
        }
    }

    @Test
    void closedPort_refuses() throws Exception {
        try (ClosedPort closed = ClosedPort.at(targets.address())) {
            assertThatThrownBy(() -> new RawClient(closed.address())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void forwardServer_relaysWithoutSocks() throws Exception {
        int counter = targets.halfCloser();
        try (ForwardServer server = ForwardServer.to(targets.address(counter));
                RawClient client = new RawClient(server.address())) {
            client.sendText("123").endOutput();

            assertThat(client.receiveAll()).isEqualTo("33");
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    @Test
    void anyOutbound_leavesTheAddressToTheKernel() throws Exception {
        int echo = targets.echo();
        try (ForwardServer forward = ForwardServer.fromAnywhereTo(targets.address(echo));
                ScriptedServer server = ScriptedServer.builder().anyOutbound().start();
                RawClient forwarded = new RawClient(forward.address());
                RawClient client = new RawClient(server.address())) {
            assertThat(forwarded.sendText("x").receiveText(1)).isEqualTo("x");
            client.connect("127.0.0.2", echo);

            assertThat(targets.awaitVisitors(echo, 2)).hasSize(2);
            assertThat(targets.directVisitors()).hasSize(2);
        }
    }
}
