// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argyle.protocol.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlsTest {
    @ParameterizedTest
    @CsvSource({
        "h, socks5h://h:1080",
        "h:1, socks5h://h:1",
        "h:65535, socks5h://h:65535",
        "socks5h://h, socks5h://h:1080",
        "socks5://h:9, socks5://h:9",
        "SOCKS5://H.Example.:9, socks5://H.Example.:9",
        "socks5h://h:1080/, socks5h://h:1080",
        "10.0.0.1:9, socks5h://10.0.0.1:9",
        "[::1], socks5h://[::1]:1080",
        "socks5h://[::1]:9, socks5h://[::1]:9",
        "[fe80::1%25eth0]:9, socks5h://[fe80::1%eth0]:9",
        "[fe80::1%eth0], socks5h://[fe80::1%eth0]:1080",
        "[fe80::1%25], socks5h://[fe80::1%25]:1080",
        "b\u00fccher.example, socks5h://xn--bcher-kva.example:1080",
        "my_host-1.corp, socks5h://my_host-1.corp:1080",
    })
    void parse_server_isUnderstood(String text, String expected) throws Exception {
        assertThat(ServerUrls.parse(text)).hasToString(expected);
        assertThat(ServerUrls.parse(text).credentials()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "alice:sesame@h, alice, sesame",
        "socks5://alice:sesame@[::1]:9, alice, sesame",
        "a:b:c@h, a, b:c",
        "a%3Ab:c%40d%2Fe%2Cf%25@h, a:b, 'c@d/e,f%'",
        "%C3%BC:%e2%82%ac@h, \u00fc, \u20ac",
        "\u00fc:\u20ac@h, \u00fc, \u20ac",
        "a:b=&;$!'()*+@h, a, b=&;$!'()*+",
    })
    void parse_credentials_areDecoded(String text, String user, String password) throws Exception {
        assertThat(ServerUrls.parse(text).credentials()).isEqualTo(new Credentials(user, password));
    }

    @Test
    void parseList_servers_keepTheirOrder() throws Exception {
        assertThat(ServerUrls.parseList("socks5h://a:1, b ,socks5h://u:p@c"))
                .hasToString("[socks5h://a:1, socks5h://b:1080, socks5h://c:1080]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h:1  | the scheme http:// is not supported (supported: socks5h://, socks5://); got 'http://h:1'",
                "SOCKS4://h  | the scheme socks4:// is not supported (supported: socks5h://, socks5://); got 'SOCKS4://h'",
                "foo://h     | the scheme is not supported (supported: socks5h://, socks5://); got 'foo://h'",
                "''          | the host is empty; got ''",
                "socks5h://  | the host is empty; got 'socks5h://'",
                ":1080       | the host is empty; got ':1080'",
                "://h        | a path, query or fragment behind the server; leave it out; got '://h'",
                "h:          | the port is not a number from 1 to 65535; got 'h:'",
                "h:0         | the port is not a number from 1 to 65535; got 'h:0'",
                "h:65536     | the port is not a number from 1 to 65535; got 'h:65536'",
                "h:99999999999999999999 | the port is not a number from 1 to 65535; got 'h:99999999999999999999'",
                "h:-1        | the port is not a number from 1 to 65535; got 'h:...'",
                "u:sesame    | the port is not a number from 1 to 65535; got 'u:...'",
                "h:1/x       | a path, query or fragment behind the server; leave it out; got 'h:1/x'",
                "h:1?x       | a path, query or fragment behind the server; leave it out; got 'h:...'",
                "h#x         | a path, query or fragment behind the server; leave it out; got 'h#x'",
                "h/x         | a path, query or fragment behind the server; leave it out; got 'h/x'",
                "h h         | the host is neither a name nor an address; got 'h h'",
                "a..b        | the host is neither a name nor an address; got 'a..b'",
                "1.2.3       | the host is neither a name nor an address; got '1.2.3'",
                "1.2.3.256:9 | the host is neither a name nor an address; got '1.2.3.256:9'",
                "::1         | an IPv6 address goes in brackets; got '::1'",
                "::1:9:z     | more than one colon; an IPv6 address goes in brackets; got '::1:9:...'",
                "[::1        | what is in brackets is not an IPv6 address; got '[::1'",
                "[1.2.3.4]   | what is in brackets is not an IPv6 address; got '[1.2.3.4]'",
                "[::1]9      | only :port may follow the brackets; got '[::1]9'",
                "h,          | server 2: the host is empty; got ''",
                "h,h:x       | server 2: the port is not a number from 1 to 65535; got 'h:...'",
                "u@h         | a user without a password; write user:password@, or use credentials=file;"
                        + " got a server with credentials (not shown)",
                "u:@h        | password: 0 octets in UTF-8 (expected 1 to 255); got a server with credentials (not shown)",
                ":p@h        | user name: 0 octets in UTF-8 (expected 1 to 255); got a server with credentials (not shown)",
                "u:a@b@h     | a character in user or password that must be percent-encoded (@ is %40, / is %2F);"
                        + " got a server with credentials (not shown)",
                "u:a/b@h     | a character in user or password that must be percent-encoded (@ is %40, / is %2F);"
                        + " got a server with credentials (not shown)",
                "u:a%zz@h    | a % in user or password without two hexadecimal digits behind it (% itself is %25);"
                        + " got a server with credentials (not shown)",
                "u:a%4@h     | a % in user or password without two hexadecimal digits behind it (% itself is %25);"
                        + " got a server with credentials (not shown)",
                "u:%ff@h     | the percent-encoding in user or password is not UTF-8;"
                        + " got a server with credentials (not shown)",
                "socks5://a,socks5h://b | server 1 is socks5, server 2 is socks5h (as without a scheme);"
                        + " a name would be resolved here for the one and kept for the other,"
                        + " so give all the same scheme",
                "a,socks5://b | server 1 is socks5h (as without a scheme), server 2 is socks5;"
                        + " a name would be resolved here for the one and kept for the other,"
                        + " so give all the same scheme",
            })
    void parseList_malformed_saysWhatAndShowsNoSecret(String value, String message) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ServerUrls.parseList(value))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5h://alice:sesame@h:x",
                "socks5h://alice:sesame,sesame@h:x",
                "socks5h://alice:sesame@",
                "socks5h://alice:sesame@h/sesame",
                "http://alice:sesame@h",
                "alice:a,sesame://b@h",
                "alice:1,socks5://sesame,b@h",
                "alice:1,sesame sesame,b@h",
                "h:1080@alice:sesame",
                "alice:sesame@h,::sesame",
                "socks5h://alice:sesame",
                "socks5h://alice:sesame%zz@h",
            })
    void parseList_malformedWithPassword_doesNotShowIt(String value) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ServerUrls.parseList(value))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("sesame"))
                .withNoCause();
    }

    @Test
    void parse_userOf256Octets_isRefused() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ServerUrls.parse("\u00fc".repeat(128) + ":p@h"))
                .withMessage("user name: 256 octets in UTF-8 (expected 1 to 255)");
    }
}
