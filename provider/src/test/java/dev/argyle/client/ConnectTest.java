// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.argyle.Configuration;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT by the three ways that wait. */
class ConnectTest extends ClientFixture {
    @Test
    void connect_name_goesToTheServerAsName() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);

        try (Socks5Connection connection = at(server).connect(NAME, LONG)) {
            assertEchoes(connection.socket());
            assertThat(connection.target()).isSameAs(NAME);
            assertThat(connection.bound()).isEqualTo(ScriptedServer.BOUND);
            assertThat(connection.server()).isEqualTo(server.server());
            assertThat(connection.socket().getPort()).isEqualTo(server.server().port());
        }
        assertThat(server.requests()).containsExactly("1 inside.argyle.test 80");
    }

    @Test
    void connect_address_goesToTheServerAsAddress() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);

        try (Socks5Connection connection = at(server).connect(ADDRESS, Duration.ZERO)) {
            assertThat(connection.target()).isEqualTo(ADDRESS);
        }
        try (Socks5Connection connection = at(server).connect(new InetSocketAddress("2001:db8::7", 82), LONG)) {
            assertEchoes(connection.socket());
        }
        try (Socks5Connection connection =
                at(server).connect(InetSocketAddress.createUnresolved("192.0.2.8", 83), LONG)) {
            assertEchoes(connection.socket());
        }
        assertThat(server.requests()).containsExactly("1 192.0.2.7 81", "1 2001:db8:0:0:0:0:0:7 82", "1 192.0.2.8 83");
    }

    @Test
    void connect_nameThatIsLookedUpHere_goesAsAddress() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        Socks5Client client = Socks5Client.at("socks5://" + server.server());

        try (Socks5Connection connection = client.connect(InetSocketAddress.createUnresolved("localhost", 84), LONG)) {
            assertEchoes(connection.socket());
        }
        assertThat(server.requests())
                .singleElement()
                .asString()
                .startsWith("1 ")
                .endsWith(" 84")
                .doesNotContain("local");
        assertThatThrownBy(() -> client.connect(InetSocketAddress.createUnresolved("not a host", 84), LONG))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void connect_nameTooLong_isUnknown() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);

        assertThatThrownBy(() -> at(server).connect(InetSocketAddress.createUnresolved("a".repeat(256), 80), LONG))
                .isInstanceOf(UnknownHostException.class);
        assertThat(server.visitors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "05000003 05 6F757465720050, outer, 80",
        "05000003 00 0050, '', 80",
        "05000001 00000000 0000, 0.0.0.0, 0",
        "05000004 00000000000000000000000000000001 1F90, 0:0:0:0:0:0:0:1, 8080"
    })
    void connect_boundAddressOfAnyKind_isGiven(String reply, String host, int port) throws Exception {
        try (Socks5Connection connection = at(replying(reply)).connect(NAME, LONG)) {
            assertThat(connection.bound().getHostString()).isEqualTo(host);
            assertThat(connection.bound().getPort()).isEqualTo(port);
        }
    }

    @Test
    void connect_dataBehindTheReply_isTheTargets() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS + "2B");

        try (Socks5Connection connection = at(server).connect(NAME, LONG)) {
            assertThat(connection.socket().getInputStream().read()).isEqualTo(0x2B);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, S5_ESRVFAIL, java.net.SocketException",
        "2, S5_EPERM, java.net.ConnectException",
        "3, S5_ENETUNREACH, java.net.NoRouteToHostException",
        "4, S5_EHOSTUNREACH, java.net.NoRouteToHostException",
        "5, S5_ECONNREFUSED, java.net.ConnectException",
        "6, S5_ETIMEDOUT, java.net.ConnectException",
        "7, S5_EOPNOTSUPP, java.net.SocketException",
        "8, S5_EAFNOSUPPORT, java.net.SocketException",
        "9, , java.net.SocketException",
        "255, , java.net.SocketException"
    })
    void connect_failingReply_tellsCodeRepStageTargetAndServer(int rep, S5 code, Class<? extends IOException> type)
            throws Exception {
        ScriptedServer server = failing(rep);

        Socks5Exception failure = failure(type, () -> at(server).connect(NAME, LONG));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.rep()).isEqualTo(rep);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
        assertThat(failure.target()).isSameAs(NAME);
        assertThat(failure.server()).isEqualTo(server.server());
        assertThatThrownBy(() -> at(server).connect(NAME, LONG))
                .hasMessageContaining("inside.argyle.test:80")
                .hasMessageContaining(server.server().toString())
                .hasMessageContaining(String.format("0x%02X", rep))
                .hasMessageContaining(code == null ? "unassigned" : code.name());
    }

    @Test
    void connect_nobodyAtTheServersPort_isOfTheWayToTheServer() throws Exception {
        int port = closedPort();

        Socks5Exception failure = failure(
                ConnectException.class,
                () -> Socks5Client.at("127.0.0.1:" + port).connect(NAME, LONG));

        assertThat(failure.code()).isNull();
        assertThat(failure.rep()).isEqualTo(-1);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.SERVER);
        assertThat(failure.server()).isEqualTo(new Socks5Server("127.0.0.1", port));
    }

    @Test
    void connect_serverThatSpeaksSomethingElse_isOfTheMethod() throws Exception {
        ScriptedServer server = opened(ScriptedServer.raw(visitor -> {
            ScriptedServer.send(visitor, "4854");
            ScriptedServer.silence(visitor);
        }));

        Socks5Exception failure =
                failure(SocketException.class, () -> at(server).connect(NAME, LONG));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.METHOD);
        assertThat(failure.rep()).isEqualTo(-1);
    }

    @Test
    void connect_passwordRefused_isOfAuthentication() throws Exception {
        ScriptedServer server = opened(ScriptedServer.raw(visitor -> {
            ScriptedServer.send(visitor, "0502 0101");
            ScriptedServer.silence(visitor);
        }));
        Socks5Client client = Socks5Client.at("socks5h://bob:secret@" + server.server());

        Socks5Exception failure = failure(SocketException.class, () -> client.connect(NAME, LONG));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.AUTHENTICATION);
        assertThat(failure).hasMessageNotContaining("secret");
    }

    @Test
    void connect_firstServerFails_isFollowedByTheSecond() throws Exception {
        ScriptedServer first = failing(1);
        ScriptedServer second = replying(ScriptedServer.SUCCESS);

        try (Socks5Connection connection = of("", first, second).connect(NAME, LONG)) {
            assertThat(connection.server()).isEqualTo(second.server());
            assertEchoes(connection.socket());
        }
    }

    @Test
    void connect_allServersFail_tellsOfTheLast() throws Exception {
        ScriptedServer first = failing(1);
        ScriptedServer second = failing(7);

        Socks5Exception failure =
                failure(SocketException.class, () -> of("", first, second).connect(NAME, LONG));

        assertThat(failure.code()).isEqualTo(S5.S5_EOPNOTSUPP);
        assertThat(failure.server()).isEqualTo(second.server());
    }

    @Test
    void connect_directRoute_isNoServer() throws Exception {
        Socks5Client client = of("", replying(ScriptedServer.SUCCESS));
        Socks5Client bypassing =
                Socks5Client.of(Configuration.of("bypass=192.0.2.0/24,proxy=socks5h://127.0.0.1:" + closedPort()));

        Socks5Exception failure = failure(SocketException.class, () -> bypassing.connect(ADDRESS, LONG));

        assertThat(failure.code()).isEqualTo(S5.S5_ENOSERV);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.ROUTE);
        assertThat(failure.target()).isEqualTo(ADDRESS);
        assertThat(failure.server()).isNull();
        assertThat(bypassing.server(ADDRESS)).isNull();
        assertThat(client.server(ADDRESS)).isNotNull();
    }

    @Test
    void connect_silentServer_endsWithTheTimeout() throws Exception {
        ScriptedServer server = silent();

        Socks5Exception failure =
                failure(SocketTimeoutException.class, () -> at(server).connect(NAME, AMPLE));

        assertThat(failure.code()).isNull();
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
        assertThat(failure.server()).isEqualTo(server.server());
        assertThatThrownBy(() -> at(server).connect(NAME, SHORT))
                .hasMessageStartingWith("Connect timed out: inside.argyle.test:80: SOCKS server " + server.server());
    }

    @Test
    void connect_silentServerWithoutTimeout_endsWithHandshakeTimeout() throws Exception {
        Socks5Exception failure = failure(
                ConnectException.class,
                () -> of("handshake.timeout=200ms,", silent()).connect(NAME, Duration.ZERO));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
    }

    @Test
    void connect_negativeTimeout_isRefused() throws Exception {
        ScriptedServer server = silent();

        assertThatThrownBy(() -> at(server).connect(NAME, Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(server.visitors()).isEmpty();
    }

    // ---- a socket of the program's

    @Test
    void connect_givenSocket_keepsItsOptions() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        Socket socket = opened(new Socket());
        socket.setSoTimeout(12_345);
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress("127.0.0.1", 0));
        int port = socket.getLocalPort();

        Socks5Connection connection = at(server).connect(socket, NAME, LONG);

        assertThat(connection.socket()).isSameAs(socket);
        assertThat(socket.getSoTimeout()).isEqualTo(12_345);
        assertThat(socket.getTcpNoDelay()).isTrue();
        assertThat(server.visitors().get(0).getPort()).isEqualTo(port);
        assertEchoes(socket);
    }

    @Test
    void connect_givenSocketThatIsConnectedOrClosed_staysAsItIs() throws Exception {
        Socks5Client client = at(replying(ScriptedServer.SUCCESS));
        Socket socket = opened(new Socket());
        Socks5Connection connection = client.connect(socket, NAME, LONG);

        assertThatThrownBy(() -> client.connect(socket, NAME, LONG))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageContaining("lready connected");
        assertEchoes(connection.socket());
        socket.close();
        assertThatThrownBy(() -> client.connect(socket, NAME, LONG)).hasMessage("Socket is closed");
    }

    @Test
    void connect_givenSocketAndFailingServer_isClosedAndTriesNoOther() throws Exception {
        ScriptedServer second = replying(ScriptedServer.SUCCESS);
        Socks5Client client = of("", failing(1), second);
        Socket socket = opened(new Socket());

        Socks5Exception failure = failure(SocketException.class, () -> client.connect(socket, NAME, LONG));

        assertThat(failure.code()).isEqualTo(S5.S5_ESRVFAIL);
        assertThat(socket.isClosed()).isTrue();
        assertThat(second.visitors()).isEmpty();
    }

    @Test
    void connect_givenSocketTimeout_isATimeout() throws Exception {
        Socket socket = opened(new Socket());
        ScriptedServer server = silent();

        failure(SocketTimeoutException.class, () -> at(server).connect(socket, NAME, SHORT));

        assertThat(socket.isClosed()).isTrue();
    }

    /** Has the last octets of a successful handshake come just when the time is over. */
    private static final class LateSocket extends Socket {
        private static final int HANDSHAKE_OCTETS = 2 + 10;

        private final CountDownLatch closed = new CountDownLatch(1);
        private int octets;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] b, int off, int len) throws IOException {
                    int n = super.read(b, off, len);
                    octets += n;
                    if (octets == HANDSHAKE_OCTETS) {
                        awaitClosed();
                    }
                    return n;
                }
            };
        }

        private void awaitClosed() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            super.close();
            closed.countDown();
        }
    }

    @Test
    void connect_replyAsTheTimeEnds_isATimeout() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        Socket socket = opened(new LateSocket());

        failure(SocketTimeoutException.class, () -> at(server).connect(socket, NAME, SHORT));

        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void connect_givenSocketClosedMeanwhile_saysSo() throws Exception {
        ScriptedServer server = silent();
        Socket socket = opened(new Socket());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                new Thread(() -> thrown.set(catchThrowable(() -> at(server).connect(socket, NAME, LONG))));
        thread.start();
        await().until(() -> !server.requests().isEmpty());

        socket.close();

        thread.join();
        assertThat(thrown.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    // ---- a channel of the program's

    @Test
    void connect_givenChannel_isConnected() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        SocketChannel channel = opened(SocketChannel.open());

        Socks5Connection connection = at(server).connect(channel, NAME, LONG);

        assertThat(connection.socket()).isSameAs(channel.socket());
        assertThat(connection.bound()).isEqualTo(ScriptedServer.BOUND);
        assertThat(channel.isBlocking()).isTrue();
        assertEchoes(channel.socket());
        assertThatThrownBy(() -> at(server).connect(channel, NAME, LONG)).isInstanceOf(AlreadyConnectedException.class);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void connect_givenChannelInTheWrongMode_staysAsItIs() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        SocketChannel channel = opened(SocketChannel.open());
        channel.configureBlocking(false);

        assertThatThrownBy(() -> at(server).connect(channel, NAME, LONG))
                .isInstanceOf(IllegalBlockingModeException.class);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        assertThatThrownBy(() -> at(server).connect(channel, NAME, LONG))
                .isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void connect_givenChannelAndFailingReply_isClosed() throws Exception {
        SocketChannel channel = opened(SocketChannel.open());
        ScriptedServer server = failing(4);

        Socks5Exception failure =
                failure(NoRouteToHostException.class, () -> at(server).connect(channel, NAME, LONG));

        assertThat(failure.code()).isEqualTo(S5.S5_EHOSTUNREACH);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connect_givenChannelAndNobodyAtTheServersPort_isAConnectException() throws Exception {
        SocketChannel channel = opened(SocketChannel.open());
        Socks5Client client = Socks5Client.at("127.0.0.1:" + closedPort());

        Socks5Exception failure = failure(ConnectException.class, () -> client.connect(channel, NAME, LONG));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.SERVER);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void connect_givenChannelTimeout_isATimeout() throws Exception {
        SocketChannel channel = opened(SocketChannel.open());
        ScriptedServer server = silent();

        failure(SocketTimeoutException.class, () -> at(server).connect(channel, NAME, SHORT));

        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connect_givenChannelClosedMeanwhile_endsAsChannelsDo(boolean byInterrupt) throws Exception {
        ScriptedServer server = silent();
        SocketChannel channel = opened(SocketChannel.open());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                new Thread(() -> thrown.set(catchThrowable(() -> at(server).connect(channel, NAME, LONG))));
        thread.start();
        await().until(() -> !server.requests().isEmpty());

        if (byInterrupt) {
            thread.interrupt();
        } else {
            channel.close();
        }

        thread.join();
        assertThat(channel.isOpen()).isFalse();
        if (byInterrupt) {
            assertThat(thrown.get()).isExactlyInstanceOf(ClosedByInterruptException.class);
        } else {
            // a thread that is between two calls finds it closed
            assertThat(thrown.get()).isInstanceOfAny(AsynchronousCloseException.class, ClosedChannelException.class);
        }
    }
}
