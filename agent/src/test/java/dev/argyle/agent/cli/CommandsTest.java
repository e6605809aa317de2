// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.Argyle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With addresses: names take a JVM whose java.net is open. */
class CommandsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final Properties properties = new Properties();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Commands.run(
                arguments,
                environment,
                properties,
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }

    // ---- commands

    @ParameterizedTest
    @ValueSource(strings = {"", "explian", "ann:sesame@bastion", "-x"})
    void run_withoutACommand_saysHow(String argument) {
        int status = argument.isEmpty() ? run() : run(argument);

        assertThat(status).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err())
                .startsWith(
                        argument.isEmpty() ? "[argyle] no command\n" : "[argyle] the first argument is no command\n")
                .contains("usage: ")
                .doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void run_help_isWhatWasAskedFor(String argument) {
        assertThat(run(argument)).isZero();
        assertThat(out())
                .startsWith("usage: java ")
                .contains("exit status: 0 through a server, 10 direct, 11 refused, 12 ");
        assertThat(err()).isEmpty();
    }

    @Test
    void run_version_isTheVersionAlone() {
        assertThat(run("--version")).isZero();
        assertThat(out()).isEqualTo(Argyle.version() + "\n");
    }

    // ---- explain

    @Test
    void explain_throughAServer_isStatus0() {
        assertThat(run("explain", "198.51.100.7:80", "192.0.2.1")).isZero();
        assertThat(out()).isEqualTo("""
                        198.51.100.7:80 over TCP
                          decision:    through socks5h://192.0.2.1:1080
                          record:      * (agent argument: proxy)
                          credentials: none
                        """);
        assertThat(err()).isEmpty();
    }

    @Test
    void explain_direct_isStatus10() {
        assertThat(run("explain", "198.51.100.7:80", "192.0.2.1", "bypass=198.51.100.0/24", "10.0.0.0/8"))
                .isEqualTo(10);
        assertThat(out()).contains("  decision:    direct\n  record:      198.51.100.0/24 (agent argument: bypass)\n");
    }

    @Test
    void explain_refused_isStatus11(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("routes"), "198.51.100.0/24 REFUSE\n");

        assertThat(run("explain", "198.51.100.7:80", "proxy=192.0.2.1", "routes=" + file))
                .isEqualTo(11);
        assertThat(out()).contains("  record:      198.51.100.0/24 REFUSE (file " + file + ":1)\n");
    }

    @ParameterizedTest
    @CsvSource({"false, --udp, 192.0.2.1", "false, 192.0.2.1, --udp", "true, --udp, 192.0.2.1"})
    void explain_udp_standsAnywhere(boolean before, String first, String second) {
        int status = before
                ? run("explain", first, "198.51.100.7:53", second)
                : run("explain", "198.51.100.7:53", first, second);

        assertThat(status).isZero();
        assertThat(out())
                .startsWith("198.51.100.7:53 over UDP\n")
                .contains("  decision:    through socks5h://192.0.2.1:1080\n");
    }

    @ParameterizedTest
    @CsvSource({"udp=refuse, 11", "udp=off, 10", "'udp=off,guard=enforce', 11"})
    void explain_udp_thatIsNotToBeCarried_isAsTheKeysSay(String keys, int expected) {
        assertThat(run("explain", "198.51.100.7:53", "--udp", "192.0.2.1", keys))
                .isEqualTo(expected);
        assertThat(out()).contains("udp=");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, '2001:db8::1'",
        "[2001:db8::1], '2001:db8::1'",
        "[2001:db8::1]:80, '[2001:db8::1]:80'",
        "::ffff:198.51.100.7, 198.51.100.7"
    })
    void explain_ipv6_isUnderstoodInEachForm(String destination, String shown) {
        assertThat(run("explain", destination, "192.0.2.1")).isZero();
        assertThat(out().replace("[2001:db8::1] ", "2001:db8::1 ")).startsWith(shown + " over TCP");
    }

    @Test
    void explain_sources_countAsForTheAgent(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("argyle.properties"), "proxy = 192.0.2.3\n");
        environment.put("ARGYLE_CONFIG", file.toString());
        run("explain", "198.51.100.7:80");
        environment.put("ARGYLE_PROXY", "192.0.2.4");
        run("explain", "198.51.100.7:80");
        properties.setProperty("argyle.proxy", "192.0.2.5");
        run("explain", "198.51.100.7:80");
        run("explain", "198.51.100.7:80", "192.0.2.6");

        assertThat(out().lines().filter(line -> line.contains("record:")))
                .containsExactly(
                        "  record:      * (file " + file + ":1: proxy)",
                        "  record:      * (ARGYLE_PROXY)",
                        "  record:      * (-Dargyle.proxy)",
                        "  record:      * (agent argument: proxy)");
        assertThat(err()).isEmpty();
    }

    @Test
    void explain_whereSocksIsOff_isDirect() {
        environment.put("SOCKS5C_CONFIG", "");

        assertThat(run("explain", "198.51.100.7:80")).isEqualTo(10);
        assertThat(out()).isEqualTo("SOCKS5C_CONFIG is set to nothing: the agent does nothing, and all goes direct\n");
    }

    @Test
    void explain_whatIsNotUsed_isNotedOnStandardError() {
        environment.put("ALL_PROXY", "http://192.0.2.9:3128");
        properties.setProperty("socksProxyHost", "192.0.2.1");

        assertThat(run("explain", "198.51.100.7:80")).isZero();
        assertThat(out()).contains("  record:      * (-DsocksProxyHost)\n");
        assertThat(err()).isEqualTo("[argyle] ALL_PROXY is not used: http:// is not SOCKSv5\n");
    }

    @Test
    void explain_forSomeJvms_saysSo() {
        properties.setProperty("argyle.main-class", "com.example.*");

        assertThat(run("explain", "198.51.100.7:80", "192.0.2.1")).isZero();
        assertThat(out())
                .endsWith("  but:         only in JVMs that main-class=com.example.* (-Dargyle.main-class) matches;"
                        + " in others all goes direct\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "explain|explain wants a destination, host[:port]",
                "explain --udp|explain wants a destination, host[:port]",
                "explain 192.0.2.7 --tcp=sesame|no such option: --tcp; there is --udp, and key=value as for the agent,"
                        + " without dashes",
                "explain 192.0.2.7 -Dargyle.proxy=ann:sesame@b|a system property goes before -jar: -Dargyle.proxy",
                "explain ann:sesame@bastion 192.0.2.7|the destination comes first: host[:port] and nothing else, no URL;"
                        + " options follow it",
                "explain proxy=socks5h://ann:sesame@bastion|the destination comes first: host[:port] and nothing else, no"
                        + " URL; options follow it",
                "explain https://db.test/|the destination comes first: host[:port] and nothing else, no URL; options follow"
                        + " it",
                "explain db.test:http 192.0.2.1|'db.test:http': the port is not a number from 1 to 65535",
                "explain db.test:0 192.0.2.1|'db.test:0': the port is not a number from 1 to 65535",
                "explain 192.0.2.7|no SOCKSv5 server is named; write -javaagent:argyle-agent.jar=socks5h://host:1080, or"
                        + " -Dargyle.proxy=socks5h://host:1080, or ARGYLE_PROXY=socks5h://host:1080, or"
                        + " proxy=socks5h://host:1080 in a file named with config",
                "explain 192.0.2.7 ann:sesame@bastion bypas=a|agent argument: unknown key 'bypas'; did you mean 'bypass'?",
                "explain 192.0.2.7 /no/such/file|agent argument: config: cannot read the file: /no/such/file"
            })
    void explain_whatIsNotUnderstood_isStatus2(String arguments, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err()).startsWith("[argyle] " + message).hasLineCount(1).doesNotContain("sesame");
    }
}
