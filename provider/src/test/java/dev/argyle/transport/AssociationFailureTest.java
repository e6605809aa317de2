// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.AnsweringServer.GENERAL_FAILURE;
import static dev.argyle.transport.AnsweringServer.NOT_ALLOWED;
import static dev.argyle.transport.AnsweringServer.NOT_SUPPORTED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that give no association: what is tried next, what is said, and what is remembered. */
class AssociationFailureTest extends DatagramsFixture {
    private Peer peer(Connector connector) throws IOException {
        return datagrams(connector).peer(at("203.0.113.5", 53));
    }

    private Connector through(String... urls) throws Exception {
        return connector("proxy=" + String.join(",", urls));
    }

    private String said() {
        return written.toString(UTF_8);
    }

    /** The URL of a port at which nothing listens, and which nobody else can get. */
    private String refusing() throws IOException {
        Socket holder = closed(new Socket());
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return "socks5h://127.0.0.1:" + holder.getLocalPort();
    }

    // ---- handing over

    @Test
    void relay_afterAFailure_throwsItOnceAndThenTriesAgain() throws Exception {
        AnsweringServer server = server(() -> GENERAL_FAILURE);
        Peer peer = peer(through(server.url()));

        assertThat(peer.relay()).isNull();
        peer.await();
        await().untilAsserted(() -> assertThat(owner.changed).hasValue(1));
        assertThat(server.requests()).hasSize(1);
        assertThatThrownBy(peer::relay)
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("No UDP association: SOCKS server 127.0.0.1:");
        server.answer(() -> AnsweringServer.grant(RELAY_PORT));

        assertThat(peer.relay()).isNull();
        peer.await();
        assertThat(peer.relay()).isEqualTo(at("127.0.0.1", RELAY_PORT));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void relay_afterAFailure_hasTheStackOfItsCaller() throws Exception {
        AnsweringServer server = server(() -> GENERAL_FAILURE);

        IOException failure = failure(peer(through(server.url())));

        assertThat(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(AssociationFailureTest.class.getName()));
    }

    @Test
    void failure_anyReason_closesTheConnection() throws Exception {
        AnsweringServer server = server(() -> GENERAL_FAILURE);

        failure(peer(through(server.url())));

        await().until(() -> server.open() == 0);
    }

    @Test
    void relay_noReplyInTime_fails() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AnsweringServer server = server(() -> {
            never.await();
            return "";
        });

        assertThat(failure(peer(connector("proxy=" + server.url() + ",handshake.timeout=50ms"))))
                .hasMessageContaining(": no reply to the request within 50 ms (handshake.timeout)");
        never.countDown();
    }

    // ---- the next server

    @Test
    void relay_firstCannotBeReached_goesOnWithTheNextAndRemembers() throws Exception {
        AnsweringServer second = granting();
        Connector connector = through(refusing(), second.url());

        assertThat(open(peer(connector))).isEqualTo(at("127.0.0.1", RELAY_PORT));

        assertThat(peer(connector).server()).as("the first to be tried now").isEqualTo(second.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERAL_FAILURE, NOT_SUPPORTED, "", "05000001 7F000009 9C41", "04"})
    void relay_firstIsOfNoUse_goesOnWithTheNext(String octets) throws Exception {
        AnsweringServer first = server(() -> octets);
        AnsweringServer second = granting();
        Connector connector = through(first.url(), second.url());

        assertThat(open(peer(connector))).isEqualTo(at("127.0.0.1", RELAY_PORT));
        assertThat(open(peer(connector))).isEqualTo(at("127.0.0.1", RELAY_PORT));

        assertThat(first.requests()).as("it is remembered").hasSize(1);
        assertThat(second.requests()).hasSize(2);
    }

    @Test
    void relay_firstDoesNotReply_goesOnWithTheNextAndRemembers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AnsweringServer first = server(() -> {
            never.await();
            return "";
        });
        AnsweringServer second = granting();
        // the second has to reply in that time
        Connector connector = connector("proxy=" + first.url() + "," + second.url() + ",handshake.timeout=3s");

        assertThat(open(peer(connector))).isEqualTo(at("127.0.0.1", RELAY_PORT));
        assertThat(open(peer(connector))).isEqualTo(at("127.0.0.1", RELAY_PORT));

        assertThat(first.requests()).hasSize(1);
        never.countDown();
    }

    @Test
    void relay_requestIsJudged_isFinal() throws Exception {
        AnsweringServer first = server(() -> NOT_ALLOWED);
        AnsweringServer second = granting();

        assertThat(failure(peer(through(first.url(), second.url()))))
                .hasMessageStartingWith("No UDP association: SOCKS server 127.0.0.1:");

        assertThat(second.requests()).isEmpty();
    }

    @Test
    void relay_allFail_namesEach() throws Exception {
        AnsweringServer first = server(() -> GENERAL_FAILURE);
        AnsweringServer second = server(() -> NOT_SUPPORTED);

        assertThat(failure(peer(through(first.url(), second.url()))))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("No UDP association: SOCKS server 127.0.0.1:"
                        + second.address().getPort() + ": ")
                .hasMessageContaining("; tried before: SOCKS server 127.0.0.1:"
                        + first.address().getPort() + ": ")
                .hasMessageEndingWith(
                        "; this server carries no datagrams: udp=off, or records with NONE udp, let them go direct");
    }

    // ---- servers without UDP

    @ParameterizedTest
    @ValueSource(strings = {NOT_SUPPORTED, ""})
    void relay_serverWithoutUdp_isRememberedAndSaidOnce(String octets) throws Exception {
        AnsweringServer server = server(() -> octets);
        Settings settings = SettingsLoader.load("proxy=" + server.url(), Map.of(), new Properties(), OWN_HOST);
        Connector connector = connector(settings);
        ServerState state =
                connector.state(settings.routes().servers().iterator().next());
        Peer peer = peer(connector);

        assertThat(failure(peer))
                .isInstanceOf(SocketException.class)
                .hasMessageEndingWith(
                        "; this server carries no datagrams: udp=off, or records with NONE udp, let them go direct");
        String warning = "WARN: SOCKS server 127.0.0.1:" + server.port() + " carries no datagrams: ";
        assertThat(said()).containsOnlyOnce(warning);
        assertThat(state.failedLately(System.nanoTime()))
                .as("connects have nothing against it")
                .isFalse();

        for (Peer each : List.of(peer, peer(connector))) {
            assertThatThrownBy(each::relay)
                    .isInstanceOf(SocketException.class)
                    .hasMessage("No UDP association: [" + server.url() + "] carry no datagrams, as was seen before;"
                            + " udp=off, or records with NONE udp, let them go direct");
            assertThat(each.isOpening()).isFalse();
        }
        assertThat(server.requests()).hasSize(1);

        state.withoutUdp(System.nanoTime() - TimeUnit.MINUTES.toNanos(10));
        failure(peer);
        assertThat(server.requests()).hasSize(2);
        assertThat(said()).containsOnlyOnce(" carries no datagrams: ");
    }

    @Test
    void relay_oneServerWithoutUdp_isPassedOver() throws Exception {
        AnsweringServer first = server(() -> NOT_SUPPORTED);
        AnsweringServer second = granting();
        Connector connector = through(first.url(), second.url());
        open(peer(connector));

        Peer peer = peer(connector);

        assertThat(peer.server()).isEqualTo(second.address());
        open(peer);
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void relay_foundOutWhileItWasInTheQueue_saysSo() throws Exception {
        AnsweringServer server = granting();
        Settings settings = SettingsLoader.load("proxy=" + server.url(), Map.of(), new Properties(), OWN_HOST);
        Connector connector = connector(settings);
        CountDownLatch daemonIsBusy = new CountDownLatch(1);
        CountDownLatch daemonGoesOn = new CountDownLatch(1);
        ScriptedOwner other = new ScriptedOwner();
        other.local = () -> {
            daemonIsBusy.countDown();
            try {
                daemonGoesOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        };
        Datagrams busy = connector.datagrams(other);
        closed(busy::close);
        busy.peer(at("203.0.113.5", 53)).relay();
        daemonIsBusy.await();

        Peer peer = peer(connector);
        assertThat(peer.relay()).isNull();
        connector.state(settings.routes().servers().iterator().next()).withoutUdp(System.nanoTime());
        daemonGoesOn.countDown();
        peer.await();

        assertThatThrownBy(peer::relay).hasMessageContaining(" carry no datagrams, as was seen before; ");
    }

    @Test
    void exception_serverWithoutUdp_isNoConnectException() throws Exception {
        AnsweringServer server = server(() -> "");

        assertThat(failure(peer(through(server.url()))))
                .isExactlyInstanceOf(SocketException.class)
                .isNotInstanceOf(ConnectException.class);
    }
}
