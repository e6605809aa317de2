// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.Attempts;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The keys that say which servers there are, how to speak with them, and what happens where none can be used: see
 * {@link SystemPropertiesIT}.
 */
class ServerPropertiesIT extends PropertiesFixture {
    private static final String SILENCE = "300ms";

    @ParameterizedTest
    @ValueSource(strings = {"%s", "socks5h://%s", "SOCKS5H://%s/", "  %s "})
    void proxy_ofOneServer_isUsed_andGetsTheName(String value) throws Exception {
        Exchange exchange = assertRouted(
                program().property("argyle.proxy", value.formatted(at(server))).run());

        assertThat(exchange.host()).isEqualTo(NAME);
        assertThat(exchange.methods()).containsExactly(0);
    }

    @Test
    void proxy_ofTheSchemeSocks5_getsTheAddress(@TempDir Path folder) throws Exception {
        Exchange exchange = assertRouted(knowing(program(), folder)
                .property("argyle.proxy", "socks5://" + at(server))
                .property("argyle.bypass", "none")
                .run());

        assertThat(exchange.host()).isEqualTo(ADDRESS);
    }

    @Test
    void proxy_ofTwoServers_isTheSecondWhereTheFirstRefuses() throws Exception {
        server.refuse();

        assertRouted(
                program()
                        .property("argyle.proxy", at(server) + ", " + at(other))
                        .run(),
                other,
                server);
    }

    @Test
    void proxy_ofAnIPv6Address_goesInBrackets() throws Exception {
        try (ScriptedServer six = ScriptedServer.builder()
                .address(InetAddress.getByName("::1"))
                .name(NAME, targets.address(echo))
                .start()) {
            assertRouted(
                    program()
                            .property("argyle.proxy", "socks5h://[::1]:" + six.port())
                            .run(),
                    six,
                    other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ann:s3cr3t, ann, s3cr3t",
        "a%40b%3ac:p%2Cq%20r%25, a@b:c, 'p,q r%'",
        "%C3%BC:p:q=!$&'', ü, p:q=!$&''",
    })
    void proxy_withUserAndPassword_sendsThem(String written, String user, String password) throws Exception {
        guard(user, password);

        JvmResult result = program()
                .property("argyle.proxy", written + "@" + at(server))
                .property("argyle.log", "debug")
                .run();

        assertThat(assertRouted(result).userName()).isEqualTo(user);
        assertThat(result.err()).doesNotContain(password).doesNotContain(written);
    }

    @Test
    void credentials_ofTheOwnerAlone_areSent(@TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Path file = credentials(folder, "rw-------");

        JvmResult result = program()
                .property("argyle.credentials", file.toString())
                .property("argyle.log", "debug")
                .run();

        assertThat(assertRouted(result).userName()).isEqualTo("ann");
        assertThat(result.err()).doesNotContain("s3cr3t");
    }

    @Test
    void credentialsShared_isNeededWhereOthersCanReadThem(@TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Path file = credentials(folder, "rw-r--r--");
        Jvm program = program().property("argyle.credentials", file.toString());

        assertRefused(
                program.run(),
                "-Dargyle.credentials: credentials: others than its owner can read the file '" + file + "'");
        assertRefused(program.property("argyle.credentials.shared", "false").run(), "-Dargyle.credentials: ");
        assertThat(server.exchanges()).isEmpty();
        JvmResult shared = program.property("argyle.credentials.shared", "true").run();
        assertThat(assertRouted(shared).userName()).isEqualTo("ann");
    }

    @Test
    void connectTimeout_endsTheWaitForASilentServer() throws Exception {
        assertSilenceEnds("argyle.connect.timeout", Step.ACCEPTED, "within 300 ms (connect.timeout)");
    }

    @Test
    void handshakeTimeout_endsTheWaitForTheReply() throws Exception {
        assertSilenceEnds(
                "argyle.handshake.timeout",
                Step.REQUEST_READ,
                "no reply to the request within 300 ms (handshake.timeout)");
    }

    private void assertSilenceEnds(String property, Step step, String message) throws Exception {
        server.faults(Fault.silence(step));

        JvmResult result = Jvm.of(Attempts.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property(property, SILENCE)
                .arguments(NAME, echo, 0, 1)
                .run();

        assertThat(result.lines().get(1))
                .startsWith("failed java.net.ConnectException: ")
                .contains(at(server))
                .contains(message);
        int millis = Integer.parseInt(result.lines().get(0).split(" ")[2]);
        assertThat(millis).isBetween(299, 15_000);
    }

    @Test
    void onFailure_direct_isDirectWhereNoServerIsThere() throws Exception {
        server.refuse();

        JvmResult result =
                toAddress("none").property("argyle.on-failure", "direct").run();

        assertDirect(result);
        assertThat(result.err()).contains("[argyle] WARN: ").contains("on-failure=direct");
    }

    @Test
    void onFailure_refuse_isTheDefault() throws Exception {
        server.refuse();

        for (Jvm program : List.of(toAddress("none"), toAddress("none").property("argyle.on-failure", "refuse"))) {
            assertThat(program.run().out()).startsWith("java.net.ConnectException: No SOCKS server can be reached");
        }
        assertThat(targets.visitors(echo)).isEmpty();
    }
}
