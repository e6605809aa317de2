// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connect;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Exception.Stage;
import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Setting;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * AIX's {@code socks5tcp_connect}, line by line: {@link Socks5Client#connect} and {@link Socks5Client#begin}.
 *
 * <p>What C has and Java cannot have: {@code DstLen} and {@code SvrLen}, since an address knows its own length; a descriptor that
 * is none, or is a file (EBADF is a closed socket, ENOTSOCK there is none); memory that cannot be written (EFAULT), since what C
 * writes over {@code Dst} and {@code Svr} is the call's result. A network that is down (ENETDOWN) and a table that is full (ENOSPC)
 * cannot be had on a test's machine.
 */
class Socks5TcpConnectIT extends Page {
    private int echo;
    private InetSocketAddress target;

    @BeforeEach
    void startTarget() throws Exception {
        echo = targets.echo();
        target = targets.address(echo);
    }

    @Nested
    class Parameters {
        @Test
        void Socket_isOpenAndOfTheStreamType_andKeepsItsOptionsAndItsAddress() throws Exception {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(12_345);
                socket.bind(new InetSocketAddress("127.0.0.3", 0));

                Socks5Connection connection = client.connect(socket, target, PATIENCE);

                assertThat(connection.socket()).isSameAs(socket);
                assertEchoes(connection);
                assertThat(socket.getTcpNoDelay()).isTrue();
                assertThat(socket.getSoTimeout()).isEqualTo(12_345);
                assertThat(server.connects().get(0).client().getAddress()).hasToString("/127.0.0.3");
            }
        }

        @Test
        void Socket_mayBeAChannel() throws Exception {
            try (SocketChannel channel = SocketChannel.open()) {
                Socks5Connection connection = client.connect(channel, target, PATIENCE);

                assertThat(connection.socket()).isSameAs(channel.socket());
                assertThat(channel.isBlocking()).isTrue();
                assertEchoes(connection);
            }
        }

        @Test
        void Socket_mayBeLeftToTheCall() throws Exception {
            try (Socks5Connection connection = client.connect(target, Duration.ZERO)) {
                assertEchoes(connection);
            }
        }

        @Test
        void Dst_isAnIPv4Address() throws Exception {
            client.connect(target, PATIENCE).close();

            assertThat(server.connects().get(0).addressType()).isEqualTo(1);
            assertThat(server.connects().get(0).host()).isEqualTo("127.0.0.2");
            assertThat(server.connects().get(0).port()).isEqualTo(echo);
        }

        @Test
        void Dst_isAnIPv6Address() throws Exception {
            server.name("2001:db8::7", target);
            InetSocketAddress outThere = new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 80);

            try (Socks5Connection connection = client.connect(outThere, PATIENCE)) {
                assertEchoes(connection);
                assertThat(connection.target()).isEqualTo(outThere);
            }
            assertThat(server.connects().get(0).addressType()).isEqualTo(4);
        }

        /** AIX has no names here; the server looks them up. */
        @Test
        void Dst_mayBeAName() throws Exception {
            InetSocketAddress named = InetSocketAddress.createUnresolved(NAME, echo);

            try (Socks5Connection connection = client.connect(named, PATIENCE)) {
                assertEchoes(connection);
                assertThat(connection.target()).isEqualTo(named);
            }
            assertThat(server.connects().get(0).addressType()).isEqualTo(3);
            assertThat(server.connects().get(0).host()).isEqualTo(NAME);
        }

        @Test
        void Svr_isTheServerToUse_ofIPv4OrIPv6() throws Exception {
            try (ScriptedServer other = ScriptedServer.builder()
                    .address(InetAddress.getByName("::1"))
                    .start()) {
                try (Socks5Connection connection =
                        Socks5Client.at("socks5h://[::1]:" + other.port()).connect(target, PATIENCE)) {
                    assertEchoes(connection);
                    assertThat(connection.server().port()).isEqualTo(other.port());
                }
                assertThat(other.connects()).hasSize(1);
                assertThat(server.exchanges()).isEmpty();
            }
        }

        @Test
        void Svr_thatIsNull_isLookedUpForTheDestination() throws Exception {
            Socks5Client routing = routing("127.0.0.2 " + of(server.address()), "0.0.0.0/0 192.0.2.1");

            try (Socks5Connection connection = routing.connect(target, PATIENCE)) {
                assertEchoes(connection);
                assertThat(connection.server()).isEqualTo(of(server.address()));
            }
        }
    }

    @Nested
    class Description {
        @Test
        void subsequentWritesAndReads_areRelayedThroughTheServer() throws Exception {
            try (Socks5Connection connection = client.connect(target, PATIENCE)) {
                assertEchoes(connection);
                assertEchoes(connection);
            }
            assertThat(targets.awaitVisitors(echo, 1))
                    .containsExactly(server.connects().get(0).outbound());
        }

        @Test
        void dataThatComesWithTheReply_isTheTargets() throws Exception {
            server.faults(new Fault.ReplyWithData());
            InetSocketAddress speaker = targets.address(targets.speaksFirst("hello"));

            try (Socks5Connection connection = client.connect(speaker, PATIENCE)) {
                assertThat(connection.socket().getInputStream().readNBytes(6))
                        .asString()
                        .isEqualTo("hello\n");
            }
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void zero_isAConnection_thatHasTheActualEndpointsInThePlacesOfDstAndSvr() throws Exception {
            try (Socks5Connection connection = client.connect(target, PATIENCE)) {
                assertThat(connection.target()).isEqualTo(target);
                assertThat(connection.bound())
                        .isEqualTo(server.connects().get(0).outbound());
                assertThat(connection.server()).isEqualTo(of(server.address()));
                assertThat(connection.socket().isConnected()).isTrue();
            }
        }

        @Test
        void zero_hasTheAddressThatTheServerReports_whateverItIs() throws Exception {
            server.faults(Fault.boundName("gate.example", 4711));

            try (Socks5Connection connection = client.connect(target, PATIENCE)) {
                assertThat(connection.bound()).isEqualTo(InetSocketAddress.createUnresolved("gate.example", 4711));
            }
        }

        @Test
        void minusOne_isAnException_andNothingHasChangedButThatTheSocketIsClosed() throws Exception {
            server.faults(Fault.reply(5));
            try (Socket socket = new Socket()) {
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> client.connect(socket, target, PATIENCE))
                        .withMessageContainingAll(
                                "127.0.0.2:" + echo, of(server.address()).toString(), "S5_ECONNREFUSED");

                assertThat(socket.isClosed()).isTrue();
            }
            server.faults();
            client.connect(target, PATIENCE).close();
        }
    }

    /** The socket in non-blocking mode. */
    @Nested
    class NonBlocking {
        @Test
        void EINPROGRESS_theConnectionCannotBeCompletedImmediately_andTheProgramSelectsTheSocket() throws Exception {
            try (SocketChannel channel = SocketChannel.open();
                    Selector selector = Selector.open()) {
                channel.configureBlocking(false);
                Socks5Connect pending = client.begin(channel, target);
                SelectionKey key = channel.register(selector, pending.interestOps());
                Socks5Connection connection = pending.finish();
                while (connection == null) {
                    key.interestOps(pending.interestOps());
                    selector.select(Math.max(1, pending.remaining().toMillis()));
                    selector.selectedKeys().clear();
                    connection = pending.finish();
                }

                key.cancel();
                selector.selectNow();
                channel.configureBlocking(true);
                assertEchoes(connection);
                assertThat(connection.bound())
                        .isEqualTo(server.connects().get(0).outbound());
                assertThat(pending.finish()).isSameAs(connection);
                assertThat(pending.interestOps()).isZero();
            }
        }

        @Test
        void theFailure_isToldWhenTheAttemptHasEnded() throws Exception {
            server.faults(Fault.reply(4));
            try (SocketChannel channel = SocketChannel.open()) {
                channel.configureBlocking(false);
                Socks5Connect pending = client.begin(channel, target);
                Socks5Exception failure = failure(NoRouteToHostException.class, () -> {
                    try (Selector selector = Selector.open()) {
                        channel.register(selector, pending.interestOps());
                        while (pending.finish() == null) {
                            channel.keyFor(selector).interestOps(pending.interestOps());
                            selector.select(Math.max(1, pending.remaining().toMillis()));
                            selector.selectedKeys().clear();
                        }
                    }
                });

                assertThat(failure.code()).isEqualTo(S5.S5_EHOSTUNREACH);
                assertThat(channel.isOpen()).isFalse();
                assertThatThrownBy(pending::finish).isInstanceOf(ClosedChannelException.class);
            }
        }

        @Test
        void modeOfTheChannel_isThatOfTheCall() throws Exception {
            try (SocketChannel channel = SocketChannel.open()) {
                assertThatThrownBy(() -> client.begin(channel, target))
                        .isInstanceOf(IllegalBlockingModeException.class);
                channel.configureBlocking(false);
                assertThatThrownBy(() -> client.connect(channel, target, PATIENCE))
                        .isInstanceOf(IllegalBlockingModeException.class);
                assertThat(channel.isOpen()).isTrue();
            }
        }
    }

    /** Those of {@code errno}, inherited from connect: of the way to the server, and of the socket's state. */
    @Nested
    class InheritedErrors {
        @Test
        void EBADF_theSocketIsClosed() throws Exception {
            Socket socket = new Socket();
            socket.close();
            SocketChannel channel = SocketChannel.open();
            channel.close();

            assertThatThrownBy(() -> client.connect(socket, target, PATIENCE))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> client.connect(channel, target, PATIENCE))
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(server.exchanges()).isEmpty();
        }

        /** It is the bind's, before the call, and leaves the socket as it is. */
        @Test
        void EADDRNOTAVAIL_theAddressIsNotAvailableFromTheLocalMachine() throws Exception {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.bind(new InetSocketAddress("203.0.113.77", 0)))
                        .isInstanceOf(BindException.class);

                assertEchoes(client.connect(socket, target, PATIENCE));
            }
        }

        @Test
        void EAFNOSUPPORT_addressesOfTheFamilyCannotBeUsedWithThisSocket() throws Exception {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
                Socks5Exception failure = failure(
                        ConnectException.class,
                        () -> Socks5Client.at("socks5h://[::1]:1080").connect(channel, target, PATIENCE));

                assertThat(failure.stage()).isEqualTo(Stage.SERVER);
                assertThat(failure).hasMessageContaining("IPv6");
            }
        }

        @Test
        void EISCONN_theSocketIsAlreadyConnected() throws Exception {
            try (Socks5Connection connection = client.connect(target, PATIENCE);
                    SocketChannel channel = SocketChannel.open()) {
                assertThatThrownBy(() -> client.connect(connection.socket(), target, PATIENCE))
                        .isInstanceOf(SocketException.class)
                        .hasMessageMatching("[Aa]lready connected");
                assertEchoes(connection);

                client.connect(channel, target, PATIENCE);
                assertThatThrownBy(() -> client.connect(channel, target, PATIENCE))
                        .isInstanceOf(AlreadyConnectedException.class);
                assertThat(channel.isConnected()).isTrue();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"ACCEPTED", "REQUEST_READ"})
        void ETIMEDOUT_theEstablishmentTimedOut(String step) throws Exception {
            server.faults(Fault.silence(Step.valueOf(step)));

            Socks5Exception failure = timedOut(
                    exchange -> step.equals("ACCEPTED") || exchange.command() != Exchange.NONE,
                    timeout -> client.connect(target, timeout));

            assertThat(failure.code()).isNull();
            assertThat(failure.rep()).isEqualTo(-1);
            assertThat(failure.stage()).isEqualTo(step.equals("ACCEPTED") ? Stage.METHOD : Stage.REQUEST);
            assertThat(failure.target()).isEqualTo(target);
        }

        @Test
        void ETIMEDOUT_isThatOfASocketAndOfAChannelToo() throws Exception {
            server.faults(Fault.silence(Step.REQUEST_READ));
            try (Socket socket = new Socket();
                    SocketChannel channel = SocketChannel.open()) {
                failure(SocketTimeoutException.class, () -> client.connect(socket, target, Duration.ofMillis(200)));
                failure(SocketTimeoutException.class, () -> client.connect(channel, target, Duration.ofMillis(200)));

                assertThat(socket.isClosed()).isTrue();
                assertThat(channel.isOpen()).isFalse();
            }
        }

        @Test
        void ECONNREFUSED_theAttemptWasRejected() throws Exception {
            server.refuse();

            Socks5Exception failure = failure(ConnectException.class, () -> client.connect(target, PATIENCE));

            assertThat(failure.stage()).isEqualTo(Stage.SERVER);
            assertThat(failure.code()).isNull();
            assertThat(failure.rep()).isEqualTo(-1);
            assertThat(failure.server()).isEqualTo(of(server.address()));
        }

        /** The way to the server: a network's broadcast address. */
        @Test
        void ENETUNREACH_noRouteToTheNetworkOrHost() {
            Socks5Client lost = Socks5Client.at("socks5h://127.255.255.255:1080");

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> lost.connect(target, PATIENCE))
                    .withMessageContaining("unreachable")
                    .satisfies(e -> assertThat(Socks5Exception.of(e))
                            .extracting(Socks5Exception::stage)
                            .isEqualTo(Stage.SERVER));
        }

        /** It is the bind's, as EADDRNOTAVAIL. */
        @Test
        void EADDRINUSE_theAddressIsAlreadyInUse() throws Exception {
            try (Socket first = new Socket();
                    Socket second = new Socket()) {
                first.bind(new InetSocketAddress("127.0.0.3", 0));
                assertThatThrownBy(() -> second.bind(first.getLocalSocketAddress()))
                        .isInstanceOf(BindException.class);

                assertEchoes(client.connect(second, target, PATIENCE));
            }
        }

        @Test
        void EINVAL_anArgumentIsInvalid() {
            assertThatIllegalArgumentException().isThrownBy(() -> client.connect(target, Duration.ofMillis(-1)));
            assertThatIllegalArgumentException().isThrownBy(() -> Socks5Client.at("socks4://127.0.0.1"));
            assertThatIllegalArgumentException().isThrownBy(() -> Socks5Client.at("127.0.0.1,127.0.0.2"));
            assertThat(server.exchanges()).isEmpty();
        }

        @Test
        void ENOTCONN_theSocketCouldNotBeConnected_andIsClosed() throws Exception {
            server.faults(Fault.close(Step.GREETING_READ));
            try (Socket socket = new Socket()) {
                Socks5Exception failure =
                        failure(SocketException.class, () -> client.connect(socket, target, PATIENCE));

                assertThat(failure.stage()).isEqualTo(Stage.METHOD);
                assertThat(socket.isConnected() && !socket.isClosed()).isFalse();
            }
        }
    }

    /** Those of {@code socks5_errno}. */
    @Nested
    class Errors {
        @ParameterizedTest
        @MethodSource("dev.argyle.it.aix.Page#codes")
        void code_isThatOfTheReply(int rep, S5 code, Class<? extends IOException> type) {
            server.faults(Fault.reply(rep));

            Socks5Exception failure = failure(type, () -> client.connect(target, PATIENCE));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.rep()).isEqualTo(rep).isEqualTo(code.rep());
            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
            assertThat(failure.target()).isEqualTo(target);
            assertThat(failure.server()).isEqualTo(of(server.address()));
        }

        @Test
        void codesThatThePageDoesNotHave_areFailuresWithTheirReply() {
            unknownReplies().forEach(rep -> {
                server.faults(Fault.reply(rep));

                Socks5Exception failure = failure(SocketException.class, () -> client.connect(target, PATIENCE));

                assertThat(failure.code()).isNull();
                assertThat(failure.rep()).isEqualTo(rep);
            });
        }

        @Test
        void S5_ENOSERV_noServerFound() throws Exception {
            Socks5Client routing = routing("192.0.2.0/24 " + of(server.address()), "198.51.100.0/24 NONE");

            for (String address : new String[] {"203.0.113.1", "198.51.100.1"}) {
                InetSocketAddress unserved = new InetSocketAddress(address, 80);
                Socks5Exception failure = failure(SocketException.class, () -> routing.connect(unserved, PATIENCE));

                assertThat(failure.code()).isEqualTo(S5.S5_ENOSERV);
                assertThat(failure.rep()).isEqualTo(-1);
                assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
                assertThat(failure.server()).isNull();
                assertThat(failure.target()).isEqualTo(unserved);
            }
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @Nested
    class OfDante {
        @Test
        void connection_hasTheActualEndpoints_andItsFailuresTheirCodes() throws Exception {
            try (Dante dante = Dante.start(Setting.PLAIN.host(NAME, "127.0.0.2"))) {
                Socks5Client client = Socks5Client.at(url(dante.address()));
                for (InetSocketAddress each :
                        new InetSocketAddress[] {target, InetSocketAddress.createUnresolved(NAME, echo)}) {
                    try (Socks5Connection connection = client.connect(each, PATIENCE)) {
                        assertEchoes(connection);
                        assertThat(connection.target()).isEqualTo(each);
                        assertThat(targets.visitors(echo)).contains(connection.bound());
                        assertThat(connection.server()).isEqualTo(of(dante.address()));
                    }
                }
                InetSocketAddress closed = targets.address(targets.refused());
                assertThat(failure(ConnectException.class, () -> client.connect(closed, PATIENCE))
                                .code())
                        .isEqualTo(S5.S5_ECONNREFUSED);
            }
        }
    }
}
