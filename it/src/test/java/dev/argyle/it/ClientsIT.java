// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.argyle.it.app.HttpOnce;
import dev.argyle.it.app.JdbcOnce;
import dev.argyle.it.app.OwnWays;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified clients, and programs that have ways of their own. */
class ClientsIT {
    private static final String NAME = "inside.argyle.test";

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private Jvm routed(Class<?> program) {
        return Jvm.of(program).agent("127.0.0.1:" + server.port());
    }

    /** HttpURLConnection makes its sockets with {@code Proxy.NO_PROXY}. */
    @Test
    void httpUrlConnection_toWireMock_goesThroughTheServer() throws Exception {
        WireMockServer web = new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.2"));
        web.start();
        try {
            web.stubFor(get("/page").willReturn(aResponse().withBody("0123456789")));
            server.name(NAME, new InetSocketAddress("127.0.0.2", web.port()));

            JvmResult result = routed(HttpOnce.class)
                    .arguments("http://" + NAME + ":" + web.port() + "/page")
                    .run();

            assertThat(result.out()).isEqualTo("200 10\n");
            assertThat(web.getAllServeEvents().get(0).getRequest().getClientIp())
                    .isEqualTo("127.0.0.9");
            assertThat(web.getAllServeEvents().get(0).getRequest().getHost()).isEqualTo(NAME);
        } finally {
            web.stop();
        }
    }

    @Test
    void https_checksTheCertificateAgainstTheName() throws Exception {
        Targets.Secure web = targets.https(NAME);
        server.name(NAME, targets.address(web.port()));
        server.name("other.argyle.test", targets.address(web.port()));

        assertThat(https(web, NAME).out()).startsWith("200 ");
        assertThat(https(web, "other.argyle.test").out()).startsWith("javax.net.ssl.SSLHandshakeException: ");
        assertThat(targets.directVisitors()).isEmpty();
    }

    private JvmResult https(Targets.Secure web, String name) throws Exception {
        return routed(HttpOnce.class)
                .property("javax.net.ssl.trustStore", web.trustStore().toString())
                .property("javax.net.ssl.trustStorePassword", web.password())
                .arguments("https://" + name + ":" + web.port() + "/")
                .run();
    }

    @Test
    void jdbcDriver_goesThroughTheServer() throws Exception {
        Server database =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        try {
            server.name(NAME, new InetSocketAddress("127.0.0.1", database.getPort()));
            Path driver = Path.of(Server.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());

            JvmResult result = routed(JdbcOnce.class)
                    .classPath(Path.of(System.getProperty("argyle.demo.jar")), driver)
                    .arguments("jdbc:h2:tcp://" + NAME + ":" + database.getPort() + "/mem:test", "select 6 * 7")
                    .run();

            assertThat(result.out()).isEqualTo("42\n");
            assertThat(server.connects().get(0).host()).isEqualTo(NAME);
        } finally {
            database.stop();
        }
    }

    @Test
    void proxyOfThePrograms_isATargetAsAnyOther() throws Exception {
        int echo = targets.echo();
        try (ScriptedServer own = ScriptedServer.builder()
                .name("deeper.argyle.test", targets.address(echo))
                .start()) {
            server.name(NAME, own.address());

            JvmResult result = routed(OwnWays.class)
                    .arguments("proxy", "127.0.0.2", echo, NAME, own.port())
                    .run();

            assertThat(result.out()).isEqualTo("ok x\n");
            assertThat(server.connects().get(0).host()).isEqualTo(NAME);
            assertThat(own.connects().get(0).port()).isEqualTo(echo);
            assertThat(own.connects().get(0).client().getAddress()).isEqualTo(ScriptedServer.OUTBOUND);
        }
    }

    @Test
    void noProxy_isRoutedAllTheSame() throws Exception {
        int echo = targets.echo();
        server.name(NAME, targets.address(echo));

        assertThat(routed(OwnWays.class).arguments("noProxy", NAME, echo).run().out())
                .isEqualTo("ok x\n");
        assertThat(targets.directVisitors()).isEmpty();
    }

    /** Up to Java 21 such a socket sends datagrams; later JDKs know none. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void datagramByAnotherName_goesThroughTheRelayWhereItIsRouted(boolean routed) throws Exception {
        int echo = targets.datagramEcho();
        Jvm program = Jvm.of(OwnWays.class).arguments("datagram", "127.0.0.2", echo);
        String plain = program.run().out();
        int before = targets.visitors(echo).size();

        String out = program.agent("127.0.0.1:" + server.port() + (routed ? ",bypass=none" : ""))
                .run()
                .out();

        assertThat(out).isEqualTo(plain);
        assertThat(targets.visitors(echo).subList(before, targets.visitors(echo).size()))
                .hasSize(plain.equals("ok x\n") ? 1 : 0)
                .allMatch(visitor -> visitor.getAddress().equals(ScriptedServer.OUTBOUND) == routed);
    }

    @Test
    void lookUp_ofARoutedName_isAStandIn_backAndForth() throws Exception {
        assertThat(routed(OwnWays.class)
                        .arguments("lookUp", "No.Such.Name.argyle.test", 0)
                        .run()
                        .out())
                .matches(
                        "No\\.Such\\.Name\\.argyle\\.test/198\\.1[89]\\.\\d+\\.\\d+ No\\.Such\\.Name\\.argyle\\.test\n");
        assertThat(routed(OwnWays.class)
                        .arguments("lookUp", "localhost", 0)
                        .run()
                        .out())
                .startsWith("localhost/127.0.0.1 ");
    }

    /** With {@code socks5} the name is looked up here, as the JDK does, and the server gets the address. */
    @Test
    void socks5_looksNamesUpHere(@TempDir Path folder) throws Exception {
        int echo = targets.echo();
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.2 " + NAME + "\n");

        JvmResult result = Jvm.of(OwnWays.class)
                .property("jdk.net.hosts.file", hosts.toString())
                .agent("socks5://127.0.0.1:" + server.port() + ",bypass=none")
                .arguments("noProxy", NAME, echo)
                .run();

        assertThat(result.out()).isEqualTo("ok x\n");
        Exchange exchange = server.connects().get(0);
        assertThat(exchange.addressType()).isEqualTo(1);
        assertThat(exchange.host()).isEqualTo("127.0.0.2");
    }
}
