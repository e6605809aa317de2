// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocksPropertiesTest {
    @ParameterizedTest
    @CsvSource({
        "h, , socks5h://h:1080",
        "h, 9, socks5h://h:9",
        "10.0.0.1, '', socks5h://10.0.0.1:1080",
        "::1, 9, socks5h://[::1]:9",
        "[::1], 9, socks5h://[::1]:9",
    })
    void load_socksProxyHost_namesTheServer(String host, String port, String expected) throws Exception {
        Sources sources = Sources.none().property("socksProxyHost", host);
        Settings settings = (port == null ? sources : sources.property("socksProxyPort", port)).load();
        assertThat(settings.servers()).hasToString("[" + expected + "]");
        assertThat(settings.origins()).containsEntry(Key.PROXY, new Origin(expected, "-DsocksProxyHost"));
    }

    @Test
    void load_usernameAndPassword_areTheServers() throws Exception {
        Settings settings = Sources.none()
                .property("socksProxyHost", "h")
                .property("socksProxyVersion", "5")
                .property("java.net.socks.username", "alice")
                .property("java.net.socks.password", "sesame")
                .load();
        assertThat(settings.servers().get(0).credentials()).isEqualTo(new Credentials("alice", "sesame"));
        assertThat(settings.toString()).doesNotContain("sesame");
    }

    @Test
    void load_otherSourceNamesAServer_propertiesDoNotCount() throws Exception {
        Sources sources = Sources.argument("h")
                .property("socksProxyHost", "::malformed")
                .property("socksProxyVersion", "4")
                .property("socksNonProxyHosts", "a");
        assertThat(Sources.route(sources.load(), "a", 80)).startsWith("via [socks5h://h:1080]");
        sources.withArgument("").variable("ALL_PROXY", "socks5://i");
        assertThat(Sources.route(sources.load(), "a", 80)).startsWith("via [socks5://i:1080]");
    }

    @Test
    void load_noProxyVariable_doesNotCount() throws Exception {
        Settings settings = Sources.none()
                .property("socksProxyHost", "h")
                .variable("NO_PROXY", "a")
                .load();
        assertThat(Sources.route(settings, "a", 80)).startsWith("via");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, true",
        "127.*, 127.0.0.1, true",
        "10.*, 10.1.2.3, true",
        "10.*, 100.1.2.3, false",
        "10.*, 10.example, true",
        "*.corp, a.corp, true",
        "*.corp, corp, false",
        "*corp, xcorp, true",
        "*b*, abc, true",
        "a|b, b, true",
        "a|b, c, false",
        "'a||', c, false",
        "A.Example, a.example., true",
        "[2001:db8::1], 2001:db8::1, true",
        "[2001:db8:*, 2001:db8::1, true",
        "[2001:db8:*, 2001:db9::1, false",
        "*, anything, true",
        "*, 10.0.0.1, true",
        "a.example, b.a.example, false",
        "'', a, false",
    })
    void load_socksNonProxyHosts_areRawText(String hosts, String target, boolean direct) throws Exception {
        Settings settings = Sources.argument("bypass=none")
                .property("socksProxyHost", "h")
                .property("socksNonProxyHosts", hosts)
                .load();
        assertThat(Sources.route(settings, target, 80).startsWith("direct")).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})
    void load_socksNonProxyHostsNotSet_hasTheJdksDefault(String target) throws Exception {
        Sources sources = Sources.none().property("socksProxyHost", "h");
        assertThat(Sources.route(sources.load(), target, 80)).startsWith("direct");
        sources.withArgument("bypass=none");
        assertThat(Sources.route(sources.load(), target, 80))
                .as("none is the user's word")
                .startsWith("via");
    }

    /** The JDK adds its default to a list (DefaultProxySelector): the same command must not route more with the agent. */
    @ParameterizedTest
    @CsvSource({", direct", "a.example, direct", "||, direct", "'', via"})
    void load_socksNonProxyHosts_haveTheJdksDefaultToo_unlessTheyAreEmpty(String hosts, String route) throws Exception {
        Sources sources = Sources.none().property("socksProxyHost", "h");
        Settings settings = (hosts == null ? sources : sources.property("socksNonProxyHosts", hosts)).load();
        assertThat(Sources.route(settings, "127.example", 80))
                .startsWith(
                        route.equals("via")
                                ? "via [socks5h://h:1080]"
                                : "direct by 127.* (default of socksNonProxyHosts)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "socksProxyVersion | 4 | -DsocksProxyVersion: only SOCKSv5 is spoken; got '4';"
                        + " leave it out, or name a SOCKSv5 server with proxy",
                "socksProxyPort | 0 | -DsocksProxyPort: the port is not a number from 1 to 65535; got '0'",
                "socksProxyPort | x | -DsocksProxyPort: the port is not a number from 1 to 65535; got 'x'",
                "socksProxyHost | h:1080 | -DsocksProxyHost: a port; it goes into socksProxyPort",
                "socksProxyHost | a b | -DsocksProxyHost: the host is neither a name nor an address",
                "java.net.socks.username | alice | -Djava.net.socks.username: is set without"
                        + " java.net.socks.password; set both or none",
                "java.net.socks.password | sesame | -Djava.net.socks.password: is set without"
                        + " java.net.socks.username; set both or none",
            })
    void load_badProperty_isAnError(String name, String value, String message) {
        assertThat(Sources.none()
                        .property("socksProxyHost", "h")
                        .property(name, value)
                        .error())
                .isEqualTo(message);
    }

    @Test
    void load_emptyPassword_isAnError() {
        assertThat(Sources.none()
                        .property("socksProxyHost", "h")
                        .property("java.net.socks.username", "alice")
                        .property("java.net.socks.password", "")
                        .error())
                .isEqualTo("-Djava.net.socks.username and -Djava.net.socks.password:"
                        + " password: 0 octets in UTF-8 (expected 1 to 255)");
    }
}
