// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.embedding.BySelector;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The selector alone, with the JDK's own SOCKS client to do the work: what it carries, and what not. */
class ProxySelectorIT {
    private static final String NAME = "inside.argyle.test";
    private static final String TARGET = "127.0.0.2";
    private static final int IPV4 = 1;
    private static final int DOMAIN_NAME = 3;

    @TempDir
    private Path folder;

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
        echo = targets.echo();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    /** A program whose names are those of a file alone. */
    private Jvm program(String configuration, Object... ways) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), TARGET + " " + NAME + "\n");
        List<Object> arguments = new ArrayList<>(List.of(configuration));
        arguments.addAll(Arrays.asList(ways));
        return Jvm.of(BySelector.class)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .property("jdk.net.hosts.file", hosts.toString())
                .arguments(arguments.toArray());
    }

    private String ours() {
        return "127.0.0.1:" + server.port();
    }

    @Test
    void socket_goesThroughTheServer() throws Exception {
        JvmResult result = program(ours() + ",bypass=none", "new", TARGET, echo).run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok");
        assertThat(server.connects()).hasSize(1);
        assertThat(server.connects().get(0).host()).isEqualTo(TARGET);
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void systemProperties_areAConfiguration() throws Exception {
        JvmResult result = program("", "new", TARGET, echo)
                .property("argyle.proxy", ours())
                .property("argyle.bypass", "none")
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok");
        assertThat(server.connects()).hasSize(1);
        assertThat(targets.directVisitors()).isEmpty();
    }

    /** A name is looked up before anybody is asked; an unresolved address is not, and the server alone knows it. */
    @Test
    void names_goAsAddresses_andUnresolvedOnesAsNames() throws Exception {
        server.name("deep." + NAME, targets.address(echo));

        JvmResult result = program(ours() + ",bypass=none", "new", NAME, echo, "unresolved", "deep." + NAME, echo)
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok", "ok");
        assertThat(server.connects()).extracting(Exchange::addressType).containsExactly(IPV4, DOMAIN_NAME);
        assertThat(server.connects()).extracting(Exchange::host).containsExactly(TARGET, "deep." + NAME);
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void directRoutes_alone_goDirect() throws Exception {
        int other = targets.echo();

        JvmResult result = program(
                        ours() + ",bypass=" + NAME + "," + TARGET + ":" + other + ",none",
                        "new",
                        NAME,
                        echo,
                        "new",
                        TARGET,
                        other,
                        "new",
                        TARGET,
                        echo)
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok", "ok", "ok");
        assertThat(server.connects()).extracting(Exchange::port).containsExactly(echo);
        assertThat(targets.directVisitors()).hasSize(2);
    }

    // ---- several servers

    private String two(int firstPort) {
        return "127.0.0.1:" + firstPort + "," + ours() + ",bypass=none";
    }

    @Test
    void firstServerRefuses_theNextConnectGoesOn() throws Exception {
        try (ScriptedServer first = ScriptedServer.start()) {
            first.refuse();

            JvmResult result = program(two(first.port()), "new", TARGET, echo, "new", TARGET, echo, "new", TARGET, echo)
                    .run();

            assertThat(result.lines())
                    .as(result.toString())
                    .containsExactly(
                            "java.net.SocketException: Can't connect to SOCKS proxy:Socket closed", "ok", "ok");
            assertThat(server.connects()).hasSize(2);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    @Test
    void firstServerIsSilent_theNextConnectGoesOn() throws Exception {
        String configuration = TARGET + ":" + targets.full() + "," + ours() + ",bypass=none";

        JvmResult result = program(configuration, "timeout", TARGET, echo, "timeout", TARGET, echo)
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("java.net.SocketException: Can't connect to SOCKS proxy:null", "ok");
        assertThat(server.connects()).hasSize(1);
    }

    @Test
    void firstServerHasNoAddress_theSameConnectGoesOn() throws Exception {
        JvmResult result = program("no.such." + NAME + "," + ours() + ",bypass=none", "new", TARGET, echo)
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok");
        assertThat(server.connects()).hasSize(1);
    }

    // ---- limits

    @Test
    void http_isUntouched_andHttpsIsCarried() throws Exception {
        int http = targets.http();
        Targets.Secure https = targets.https(NAME);

        JvmResult result = program(
                        ours() + ",bypass=none",
                        "get",
                        "http://" + TARGET + ":" + http + "/",
                        0,
                        "get",
                        "https://" + NAME + ":" + https.port() + "/",
                        0)
                .property("javax.net.ssl.trustStore", https.trustStore().toString())
                .property("javax.net.ssl.trustStorePassword", https.password())
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok", "ok");
        assertThat(server.connects()).extracting(Exchange::port).containsExactly(https.port());
        assertThat(targets.directVisitors()).isEqualTo(targets.visitors(http)).hasSize(1);
    }

    @Test
    void credentials_areRefusedWithTheWaysOut() throws Exception {
        JvmResult result =
                program("alice:hunter2@" + ours(), "new", TARGET, echo).run();

        assertThat(result.lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("java.lang.IllegalArgumentException: Socks5ProxySelector cannot authenticate: "
                                + "socks5h://" + ours())
                        .contains("java.net.Authenticator", "Socks5SocketFactory", "Argyle.install", "the agent"));
        assertThat(result.toString()).doesNotContain("hunter2");
        assertThat(targets.directVisitors()).isEmpty();
    }

    /** The JDK's own way, which the selector's documentation tells. */
    @Test
    void serverThatWantsAPassword_getsTheSystemsUserName() throws Exception {
        try (ScriptedServer strict =
                ScriptedServer.builder().user("bob", "secret").start()) {
            JvmResult result = program("127.0.0.1:" + strict.port() + ",bypass=none", "new", TARGET, echo)
                    .property("user.name", "system-user")
                    .run();

            assertThat(result.lines()).as(result.toString()).singleElement().isNotEqualTo("ok");
            assertThat(strict.exchanges()).extracting(Exchange::userName).containsExactly("system-user");
            assertThat(targets.directVisitors()).isEmpty();
        }
    }

    /** A name that makes a URI without a port. */
    @Test
    void selectThatThrows_isAnIOException_andNothingGoesOut() throws Exception {
        JvmResult result = program(ours(), "named", "localhost/odd", echo).run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("java.io.IOException: Failed to select a proxy");
        assertThat(server.exchanges()).isEmpty();
        assertThat(targets.directVisitors()).isEmpty();
    }

    // ---- above an engine

    /** Names first, then an address, then the web, for which the JDK's own selector answers SOCKS. */
    private Object[] ways(int http) {
        server.name(NAME, new InetSocketAddress(targets.address(), 0));
        return new Object[] {"new", NAME, echo, "new", TARGET, echo, "get", "http://" + NAME + ":" + http + "/", 0};
    }

    private Jvm withSocksProperties(Jvm program) {
        return program.property("socksProxyHost", "127.0.0.1")
                .property("socksProxyPort", Integer.toString(server.port()));
    }

    /** The JDK's client offers two methods, the engine one. */
    private void requireOnce(int http, String... names) {
        assertThat(server.exchanges()).extracting(Exchange::host).containsExactly(names);
        assertThat(server.exchanges()).extracting(Exchange::port).containsExactly(echo, echo, http);
        assertThat(server.exchanges()).extracting(Exchange::methods).containsOnly(List.of(0));
        assertThat(targets.directVisitors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "factories"})
    void agent_doesTheWorkOnce(String hooks) throws Exception {
        int http = targets.http();
        String names = hooks.equals("all") ? "socks5h://" : "socks5://";

        JvmResult result = withSocksProperties(program(ours() + ",bypass=none", ways(http)))
                .agent(names + ours() + ",bypass=none,names.local=none,hooks=" + hooks)
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok", "ok", "ok");
        String name = hooks.equals("all") ? NAME : TARGET;
        requireOnce(http, name, TARGET, name);
    }

    @Test
    void engineThatIsInstalledLater_doesTheWorkOnce() throws Exception {
        int http = targets.http();
        String configuration = "socks5://" + ours() + ",bypass=none";
        List<Object> ways = new ArrayList<>(List.of("install", configuration, 0));
        ways.addAll(Arrays.asList(ways(http)));

        JvmResult result = withSocksProperties(program(configuration, ways.toArray()))
                .options("--add-opens=java.base/java.net=ALL-UNNAMED")
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("ok", "ok", "ok", "ok");
        requireOnce(http, TARGET, TARGET, TARGET);
    }
}
