// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.route.BindRules;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Target;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindListTest {
    private static BindRules rules(String bind) throws ConfigurationException {
        return SettingsLoader.load(Map.of("proxy", "h", "bind", bind), Sources.OWN_HOST)
                .binds();
    }

    @Test
    void load_withoutAValue_hasNoRule() throws Exception {
        assertThat(Sources.argument("h").load().binds()).isSameAs(BindRules.NONE);
        assertThat(Sources.argument("h,bind=").load().binds()).isSameAs(BindRules.NONE);
        assertThat(Sources.argument("h,bind=")
                        .property("argyle.bind", "*")
                        .load()
                        .binds()
                        .isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*, 10.0.0.1, 80, true",
        "port:0, 0.0.0.0, 0, true",
        "port:0, 0.0.0.0, 1, false",
        "port:20, 0.0.0.0, 20, true",
        "PORT:20-30, 0.0.0.0, 25, true",
        "port:20-30, 0.0.0.0, 31, false",
        "port:0-65535, 10.0.0.1, 65535, true",
        "port:00020, 0.0.0.0, 20, true",
        "local:10.0.0.1, 10.0.0.1, 5, true",
        "local:10.0.0.1, 10.0.0.2, 5, false",
        "Local:10.0.0.0/8, 10.9.9.9, 5, true",
        "local:10.0.0.0/8, 0.0.0.0, 5, false",
        "local:0.0.0.0, 0.0.0.0, 5, true",
        "local:0.0.0.0, ::, 5, true",
        "local:0.0.0.0, 127.0.0.1, 5, false",
        "local:::, 0.0.0.0, 5, true",
        "local:::1, ::1, 5, true",
        "local:[::1], ::1, 5, true",
        "local:[2001:db8::/32], 2001:db8::5, 5, true",
        "local:2001:db8::/32, 2001:db9::5, 5, false",
        "local:::ffff:10.0.0.0/104, 10.1.2.3, 5, true",
        "peer:*, 10.0.0.1, 5, false",
        "'port:7, local:10.0.0.1', 10.0.0.1, 5, true",
        "'port:7,port:7,port:6-8', 10.0.0.2, 7, true",
    })
    void load_rules_areThoseOfSocketsByWhatTheyAskFor(String bind, String asked, int port, boolean meant)
            throws Exception {
        assertThat(rules(bind).matches(Objects.requireNonNull(IpLiteral.parse(asked)), port))
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "peer:ftp.example, ftp.example, 21, true",
        "peer:ftp.example, a.ftp.example, 21, false",
        "PEER:*.example, a.example, 21, true",
        "peer:.example:21, example, 21, true",
        "peer:.example:21, example, 22, false",
        "peer:10.0.0.0/8, 10.1.2.3, 21, true",
        "peer:[2001:db8::1]:21, 2001:db8::1, 21, true",
        "peer:2001:db8::1, 2001:db8::1, 21, true",
        "peer:*, a, 1, true",
        "'peer:a,peer:b', b, 1, true",
        "'peer:a,port:0', b, 1, true",
        "local:127.0.0.1, b, 1, true",
        "*, b, 1, true",
    })
    void load_rules_holdForTargets(String bind, String target, int port, boolean holds) throws Exception {
        assertThat(rules(bind).holdsFor(new Target(target, null, port))).isEqualTo(holds);
    }

    @Test
    void load_ofAllSources_isTheSame() throws Exception {
        BindRules expected = rules("port:0,peer:a");

        assertThat(expected.ports()).containsExactly(new BindRules.Ports(0, 0));
        assertThat(expected.hasPeers()).isTrue();
        for (Sources each : new Sources[] {
            Sources.argument("h,bind=port:0,peer:a"),
            Sources.argument("h").property("argyle.bind", "port:0,peer:a"),
            Sources.argument("h").variable("ARGYLE_BIND", "port:0,peer:a")
        }) {
            Settings settings = each.load();
            assertThat(settings.binds().ports()).isEqualTo(expected.ports());
            assertThat(settings.binds().peers()).hasSize(1);
            assertThat(settings.values()).contains("bind=port:0,peer:a");
            assertThat(settings.toString()).contains("bind=port:0,peer:a");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "21              | write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET; got '21'",
                "*:21            | write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET; got '*:21'",
                "none            | write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET; got 'none'",
                "port :1         | write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET; got 'port :1'",
                "port:           | the port is not a number from 0 to 65535; got 'port:'",
                "port:-1         | the port is not a number from 0 to 65535; got 'port:-1'",
                "port:1-         | the port is not a number from 0 to 65535; got 'port:1-'",
                "port:1-2-3      | the port is not a number from 0 to 65535; got 'port:1-2-3'",
                "port:65536      | the port is not a number from 0 to 65535; got 'port:65536'",
                "port:99999999999999999999 | the port is not a number from 0 to 65535; got 'port:99999999999999999999'",
                "port:ftp        | the port is not a number from 0 to 65535; got 'port:ftp'",
                "port: 1         | the port is not a number from 0 to 65535; got 'port: 1'",
                "port:30-20      | the lower port goes first; write port:20-30; got 'port:30-20'",
                "local:10.1.2.3/8 | bits are set behind the prefix; write 10.0.0.0/8; got 'local:10.1.2.3/8'",
                "local:10.0.0.0/33 | the prefix is not a number from 0 to 32; got 'local:10.0.0.0/33'",
                "local:h/8       | only an address has a /prefix behind it; got 'local:h/8'",
                "local:[10.0.0.1] | what is in brackets is not an IPv6 address; got 'local:[10.0.0.1]'",
                "local:[::1      | what is in brackets is not an IPv6 address; got 'local:[::1'",
                "local:[::1]:21  | nothing may follow the brackets; a /prefix goes into them; got 'local:[::1]:21'",
                "local:[::]/8    | nothing may follow the brackets; a /prefix goes into them; got 'local:[::]/8'",
                "peer:           | neither a name nor an address; got 'peer:'",
                "peer:10.*       | a * stands alone or, before a dot, at the start;"
                        + " addresses are matched as in 10.0.0.0/8; got 'peer:10.*'",
                "peer:a:0        | the port is not a number from 1 to 65535; got 'peer:a:0'",
                "u:p@h           | write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET;"
                        + " got a value with an @ (not shown)",
            })
    void load_malformed_saysWhatAndWhichEntry(String bind, String message) {
        assertThat(Sources.argument("h,bind=port:1," + bind).error()).isEqualTo("agent argument: bind: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local:", "local:h", "local:localhost", "local:[[::1]", "local:10.0.0", "local:*"})
    void load_localThatIsNoAddress_saysWhatToWrite(String bind) {
        Sources sources = Sources.none().property("argyle.proxy", "h").property("argyle.bind", bind);

        assertThat(sources.error())
                .isEqualTo("-Dargyle.bind: bind: not an address of this machine; write it as in local:10.0.0.1,"
                        + " local:10.0.0.0/8 or local:[2001:db8::1], or local:0.0.0.0 for those that ask for none; got '"
                        + bind + "'");
    }

    @Test
    void load_anEmptyEntry_isAnError() {
        assertThat(Sources.argument("h,bind=*,").error())
                .isEqualTo("agent argument: bind: an entry of the list is empty; got '*,'");
    }
}
