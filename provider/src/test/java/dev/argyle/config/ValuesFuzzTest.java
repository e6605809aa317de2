// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.protocol.Credentials;
import dev.argyle.route.BindRules;
import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parsers of single values, whatever the text. */
class ValuesFuzzTest {
    private static final String SECRET = "sesame";

    @ValueSource(
            strings = {
                "h",
                "H.Example:1",
                "h.:65535",
                "h:65536",
                "h:0",
                "h:",
                "h:01",
                ":1",
                "10.0.0.1:1080",
                "[::1]",
                "[::1]:1080",
                "[FE80::1%25eth0]:1",
                "[fe80::1%eth0]",
                "[::1%25]",
                "[::1%2525]",
                "[::1%a%25b]:1",
                "::1",
                "[::1",
                "[]:1",
                "b\u00fccher.example:1",
                "h/",
                "a:b:c"
            })
    @FuzzTest
    void hostPort_anyText_comesBackFromItsForm(@NotNull @WithUtf8Length(max = 100) String text) throws Exception {
        HostPort parsed;
        try {
            parsed = HostPort.parse(text);
        } catch (InvalidValueException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        String host = parsed.host();
        assertThat(parsed.port()).isBetween(0, 65535);
        assertThat(HostPort.parse(form(host, parsed.port()))).isEqualTo(parsed);
        assertThat(HostPort.canonical(HostPort.canonical(host))).isEqualTo(HostPort.canonical(host));
        if (text.chars().allMatch(c -> c < 0x80)) {
            HostPort upper = HostPort.parse(text.toUpperCase(Locale.ROOT));
            assertThat(upper.port()).isEqualTo(parsed.port());
            assertThat(HostPort.canonical(upper.host())).isEqualTo(HostPort.canonical(host));
        }
    }

    @ValueSource(
            strings = {
                "::1",
                "[::1]:1",
                "h:1",
                "h",
                "fe80::1%eth0",
                "::1%]",
                "[fe80::1%25eth0]:1",
                "1:2",
                "::1]",
                "",
                "u:p@h"
            })
    @FuzzTest
    void target_anyText_isAHostOrABareAddress(@NotNull @WithUtf8Length(max = 60) String text) throws Exception {
        HostPort target;
        try {
            target = HostPort.parseTarget(text);
        } catch (ConfigurationException e) {
            assertThat(e.getMessage()).matches("\\P{Cntrl}+");
            assertThatCode(() -> HostPort.parse(text)).isInstanceOf(InvalidValueException.class);
            return;
        }
        if (target.host().indexOf(']') < 0) { // any character may be in a zone, but brackets end at the first of these
            assertThat(HostPort.parseTarget(form(target.host(), target.port()))).isEqualTo(target);
        }
        assertThat(new Target(target.host(), null, target.port()).toString()).isNotBlank();
    }

    @CsvSource({
        "hosts, h",
        "none, none",
        "'*', h",
        "'hosts,*.a.example,.b', x.b",
        "'A.Example.', a.eXample",
        "'hosts,none', h",
        "'a:1', a",
        "'10.0.0.0/8', a",
        "'a,,b', a"
    })
    @FuzzTest
    void localNames_anyListAndName_matchWhateverTheOrderAndTheCase(
            @NotNull @WithUtf8Length(max = 100) String list, @NotNull @WithUtf8Length(max = 40) String target)
            throws Exception {
        LocalNames names;
        try {
            names = LocalNames.parse(list);
        } catch (InvalidValueException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        String name = HostNames.normalize(target);
        List<String> entries = Lists.split(list, ',');
        Collections.reverse(entries);
        LocalNames reversed = LocalNames.parse(String.join(" , ", entries));
        assertThat(reversed.hostsFile()).isEqualTo(names.hostsFile());
        assertThat(reversed.matches(name)).isEqualTo(names.matches(name));
        if (list.chars().allMatch(c -> c < 0x80)) {
            LocalNames upper = LocalNames.parse(list.toUpperCase(Locale.ROOT));
            assertThat(upper.hostsFile()).isEqualTo(names.hostsFile());
            assertThat(upper.matches(name)).isEqualTo(names.matches(name));
        }
        boolean word = name.equals("none") || name.equals("hosts");
        if (HostNames.isValid(name) && !word && !list.toLowerCase(Locale.ROOT).contains("none")) {
            assertThat(LocalNames.parse(list + "," + name).matches(name)).isTrue();
            assertThat(LocalNames.parse(list + ",*." + name).matches("x." + name))
                    .isTrue();
        }
    }

    @CsvSource({
        "'*', 10.0.0.1, 7",
        "'port:0,port:20-30', '::', 0",
        "'PORT:20', 127.0.0.1, 20",
        "'port:9-1', 127.0.0.1, 20",
        "'local:10.0.0.0/8,local:[::1],local:::/0', 10.1.2.3, 1",
        "'local:0.0.0.0', '::', 1",
        "'local:[::1]x', '::1', 1",
        "'peer:*.a.example,peer:10.0.0.0/8:21', x.a.example, 21",
        "'peer:none,,', none, 1",
        "'21', h, 21"
    })
    @FuzzTest
    void binds_anyListAndSocket_meanTheSameWhateverTheOrderAndTheCase(
            @NotNull @WithUtf8Length(max = 100) String list,
            @NotNull @WithUtf8Length(max = 40) String subject,
            int number)
            throws Exception {
        BindRules rules;
        try {
            rules = BindList.parse(list);
        } catch (InvalidValueException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        int port = Math.floorMod(number, 65536);
        List<String> entries = Lists.split(list, ',');
        Collections.reverse(entries);
        assertMeanTheSame(BindList.parse(String.join(" , ", entries)), rules, subject, port);
        if (list.isEmpty()) {
            assertThat(rules.isEmpty()).isTrue();
            return;
        }
        assertThat(rules.isEmpty()).isFalse();
        assertMeanTheSame(BindList.parse(list + "," + list), rules, subject, port);
        if (list.chars().allMatch(c -> c < 0x80)) {
            assertMeanTheSame(BindList.parse(list.toUpperCase(Locale.ROOT)), rules, subject, port);
        }
        byte[] asked = asked(subject);
        assertThat(BindList.parse(list + ",*").matches(asked, port)).isTrue();
        assertThat(BindList.parse(list + ",port:" + port).matches(asked, port)).isTrue();
        assertThat(BindList.parse(list + ",local:" + IpLiteral.format(asked)).matches(asked, port))
                .isTrue();
        assertThat(BindList.parse(list + ",peer:*").matches(asked, port)).isEqualTo(rules.matches(asked, port));
    }

    private static void assertMeanTheSame(BindRules some, BindRules others, String subject, int port) {
        assertThat(some.matches(asked(subject), port)).isEqualTo(others.matches(asked(subject), port));
        assertThat(some.holdsFor(new Target(subject, null, port)))
                .isEqualTo(others.holdsFor(new Target(subject, null, port)));
        assertThat(some.hasPeers()).isEqualTo(others.hasPeers());
    }

    /** The address that a text is, or else one that goes with it. */
    private static byte[] asked(String subject) {
        byte[] literal = IpLiteral.parse(subject);
        byte[] asked = literal == null ? new byte[] {0, 0, 0, (byte) subject.length()} : literal;
        return new Target(null, asked, 0).address();
    }

    @ValueSource(
            strings = {
                "h",
                "h:1080",
                "socks5h://h",
                "SOCKS5://h:1/",
                "socks5h://u:p@h",
                "u:p:q@[::1]:1080",
                "socks5h://u%40:p%2C%C3%A4@h",
                "socks5h://u:p%@h",
                "socks5h://u:%ff@h",
                "socks5h://u@h",
                "socks5h://:p@h",
                "http://h",
                "a,b",
                "socks5://a,socks5h://b",
                "h/path",
                "u:p@a,u:q@b",
                ","
            })
    @FuzzTest
    void servers_anyText_comeBackFromTheirForm(@NotNull @WithUtf8Length(max = 300) String text) throws Exception {
        List<Server> servers;
        try {
            servers = ServerUrls.parseList(text);
        } catch (InvalidValueException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        StringBuilder form = new StringBuilder();
        for (Server server : servers) {
            Credentials credentials = server.credentials();
            assertThat(server.remoteNames()).isEqualTo(servers.get(0).remoteNames());
            assertThat(server.toString()).doesNotContain("@");
            form.append(form.length() == 0 ? "" : " , ").append(server.remoteNames() ? "SocKs5H://" : "SOCKS5://");
            form.append(form(server.host(), server.port()));
            assertThat(credentials == null)
                    .isEqualTo(entryOf(text, servers.indexOf(server)).indexOf('@') < 0);
        }
        List<Server> again = ServerUrls.parseList(form.toString());
        assertThat(again.toString()).isEqualTo(servers.toString());
    }

    @CsvSource({
        "user, password, a.example",
        "u:, p, h",
        "\u00e4, \u20ac%, h",
        "u, ',', h",
        "'u,proxy=x', 'p@/?#[]', '[::1]'",
        "' ', '\t', h"
    })
    @FuzzTest
    void servers_anyCredentials_comeBackFromTheirEncoding(
            @NotNull @WithUtf8Length(max = 280) String user, @NotNull @WithUtf8Length(max = 280) String password)
            throws Exception {
        Credentials expected;
        try {
            expected = new Credentials(user, password);
        } catch (IllegalArgumentException e) {
            assertThatCode(() -> ServerUrls.parse(url(user, password))).isInstanceOf(InvalidValueException.class);
            return;
        }
        List<Server> servers = ServerUrls.parseList("h," + url(user, password) + ",[::1]:7");
        assertThat(servers)
                .containsExactly(
                        new Server("h", 1080, true, null),
                        new Server("a.example", 1080, true, expected),
                        new Server("::1", 7, true, null));
    }

    @CsvSource({
        "'socks5h://u:', '@h'",
        "'u:', '@h:x'",
        "'socks5h://', '@h'",
        "'socks5h://u:%', '@h'",
        "'socks5h://u:,', '@h'",
        "'u:,http://', '@h/'",
        "'socks5h://u:/', '@h'",
        "'socks5h://u:@', '@h'",
        "'socks5h://u:, ', '@h, h:x'"
    })
    @FuzzTest
    void servers_secretBeforeTheAt_isNeverShown(
            @NotNull @WithUtf8Length(max = 100) String before, @NotNull @WithUtf8Length(max = 100) String behind)
            throws Exception {
        try {
            for (Server server : ServerUrls.parseList(before + SECRET + behind + "@h")) {
                assertThat(server.toString().replace(server.host(), "")).doesNotContain(SECRET);
            }
        } catch (InvalidValueException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
        }
    }

    @ValueSource(
            strings = {
                "1ms",
                "10s",
                "2m",
                "0s",
                "01s",
                "10",
                "s",
                "-1s",
                "1h",
                "2147483647ms",
                "2147483648ms",
                "2147483s",
                "35791m",
                "35792m",
                "99999999999999999999999999s",
                "\u0661s",
                "1 s"
            })
    @FuzzTest
    void duration_anyText_isWhatItsNumberSays(@NotNull @WithUtf8Length(max = 40) String text) throws Exception {
        BigInteger millis = BigInteger.ZERO;
        if (text.matches("[0-9]+(ms|s|m)")) {
            String digits = text.replaceAll("[ms]", "");
            int unit = text.endsWith("ms") ? 1 : text.endsWith("s") ? 1000 : 60_000;
            millis = new BigInteger(digits).multiply(BigInteger.valueOf(unit));
        }
        boolean expected = millis.signum() > 0 && millis.bitLength() < 32;
        try {
            int actual = Durations.parseMillis(text);
            assertThat(expected).isTrue();
            assertThat(actual).isEqualTo(millis.intValueExact());
            assertThat(Durations.parseMillis(actual + "ms")).isEqualTo(actual);
        } catch (InvalidValueException e) {
            assertThat(expected).as(e.getMessage()).isFalse();
        }
    }

    @CsvSource({
        "a.Main, a.Main",
        "a.*, a.b.Main",
        "*.jar, x.jar",
        "*a*b*, xaybz",
        "**, ''",
        "'', ''",
        "a*a, a",
        "*aab, aaaab",
        "'*', 'm/a.Main'",
        "?, a"
    })
    @FuzzTest
    void mainClass_anyPatternAndName_matchesAsTheStarsSay(
            @NotNull @WithUtf8Length(max = 60) String pattern, @NotNull @WithUtf8Length(max = 60) String name) {
        String subject = name.replace('/', '.').replace('\\', '.').replace(' ', '.');
        MainClassFilter filter = new MainClassFilter(List.of(pattern));

        assertThat(filter.matches(subject)).isEqualTo(matches(pattern, subject));
        assertThat(filter.matches(subject + " and arguments")).isEqualTo(matches(pattern, subject));
        assertThat(new MainClassFilter(List.of(pattern, pattern)).matches("module/" + subject))
                .isEqualTo(matches(pattern, subject) || matches(pattern, "module/" + subject));
    }

    @ValueSource(
            strings = {
                "",
                " ",
                "h",
                "socks5h://h,log=debug",
                "/etc/argyle.properties",
                "x.properties",
                "proxy=a,b,c,bypass=x, y ,log=info",
                "log=info,log=warn",
                "prox=h",
                "proxy=h,connect-timeout=1s",
                "bypass=,proxy=h",
                ",",
                "=",
                "=a",
                "A=b",
                "proxy=u:a,b=c@h"
            })
    @FuzzTest
    void agentArgument_anyText_comesBackFromItsPieces(@NotNull @WithUtf8Length(max = 300) String text)
            throws Exception {
        Map<Key, Value> values;
        try {
            values = AgentArgument.read(text, "here");
        } catch (ConfigurationException e) {
            assertThat(e.getMessage()).startsWith("here: ").doesNotContain("\n");
            return;
        }
        StringBuilder form = new StringBuilder();
        values.forEach(
                (key, value) -> form.append(form.length() == 0 ? "" : " , ").append(key + "= " + value.text()));
        assertThat(texts(AgentArgument.read(form.toString(), "here"))).isEqualTo(texts(values));
        assertThat(values.isEmpty()).isEqualTo(text.trim().isEmpty());
    }

    private static String texts(Map<Key, Value> values) {
        StringBuilder texts = new StringBuilder();
        values.forEach((key, value) -> texts.append(key + "=" + value.text() + "\n"));
        return texts.toString();
    }

    private static String entryOf(String list, int index) {
        return list.split(",", -1)[index];
    }

    private static String form(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host.replaceFirst("%", "%25") + "]" : host)
                + (port == HostPort.NO_PORT ? "" : ":" + port);
    }

    private static String url(String user, String password) {
        return "socks5h://" + encode(user) + ":" + encode(password) + "@a.example";
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet >= '0' && octet <= 'z' && HostNames.isValid("h" + (char) octet);
            encoded.append(plain ? String.valueOf((char) octet) : String.format("%%%02x", octet));
        }
        return encoded.toString();
    }

    /** By which lengths of the subject each start of the pattern can match: slow, and plain. */
    private static boolean matches(String pattern, String subject) {
        boolean[] reachable = new boolean[subject.length() + 1];
        reachable[0] = true;
        for (char p : pattern.toCharArray()) {
            boolean[] next = new boolean[reachable.length];
            for (int i = 0; i < reachable.length; i++) {
                if (p == '*') {
                    next[i] = reachable[i] || (i > 0 && next[i - 1]);
                } else {
                    next[i] = i > 0 && reachable[i - 1] && subject.charAt(i - 1) == p;
                }
            }
            reachable = next;
        }
        return reachable[subject.length()];
    }
}
