// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** CONNECT over a channel in non-blocking mode. */
class BeginTest extends ClientFixture {
    private SocketChannel channel() throws IOException {
        SocketChannel channel = opened(SocketChannel.open());
        channel.configureBlocking(false);
        return channel;
    }

    /** As a program with a selector does it. */
    private Socks5Connection selected(SocketChannel channel, Socks5Connect pending) throws IOException {
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, 0);
            @Nullable Socks5Connection connection = pending.finish();
            while (connection == null) {
                key.interestOps(pending.interestOps());
                selector.select(pending.remaining().toMillis() + 1);
                selector.selectedKeys().clear();
                connection = pending.finish();
            }
            return connection;
        }
    }

    @Test
    void begin_server_isSelectedUntilItStands() throws Exception {
        ScriptedServer server = replying("0500 00", "01 C0000209 1234");
        SocketChannel channel = channel();

        Socks5Connect pending = at(server).begin(channel, NAME);
        Socks5Connection connection = selected(channel, pending);

        assertThat(connection.target()).isSameAs(NAME);
        assertThat(connection.bound()).isEqualTo(ScriptedServer.BOUND);
        assertThat(connection.server()).isEqualTo(server.server());
        assertThat(connection.socket()).isSameAs(channel.socket());
        assertThat(pending.finish()).isSameAs(connection);
        assertThat(pending.interestOps()).isZero();
        assertThat(pending.remaining()).isZero();
        assertThat(channel.isBlocking()).isFalse();
        channel.configureBlocking(true);
        assertEchoes(channel.socket());
        assertThatThrownBy(() -> {
                    channel.configureBlocking(false);
                    at(server).begin(channel, NAME);
                })
                .isInstanceOf(AlreadyConnectedException.class);
    }

    @Test
    void finish_beforeTheReply_isNullAndDoesNotWait() throws Exception {
        CountDownLatch mayReply = new CountDownLatch(1);
        ScriptedServer server = playing(visitor -> {
            mayReply.await();
            ScriptedServer.send(visitor, ScriptedServer.SUCCESS);
            ScriptedServer.echo(visitor);
        });
        SocketChannel channel = channel();

        Socks5Connect pending = at(server).begin(channel, NAME);

        assertThat(pending.finish()).isNull();
        assertThat(pending.finish()).isNull();
        assertThat(pending.remaining()).isPositive();
        mayReply.countDown();
        assertThat(selected(channel, pending).bound()).isEqualTo(ScriptedServer.BOUND);
    }

    @Test
    void finish_failingReply_throwsOnceAndClosesTheChannel() throws Exception {
        ScriptedServer server = failing(5);
        SocketChannel channel = channel();
        Socks5Connect pending = at(server).begin(channel, NAME);

        Socks5Exception failure = failure(ConnectException.class, () -> selected(channel, pending));

        assertThat(failure.code()).isEqualTo(S5.S5_ECONNREFUSED);
        assertThat(channel.isOpen()).isFalse();
        assertThat(pending.interestOps()).isZero();
        assertThatThrownBy(pending::finish).isExactlyInstanceOf(ClosedChannelException.class);
    }

    @Test
    void finish_nobodyAtTheServersPort_isAConnectException() throws Exception {
        SocketChannel channel = channel();
        Socks5Client client = Socks5Client.at("127.0.0.1:" + closedPort());

        Socks5Exception failure = failure(ConnectException.class, () -> selected(channel, client.begin(channel, NAME)));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.SERVER);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void finish_silentServer_failsWhenRemainingIsOver() throws Exception {
        SocketChannel channel = channel();
        Socks5Client client = of("handshake.timeout=200ms,", silent());

        Socks5Exception failure = failure(ConnectException.class, () -> selected(channel, client.begin(channel, NAME)));

        assertThat(failure.stage()).isEqualTo(Socks5Exception.Stage.REQUEST);
    }

    @Test
    void finish_channelClosedMeanwhile_saysSo() throws Exception {
        SocketChannel channel = channel();
        Socks5Connect pending = at(silent()).begin(channel, NAME);
        assertThat(pending.remaining()).isLessThan(Duration.ofHours(1));

        channel.close();

        assertThatThrownBy(pending::finish).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void begin_channelInTheWrongMode_staysAsItIs() throws Exception {
        SocketChannel channel = opened(SocketChannel.open());
        Socks5Client client = at(silent());

        assertThatThrownBy(() -> client.begin(channel, NAME)).isInstanceOf(IllegalBlockingModeException.class);
        assertThat(channel.isOpen()).isTrue();
    }
}
