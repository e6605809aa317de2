// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.argyle.Configuration;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BIND and its second reply. */
class BindTest extends ClientFixture {
    /** A second reply: 198.51.100.3:5555 has connected. */
    private static final String ACCEPTED = "05000001 C6336403 15B3";

    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.3", 5555);
    private static final InetSocketAddress ANYBODY = new InetSocketAddress("0.0.0.0", 0);

    private Socks5Listener listener(ScriptedServer server) throws IOException {
        return opened(at(server).bind(ADDRESS, LONG));
    }

    @Test
    void bind_firstReply_tellsWhereTheServerListens() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);

        Socks5Listener listener = listener(server);

        assertThat(listener.bound()).isEqualTo(ScriptedServer.BOUND);
        assertThat(listener.expectedPeer()).isSameAs(ADDRESS);
        assertThat(listener.server()).isEqualTo(server.server());
        assertThat(server.requests()).containsExactly("2 192.0.2.7 81");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 0", "::, 0", "0.0.0.0, 2121"})
    void bind_anybody_isZerosAndTheGeneralServer(String host, int port) throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);
        Socks5Client client = Socks5Client.of(Configuration.of("bypass=192.0.2.0/24,proxy=" + server.url()));

        opened(client.bind(new InetSocketAddress(host, port), LONG));

        assertThat(server.requests()).containsExactly("2 0.0.0.0 " + port);
    }

    @Test
    void bind_expectedPeerByName_goesAsName() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS);

        opened(at(server).bind(NAME, LONG));

        assertThat(server.requests()).containsExactly("2 inside.argyle.test 80");
    }

    @Test
    void accept_secondReply_isTheConnectionOfThePeer() throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS, ACCEPTED + "2B");

        Socks5Connection connection = opened(listener(server).accept(LONG));

        assertThat(connection.target()).isEqualTo(PEER);
        assertThat(connection.bound()).isEqualTo(ScriptedServer.BOUND);
        assertThat(connection.server()).isEqualTo(server.server());
        assertThat(connection.socket().getInputStream().read()).isEqualTo(0x2B);
        assertThat(connection.socket().getSoTimeout()).isZero();
        assertEchoes(connection.socket());
    }

    @Test
    void accept_twice_isRefusedAndLeavesTheConnection() throws Exception {
        Socks5Listener listener = listener(replying(ScriptedServer.SUCCESS, ACCEPTED));
        Socks5Connection connection = opened(listener.accept(Duration.ZERO));

        assertThatThrownBy(() -> listener.accept(LONG))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("Already accepted");
        listener.close();

        assertEchoes(connection.socket());
    }

    @Test
    void accept_timeout_canBeCalledAgain() throws Exception {
        CountDownLatch mayReply = new CountDownLatch(1);
        Socks5Listener listener = listener(playing(visitor -> {
            ScriptedServer.send(visitor, ScriptedServer.SUCCESS + ACCEPTED.substring(0, 6));
            mayReply.await();
            ScriptedServer.send(visitor, "01" + ACCEPTED.substring(8));
            ScriptedServer.echo(visitor);
        }));

        Socks5Exception failure = failure(SocketTimeoutException.class, () -> listener.accept(SHORT));
        assertThatThrownBy(() -> listener.accept(Duration.ofNanos(1))).hasMessage("Accept timed out");
        mayReply.countDown();
        Socks5Connection connection = opened(listener.accept(LONG));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.ACCEPT);
        assertThat(failure.target()).isSameAs(ADDRESS);
        assertThat(connection.target()).isEqualTo(PEER);
        assertThat(connection.socket().getSoTimeout()).isZero();
        assertEchoes(connection.socket());
    }

    @Test
    void accept_negativeTimeout_isRefused() throws Exception {
        Socks5Listener listener = listener(replying(ScriptedServer.SUCCESS));

        assertThatThrownBy(() -> listener.accept(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1, S5_ESRVFAIL, java.net.SocketException",
        "2, S5_EPERM, java.net.ConnectException",
        "3, S5_ENETUNREACH, java.net.NoRouteToHostException",
        "4, S5_EHOSTUNREACH, java.net.NoRouteToHostException",
        "5, S5_EADDRINUSE, java.net.BindException",
        "6, S5_ETIMEDOUT, java.net.ConnectException",
        "7, S5_EOPNOTSUPP, java.net.SocketException",
        "8, S5_EAFNOSUPPORT, java.net.SocketException",
        "9, , java.net.SocketException"
    })
    void bind_failingFirstReply_tellsTheCode(int rep, S5 code, Class<? extends IOException> type) throws Exception {
        ScriptedServer server = failing(rep);

        Socks5Exception failure = failure(type, () -> at(server).bind(ADDRESS, LONG));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.rep()).isEqualTo(rep);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
        assertThat(failure.target()).isSameAs(ADDRESS);
        assertThat(failure.server()).isEqualTo(server.server());
    }

    @ParameterizedTest
    @CsvSource({
        "1, S5_ESRVFAIL, java.net.SocketException",
        "2, S5_EPERM, java.net.ConnectException",
        "3, S5_ENETUNREACH, java.net.NoRouteToHostException",
        "5, S5_ECONNREFUSED, java.net.ConnectException",
        "6, S5_ETIMEDOUT, java.net.ConnectException",
        "9, , java.net.SocketException"
    })
    void accept_failingSecondReply_tellsTheCodeAndCloses(int rep, S5 code, Class<? extends IOException> type)
            throws Exception {
        ScriptedServer server = replying(ScriptedServer.SUCCESS, String.format("05%02X", rep));
        Socks5Listener listener = listener(server);

        Socks5Exception failure = failure(type, () -> listener.accept(LONG));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.rep()).isEqualTo(rep);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.ACCEPT);
        assertThat(failure.target()).isSameAs(ADDRESS);
        assertThat(failure.server()).isEqualTo(server.server());
        assertThatThrownBy(() -> listener.accept(LONG)).hasMessage("Socket closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0500", "05000001 C63364"})
    void accept_connectionEndsWithinTheSecondReply_fails(String octets) throws Exception {
        Socks5Listener listener = listener(playing(visitor -> {
            ScriptedServer.send(visitor, ScriptedServer.SUCCESS);
            ScriptedServer.send(visitor, octets);
        }));

        Socks5Exception failure = failure(SocketException.class, () -> listener.accept(LONG));

        assertThat(failure.code()).isNull();
        assertThat(failure.rep()).isEqualTo(-1);
        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.ACCEPT);
    }

    @Test
    void accept_secondReplyThatMakesNoSense_fails() throws Exception {
        Socks5Listener listener = listener(replying(ScriptedServer.SUCCESS, "4854"));

        assertThat(failure(SocketException.class, () -> listener.accept(LONG)).rep())
                .isEqualTo(-1);
    }

    @Test
    void close_whileAccepting_endsIt() throws Exception {
        CountDownLatch hasLeft = new CountDownLatch(1);
        ScriptedServer server = playing(visitor -> {
            ScriptedServer.send(visitor, ScriptedServer.SUCCESS);
            ScriptedServer.silence(visitor);
            hasLeft.countDown();
        });
        Socks5Listener listener = listener(server);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> thrown.set(catchThrowable(() -> listener.accept(Duration.ZERO))));
        thread.start();
        await().until(() -> thread.getState() != Thread.State.NEW);

        listener.close();
        listener.close();

        thread.join();
        assertThat(thrown.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThat(Socks5Exception.of(thrown.get())).isNull();
        hasLeft.await();
    }

    @Test
    void accept_virtualThreadInterrupted_closes() throws Exception {
        if (!VirtualThreads.exist()) {
            return;
        }
        Socks5Listener listener = listener(replying(ScriptedServer.SUCCESS));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(1);
        Thread thread = VirtualThreads.start(() -> {
            running.countDown();
            thrown.set(catchThrowable(() -> listener.accept(Duration.ZERO)));
        });
        running.await();

        thread.interrupt();

        thread.join();
        assertThat(thrown.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThatThrownBy(() -> listener.accept(LONG)).hasMessage("Socket closed");
    }

    @Test
    void bind_firstServerHasNoBind_isFollowedByTheSecond() throws Exception {
        ScriptedServer second = replying(ScriptedServer.SUCCESS);

        assertThat(opened(of("", failing(7), second).bind(ANYBODY, LONG)).server())
                .isEqualTo(second.server());
    }

    @Test
    void bind_silentServer_endsWithTheTimeout() throws Exception {
        ScriptedServer server = silent();

        Socks5Exception failure =
                failure(SocketTimeoutException.class, () -> at(server).bind(ADDRESS, AMPLE));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
    }

    // ---- a socket of the program's

    @Test
    void bind_givenSocket_isWhatIsAccepted() throws Exception {
        Socket socket = opened(new Socket());
        socket.setSoTimeout(12_345);

        Socks5Listener listener = at(replying(ScriptedServer.SUCCESS, ACCEPTED)).bind(socket, ADDRESS, LONG);
        Socks5Connection connection = listener.accept(LONG);

        assertThat(connection.socket()).isSameAs(socket);
        assertThat(socket.getSoTimeout()).isEqualTo(12_345);
        assertEchoes(socket);
    }

    @Test
    void bind_givenSocketAndFailure_isClosed() throws Exception {
        ScriptedServer server = failing(5);
        Socket socket = opened(new Socket());

        Socks5Exception failure = failure(BindException.class, () -> at(server).bind(socket, ADDRESS, LONG));

        assertThat(failure.code()).isEqualTo(S5.S5_EADDRINUSE);
        assertThat(socket.isClosed()).isTrue();
        assertThatThrownBy(() -> at(server).bind(socket, ADDRESS, LONG)).hasMessage("Socket is closed");
    }

    @Test
    void accept_givenSocketClosedMeanwhile_saysSo() throws Exception {
        Socket socket = opened(new Socket());
        Socks5Listener listener = at(replying(ScriptedServer.SUCCESS)).bind(socket, ADDRESS, LONG);

        socket.close();

        assertThatThrownBy(() -> listener.accept(LONG))
                .isInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
    }

    @Test
    void bind_nobodyAtTheServersPort_isAConnectException() throws Exception {
        Socks5Client client = Socks5Client.at("127.0.0.1:" + closedPort());

        assertThat(failure(ConnectException.class, () -> client.bind(ADDRESS, LONG))
                        .stage())
                .isEqualTo(Socks5Exception.Stage.SERVER);
    }
}
