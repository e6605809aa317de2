// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import dev.argyle.it.server.TlsFiles;
import dev.argyle.it.server.WebSocketTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unmodified clients that use channels. Their targets have a name that only the server knows. */
class ChannelClientsIT {
    private static final String NAME = "inside.argyle.test";
    private static final String OTHER_NAME = "other.argyle.test";
    private static final String ADDRESS = "127.0.0.2";
    private static final int AT_ONCE = 100;
    private static final int HTTP_2_AT_ONCE = 20;

    /** How the server sees a name (RFC 1928 §5). */
    private static final int DOMAIN_NAME = 3;

    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.start();
        server.name(NAME, new InetSocketAddress(ADDRESS, 0));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** On the JDK's channels too, since native transports report a refusal with exceptions of their own. */
    private static Jvm direct(ChannelClient client) throws IOException {
        return client.jvm()
                .property("io.netty.transport.noNative", "true")
                .property("io.grpc.netty.shaded.io.netty.transport.noNative", "true");
    }

    private Jvm routed(Jvm client) {
        return client.agent("127.0.0.1:" + server.port());
    }

    private static List<String> run(Jvm client) throws Exception {
        JvmResult result = client.run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result.lines();
    }

    /** All went to the server, as a name, and what the target saw came from the server. */
    private void assertRouted(List<InetSocketAddress> visitors) {
        assertThat(server.connects()).allSatisfy(exchange -> {
            assertThat(exchange.addressType()).isEqualTo(DOMAIN_NAME);
            assertThat(exchange.host()).isEqualTo(NAME);
        });
        assertThat(visitors).isNotEmpty();
        assertThat(server.connects()).extracting(Exchange::outbound).containsAll(visitors);
    }

    /** Requests at once, and one to a port at which nothing listens. */
    private static Object[] urls(String scheme, String host, int port, int refused) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            urls.add(scheme + "://" + host + ":" + port + "/" + i);
        }
        urls.add(scheme + "://" + host + ":" + refused + "/refused");
        return urls.toArray();
    }

    /** Each request has its own answer, and the last has none. */
    private static void assertAnswered(List<String> lines) {
        assertThat(lines).hasSize(AT_ONCE + 1);
        for (int i = 0; i < AT_ONCE; i++) {
            assertThat(lines.get(i)).doesNotStartWith("failed").endsWith("/" + i);
        }
        assertThat(lines.get(AT_ONCE)).startsWith("failed ").contains("ConnectException");
    }

    /** The server's reason may be the cause of the last exception. */
    private static void assertSame(List<String> routed, List<String> direct) {
        assertThat(routed)
                .hasSize(AT_ONCE + 1)
                .startsWith(direct.subList(0, AT_ONCE).toArray(String[]::new));
        assertThat(routed.get(AT_ONCE)).startsWith(direct.get(AT_ONCE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GRPC")
    void httpRequests_goThroughTheServer_andEndAsDirectOnes(ChannelClient client) throws Exception {
        List<String> direct;
        try (Targets targets = Targets.start()) {
            direct = run(direct(client).arguments(urls("http", ADDRESS, targets.http(), targets.refused())));
        }
        assertAnswered(direct);

        try (Targets targets = Targets.start()) {
            int port = targets.http();
            List<String> routed = run(routed(client.jvm()).arguments(urls("http", NAME, port, targets.refused())));

            assertSame(routed, direct);
            assertRouted(targets.visitors(port));
        }
    }

    @Test
    void grpcCalls_goThroughTheServer_andEndAsDirectOnes() throws Exception {
        List<String> direct;
        try (Targets targets = Targets.start();
                GrpcTarget target = GrpcTarget.start(ADDRESS)) {
            direct = run(direct(ChannelClient.GRPC).arguments(urls("grpc", ADDRESS, target.port(), targets.refused())));
        }
        assertAnswered(direct);

        try (Targets targets = Targets.start();
                GrpcTarget target = GrpcTarget.start(ADDRESS)) {
            List<String> routed = run(
                    routed(ChannelClient.GRPC.jvm()).arguments(urls("grpc", NAME, target.port(), targets.refused())));

            assertSame(routed, direct);
            assertRouted(target.visitors());
        }
    }

    /** Over TLS the client and the web server agree on HTTP/2 as they shake hands, else with the first request. */
    @Test
    void httpClient_speaksHttp2_andChecksCertificates(@TempDir Path directory) throws Exception {
        server.name(OTHER_NAME, new InetSocketAddress(ADDRESS, 0));
        TlsFiles tls = TlsFiles.make(directory, NAME);
        WireMockServer web = new WireMockServer(wireMockConfig()
                .bindAddress(ADDRESS)
                .dynamicPort()
                .dynamicHttpsPort()
                .keystoreType("PKCS12")
                .keystorePath(tls.keyStore().toString())
                .keystorePassword(tls.password())
                .keyManagerPassword(tls.password()));
        web.stubFor(any(anyUrl()).willReturn(ok("page")));
        web.start();
        try {
            List<String> urls = new ArrayList<>();
            urls.addAll(nCopies(HTTP_2_AT_ONCE, "https://" + NAME + ":" + web.httpsPort() + "/"));
            urls.addAll(nCopies(HTTP_2_AT_ONCE, "http://" + NAME + ":" + web.port() + "/"));
            urls.add("https://" + OTHER_NAME + ":" + web.httpsPort() + "/");

            List<String> lines = run(routed(ChannelClient.HTTP_CLIENT.bare())
                    .property("javax.net.ssl.trustStore", tls.trustStore().toString())
                    .property("javax.net.ssl.trustStorePassword", tls.password())
                    .arguments("HTTP_2", 20_000)
                    .arguments(urls.toArray()));

            int pages = 2 * HTTP_2_AT_ONCE;
            assertThat(lines).hasSize(pages + 1);
            assertThat(lines.subList(0, pages)).containsOnly("200 HTTP_2 page");
            assertThat(lines.get(pages)).startsWith("failed javax.net.ssl.SSLHandshakeException ");
            assertThat(server.connects()).extracting(Exchange::host).containsOnly(NAME, OTHER_NAME);
            assertThat(web.getAllServeEvents())
                    .hasSize(pages)
                    .extracting(event -> event.getRequest().getClientIp())
                    .containsOnly(ScriptedServer.OUTBOUND.getHostAddress());
        } finally {
            web.stop();
        }
    }

    @Test
    void httpClient_talksOverWebSockets() throws Exception {
        try (WebSocketTarget target = WebSocketTarget.start(InetAddress.getByName(ADDRESS))) {
            String url = "ws://" + NAME + ":" + target.address().getPort() + "/";

            assertThat(run(routed(ChannelClient.HTTP_CLIENT.jvm()).arguments(url, url)))
                    .containsExactly("hello", "hello");

            assertRouted(target.visitors());
        }
    }

    /** While the server says nothing, at whatever step, the client's timeouts run, and its other requests go on. */
    @Test
    void httpClient_timesOut_whereTheServerIsSilent() throws Exception {
        List<Step> steps =
                List.of(Step.ACCEPTED, Step.GREETING_READ, Step.METHOD_SENT, Step.REQUEST_READ, Step.TARGET_TRIED);
        steps.forEach(step -> server.faultsForNext(1, Fault.silence(step)));
        try (Targets targets = Targets.start()) {
            int port = targets.http();
            Object[] urls = nCopies(steps.size() + 1, "http://" + NAME + ":" + port + "/page")
                    .toArray();

            List<String> lines = run(routed(ChannelClient.HTTP_CLIENT.bare())
                    .arguments("HTTP_1_1", 8_000)
                    .arguments(urls));

            assertThat(lines).hasSize(urls.length).containsOnlyOnce("200 HTTP_1_1 GET /page");
            assertThat(lines.stream().filter(line -> !line.startsWith("200 ")))
                    .containsOnly("failed java.net.http.HttpConnectTimeoutException java.net.ConnectException");
            assertRouted(targets.visitors(port));
        }
    }
}
