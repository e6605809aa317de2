// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Credentials;
import dev.argyle.route.Route;
import dev.argyle.route.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
    @TempDir
    Path directory;

    @Test
    void load_entries_goToTheServersTheyName() throws Exception {
        write("""
                # comment
                  \t
                a        any-port     1
                  A.:9   port-nine    2
                [::0:1]  six          3
                10.0.0.1 four         4#5
                other    unused       6
                b\u00fccher.example:1080 \u00fc \u20ac
                """);
        Settings settings = load("a:1,a:9,own:pass@a:9,[::1],10.0.0.1:7,none.such,xn--bcher-kva.example");
        List<@Nullable Credentials> credentials = new ArrayList<>();
        settings.servers().forEach(server -> credentials.add(server.credentials()));
        assertThat(credentials)
                .containsExactly(
                        new Credentials("any-port", "1"),
                        new Credentials("port-nine", "2"),
                        new Credentials("own", "pass"),
                        new Credentials("six", "3"),
                        new Credentials("four", "4#5"),
                        null,
                        new Credentials("\u00fc", "\u20ac"));
    }

    @Test
    void load_routes_haveTheCredentialsToo() throws Exception {
        write("h alice sesame\n");
        Settings settings = load("h");
        Route route = settings.routes().route(new Target("a", null, 80));
        assertThat(((Route.Via) route).servers().get(0).credentials()).isEqualTo(new Credentials("alice", "sesame"));
    }

    @Test
    void load_familyOfOthers_takesTheCredentialsToo() throws Exception {
        write("h alice sesame\n");
        Settings settings = Sources.argument("credentials=" + file())
                .property("socksProxyHost", "h")
                .load();
        assertThat(settings.servers().get(0).credentials()).isEqualTo(new Credentials("alice", "sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--", "r--r--r--"})
    void load_readableByOthers_isRefusedUnlessShared(String permissions) throws Exception {
        write("h alice sesame\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
        assertThat(Sources.argument("h,credentials=" + file()).error())
                .isEqualTo("agent argument: credentials: others than its owner can read the file '" + file() + "' ("
                        + permissions
                        + "); chmod 600 it or, if it is a container's secret whose mode you do not choose,"
                        + " set credentials.shared=true");
        assertThat(Sources.argument("h,credentials.shared=true,credentials=" + file())
                        .load()
                        .servers()
                        .get(0)
                        .credentials())
                .isEqualTo(new Credentials("alice", "sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rw--w--w-", "rwx--x--x"})
    void load_readableByOwnerOnly_isAccepted(String permissions) throws Exception {
        write("h alice sesame\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(permissions));
        assertThat(load("h").servers().get(0).credentials()).isEqualTo(new Credentials("alice", "sesame"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h alice | got 2 fields (expected: host[:port] user password); what has white space in it goes"
                        + " percent-encoded into the server's URL",
                "h alice sesame # no | got 5 fields (expected: host[:port] user password); what has white space in it"
                        + " goes percent-encoded into the server's URL",
                "sesame | got 1 fields (expected: host[:port] user password); what has white space in it goes"
                        + " percent-encoded into the server's URL",
                "h:x alice sesame | the port is not a number from 1 to 65535",
                "::1 alice sesame | an IPv6 address goes in brackets",
                "/sesame alice sesame | the host is neither a name nor an address",
                "A. alice sesame | a second entry for one server; leave one out",
            })
    void load_badLine_namesItAndShowsNoSecret(String line, String message) throws Exception {
        write("# comment\r\n\r\na x y\r\n" + line + "\r\n");
        assertThat(Sources.argument("h,credentials=" + file()).error())
                .isEqualTo("file " + file() + ":4: " + message)
                .doesNotContain("sesame");
    }

    @Test
    void load_passwordTooLong_namesTheLine() throws Exception {
        write("h alice " + "x".repeat(256));
        assertThat(Sources.argument("h,credentials=" + file()).error())
                .isEqualTo("file " + file() + ":1: password: 256 octets in UTF-8 (expected 1 to 255)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice:sesame", "alice:sesame@h", "socks5h://alice:sesame@h"})
    void load_secretInsteadOfPath_isNotShown(String value) {
        assertThat(Sources.argument("h,credentials=" + value).error())
                .isEqualTo("agent argument: credentials: cannot read the file: the value is not a path (not shown)");
    }

    private Settings load(String proxy) throws ConfigurationException {
        return Sources.argument("credentials=" + file() + ",proxy=" + proxy).load();
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    }

    private Path file() {
        return directory.resolve("credentials");
    }
}
