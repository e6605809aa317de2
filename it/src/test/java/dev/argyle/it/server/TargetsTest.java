// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private Targets targets;

    @BeforeEach
    void startTargets() throws Exception {
        targets = Targets.start();
    }

    @AfterEach
    void closeTargets() throws Exception {
        targets.close();
    }

    private RawClient visit(int port) throws IOException {
        return new RawClient(targets.address(port));
    }

    @Test
    void echo_sendsBackUntilTheEnd() throws Exception {
        int port = targets.echo();
        try (RawClient client = visit(port)) {
            client.sendText("abc").endOutput();

            assertThat(client.receiveAll()).isEqualTo("616263");
        }
    }

    @Test
    void speaksFirst_sendsItsLineThenEchoes() throws Exception {
        try (RawClient client = visit(targets.speaksFirst("220 ready"))) {
            assertThat(client.receiveText(10)).isEqualTo("220 ready\n");
            assertThat(client.sendText("abc").receiveText(3)).isEqualTo("abc");
        }
    }

    @Test
    void silent_saysNothing() throws Exception {
        int port = targets.silent();
        try (RawClient client = visit(port)) {
            targets.awaitVisitors(port, 1);
            client.timeout(50);

            assertThatThrownBy(() -> client.receive(1)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void closer_closesAtOnce() throws Exception {
        try (RawClient client = visit(targets.closer())) {
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void resetter_resetsAfterTheFirstOctet() throws Exception {
        try (RawClient client = visit(targets.resetter())) {
            client.sendText("x");

            assertThatThrownBy(client::receiveAll).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void discard_readsAllAndCloses() throws Exception {
        try (RawClient client = visit(targets.discard())) {
            client.sendText("x".repeat(1 << 20)).endOutput();

            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void source_sendsMoreThanAnyBufferHolds() throws Exception {
        try (RawClient client = visit(targets.source())) {
            assertThat(client.receiveText(8 << 20)).isEqualTo("\0".repeat(8 << 20));
        }
    }

    @Test
    void halfCloser_answersWithTheCountAfterTheEnd() throws Exception {
        try (RawClient client = visit(targets.halfCloser())) {
            client.sendText("x".repeat(100_000)).endOutput();

            assertThat(client.receiveText(6)).isEqualTo("100000");
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void refused_refuses() throws Exception {
        int port = targets.refused();

        assertThatThrownBy(() -> visit(port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void full_neverCompletesAConnection() throws Exception {
        int port = targets.full();
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(targets.address(port), 200))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void http_answersWithTheRequest() throws Exception {
        int port = targets.http();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.2:" + port + "/a?b"))
                .POST(HttpRequest.BodyPublishers.ofString("body"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("POST /a?b\nbody");
        assertThat(targets.visitors(port)).hasSize(1);
    }

    @Test
    void https_isTrustedThroughItsTrustStore() throws Exception {
        Targets.Secure secure = targets.https("inside.argyle.test", "127.0.0.2");
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(secure)).build();
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.2:" + secure.port() + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("GET /\n");
    }

    @Test
    void tlsEcho_hasACertificateForTheNames() throws Exception {
        Targets.Secure secure = targets.tlsEcho("inside.argyle.test");
        Socket plain = new Socket(targets.address(), secure.port());
        try (SSLSocket socket = (SSLSocket)
                trusting(secure).getSocketFactory().createSocket(plain, "inside.argyle.test", secure.port(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("abc".getBytes(UTF_8));

            assertThat(socket.getInputStream().readNBytes(3)).asString(UTF_8).isEqualTo("abc");
            assertThat(targets.visitors(secure.port())).hasSize(1);
        }
    }

    @Test
    void close_deletesTheTrustStore() throws Exception {
        Targets others = Targets.start();
        Targets.Secure secure = others.tlsEcho("inside.argyle.test");
        assertThat(secure.trustStore()).exists();
        others.close();

        assertThat(secure.trustStore().getParent()).doesNotExist();
    }

    @Test
    void visitors_tellWhoCameDirect() throws Exception {
        int port = targets.echo();
        try (RawClient direct = visit(port);
                Socket proxied = new Socket()) {
            proxied.bind(new InetSocketAddress(ScriptedServer.OUTBOUND, 0));
            proxied.connect(targets.address(port));

            assertThat(targets.awaitVisitors(port, 2)).hasSize(2);
            assertThat(targets.directVisitors()).containsExactly(direct.local());
        }
    }

    @Test
    void at_ipv6_listensThere() throws Exception {
        try (Targets six = Targets.at(InetAddress.getByName("::1"), ScriptedServer.OUTBOUND);
                ScriptedServer server = ScriptedServer.start();
                RawClient client = new RawClient(server.address())) {
            int port = six.echo();
            client.greet()
                    .send("05 01 00 04 00000000 00000000 00000000 00000001")
                    .sendText("" + (char) (port >> 8) + (char) (port & 0xFF));

            assertThat(client.receive(4)).isEqualTo("05000004");
        }
    }

    private static SSLContext trusting(Targets.Secure secure) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(secure.trustStore())) {
            store.load(in, secure.password().toCharArray());
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
