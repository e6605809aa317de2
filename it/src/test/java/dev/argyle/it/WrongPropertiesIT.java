// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties that are not understood end the JVM before the program begins. */
class WrongPropertiesIT extends PropertiesFixture {
    /** Besides a server, so that each is the only thing that is wrong. */
    private JvmResult runWith(String option) throws Exception {
        return toAddress("").options(option).run();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Dargyle.proxi=127.0.0.1 | -Dargyle.proxi: unknown key; did you mean '-Dargyle.proxy'?",
                "-Dargyle.Proxy=127.0.0.1 | -Dargyle.Proxy: unknown key; did you mean '-Dargyle.proxy'?",
                "-Dargyle.connect_timeout=1s | -Dargyle.connect_timeout: unknown key; did you mean"
                        + " '-Dargyle.connect.timeout'?",
                "-Dargyle.onfailure=direct | -Dargyle.onfailure: unknown key; did you mean '-Dargyle.on-failure'?",
                "-Dargyle.port=1080 | -Dargyle.port: unknown key",
                "-Dargyle.=1 | -Dargyle.: unknown key (known: proxy, routes, credentials,",
                "-Dargyle.proxy:ann:s3cr3t@127.0.0.1 | -Dargyle.proxy...: unknown key",
                "-Dargyle.proxy=127.0.0.1:99999 | -Dargyle.proxy: proxy: the port is not a number from 1 to 65535",
                "-Dargyle.proxy=127.0.0.1,,[::1] | -Dargyle.proxy: proxy: server 2: ",
                "-Dargyle.proxy=http://127.0.0.1 | -Dargyle.proxy: proxy: the scheme http:// is not supported",
                "-Dargyle.proxy=::1 | -Dargyle.proxy: proxy: an IPv6 address goes in brackets",
                "-Dargyle.proxy=ann:s3cr3t%zz@127.0.0.1 | -Dargyle.proxy: proxy: a % in user or password without",
                "-Dargyle.credentials=/no/such file | -Dargyle.credentials: credentials: cannot read the file: /no/such",
                "-Dargyle.credentials=ann:s3cr3t | -Dargyle.credentials: credentials: cannot read the file: the value is",
                "-Dargyle.credentials.shared=yes | -Dargyle.credentials.shared: credentials.shared: got 'yes'",
                "-Dargyle.bypass=10.0.0.0/99 | -Dargyle.bypass: bypass: ",
                "-Dargyle.bypass=a,,b | -Dargyle.bypass: bypass: an entry of the list is empty",
                "-Dargyle.routes=/no/such.conf | -Dargyle.routes: routes: cannot read the file: /no/such.conf",
                "-Dargyle.guard=on | -Dargyle.guard: guard: got 'on' (expected: enforce, audit, off)",
                "-Dargyle.udp=no | -Dargyle.udp: udp: got 'no' (expected: on, off, refuse)",
                "-Dargyle.udp.relay=127.0.0.1 | -Dargyle.udp.relay: udp.relay: got '127.0.0.1' (expected: server, any)",
                "-Dargyle.names.local=none,hosts | -Dargyle.names.local: names.local: none stands alone",
                "-Dargyle.names.range=198.18.0.0/99 | -Dargyle.names.range: names.range: the prefix is not a number",
                "-Dargyle.names.reverse=yes | -Dargyle.names.reverse: names.reverse: got 'yes' (expected: on or off)",
                "-Dargyle.connect.timeout=soon | -Dargyle.connect.timeout: connect.timeout: not a duration",
                "-Dargyle.handshake.timeout=5 | -Dargyle.handshake.timeout: handshake.timeout: a duration needs a unit",
                "-Dargyle.on-failure=allow | -Dargyle.on-failure: on-failure: got 'allow' (expected: refuse, direct)",
                "-Dargyle.main-class=a,,b | -Dargyle.main-class: main-class: an entry of the list is empty",
                "-Dargyle.hooks=none | -Dargyle.hooks: hooks: got 'none' (expected: all, factories)",
                "-Dargyle.native-transports=no | -Dargyle.native-transports: native-transports: got 'no' (expected:"
                        + " disable, warn, allow)",
                "-Dargyle.log=loud | -Dargyle.log: log: got 'loud'",
                "-Dargyle.quiet=maybe | -Dargyle.quiet: quiet: got 'maybe'",
                "-Dargyle.config=/no/such.properties | -Dargyle.config: config: cannot read the file: /no/such.prop",
            })
    void property_thatIsNotUnderstood_endsTheJvm(String option, String message) throws Exception {
        assertRefused(runWith(option), message);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void property_thatIsEmpty_endsTheJvm_butForBypassAndBind(String key) throws Exception {
        JvmResult result = runWith("-Dargyle." + key);

        if (key.equals("bypass") || key.equals("bind")) {
            assertDirect(result);
        } else {
            assertRefused(result, "-Dargyle." + key + ": " + key + ": is empty");
        }
    }

    @Test
    void property_withALineFeedInItsName_isOneLine() throws Exception {
        assertRefused(runWith("-Dargyle.pro\nxy=127.0.0.1"), "-Dargyle.pro...: unknown key; did you mean");
    }

    @Test
    void server_thatNoSourceNames_endsTheJvm() throws Exception {
        Jvm program = Jvm.of(ConnectOnce.class).agent("").arguments(ADDRESS, echo);

        assertRefused(program.run(), "no SOCKSv5 server is named; ");
    }
}
