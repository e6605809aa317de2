// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurlVariablesTest {
    @Test
    void load_allProxy_namesTheServer() throws Exception {
        Settings settings = Sources.none()
                .variable("ALL_PROXY", "socks5://alice:sesame@h:9/")
                .load();
        assertThat(settings.servers()).hasToString("[socks5://h:9]");
        assertThat(settings.servers().get(0).credentials()).isEqualTo(new Credentials("alice", "sesame"));
        assertThat(settings.origins()).containsEntry(Key.PROXY, new Origin("socks5://h:9", "ALL_PROXY"));
        assertThat(Sources.route(settings, "a", 80)).isEqualTo("via [socks5://h:9] by * (ALL_PROXY)");
    }

    @Test
    void load_bothCases_lowerWinsUnlessEmpty() throws Exception {
        Sources sources = Sources.none()
                .variable("ALL_PROXY", "socks5h://upper")
                .variable("all_proxy", "socks5h://lower")
                .variable("NO_PROXY", "upper")
                .variable("no_proxy", "lower");
        assertThat(sources.load().servers()).hasToString("[socks5h://lower:1080]");
        assertThat(Sources.route(sources.load(), "lower", 80)).isEqualTo("direct by lower (no_proxy)");
        assertThat(Sources.route(sources.load(), "upper", 80)).startsWith("via");
        sources.variable("all_proxy", "").variable("no_proxy", "");
        assertThat(sources.load().servers()).hasToString("[socks5h://upper:1080]");
        assertThat(Sources.route(sources.load(), "upper", 80)).isEqualTo("direct by upper (NO_PROXY)");
    }

    @Test
    void load_serverOfOurs_neitherVariableCounts() throws Exception {
        Settings settings = Sources.argument("h")
                .variable("ALL_PROXY", "socks5h://:malformed")
                .variable("NO_PROXY", "a")
                .load();
        assertThat(settings.servers()).hasToString("[socks5h://h:1080]");
        assertThat(Sources.route(settings, "a", 80)).startsWith("via");
        assertThat(settings.notes()).isEmpty();
    }

    @Test
    void load_bypassOfOurs_countsToo() throws Exception {
        Settings settings = Sources.argument("bypass=a")
                .variable("ALL_PROXY", "socks5h://h")
                .variable("NO_PROXY", "b")
                .load();
        assertThat(Sources.route(settings, "a", 80)).isEqualTo("direct by a (agent argument: bypass)");
        assertThat(Sources.route(settings, "b", 80)).isEqualTo("direct by b (NO_PROXY)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://alice:sesame@h:8080 | ALL_PROXY is not used: http:// is not SOCKSv5",
                "socks4://h | ALL_PROXY is not used: socks4:// is not SOCKSv5",
                "socks://h:1080/ | ALL_PROXY is not used: socks:// is not SOCKSv5",
                "h:1080 | ALL_PROXY is not used: without a scheme it means HTTP",
            })
    void load_otherScheme_isNoServer(String value, String note) throws Exception {
        assertThat(Sources.none().variable("ALL_PROXY", value).error())
                .startsWith("no SOCKSv5 server is named")
                .endsWith("; " + note)
                .doesNotContain("sesame");
        Settings settings = Sources.none()
                .variable("ALL_PROXY", value)
                .variable("NO_PROXY", "a")
                .property("socksProxyHost", "h")
                .load();
        assertThat(settings.notes()).containsExactly(note);
        assertThat(settings.origins().get(Key.PROXY).source()).isEqualTo("-DsocksProxyHost");
        assertThat(Sources.route(settings, "a", 80)).startsWith("via");
    }

    @Test
    void load_malformedSocksUrl_isAnErrorWithoutTheSecret() {
        assertThat(Sources.none()
                        .variable("all_proxy", "socks5h://alice:sesame@h:x")
                        .error())
                .isEqualTo("all_proxy: the port is not a number from 1 to 65535");
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, 80, true",
        "example.com, a.b.EXAMPLE.com., 80, true",
        "example.com, notexample.com, 80, false",
        ".example.com, example.com, 80, true",
        ".example.com, a.example.com, 80, true",
        "example.com., a.example.com, 80, true",
        "*.example.com, a.example.com, 80, true",
        "*.example.com, example.com, 80, false",
        "*, a, 80, true",
        "*, 10.0.0.1, 80, true",
        "10.0.0.1, 10.0.0.1, 80, true",
        "10.0.0.1, 10.0.0.2, 80, false",
        "10.1.2.3/8, 10.9.9.9, 80, true",
        "fd00::/8, fd00::1, 80, true",
        "'[2001:db8::1]', 2001:db8::1, 80, true",
        "'[2001:db8::1]:80', 2001:db8::1, 81, false",
        "example.com:80, a.example.com, 80, true",
        "example.com:80, a.example.com, 81, false",
        "'a,b', b, 80, true",
        "'a b\tc,,', c, 80, true",
        "'a*b,c', c, 80, true",
    })
    void load_noProxy_readsAsCurlDoes(String noProxy, String target, int port, boolean direct) throws Exception {
        Settings settings = Sources.none()
                .variable("ALL_PROXY", "socks5h://h")
                .variable("NO_PROXY", noProxy)
                .load();
        assertThat(Sources.route(settings, target, port).startsWith("direct")).isEqualTo(direct);
    }

    @Test
    void load_noProxyEntryOfNoForm_matchesNothingAndIsNoted() throws Exception {
        Settings settings = Sources.none()
                .variable("ALL_PROXY", "socks5h://h")
                .variable("NO_PROXY", "10.*,http://a,b")
                .load();
        assertThat(settings.notes())
                .containsExactly(
                        "NO_PROXY: an entry is not used: a * stands alone or, before a dot, at the start;"
                                + " addresses are matched as in 10.0.0.0/8; got '10.*'",
                        "NO_PROXY: an entry is not used: the port is not a number from 1 to 65535; got 'http://a'");
        assertThat(Sources.route(settings, "10.0.0.1", 80)).startsWith("via");
        assertThat(Sources.route(settings, "b", 80)).startsWith("direct");
    }
}
