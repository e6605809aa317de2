// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Hello;
import dev.argyle.it.app.HttpOnce;
import dev.argyle.it.app.PropertiesLate;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's own SOCKS properties, which the agent reads at its start, and which the JDK's client then does not. */
class SocksPropertiesIT extends TwoServers {
    private static Jvm by(Jvm jvm, ScriptedServer server) {
        return jvm.property("socksProxyHost", "127.0.0.1").property("socksProxyPort", String.valueOf(server.port()));
    }

    private Jvm program(String host, Object... more) {
        return by(Jvm.of(ConnectOnce.class).agent(""), server)
                .arguments(host, echo)
                .arguments(more);
    }

    @Test
    void hostAndPort_makeOneConnectOfEachConnection() throws Exception {
        JvmResult result = program(NAME, 0, 3).run();

        assertThat(result.lines()).hasSize(3).allMatch(line -> line.startsWith("ok " + NAME + "/198.1"));
        server.awaitConnects(3);
        assertThat(server.exchanges()).hasSize(3).allSatisfy(exchange -> {
            assertThat(exchange.host()).isEqualTo(NAME);
            assertThat(exchange.port()).isEqualTo(echo);
            assertThat(exchange.methods()).containsExactly(0);
        });
        assertThat(targets.visitors(echo)).hasSize(3);
        assertThat(targets.directVisitors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", " 127.0.0.1 "})
    void host_byNameOrWithSpaces_isUsed(String host) throws Exception {
        assertRouted(program(NAME).property("socksProxyHost", host).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void host_ofIPv6_isUsed_withBracketsOrWithout(String host) throws Exception {
        try (ScriptedServer six = ScriptedServer.builder()
                .address(InetAddress.getByName("::1"))
                .name(NAME, targets.address(echo))
                .start()) {
            assertRouted(
                    program(NAME)
                            .property("socksProxyHost", host)
                            .property("socksProxyPort", String.valueOf(six.port()))
                            .run(),
                    six,
                    server);
        }
    }

    @Test
    void port_thatIsNotSet_is1080() throws Exception {
        JvmResult result = Jvm.of(Hello.class)
                .agent("")
                .property("socksProxyHost", "bastion")
                .run();

        assertThat(result.err()).endsWith(": connections go through socks5h://bastion:1080\n");
    }

    @Test
    void userNameAndPassword_areSent() throws Exception {
        guard("ann@example", "s3cr3t, %41");

        Exchange exchange = assertRouted(program(NAME)
                .property("java.net.socks.username", "ann@example")
                .property("java.net.socks.password", "s3cr3t, %41")
                .run());

        assertThat(exchange.userName()).isEqualTo("ann@example");
    }

    @Test
    void url_isOneConnectToo() throws Exception {
        int http = targets.http();
        server.name("web.argyle.test", targets.address(http));

        JvmResult result = by(Jvm.of(HttpOnce.class).agent(""), server)
                .arguments("http://web.argyle.test:" + http + "/x")
                .run();

        assertThat(result.out()).startsWith("200 ");
        assertThat(server.awaitConnects(1))
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.host()).isEqualTo("web.argyle.test"));
        assertThat(server.exchanges()).hasSize(1);
        assertThat(targets.directVisitors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "inside.argyle.test, inside.argyle.test",
        "INSIDE.Argyle.test, inside.argyle.test",
        "*.argyle.test, inside.argyle.test",
        "inside.*, inside.argyle.test",
        "*argyle*, inside.argyle.test",
        "a.example|10.*|*.test, inside.argyle.test",
        "*, inside.argyle.test",
        "*, 127.0.0.2",
        "127.0.0.2, 127.0.0.2",
        "127.0.*, 127.0.0.2",
        "[::1]|127.*, 127.0.0.2",
    })
    void nonProxyHosts_thatMatch_areDirect(String patterns, String host, @TempDir Path folder) throws Exception {
        assertDirect(knowing(program(host), folder)
                .property("argyle.bypass", "none")
                .property("socksNonProxyHosts", patterns)
                .run());
    }

    @ParameterizedTest
    @CsvSource({
        "argyle.test, inside.argyle.test",
        "*.inside.argyle.test, inside.argyle.test",
        "in*.test, inside.argyle.test",
        "'inside.argyle.test,a', inside.argyle.test",
        "127.*, inside.argyle.test",
        "'', inside.argyle.test",
        "||, inside.argyle.test",
        "127.0.0.3|[::1], 127.0.0.2",
        "127.0.0.0/8, 127.0.0.2",
        "'', 127.0.0.2",
    })
    void nonProxyHosts_thatDoNotMatch_areRouted(String patterns, String host) throws Exception {
        assertThat(assertRouted(program(host)
                                .property("argyle.bypass", "none")
                                .property("socksNonProxyHosts", patterns)
                                .run())
                        .host())
                .isEqualTo(host);
    }

    /** A list of its own does not take the JDK's default away; it does in no release that we know. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, , 127.*",
        "127.0.0.2, , 127.*",
        "::1, , [::1]",
        "127.0.0.1, *.example, 127.*",
        "::1, *.example, [::1]",
    })
    void nonProxyHosts_byDefault_areThisMachine(String host, String patterns, String record) throws Exception {
        Jvm program = program(host).property("argyle.log", "debug");
        if (patterns != null) {
            program.property("socksNonProxyHosts", patterns);
        }

        // whether somebody listens there does not matter
        assertThat(program.run().err()).contains(": Direct[record=" + record + " (default of socksNonProxyHosts)]");
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void bypass_holdsBesideThem() throws Exception {
        assertDirect(program(ADDRESS)
                .property("argyle.bypass", "none,127.0.0.0/8")
                .property("socksNonProxyHosts", "a.example")
                .run());
    }

    @Test
    void version5_isFine() throws Exception {
        assertRouted(program(NAME).property("socksProxyVersion", "5").run());
    }

    @ParameterizedTest
    @CsvSource({
        "socksProxyVersion, 4, only SOCKSv5 is spoken; got '4'",
        "socksProxyPort, 0, the port is not a number from 1 to 65535; got '0'",
        "socksProxyPort, http, the port is not a number from 1 to 65535; got 'http'",
        "socksProxyHost, a b, the host is neither a name nor an address",
        "socksProxyHost, 127.0.0.1:1080, a port; it goes into socksProxyPort",
        "java.net.socks.username, ann, is set without java.net.socks.password",
        "java.net.socks.password, s3cr3t, is set without java.net.socks.username",
    })
    void property_thatIsNotUnderstood_endsTheJvm(String property, String value, String message) throws Exception {
        JvmResult result = program(NAME).property(property, value).run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: -D" + property + ": " + message)
                .doesNotContain("s3cr3t");
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void hostThatIsEmpty_namesNoServer() throws Exception {
        JvmResult result = program(NAME).property("socksProxyHost", "").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("[argyle] Configuration: no SOCKSv5 server is named; ");
    }

    /** What the test below is about: the JDK asks for these properties at each connect. */
    @Test
    void propertiesThatTheProgramSets_areThePlainJdks() throws Exception {
        JvmResult result = Jvm.of(PropertiesLate.class)
                .arguments(ADDRESS, echo, "socksProxyHost=127.0.0.1", "socksProxyPort=" + server.port())
                .arguments("socksNonProxyHosts=")
                .run();

        assertThat(result.lines()).hasSize(2).allMatch(line -> line.startsWith("ok "));
        assertThat(server.awaitConnects(1)).hasSize(1);
        assertThat(targets.directVisitors()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socksProxyHost=127.0.0.1 socksProxyPort=%d socksNonProxyHosts=",
                "socksProxyHost=",
                "socksNonProxyHosts=*",
                "socksProxyVersion=4",
                "argyle.proxy=127.0.0.1:%d",
                "argyle.bypass=*",
                "java.net.useSystemProxies=true"
            })
    void propertiesThatTheProgramSets_changeNothing(String properties) throws Exception {
        for (boolean theirs : new boolean[] {true, false}) {
            Jvm program = Jvm.of(PropertiesLate.class).agent("").property("argyle.bypass", "none");
            program.arguments(ADDRESS, echo)
                    .arguments((Object[]) properties.formatted(other.port()).split(" "));
            JvmResult result = (theirs ? by(program, server) : program.property("argyle.proxy", at(server))).run();

            assertThat(result.lines()).as(result.toString()).hasSize(2).allMatch(line -> line.startsWith("ok "));
        }
        server.awaitConnects(4);
        assertThat(server.exchanges())
                .hasSize(4)
                .allSatisfy(exchange -> assertThat(exchange.host()).isEqualTo(ADDRESS));
        assertThat(other.exchanges()).isEmpty();
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void propertiesThatTheProgramSets_doNotRouteWhatIsDirect() throws Exception {
        JvmResult result = Jvm.of(PropertiesLate.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .arguments(ADDRESS, echo, "socksProxyHost=127.0.0.1", "socksProxyPort=" + other.port())
                .arguments("socksNonProxyHosts=")
                .run();

        assertThat(result.lines()).hasSize(2).allMatch(line -> line.startsWith("ok "));
        assertThat(targets.directVisitors()).hasSize(2);
        assertThat(server.exchanges()).isEmpty();
        assertThat(other.exchanges()).isEmpty();
    }
}
