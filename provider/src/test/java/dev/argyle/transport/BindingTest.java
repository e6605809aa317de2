// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.AnsweringServer.GENERAL_FAILURE;
import static dev.argyle.transport.AnsweringServer.LISTENS;
import static dev.argyle.transport.AnsweringServer.NOT_ALLOWED;
import static dev.argyle.transport.AnsweringServer.NOT_SUPPORTED;
import static dev.argyle.transport.AnsweringServer.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One listening socket at a server, from its first BIND to its close. */
class BindingTest extends BindingFixture {
    private static final String ANYBODY = "05020001000000000000";

    private Binding through(AnsweringServer... servers) throws Exception {
        List<String> urls = new ArrayList<>();
        for (AnsweringServer server : servers) {
            urls.add(server.url());
        }
        Connector connector = connector("proxy=" + String.join(",", urls) + ",bind=*");
        Binding binding = listen(connector, "0.0.0.0", 0, SelectorProvider.provider());
        assertThat(binding).isNotNull();
        return binding;
    }

    private static String read(SocketChannel channel, int octets) throws IOException {
        channel.configureBlocking(true);
        ByteBuffer read = ByteBuffer.allocate(octets);
        while (read.hasRemaining() && channel.read(read) >= 0) {
            // until all has come, or it ends
        }
        return new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII);
    }

    // ---- the first reply

    @Test
    void bound_firstReply_isWhereTheServerListens() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
        assertThat(binding.bound()).as("without another BIND").isEqualTo(at("203.0.113.7", 8000));

        assertThat(server.requests()).containsExactly(ANYBODY);
    }

    @Test
    void begin_twice_asksOnce() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);

        binding.begin();
        binding.begin();

        assertThat(binding.bound()).isNotNull();
        assertThat(server.requests()).containsExactly(ANYBODY);
    }

    @ParameterizedTest
    @CsvSource({
        "05000001 00000000 1F40, 127.0.0.1",
        "05000004 00000000000000000000000000000000 1F40, 127.0.0.1",
        "05000004 20010DB8000000000000000000000007 1F40, 2001:db8::7"
    })
    void bound_addressOfTheReply_isItOrTheServers(String reply, String expected) throws Exception {
        assertThat(through(server(() -> reply)).bound()).isEqualTo(at(expected, 8000));
    }

    @ParameterizedTest
    @CsvSource({"05000003 0A 626F756E642E74657374 1F40, bound.test:8000", "05000001 CB007107 0000, 203.0.113.7:0"})
    void bound_noAddressToConnectTo_failsInWordsAndCanBeTriedAgain(String reply, String said) throws Exception {
        AnsweringServer server = server(() -> reply);
        Binding binding = through(server);

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable: listening for 0.0.0.0:0 (BIND): SOCKS server 127.0.0.1:"
                        + server.port() + ": it listens at " + said + ", which is no address to connect to");
        await().until(() -> server.asked(0).isLeft());
        server.answer(() -> LISTENS);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
    }

    @Test
    void bound_portInUse_isTheJdksException() throws Exception {
        AnsweringServer server = server(() -> "05050001 00000000 0000");
        AnsweringServer second = listening();
        Binding binding = through(server, second);

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(BindException.class)
                .hasMessageStartingWith("Address already in use: listening for 0.0.0.0:0 (BIND): ");
        assertThat(second.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERAL_FAILURE, NOT_SUPPORTED})
    void bound_serverThatDoesNotListen_isFollowedByTheNext(String reply) throws Exception {
        AnsweringServer second = listening();

        assertThat(through(server(() -> reply), second).bound()).isEqualTo(at("203.0.113.7", 8000));

        assertThat(second.requests()).hasSize(1);
    }

    @Test
    void bound_twoThreadsAndAFailure_areBothTold() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            asked.await();
            return NOT_ALLOWED;
        });
        Binding binding = through(server);
        WaitingCall<InetSocketAddress> one = WaitingCall.of(binding::bound);
        WaitingCall<InetSocketAddress> two = WaitingCall.of(binding::bound);

        asked.countDown();

        assertThat(one.failure()).isExactlyInstanceOf(ConnectException.class);
        assertThat(two.failure()).isExactlyInstanceOf(ConnectException.class);
    }

    @Test
    void bound_failure_hasTheStackOfWhoAsked() throws Exception {
        Binding binding = through(server(() -> NOT_ALLOWED));

        assertThatThrownBy(binding::bound)
                .extracting(Throwable::getStackTrace)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.array(StackTraceElement[].class))
                .anyMatch(element -> element.getClassName().equals(BindingTest.class.getName()));
    }

    @Test
    void close_whileAsked_endsTheWaitAndTheConnection() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            never.await();
            return "";
        });
        Binding binding = through(server);
        WaitingCall<InetSocketAddress> bound = WaitingCall.of(binding::bound);
        AnsweringServer.Asked asked = server.asked(0);

        binding.close();

        assertThat(bound.failure()).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
        never.countDown();
        await().until(asked::isLeft);
        binding.begin();
        assertThatThrownBy(binding::bound).hasMessage("Socket closed");
        assertThat(server.requests()).hasSize(1);
    }

    // ---- the second

    @Test
    void take_peer_isTheOneOfTheReplyAndItsDataFollow() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        server.asked(0).say(PEER + "68656C6C6F");
        Binding.Accepted accepted = accept(told, binding);

        assertThat(accepted.peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(accepted.local()).isEqualTo(at("203.0.113.7", 8000));
        assertThat(accepted.channel().getOption(StandardSocketOptions.SO_KEEPALIVE))
                .as("the program's to set")
                .isFalse();
        assertThat(read(accepted.channel(), 5)).isEqualTo("hello");
        accepted.channel().close();
        await().until(() -> server.asked(0).isLeft());
        assertThat(server.requests()).as("the next accept begins").hasSize(1);
    }

    @Test
    void take_replyInPieces_isPutTogether() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER.substring(0, 6));
        Binding binding = through(server);
        binding.bound();

        server.asked(0).say(PEER.substring(6));

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void tellAt_peerHasComeBefore_isTold() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void take_stranger_isNobody() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        Socket early = closed(new Socket(told.getInetAddress(), told.getLocalPort()));

        assertThat(take(told, binding)).isNull();
        assertThat(early.getInputStream().read()).isEqualTo(-1);
        server.asked(0).say(PEER);
        Binding.Accepted accepted = accept(told, binding);
        closed(new Socket(told.getInetAddress(), told.getLocalPort()));

        assertThat(accepted.peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(take(told, binding)).isNull();
    }

    @Test
    void take_manyPeers_hasABindForEach() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        for (int i = 0; i < 20; i++) {
            binding.begin();
            server.asked(i).say(PEER);
            assertThat(accept(told, binding).peer()).isEqualTo(at("198.51.100.5", 4711));
        }

        assertThat(server.requests()).hasSize(20);
    }

    @Test
    void bound_afterAnAccept_beginsAndTellsTheNewPort() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        server.asked(0).say(PEER);
        accept(told(binding), binding);

        server.answer(() -> "05000001 CB007107 1F41");

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8001));
        assertThat(server.requests()).containsExactly(ANYBODY, ANYBODY);
    }

    @Test
    void take_secondReplyFails_throwsAndTheNextBinds() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        server.asked(0).say(NOT_ALLOWED);

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection not allowed: a connection from 0.0.0.0:0 (BIND): SOCKS server ");
        await().until(() -> server.asked(0).isLeft());

        server.answer(() -> LISTENS + PEER);
        assertThat(accept(told, binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void take_secondReplyHasAName_throwsInWords() throws Exception {
        AnsweringServer server = server(() -> LISTENS + "05000003 09 706565722E74657374 1F40");
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable: a connection from 0.0.0.0:0 (BIND): SOCKS server 127.0.0.1:"
                        + server.port() + ": peer.test:8000 has connected, which is no address");
        await().until(() -> server.asked(0).isLeft());
    }

    @Test
    void take_serverEndsInBetween_throwsInWords() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        AnsweringServer.Asked asked = server.asked(0);
        asked.say("");
        asked.end();

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageContaining("without the second reply to BIND");
    }

    @Test
    void bound_bindThatFailsLater_isWhereItListenedAndTheAcceptTells() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        accept(told, binding);
        server.answer(() -> NOT_ALLOWED);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection not allowed: listening for ");
    }

    @Test
    void begin_afterFailuresInARow_waitsBeforeItAsks() throws Exception {
        AnsweringServer server = server(() -> LISTENS + NOT_ALLOWED);
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> accept(told, binding)).isInstanceOf(ConnectException.class);
        }

        assertThat(server.asked(2).atNanos() - server.asked(1).atNanos())
                .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void begin_afterASuccess_countsFailuresAnew() throws Exception {
        AnsweringServer server = server(() -> LISTENS + NOT_ALLOWED);
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> accept(told, binding)).isInstanceOf(ConnectException.class);
        }

        // a row that begins anew asks for the second time at once: one of some may be late on a loaded machine, not all
        await().until(() -> {
            server.answer(() -> LISTENS + PEER);
            accept(told, binding);
            server.answer(() -> LISTENS + NOT_ALLOWED);
            int row = server.requests().size();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> accept(told, binding)).isInstanceOf(ConnectException.class);
            }
            return server.asked(row + 1).atNanos() - server.asked(row).atNanos() < TimeUnit.SECONDS.toNanos(1);
        });
    }

    // ---- telling

    @Test
    void tell_cannotBe_isTriedAgain() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        binding.tellAt(at("203.0.113.99", 9)); // where no socket of this machine can be
        await().until(() -> binding.remainingNanos() != Long.MAX_VALUE);

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void close_whileItCannotTell_isLookedAtNoMore() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        binding.tellAt(at("203.0.113.99", 9));
        await().until(() -> binding.remainingNanos() != Long.MAX_VALUE);

        binding.close();

        await().until(() -> binding.remainingNanos() == Long.MAX_VALUE);
        await().until(() -> server.asked(0).isLeft());
    }

    // ---- the end

    @Test
    void close_listening_endsTheConnection() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        binding.close();
        binding.close();

        assertThat(binding.bound()).as("where it was").isEqualTo(at("203.0.113.7", 8000));
        await().until(() -> server.asked(0).isLeft());
        closed(new Socket(told.getInetAddress(), told.getLocalPort()));
        assertThat(take(told, binding)).isNull();
    }

    @Test
    void close_peerHasCome_endsItsConnection() throws Exception {
        AnsweringServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        server.asked(0).say(PEER);
        try (Socket teller = told.accept()) {
            binding.close();

            assertThat(binding.take((InetSocketAddress) teller.getRemoteSocketAddress()))
                    .isNull();
            assertThat(teller.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> server.asked(0).isLeft());
    }

    @Test
    void close_asThePeerComes_leavesNothingOpen() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        for (int i = 0; i < 50; i++) {
            Binding binding = through(server);
            if (i % 2 == 0) {
                binding.bound();
            } else {
                binding.begin();
            }
            binding.close();
        }

        await().until(() -> server.open() == 0);
    }
}
