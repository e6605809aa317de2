// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.protocol.Credentials;
import dev.argyle.route.HostNames;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parsers of files, whatever is in them. */
class FilesFuzzTest {
    private static final String SECRET = "sesame";

    @TempDir
    Path directory;

    @ValueSource(
            strings = {
                "",
                "proxy=h\n",
                "# c\\\nproxy : h\r\nlog info",
                "proxy=a,\\\n  b\nbypass=\\u0061",
                "proxy=a\rlog=debug",
                "\ufeffproxy=h",
                "proxy=h\nproxy=i",
                "prox=h",
                "config=x",
                "log=\\u00g0",
                "log=\\",
                "\\",
                "=",
                "!",
                "\f proxy\t=\th \n\n",
                "qu\\\niet=true"
            })
    @FuzzTest
    void configFile_anyText_isReadAsPropertiesAre(@NotNull @WithUtf8Length(max = 400) String text) throws Exception {
        Path file = Files.writeString(directory.resolve("config"), text);
        Map<Key, Value> values;
        try {
            values = ConfigFile.read(file.toString());
        } catch (ConfigurationException e) {
            assertLine(e, file, text);
            return;
        }
        Properties properties = new Properties();
        properties.load(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text));
        assertThat(values).hasSameSizeAs(properties.keySet());
        values.forEach((key, value) -> assertThat(value.text())
                .isEqualTo(properties.getProperty(key.text()).trim()));
    }

    @ValueSource(
            strings = {
                "",
                "h u sesame",
                "# c\n\n h:1080 \t u\tsesame \r\n[::1] u sesame",
                "h u sesame\nH. u sesame",
                "h:1 u sesame\nh u sesame",
                "h usesame",
                "h u sesame sesame",
                "socks5h://h u sesame",
                "[FE80::1%1]:1 u sesame",
                "::1 u sesame",
                "u:sesame@h u p",
                "h:sesame u p"
            })
    @FuzzTest
    void credentialsFile_anyText_saysWhatIsWrongWithoutTheSecrets(@NotNull @WithUtf8Length(max = 400) String text)
            throws Exception {
        Path file = Files.writeString(directory.resolve("credentials"), text);
        CredentialsFile read;
        try {
            read = CredentialsFile.read(file.toString(), true);
        } catch (ConfigurationException e) {
            assertLine(e, file, text);
            assertThat(e.getMessage()).doesNotContain(SECRET);
            return;
        }
        Path commented = Files.writeString(directory.resolve("commented"), text + "\n  # c\n\n");
        CredentialsFile again = CredentialsFile.read(commented.toString(), true);
        for (String host : List.of("h", "H.", "::1", "[::1]")) {
            for (int port : new int[] {1, 1080}) {
                Server server = new Server(host, port, true, null);
                assertThat(credentials(again, server)).isEqualTo(credentials(read, server));
            }
        }
    }

    @CsvSource({"h, 1080, u, p", "[::1], 0, u:, p#", "A.Example., 65535, #, \u00e4", "10.0.0.1, 1, u, =", "h, 0, u, ''"
    })
    @FuzzTest
    void credentialsFile_anyEntry_isForItsServerAlone(
            @NotNull @WithUtf8Length(max = 80) String host,
            int number,
            @NotNull @WithUtf8Length(max = 80) String user,
            @NotNull @WithUtf8Length(max = 80) String password)
            throws Exception {
        int port = Math.floorMod(number, 65536);
        String line = host + (port == 0 ? "" : ":" + port) + " " + user + "\t" + password;
        Path file = Files.writeString(directory.resolve("credentials"), "other.example o o\n" + line);
        if (host.isEmpty()
                || host.startsWith("#")
                || line.split("\\s", -1).length != 3
                || !line.trim().equals(line)
                || line.matches(".*\\R.*")) {
            return;
        }
        Server server;
        Credentials expected;
        try {
            HostPort parsed = HostPort.parse(host);
            server = new Server(parsed.host(), port == 0 ? 7 : port, true, null);
            expected = new Credentials(user, password);
            if (parsed.port() != HostPort.NO_PORT
                    || HostPort.canonical(parsed.host()).equals("other.example")) {
                return;
            }
        } catch (InvalidValueException | IllegalArgumentException e) {
            return;
        }
        CredentialsFile read = CredentialsFile.read(file.toString(), true);
        Server another = new Server(server.host(), server.port() == 1 ? 2 : 1, true, null);
        assertThat(credentials(read, server)).isEqualTo(expected);
        assertThat(credentials(read, another)).isEqualTo(port == 0 ? expected : null);
    }

    @CsvSource({
        "'', h, 80",
        "'.example NONE', a.example, 80",
        "'example.com s:1080\nple.com NONE # c\n 9.0.0.0/8\ts\n', www.sample.com, 1",
        "'9.1.0.0/16 NONE\r\n9.0.0.0/8 s,t:7 tcp\n9.0.0.0/8 REFUSE udp', 9.1.2.3, 80",
        "'[2001:db8::/32]:80-90 NONE\n2001:db8::/32 ::1:1080', 2001:db8::1, 85",
        "'a socks5h://u:sesame@h\nb u:p@h', a, 1",
        "'a', a, 1",
        "'a none', a, 1",
        "'a NONE\na s', a, 1",
        "'a NONE\nA. NONE', a, 1",
        "'a s,NONE', a, 1",
        "'a ::1', a, 1",
        "'a b tcp d', a, 1",
        "'*.a NONE', a, 1",
        "'a:80-79 NONE', a, 1",
        "'1.2.3 NONE', a, 1",
        "'a/8 NONE', a, 1",
        "'\ufeff# \u00fc\n\u00fc.example NONE', '\u00fc.example', 1"
    })
    @FuzzTest
    void routesFile_anyText_decidesWhateverTheOrderOfTheLines(
            @NotNull @WithUtf8Length(max = 400) String text,
            @NotNull @WithUtf8Length(max = 60) String target,
            int number)
            throws Exception {
        int port = Math.floorMod(number, 65536);
        Path file = Files.writeString(directory.resolve("routes"), text);
        RouteTable table;
        try {
            table = routes(file);
        } catch (ConfigurationException e) {
            assertLine(e, file, text);
            return;
        }
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        List<String> lines = new ArrayList<>(List.of(plain.split("\r\n|\r|\n", -1)));
        Collections.reverse(lines);
        RouteTable reversed =
                routes(Files.writeString(directory.resolve("reversed"), String.join(" # c\r\n\n", lines)));
        RouteTable doubled = routes(Files.writeString(directory.resolve("doubled"), plain + "\n" + plain));
        for (Transport transport : Transport.values()) {
            Target to = new Target(target, null, port, transport);
            assertThat(decision(reversed, to)).isEqualTo(decision(table, to));
            assertThat(decision(doubled, to)).isEqualTo(decision(table, to));
        }
    }

    @CsvSource({
        ".example.com, www.example.com",
        "ample.com, www.example.com",
        "Example.COM., example.com.",
        "e, EXAMPLE",
        "a.b, a",
        ".a, a"
    })
    @FuzzTest
    void routesFile_anyFragment_isTheEndOfNames(
            @NotNull @WithUtf8Length(max = 60) String fragment, @NotNull @WithUtf8Length(max = 60) String target)
            throws Exception {
        String name = HostNames.normalize(target);
        String end = HostNames.normalize(fragment);
        if (!HostNames.isValid(name) || !HostNames.isValid(end.startsWith(".") ? end.substring(1) : end)) {
            return;
        }
        if (!(fragment + target).matches("[\\x21-\\x7e&&[^#]]+") || name.endsWith("localhost")) {
            return;
        }
        Path file = Files.writeString(directory.resolve("routes"), fragment + " NONE\n0.0.0.0/0 REFUSE");
        assertThat(decision(routes(file), new Target(target, null, 1)))
                .isEqualTo(name.endsWith(end) ? "Direct" : "Via [socks5h://s:1080]");
    }

    @CsvSource({
        "a, '', '', ''",
        "a, 'u:', '@x', ''",
        "a, 'socks5h://', ' ', ''",
        "a, '', '#', 'tcp'",
        "'a:', '', '', 'none'",
        "a, 's,', ',', ' udp'",
        "a, 's ', '%', ''",
        "'', 'NONE ', ':', '/'"
    })
    @FuzzTest
    void routesFile_passwordOfAnyText_isNeverShown(
            @NotNull @WithUtf8Length(max = 40) String destination,
            @NotNull @WithUtf8Length(max = 40) String before,
            @NotNull @WithUtf8Length(max = 40) String within,
            @NotNull @WithUtf8Length(max = 40) String behind)
            throws Exception {
        String line = destination + " " + before + "u:p" + SECRET + within + "@h" + behind;
        if (line.matches("(?s).*[\r\n].*")) {
            return;
        }
        Path file = Files.writeString(directory.resolve("routes"), line);
        try {
            RouteTable table = routes(file);
            Target target = new Target("a", null, 1);
            assertThat(table.explain(target).toString()).doesNotContain(SECRET);
        } catch (ConfigurationException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
        }
    }

    private RouteTable routes(Path file) throws ConfigurationException {
        return Sources.none()
                .property("argyle.proxy", "socks5h://s")
                .property("argyle.credentials.shared", "true")
                .property("argyle.routes", file.toString())
                .load()
                .routes();
    }

    /** Without the record: the same decision may stand in two lines. */
    private static String decision(RouteTable table, Target target) {
        Route route = table.route(target);
        return route.getClass().getSimpleName() + (route instanceof Route.Via via ? " " + via.servers() : "");
    }

    private static @Nullable Credentials credentials(CredentialsFile file, Server server) {
        CredentialsFile.Entry entry = file.find(server);
        return entry == null ? null : entry.credentials();
    }

    private static void assertLine(ConfigurationException e, Path file, String text) {
        String message = e.getMessage();
        String start = "file " + file + ":";
        assertThat(message).startsWith(start).matches("\\P{Cntrl}*");
        int end = message.indexOf(':', start.length());
        int line = Integer.parseInt(message.substring(start.length(), end));
        assertThat(line).isBetween(1, text.split("\r\n|\r|\n", -1).length);
    }
}
