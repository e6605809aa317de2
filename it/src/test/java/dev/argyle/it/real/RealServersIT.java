// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.argyle.it.server.RawAssociation;
import dev.argyle.it.server.RawClient;
import dev.argyle.it.server.RelayOctets;
import dev.argyle.it.server.Targets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class RealServersIT {
    private static final Setting KNOWS_INSIDE = Setting.PLAIN.host("inside.argyle.test", "127.0.0.2");

    private Targets targets;
    private int echo;

    @BeforeEach
    void startTargets() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
    }

    @AfterEach
    void closeTargets() throws Exception {
        targets.close();
    }

    private void speak(RawClient client) throws Exception {
        client.sendText("hello");
        assertThat(client.receiveText(5)).isEqualTo("hello");
        client.endOutput();
        assertThat(client.receiveAll()).isEmpty();
    }

    @Test
    void require_missingProgram_abortsTheTestAndSaysWhyOnce() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        Path missing = Path.of("/nonexistent/server");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> RealServers.require(out, Path.of("/bin/sh"), missing))
                    .isInstanceOf(TestAbortedException.class)
                    .hasMessage("There is no /nonexistent/server");
        }
        assertThat(said.toString(UTF_8)).isEqualTo("Tests are skipped. There is no /nonexistent/server\n");
    }

    @Test
    void dante_connect_isRelayedAndLogged() throws Exception {
        try (Dante dante = Dante.start();
                RawClient client = new RawClient(dante.address())) {
            assertThat(dante.hasConnected("127.0.0.2", echo)).isFalse();
            speak(client.connect("127.0.0.2", echo));

            dante.awaitConnect("127.0.0.2", echo);
            dante.awaitDisconnect("127.0.0.2", echo, 5, 5);
            assertThat(targets.awaitVisitors(echo, 1)).hasSize(1);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    @Test
    void dante_userAndName_areKnownToItAlone() throws Exception {
        try (Dante dante = Dante.start(KNOWS_INSIDE.user("alice", "wonder"));
                RawClient client = new RawClient(dante.address());
                RawClient liar = new RawClient(dante.address())) {
            assertThat(client.logIn("alice", "wonder").receive(2)).isEqualTo("0100");
            client.request("inside.argyle.test", echo);
            assertThat(client.reply()).isZero();
            speak(client);
            dante.awaitConnect("127.0.0.2", echo);

            assertThat(liar.logIn("alice", "blunder").receive(2))
                    .startsWith("01")
                    .isNotEqualTo("0100");
        }
    }

    @Test
    void dante_refusedTarget_isReplied() throws Exception {
        try (Dante dante = Dante.start();
                RawClient client = new RawClient(dante.address())) {
            client.greet().request("127.0.0.2", targets.refused());

            assertThat(client.reply()).isEqualTo(5);
        }
    }

    /** Whatever the port; and 0.0.0.0 is anybody. */
    @Test
    void dante_bind_takesTheExpectedPeerAlone() throws Exception {
        try (Dante dante = Dante.start();
                RawClient expecting = new RawClient(dante.address());
                RawClient open = new RawClient(dante.address());
                RawClient disappointed = new RawClient(dante.address())) {
            for (RawClient client :
                    List.of(expecting.greet().bind("127.0.0.2", 9), open.greet().bind("0.0.0.0", 0))) {
                InetSocketAddress bound = client.bound();
                assertThat(bound.getAddress().getHostAddress()).isEqualTo(RealServer.OUTBOUND);
                assertThat(targets.visit(bound)).isEqualTo(client.bound());
                assertThat(client.sendText("x").receiveText(1)).isEqualTo("x");
            }
            disappointed.greet().bind("127.0.0.3", 0);
            targets.visit(disappointed.bound());
            assertThat(disappointed.reply()).isEqualTo(2);
            assertThat(disappointed.receiveAll()).isEmpty();
        }
    }

    @Test
    void microsocks_connect_isRelayedAndLogged() throws Exception {
        try (Microsocks microsocks = Microsocks.start(KNOWS_INSIDE);
                RawClient byAddress = new RawClient(microsocks.address());
                RawClient byName = new RawClient(microsocks.address())) {
            speak(byAddress.connect("127.0.0.2", echo));
            microsocks.awaitConnect("127.0.0.2", echo);
            speak(byName.connect("inside.argyle.test", echo));
            microsocks.awaitConnect("inside.argyle.test", echo);

            assertThat(targets.awaitVisitors(echo, 2)).hasSize(2);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    @Test
    void microsocks_user_isAskedFor() throws Exception {
        try (Microsocks microsocks = Microsocks.start(Setting.PLAIN.user("alice", "wonder"));
                RawClient client = new RawClient(microsocks.address());
                RawClient liar = new RawClient(microsocks.address())) {
            assertThat(client.logIn("alice", "wonder").receive(2)).isEqualTo("0100");
            client.request("127.0.0.2", echo);
            assertThat(client.reply()).isZero();
            speak(client);

            assertThat(liar.logIn("alice", "blunder").receive(2))
                    .startsWith("01")
                    .isNotEqualTo("0100");
        }
    }

    @Test
    void openSsh_connect_isRelayedAndLogged() throws Exception {
        try (OpenSsh openSsh = OpenSsh.start(KNOWS_INSIDE);
                RawClient byAddress = new RawClient(openSsh.address());
                RawClient byName = new RawClient(openSsh.address())) {
            speak(byAddress.connect("127.0.0.2", echo));
            openSsh.awaitConnect("127.0.0.2", echo);
            speak(byName.connect("inside.argyle.test", echo));
            openSsh.awaitConnect("inside.argyle.test", echo);

            assertThat(targets.awaitVisitors(echo, 2))
                    .doesNotContain(byAddress.local(), byName.local())
                    .extracting(InetSocketAddress::getAddress)
                    .containsOnly(InetAddress.getByName("127.0.0.1"));
        }
    }

    @Test
    void openSsh_refusedTarget_closesWithoutReply() throws Exception {
        try (OpenSsh openSsh = OpenSsh.start();
                RawClient client = new RawClient(openSsh.address())) {
            client.greet().request("127.0.0.2", targets.refused());

            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void close_endsTheProcessAndDeletesItsFiles() throws Exception {
        Dante dante = Dante.start();
        InetSocketAddress address = dante.address();
        dante.close();

        assertThat(dante.directory()).doesNotExist();
        assertThat(catchThrowable(() -> new RawClient(address))).isInstanceOf(ConnectException.class);
    }

    @Test
    void danteAndShadowsocks_datagrams_areCarried() throws Exception {
        int datagrams = targets.datagramEcho();
        try (Dante dante = Dante.start(KNOWS_INSIDE);
                Shadowsocks shadowsocks = Shadowsocks.start(KNOWS_INSIDE)) {
            for (RealServer server : List.of(dante, shadowsocks)) {
                try (RawAssociation client = RawAssociation.open(server.address())) {
                    client.send(targets.address(datagrams), "by address");
                    assertThat(client.receiveText()).isEqualTo("by address");
                    client.send(RelayOctets.of("inside.argyle.test", datagrams, "by name"));
                    assertThat(client.receiveText()).isEqualTo("by name");
                }
            }
            shadowsocks.awaitDatagram("127.0.0.2", datagrams);
            shadowsocks.awaitDatagram("inside.argyle.test", datagrams);
        }
        assertThat(targets.allVisitors()).isNotEmpty();
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void shadowsocks_connect_isRelayedAndLogged() throws Exception {
        try (Shadowsocks shadowsocks = Shadowsocks.start();
                RawClient client = new RawClient(shadowsocks.address())) {
            speak(client.connect("127.0.0.2", echo));

            shadowsocks.awaitConnect("127.0.0.2", echo);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }
}
