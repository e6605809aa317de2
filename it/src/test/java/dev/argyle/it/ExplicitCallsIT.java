// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.embedding.ExplicitCalls;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The explicit client in JVMs that are routed as a whole: it goes to the servers itself, and through none twice. */
class ExplicitCallsIT extends TwoServers {
    private static final Path PROGRAMS = Path.of(System.getProperty("argyle.demo.jar"));
    private static final Path LIBRARY = Path.of(System.getProperty("argyle.provider.jar"));
    private static final String DATAGRAM_NAME = "datagrams.argyle.test";
    private static final String USER = "o'neill, \u00e4";
    private static final String PASSWORD = "p%:@/,1";
    private static final String ENCODED = "o%27neill%2C%20%C3%A4:p%25%3A%40%2F%2C1@";

    private Jvm program(String mode, String asked) throws Exception {
        int datagramEcho = targets.datagramEcho();
        server.name(DATAGRAM_NAME, targets.address(datagramEcho));
        other.name(DATAGRAM_NAME, targets.address(datagramEcho));
        return Jvm.of(ExplicitCalls.class)
                .classPath(PROGRAMS, LIBRARY)
                .arguments(mode, asked, NAME, echo, ADDRESS, datagramEcho, targets.visit(), "224.0.0.9", DATAGRAM_NAME);
    }

    private void assertCalls(JvmResult result, int port) throws Exception {
        assertThat(result.lines())
                .as(result.toString())
                .containsExactly(
                        "server " + port,
                        "connect 42",
                        "connect to what was looked up 42",
                        "connect by channel 42",
                        "bind 42",
                        "associate 42",
                        "datagram to what was looked up 42",
                        "no server java.net.SocketException S5_ENOSERV");
        assertThat(server.awaitConnects(4)).hasSize(4).allSatisfy(each -> {
            assertThat(each.userName()).isEqualTo(USER);
            assertThat(each.host()).isIn(NAME, ADDRESS);
        });
        assertThat(server.binds()).hasSize(1);
        assertThat(server.associations()).hasSize(2);
        assertThat(server.exchanges()).hasSize(7);
        assertThat(targets.directVisitors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "factories"})
    void installed_agent_isAskedAndNotGoneThrough(String hooks) throws Exception {
        guard(USER, PASSWORD);
        String proxy = "socks5h://" + ENCODED + at(server);

        JvmResult result = program("installed", "installed")
                .agent("hooks=" + hooks + ",bypass=none,proxy=" + proxy)
                .run();

        assertCalls(result, server.port());
    }

    @Test
    void installed_library_isAskedAndNotGoneThrough() throws Exception {
        guard(USER, PASSWORD);

        JvmResult result = program("install", "installed")
                .options("--add-opens=java.base/java.net=ALL-UNNAMED")
                .property("argyle.proxy", "socks5h://" + ENCODED + at(server))
                .property("argyle.bypass", "none")
                .run();

        assertCalls(result, server.port());
    }

    /** Another server than the agent's can do nothing with a stand-in either, also one for which names are looked up here. */
    @ParameterizedTest
    @ValueSource(strings = {"socks5h://", "socks5://"})
    void given_serverUnderTheAgent_isToldTheNamesBehindStandIns(String scheme) throws Exception {
        JvmResult result = program("given", scheme + at(other))
                .agent("proxy=socks5h://" + at(server))
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly(
                        "server " + other.port(),
                        "connect 42",
                        "connect to what was looked up 42",
                        "connect by channel 42",
                        "bind 42",
                        "associate 42",
                        "datagram to what was looked up 42");
        assertThat(other.awaitConnects(4)).hasSize(4).extracting(Exchange::host).containsOnly(NAME, ADDRESS);
        assertThat(server.exchanges()).isEmpty();
        assertThat(targets.directVisitors()).isEmpty();
    }
}
