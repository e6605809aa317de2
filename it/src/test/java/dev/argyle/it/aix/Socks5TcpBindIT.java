// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Exception.Stage;
import dev.argyle.client.Socks5Listener;
import dev.argyle.it.real.Dante;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AIX's {@code socks5tcp_bind}, line by line: {@link Socks5Client#bind}.
 *
 * <p>The page describes {@code Dst} twice as {@code Svr}; it is the remote destination that is expected, as the page's first sentence
 * has it. What C has and Java cannot have is said of {@link Socks5TcpConnectIT}; EINPROGRESS too, since to wait for the reply
 * is all that this call does.
 */
class Socks5TcpBindIT extends Page {
    private InetSocketAddress peer;

    @BeforeEach
    void expectAPeer() {
        peer = new InetSocketAddress(targets.address(), 0);
    }

    private Exchange request() {
        return server.binds().get(0);
    }

    @Nested
    class Parameters {
        @Test
        void Socket_isOpenAndOfTheStreamType_andKeepsItsAddress() throws Exception {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress("127.0.0.3", 0));

                try (Socks5Listener listener = client.bind(socket, peer, PATIENCE)) {
                    assertThat(listener.bound()).isEqualTo(request().listening());
                    assertThat(request().client()).isEqualTo(socket.getLocalSocketAddress());
                }
                assertThat(socket.isClosed()).isTrue();
            }
        }

        @Test
        void Dst_isTheRemoteDestinationThatIsExpected() throws Exception {
            InetSocketAddress expected = new InetSocketAddress("192.0.2.7", 20);

            try (Socks5Listener listener = client.bind(expected, PATIENCE)) {
                assertThat(request().host()).isEqualTo("192.0.2.7");
                assertThat(request().port()).isEqualTo(20);
                assertThat(listener.expectedPeer()).isEqualTo(expected);
            }
        }

        @Test
        void Dst_mayBeOfIPv6_orAName() throws Exception {
            InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 20);
            client.bind(six, PATIENCE).close();
            client.bind(InetSocketAddress.createUnresolved(NAME, 20), PATIENCE).close();

            assertThat(server.binds()).extracting(Exchange::addressType).containsExactly(4, 3);
        }

        @Test
        void Svr_thatIsNull_isLookedUpForTheExpectedDestination() throws Exception {
            Socks5Client routing = routing("127.0.0.2 " + of(server.address()), "0.0.0.0/0 192.0.2.1");

            try (Socks5Listener listener = routing.bind(peer, PATIENCE)) {
                assertThat(listener.server()).isEqualTo(of(server.address()));
            }
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void zero_hasTheActualAddressOfTheListenerInThePlaceOfSvr() throws Exception {
            try (Socks5Listener listener = client.bind(peer, PATIENCE)) {
                assertThat(listener.bound()).isEqualTo(request().listening());
                assertThat(listener.server()).isEqualTo(of(server.address()));
            }
        }

        /** A close gives the address back. */
        @Test
        void zero_isAListener_whoseCloseEndsTheServers() throws Exception {
            client.bind(peer, PATIENCE).close();

            Awaitility.await().until(() -> request().ending() == Ending.CLOSE);
        }

        @Test
        void minusOne_isAnException_andNothingHasChangedButThatTheSocketIsClosed() throws Exception {
            server.faults(Fault.withoutBind());
            try (Socket socket = new Socket()) {
                assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(() -> client.bind(socket, peer, PATIENCE))
                        .withMessageContainingAll(
                                "127.0.0.2", of(server.address()).toString(), "S5_EOPNOTSUPP");

                assertThat(socket.isClosed()).isTrue();
            }
            server.faults();
            client.bind(peer, PATIENCE).close();
        }
    }

    @Nested
    class InheritedErrors {
        @Test
        void EBADF_theSocketIsClosed() throws Exception {
            Socket socket = new Socket();
            socket.close();

            assertThatThrownBy(() -> client.bind(socket, peer, PATIENCE))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("closed");
            assertThat(server.exchanges()).isEmpty();
        }

        @Test
        void EISCONN_theSocketIsAlreadyConnected() throws Exception {
            InetSocketAddress echo = targets.address(targets.echo());
            try (Socket socket = new Socket()) {
                client.connect(socket, echo, PATIENCE);

                assertThatThrownBy(() -> client.bind(socket, peer, PATIENCE))
                        .isInstanceOf(SocketException.class)
                        .hasMessageMatching("[Aa]lready connected");
                assertThat(socket.isClosed()).isFalse();
            }
        }

        @Test
        void ETIMEDOUT_theEstablishmentTimedOut() {
            server.faults(Fault.silence(Step.REQUEST_READ));

            Socks5Exception failure =
                    timedOut(exchange -> exchange.command() != Exchange.NONE, timeout -> client.bind(peer, timeout));

            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
            assertThat(failure.target()).isEqualTo(peer);
        }

        @Test
        void ECONNREFUSED_theAttemptWasRejected() throws Exception {
            server.refuse();

            Socks5Exception failure = failure(ConnectException.class, () -> client.bind(peer, PATIENCE));

            assertThat(failure.stage()).isEqualTo(Stage.SERVER);
            assertThat(failure.code()).isNull();
        }

        @Test
        void EINVAL_anArgumentIsInvalid() {
            assertThatIllegalArgumentException().isThrownBy(() -> client.bind(peer, Duration.ofMillis(-1)));
            assertThat(server.exchanges()).isEmpty();
        }

        @Test
        void ENOTCONN_theSocketCouldNotBeConnected() {
            server.faults(Fault.reset(Step.GREETING_READ));

            Socks5Exception failure = failure(SocketException.class, () -> client.bind(peer, PATIENCE));

            assertThat(failure.stage()).isEqualTo(Stage.METHOD);
        }
    }

    @Nested
    class Errors {
        /** But for REP 5, which has a meaning of its own before anything was connected. */
        static Stream<Arguments> codes() {
            return Page.codes().filter(code -> !code.get()[0].equals(5));
        }

        @ParameterizedTest
        @MethodSource("codes")
        void code_isThatOfTheReply(int rep, S5 code, Class<? extends IOException> type) {
            server.faults(Fault.reply(rep));

            Socks5Exception failure = failure(type, () -> client.bind(peer, PATIENCE));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.rep()).isEqualTo(rep);
            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
            assertThat(failure.target()).isEqualTo(peer);
            assertThat(failure.server()).isEqualTo(of(server.address()));
        }

        @Test
        void codesThatThePageDoesNotHave_areFailuresWithTheirReply() {
            unknownReplies().forEach(rep -> {
                server.faults(Fault.reply(rep));

                Socks5Exception failure = failure(SocketException.class, () -> client.bind(peer, PATIENCE));

                assertThat(failure.code()).isNull();
                assertThat(failure.rep()).isEqualTo(rep);
            });
        }

        @Test
        void S5_EADDRINUSE_theRequestedBindAddressIsInUseAtTheServer() {
            server.faults(Fault.addressInUse());

            Socks5Exception failure = failure(BindException.class, () -> client.bind(peer, PATIENCE));

            assertThat(failure.code()).isEqualTo(S5.S5_EADDRINUSE);
            assertThat(failure.rep()).isEqualTo(5);
            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
        }

        @Test
        void S5_ENOSERV_noServerFound() throws Exception {
            Socks5Client routing = routing("192.0.2.0/24 " + of(server.address()));

            Socks5Exception failure = failure(SocketException.class, () -> routing.bind(peer, PATIENCE));

            assertThat(failure.code()).isEqualTo(S5.S5_ENOSERV);
            assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @Nested
    class OfDante {
        @Test
        void bind_hasTheAddressOfTheListener() throws Exception {
            try (Dante dante = Dante.start()) {
                Socks5Client client = Socks5Client.at(url(dante.address()));
                try (Socks5Listener listener = client.bind(peer, PATIENCE)) {
                    assertThat(listener.bound().getAddress().getHostAddress()).isEqualTo(Dante.OUTBOUND);
                    assertThat(listener.bound().getPort()).isPositive();
                }
            }
        }
    }
}
