// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.Configuration;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which server is asked, and what its failures are called. */
class ServersTest {
    private static InetSocketAddress name(String host) {
        return InetSocketAddress.createUnresolved(host, 80);
    }

    @Test
    void server_routes_chooseForEachTarget() throws Exception {
        Socks5Client client = Socks5Client.of(
                Configuration.of(Map.of("proxy", "socks5h://proxy.test:1081", "bypass", ".corp.test,192.0.2.0/24")));
        Socks5Server server = new Socks5Server("proxy.test", 1081);

        assertThat(client.server(name("a.other.test"))).isEqualTo(server);
        assertThat(client.server(new InetSocketAddress("198.51.100.1", 80))).isEqualTo(server);
        assertThat(client.server(name("a.corp.test"))).isNull();
        assertThat(client.server(new InetSocketAddress("192.0.2.1", 80))).isNull();
        assertThat(client.server(name("localhost"))).isNull();
    }

    @Test
    void server_given_isTheSameForAllTargets() throws Exception {
        Socks5Client client = Socks5Client.at("socks5h://bob:secret@[2001:db8::1]:1082");
        Socks5Server server = new Socks5Server("2001:db8::1", 1082);

        assertThat(client.server(name("localhost"))).isEqualTo(server).hasToString("[2001:db8::1]:1082");
        assertThat(client.server(new InetSocketAddress("127.0.0.1", 80))).isEqualTo(server);
    }

    @Test
    void server_nameThatNobodyCouldHave_isUnknown() {
        Socks5Client client = Socks5Client.of(Configuration.of("socks5://127.0.0.1:1080"));

        assertThatThrownBy(() -> client.server(name("not a host"))).isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:80", "127.0.0.1:99999", "", "socks5h://127.0.0.1:1,socks5h://127.0.0.1:2"})
    void at_whatIsNoServer_isRefused(String url) {
        assertThatThrownBy(() -> Socks5Client.at(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void installed_nothing_isRefused() {
        assertThatThrownBy(Socks5Client::installed)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("routes this JVM");
    }

    @ParameterizedTest
    @CsvSource({"0,", "1, S5_ESRVFAIL", "8, S5_EAFNOSUPPORT", "9,", "255,"})
    void ofReply_code_isAixsName(int rep, S5 code) {
        assertThat(S5.ofReply(rep)).isEqualTo(code);
    }

    @Test
    void rep_code_isTheRepliesOctet() {
        assertThat(S5.S5_ECONNREFUSED.rep()).isEqualTo(5);
        assertThat(S5.S5_EADDRINUSE.rep()).isEqualTo(-1);
        assertThat(S5.S5_ENOSERV.rep()).isEqualTo(-1);
    }

    @Test
    void of_whatNoCallHasThrown_isNull() {
        assertThat(Socks5Exception.of(null)).isNull();
        assertThat(Socks5Exception.of(new SocketException("other"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'', 1080", "host, 0", "host, 65536"})
    void socks5Server_whatIsNone_isRefused(String host, int port) {
        assertThatThrownBy(() -> new Socks5Server(host, port)).isInstanceOf(IllegalArgumentException.class);
    }
}
