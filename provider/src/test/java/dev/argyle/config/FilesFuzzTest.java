// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.protocol.Credentials;
import dev.argyle.route.Server;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
        Path commented = Files.writeString(directory.resolve("commented"), "# c\n\n" + text + "\n  #\n");
        List<Server> servers = List.of(
                new Server("h", 1080, true, null),
                new Server("::1", 1, true, null),
                new Server("h", 7, true, new Credentials("own", "own")));
        List<Server> applied = read.apply(servers);
        assertThat(CredentialsFile.read(commented.toString(), true).apply(servers))
                .isEqualTo(applied);
        assertThat(applied.toString()).isEqualTo(servers.toString());
        assertThat(applied.get(2)).isEqualTo(servers.get(2));
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
        assertThat(read.apply(List.of(server)).get(0).credentials()).isEqualTo(expected);
        assertThat(read.apply(List.of(another)).get(0).credentials()).isEqualTo(port == 0 ? expected : null);
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
