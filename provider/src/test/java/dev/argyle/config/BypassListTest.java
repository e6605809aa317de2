// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BypassListTest {
    @ParameterizedTest
    @CsvSource({
        "db.internal, db.internal, 80, true",
        "db.internal, DB.INTERNAL., 80, true",
        "db.internal., db.internal, 80, true",
        "db.internal, a.db.internal, 80, false",
        "db.internal, xdb.internal, 80, false",
        "*.corp, a.corp, 80, true",
        "*.corp, a.b.corp, 80, true",
        "*.corp, corp, 80, false",
        "*.corp, a.xcorp, 80, false",
        ".example.com, example.com, 80, true",
        ".example.com, a.example.com, 80, true",
        ".example.com, notexample.com, 80, false",
        "*, a, 80, true",
        "*, 10.0.0.1, 80, true",
        "*:443, a, 443, true",
        "*:443, a, 80, false",
        "10.0.0.1, 10.0.0.1, 80, true",
        "10.0.0.1, 10.0.0.2, 80, false",
        "10.0.0.0/8, 10.9.9.9, 80, true",
        "10.0.0.0/8, 11.0.0.1, 80, false",
        "10.0.0.0/8:80, 10.9.9.9, 80, true",
        "10.0.0.0/8:80, 10.9.9.9, 81, false",
        "0.0.0.0/0, 10.9.9.9, 81, true",
        "0.0.0.0/0, a, 81, false",
        "2001:db8::1, 2001:db8::1, 80, true",
        "[2001:db8::1], 2001:db8::1, 80, true",
        "[2001:db8::1]:80, 2001:db8::1, 80, true",
        "[2001:db8::1]:80, 2001:db8::1, 81, false",
        "fd00::/8, fd12::1, 80, true",
        "fd00::/8, fe12::1, 80, false",
        "[fd00::/8]:80, fd12::1, 80, true",
        "[fd00::/8]:80, fd12::1, 81, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, 80, true",
        "db:5432, db, 5432, true",
        "db:5432, db, 80, false",
        "*.corp:80, a.corp, 80, true",
        "*.corp:80, a.corp, 81, false",
        "None-such, none-such, 80, true",
        "b\u00fccher.example, xn--bcher-kva.example, 80, true",
        "'a, b', b, 80, true",
    })
    void load_bypass_matchesByWholeLabelsAndPrefixes(String bypass, String target, int port, boolean direct)
            throws Exception {
        Settings settings = Sources.argument("h,bypass=" + bypass).load();
        assertThat(Sources.route(settings, target, port).startsWith("direct")).isEqualTo(direct);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.*         | a * stands alone or, before a dot, at the start;"
                        + " addresses are matched as in 10.0.0.0/8; got '10.*'",
                "*corp        | a * stands alone or, before a dot, at the start;"
                        + " addresses are matched as in 10.0.0.0/8; got '*corp'",
                "a.*.b        | a * stands alone or, before a dot, at the start;"
                        + " addresses are matched as in 10.0.0.0/8; got 'a.*.b'",
                "*.           | neither a name nor an address; got '*.'",
                ".            | neither a name nor an address; got '.'",
                "10.0.0       | neither a name nor an address; got '10.0.0'",
                "10.0.0.256   | neither a name nor an address; got '10.0.0.256'",
                "*.10.0.0.1   | neither a name nor an address; got '*.10.0.0.1'",
                "a b          | neither a name nor an address; got 'a b'",
                "a..b         | neither a name nor an address; got 'a..b'",
                "::1::        | neither a name nor an address; got '::1::'",
                "10.1.2.3/8   | bits are set behind the prefix; write 10.0.0.0/8; got '10.1.2.3/8'",
                "fd00::1/8    | bits are set behind the prefix; write fd00::/8; got 'fd00::1/8'",
                "10.0.0.0/33  | the prefix is not a number from 0 to 32; got '10.0.0.0/33'",
                "10.0.0.0/    | the prefix is not a number from 0 to 32; got '10.0.0.0/'",
                "10.0.0.0/-1  | the prefix is not a number from 0 to 32; got '10.0.0.0/-1'",
                "10.0.0.0/999999999999 | the prefix is not a number from 0 to 32; got '10.0.0.0/999999999999'",
                "::/129       | the prefix is not a number from 0 to 128; got '::/129'",
                "::/8:80      | the prefix is not a number from 0 to 128; got '::/8:80'",
                "corp/8       | only an address has a /prefix behind it; got 'corp/8'",
                "a:0          | the port is not a number from 1 to 65535; got 'a:0'",
                "a:           | the port is not a number from 1 to 65535; got 'a:'",
                "http://a     | the port is not a number from 1 to 65535; got 'http://a'",
                "[a]:80       | what is in brackets is not an IPv6 address; got '[a]:80'",
                "[::1         | what is in brackets is not an IPv6 address; got '[::1'",
                "[::1]x       | only :port may follow the brackets; got '[::1]x'",
                "[:z]         | neither a name nor an address; got '[:z]'",
                "u:p@h        | the port is not a number from 1 to 65535; got a value with an @ (not shown)",
            })
    void load_malformed_saysWhatAndWhichEntry(String bypass, String message) {
        assertThat(Sources.argument("h,bypass=a," + bypass).error()).isEqualTo("agent argument: bypass: " + message);
    }
}
