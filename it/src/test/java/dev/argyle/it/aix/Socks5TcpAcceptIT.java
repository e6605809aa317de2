// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Exception.Stage;
import dev.argyle.client.Socks5Listener;
import dev.argyle.it.real.Dante;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AIX's {@code socks5tcp_accept}, line by line: {@link Socks5Listener#accept}.
 *
 * <p>Its {@code Socket} is the listener, which bind has made: it cannot be one that was not bound (EINVAL, EOPNOTSUPP). The errors
 * that it inherits from connect are those of bind, {@link Socks5TcpBindIT}, since the server has been reached by then.
 */
class Socks5TcpAcceptIT extends Page {
    private static final Duration SHORT = Duration.ofMillis(200);

    private InetSocketAddress expected;

    @BeforeEach
    void expectAPeer() {
        expected = new InetSocketAddress(targets.address(), 0);
    }

    private Socks5Listener bind() throws IOException {
        return client.bind(expected, PATIENCE);
    }

    @Nested
    class Description {
        @Test
        void accept_blocksUntilThePeerConnects() throws Exception {
            try (Socks5Listener listener = bind()) {
                FutureTask<Socks5Connection> accepting = new FutureTask<>(() -> listener.accept(PATIENCE));
                Thread thread = new Thread(accepting, "accepting");
                thread.start();
                Awaitility.await().until(() -> thread.getState() != Thread.State.NEW);
                assertThat(accepting.isDone()).isFalse();

                targets.visit(listener.bound());
                try (Socks5Connection connection = accepting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    assertEchoes(connection);
                }
            }
        }

        @Test
        void subsequentReadsAndWrites_areRelayed() throws Exception {
            try (Socks5Listener listener = bind()) {
                targets.visit(listener.bound());
                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertEchoes(connection);
                    assertEchoes(connection);
                }
            }
            Awaitility.await().until(() -> server.binds().get(0).ending() == Ending.CLOSE);
        }

        @Test
        void dataThatComesWithTheReply_isThePeers() throws Exception {
            server.faults(Fault.second(new Fault.ReplyWithData()));
            try (Socks5Listener listener = bind();
                    Socket peer = new Socket(
                            listener.bound().getAddress(), listener.bound().getPort())) {
                peer.getOutputStream().write("hello".getBytes(US_ASCII));

                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertThat(connection.socket().getInputStream().readNBytes(5))
                            .asString(US_ASCII)
                            .isEqualTo("hello");
                }
            }
        }

        @Test
        void reply_thatComesOctetByOctet_isRead() throws Exception {
            server.faults(Fault.drip());
            try (Socks5Listener listener = bind()) {
                targets.visit(listener.bound());
                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertEchoes(connection);
                }
            }
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void zero_hasThePeerInThePlaceOfDst_andTheServersAddressInThatOfSvr() throws Exception {
            try (Socks5Listener listener = bind()) {
                InetSocketAddress peer = targets.visit(listener.bound());
                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertThat(connection.target()).isEqualTo(peer);
                    assertThat(connection.bound()).isEqualTo(listener.bound());
                    assertThat(connection.server()).isEqualTo(of(server.address()));
                    assertThat(connection.socket().isConnected()).isTrue();
                }
            }
        }

        @Test
        void zero_ofAGivenSocket_isThatSocket() throws Exception {
            try (Socket socket = new Socket();
                    Socks5Listener listener = client.bind(socket, expected, PATIENCE)) {
                targets.visit(listener.bound());

                Socks5Connection connection = listener.accept(PATIENCE);
                assertThat(connection.socket()).isSameAs(socket);
                assertEchoes(connection);
            }
        }

        @Test
        void zero_hasThePeerThatTheServerReports_whateverItIs() throws Exception {
            server.faults(Fault.second(Fault.boundName("peer.example", 20)));
            try (Socks5Listener listener = bind()) {
                targets.visit(listener.bound());
                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertThat(connection.target()).isEqualTo(InetSocketAddress.createUnresolved("peer.example", 20));
                }
            }
        }

        /** The connection goes on when the listener is closed: it has become it. */
        @Test
        void zero_isOnce() throws Exception {
            Socks5Listener listener = bind();
            targets.visit(listener.bound());
            try (Socks5Connection connection = listener.accept(PATIENCE)) {
                assertThatExceptionOfType(SocketException.class).isThrownBy(() -> listener.accept(PATIENCE));
                listener.close();

                assertEchoes(connection);
            }
        }
    }

    @Nested
    class InheritedErrors {
        @Test
        void EBADF_theListenerIsClosed() throws Exception {
            Socks5Listener listener = bind();
            listener.close();

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> listener.accept(PATIENCE))
                    .withMessage("Socket closed");
        }

        @Test
        void EBADF_theListenerIsClosedByAnotherThread_whileAcceptWaits() throws Exception {
            Socks5Listener listener = bind();
            FutureTask<Throwable> accepting = new FutureTask<>(() -> catchThrowable(() -> listener.accept(PATIENCE)));
            Thread thread = new Thread(accepting, "accepting");
            thread.start();
            Awaitility.await().until(() -> blocksInAccept(thread));

            listener.close();

            assertThat(accepting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Socket closed");
            Awaitility.await().until(() -> server.binds().get(0).ending() == Ending.CLOSE);
        }

        private boolean blocksInAccept(Thread thread) {
            return Stream.of(thread.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(Socks5Listener.class.getName())
                            && frame.getMethodName().equals("accept"));
        }

        @Test
        void ETIMEDOUT_noPeerHasCome_andAcceptMayBeCalledAgain() throws Exception {
            try (Socks5Listener listener = bind()) {
                for (int i = 0; i < 2; i++) {
                    assertThatExceptionOfType(SocketTimeoutException.class)
                            .isThrownBy(() -> listener.accept(SHORT))
                            .withMessageContaining("Accept timed out");
                }

                InetSocketAddress peer = targets.visit(listener.bound());
                try (Socks5Connection connection = listener.accept(PATIENCE)) {
                    assertThat(connection.target()).isEqualTo(peer);
                    assertEchoes(connection);
                }
            }
        }

        @Test
        void ETIMEDOUT_inTheMiddleOfTheReply_losesNothingOfIt() throws Exception {
            Gate gate = new Gate();
            server.faults(
                    Fault.second(new Fault.Drip(Duration.ofMillis(100))),
                    Fault.second(new Fault.Hold(Step.TARGET_TRIED, gate)));
            try (Socks5Listener listener = bind()) {
                targets.visit(listener.bound());
                gate.open();
                Socks5Connection connection = null;
                for (int i = 0; i < 100 && connection == null; i++) {
                    try {
                        connection = listener.accept(Duration.ofMillis(150));
                    } catch (SocketTimeoutException again) {
                        assertThat(again).hasMessageContaining("Accept timed out");
                    }
                }
                assertEchoes(connection);
                connection.close();
            }
        }

        @Test
        void EINVAL_theTimeoutIsNegative() throws Exception {
            try (Socks5Listener listener = bind()) {
                assertThatIllegalArgumentException().isThrownBy(() -> listener.accept(Duration.ofMillis(-1)));

                targets.visit(listener.bound());
                listener.accept(Duration.ZERO).close();
            }
        }
    }

    @Nested
    class Errors {
        /** REP 5 is here what it is for connect. */
        @ParameterizedTest
        @MethodSource("dev.argyle.it.aix.Page#codes")
        void code_isThatOfTheSecondReply(int rep, S5 code, Class<? extends IOException> type) throws Exception {
            server.faults(Fault.second(Fault.reply(rep)));
            try (Socks5Listener listener = bind()) {
                Socks5Exception failure = failure(type, () -> listener.accept(PATIENCE));

                assertThat(failure.code()).isEqualTo(code);
                assertThat(failure.rep()).isEqualTo(rep);
                assertThat(failure.stage()).isEqualTo(Stage.ACCEPT);
                assertThat(failure.target()).isEqualTo(expected);
                assertThat(failure.server()).isEqualTo(of(server.address()));
                assertThat(catchThrowable(() -> listener.accept(PATIENCE))).isInstanceOf(SocketException.class);
            }
        }

        @Test
        void codesThatThePageDoesNotHave_areFailuresWithTheirReply() {
            unknownReplies().forEach(rep -> {
                server.faults(Fault.second(Fault.reply(rep)));
                Socks5Exception failure = failure(SocketException.class, () -> {
                    try (Socks5Listener listener = bind()) {
                        listener.accept(PATIENCE);
                    }
                });

                assertThat(failure.code()).isNull();
                assertThat(failure.rep()).isEqualTo(rep);
                assertThat(failure.stage()).isEqualTo(Stage.ACCEPT);
            });
        }

        @ParameterizedTest
        @EnumSource(
                value = Ending.class,
                names = {"CLOSE", "RESET"})
        void server_thatLeavesInsteadOfAReply_isAFailureWithoutACode(Ending ending) throws Exception {
            server.faults(new Fault.End(Step.REPLY_SENT, ending));
            try (Socks5Listener listener = bind()) {
                Throwable thrown = catchThrowable(() -> listener.accept(PATIENCE));

                assertThat(thrown).isInstanceOf(SocketException.class);
                assertThat(Socks5Exception.of(thrown)).satisfies(failure -> {
                    assertThat(failure.stage()).isEqualTo(Stage.ACCEPT);
                    assertThat(failure.code()).isNull();
                    assertThat(failure.rep()).isEqualTo(-1);
                });
            }
        }

        @Test
        void reply_thatIsCut_isAFailureWithoutACode() throws Exception {
            server.faults(Fault.second(new Fault.CutReply(5, Ending.CLOSE)));
            try (Socks5Listener listener = bind()) {
                targets.visit(listener.bound());
                Throwable thrown = catchThrowable(() -> listener.accept(PATIENCE));

                assertThat(thrown).isInstanceOf(SocketException.class);
                assertThat(Socks5Exception.of(thrown))
                        .extracting(Socks5Exception::stage)
                        .isEqualTo(Stage.ACCEPT);
            }
        }

        /** By the rule of the server: another peer ends what was bound, and the right one comes too late. */
        @Test
        void S5_EPERM_anotherPeerThanTheExpected() throws Exception {
            server.faults(new Fault.OnlyThePeer());
            try (Socks5Listener listener = client.bind(new InetSocketAddress("192.0.2.7", 0), PATIENCE);
                    Socket stranger = new Socket(
                            listener.bound().getAddress(), listener.bound().getPort())) {
                Socks5Exception failure = failure(ConnectException.class, () -> listener.accept(PATIENCE));

                assertThat(failure.code()).isEqualTo(S5.S5_EPERM);
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Nested
    class OfDante {
        @Test
        void accept_hasThePeer_andAStrangerIsRefused() throws Exception {
            try (Dante dante = Dante.start()) {
                Socks5Client client = Socks5Client.at(url(dante.address()));
                try (Socks5Listener listener = client.bind(expected, PATIENCE)) {
                    InetSocketAddress peer = targets.visit(listener.bound());
                    try (Socks5Connection connection = listener.accept(PATIENCE)) {
                        assertThat(connection.target()).isEqualTo(peer);
                        assertThat(connection.bound()).isEqualTo(listener.bound());
                        assertEchoes(connection);
                    }
                }
                try (Socks5Listener listener = client.bind(expected, PATIENCE);
                        Socket stranger = new Socket(
                                listener.bound().getAddress(),
                                listener.bound().getPort(),
                                InetAddress.getByName("127.0.0.3"),
                                0)) {
                    assertThat(failure(ConnectException.class, () -> listener.accept(PATIENCE))
                                    .code())
                            .isEqualTo(S5.S5_EPERM);
                    assertThat(stranger.isConnected()).isTrue();
                }
            }
        }
    }
}
