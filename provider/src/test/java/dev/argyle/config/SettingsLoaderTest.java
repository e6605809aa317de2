// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.observe.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
    @TempDir
    Path directory;

    /** The sources that can give any key, from the first to be asked to the last. */
    enum From {
        ARGUMENT,
        PROPERTY,
        VARIABLE,
        FILE
    }

    @Test
    void load_onlyAServer_takesTheDefaults() throws Exception {
        Settings settings = Sources.argument("h").load();
        assertThat(settings.servers()).hasToString("[socks5h://h:1080]");
        assertThat(settings.connectTimeoutMillis()).isEqualTo(30_000);
        assertThat(settings.handshakeTimeoutMillis()).isEqualTo(130_000);
        assertThat(settings.onFailure()).isEqualTo(OnFailure.REFUSE);
        assertThat(settings.udp()).isEqualTo(UdpMode.ON);
        assertThat(settings.udpRelay()).isEqualTo(UdpRelay.SERVER);
        assertThat(settings.binds().isEmpty()).isTrue();
        assertThat(settings.mainClass()).isNull();
        assertThat(settings.log()).isEqualTo(LogLevel.WARN);
        assertThat(settings.quiet()).isFalse();
        assertThat(settings.notes()).isEmpty();
        assertThat(settings.origins())
                .containsEntry(Key.PROXY, new Origin("socks5h://h:1080", "agent argument"))
                .containsEntry(Key.LOG, new Origin("warn", "default"))
                .containsEntry(Key.BYPASS, new Origin("", "default"))
                .doesNotContainKeys(Key.MAIN_CLASS, Key.CREDENTIALS, Key.CONFIG);
        assertThat(Sources.route(settings, "a", 80)).isEqualTo("via [socks5h://h:1080] by * (agent argument: proxy)");
    }

    @ParameterizedTest
    @EnumSource
    void load_everyKeyFromOneSource_takesEffect(From from) throws Exception {
        Path credentials = write("credentials", "h a b\n");
        Sources sources = Sources.none();
        List<String> argument = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        Path routes = write("routes", "10.1.0.0/16 REFUSE");
        Map<Key, String> values = new LinkedHashMap<>(Map.of(
                Key.ROUTES, routes.toString(),
                Key.GUARD, "audit",
                Key.NAMES_LOCAL, ".corp,hosts",
                Key.NAMES_RANGE, "10.99.0.0/16,fd00::/64",
                Key.NAMES_REVERSE, "off"));
        values.putAll(Map.of(
                Key.PROXY, "socks5://h:1,socks5://i:2",
                Key.CREDENTIALS, credentials.toString(),
                Key.CREDENTIALS_SHARED, "true",
                Key.BYPASS, "*.corp,10.0.0.0/8,none",
                Key.CONNECT_TIMEOUT, "500ms",
                Key.HANDSHAKE_TIMEOUT, "2m",
                Key.ON_FAILURE, "direct",
                Key.MAIN_CLASS, "a.B,c*.jar",
                Key.LOG, "debug",
                Key.QUIET, "true"));
        values.putAll(Map.of(Key.UDP, "refuse", Key.UDP_RELAY, "any", Key.BIND, "port:0,peer:*.corp"));
        for (Map.Entry<Key, String> entry : values.entrySet()) {
            give(from, entry.getKey(), entry.getValue(), sources, argument, lines);
        }
        Path file = write("config", String.join("\n", lines));
        if (from == From.FILE) {
            argument.add("config=" + file);
        }
        Settings settings = with(sources, argument).load();

        assertThat(settings.servers()).hasToString("[socks5://h:1, socks5://i:2]");
        assertThat(settings.servers().get(0).credentials().user()).isEqualTo("a");
        assertThat(settings.servers().get(1).credentials()).isNull();
        assertThat(settings.connectTimeoutMillis()).isEqualTo(500);
        assertThat(settings.handshakeTimeoutMillis()).isEqualTo(120_000);
        assertThat(settings.onFailure()).isEqualTo(OnFailure.DIRECT);
        assertThat(settings.log()).isEqualTo(LogLevel.DEBUG);
        assertThat(settings.quiet()).isTrue();
        assertThat(Sources.route(settings, "10.1.2.3", 80)).startsWith("refuse by 10.1.0.0/16 REFUSE (");
        assertThat(settings.uncovered()).isEqualTo(GuardMode.AUDIT);
        assertThat(settings.udp()).isEqualTo(UdpMode.REFUSE);
        assertThat(settings.udpRelay()).isEqualTo(UdpRelay.ANY);
        assertThat(settings.binds().ports()).hasSize(1);
        assertThat(settings.binds().peers()).hasSize(1);
        assertThat(settings.localNames().matches("a.corp")).isTrue();
        assertThat(settings.standIns()).hasSize(2);
        assertThat(settings.reverseNames()).isFalse();
        assertThat(settings.appliesTo("a.B x")).isTrue();
        assertThat(settings.appliesTo("a.C x")).isFalse();
        assertThat(Sources.route(settings, "127.0.0.1", 80)).startsWith("via");
        for (Key key : values.keySet()) {
            String source = settings.origins().get(key).source();
            switch (from) {
                case ARGUMENT -> assertThat(source).isEqualTo("agent argument");
                case PROPERTY -> assertThat(source).isEqualTo("-D" + key.property());
                case VARIABLE -> assertThat(source).isEqualTo(key.variable());
                case FILE ->
                    assertThat(source)
                            .isEqualTo("file " + file + ":" + (1 + lines.indexOf(key + "=" + values.get(key))));
            }
        }
        String source = settings.origins().get(Key.BYPASS).source();
        assertThat(Sources.route(settings, "a.corp", 80))
                .isEqualTo("direct by *.corp ("
                        + switch (from) {
                            case ARGUMENT, FILE -> source + ": bypass";
                            case PROPERTY, VARIABLE -> source;
                        }
                        + ")");
    }

    @Test
    void load_keyInSeveralSources_theEarlierWins() throws Exception {
        for (From first : From.values()) {
            Sources sources = Sources.none();
            List<String> argument = new ArrayList<>(List.of("h"));
            List<String> lines = new ArrayList<>();
            for (From from : From.values()) {
                if (from.compareTo(first) >= 0) {
                    String value = from == first ? "1s" : "2s";
                    give(from, Key.CONNECT_TIMEOUT, value, sources, argument, lines);
                }
            }
            argument.add("config=" + write("config", String.join("\n", lines)));
            assertThat(with(sources, argument).load().connectTimeoutMillis())
                    .as(first.name())
                    .isEqualTo(1000);
        }
    }

    @Test
    void load_configFromEverySource_theEarlierWins() throws Exception {
        Path good = write("good", "proxy=good\n");
        Path other = write("other", "proxy=other\n");
        assertThat(Sources.argument(good.toString())
                        .property("argyle.config", other.toString())
                        .load()
                        .servers())
                .hasToString("[socks5h://good:1080]");
        assertThat(Sources.none()
                        .property("argyle.config", good.toString())
                        .variable("ARGYLE_CONFIG", other.toString())
                        .load()
                        .servers())
                .hasToString("[socks5h://good:1080]");
        assertThat(Sources.none()
                        .variable("ARGYLE_CONFIG", good.toString())
                        .load()
                        .servers())
                .hasToString("[socks5h://good:1080]");
    }

    @ParameterizedTest
    @EnumSource
    void variableAndProperty_key_areDerivedByRule(Key key) {
        assertThat(key.property()).isEqualTo("argyle." + key.text());
        assertThat(key.variable()).matches("ARGYLE_[A-Z_]+");
        assertThat(key.variable().substring(7)).isEqualToIgnoringCase(key.text().replaceAll("[.-]", "_"));
        assertThat(key.description()).isNotBlank().doesNotContain("\n");
        assertThat(Key.of(key.text())).isEqualTo(key);
    }

    @Test
    void load_noServer_saysHowToNameOne() {
        assertThat(Sources.argument("log=debug").error())
                .startsWith("no SOCKSv5 server is named")
                .contains(
                        "-javaagent:argyle-agent.jar=socks5h://host:1080",
                        "-Dargyle.proxy=socks5h://host:1080",
                        "ARGYLE_PROXY=socks5h://host:1080",
                        "config");
        assertThat(Sources.argument(null).error()).startsWith("no SOCKSv5 server is named");
        assertThat(Sources.argument(" ").error()).startsWith("no SOCKSv5 server is named");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect.timeout=10 | agent argument: connect.timeout: a duration needs a unit; got '10'; write 10s",
                "handshake.timeout=0s | agent argument: handshake.timeout: the duration is not from 1ms to 2147483647ms;"
                        + " got '0s'",
                "on-failure=fail | agent argument: on-failure: got 'fail' (expected: refuse, direct)",
                "log=verbose | agent argument: log: got 'verbose' (expected: off, error, warn, info, debug)",
                "log=DEBUG | agent argument: log: got 'DEBUG' (expected: off, error, warn, info, debug)",
                "udp=yes | agent argument: udp: got 'yes' (expected: on, off, refuse)",
                "udp= | agent argument: udp: is empty",
                "udp.relay=0.0.0.0 | agent argument: udp.relay: got '0.0.0.0' (expected: server, any)",
                "quiet=yes | agent argument: quiet: got 'yes' (expected: true or false)",
                "quiet= | agent argument: quiet: is empty",
                "credentials.shared=1 | agent argument: credentials.shared: got '1' (expected: true or false)",
                "main-class= | agent argument: main-class: is empty",
                "main-class=a,,b | agent argument: main-class: an entry of the list is empty; got 'a,,b'",
                "bypass=a,,b | agent argument: bypass: an entry of the list is empty; got 'a,,b'",
                "bypas=a | agent argument: unknown key 'bypas'; did you mean 'bypass'?",
                "quiet=true,quiet=true | agent argument: quiet: given twice; write it once,"
                        + " a list with commas between its entries",
                "config=/no/such/file | agent argument: config: cannot read the file:"
                        + " /no/such/file (No such file or directory)",
                "credentials=/no/such/file | agent argument: credentials: cannot read the file:"
                        + " /no/such/file (No such file or directory)",
            })
    void load_badArgument_saysSourceKeyAndRemedy(String argumentAndMessage) {
        String[] parts = argumentAndMessage.split(" \\| ");
        assertThat(Sources.argument("proxy=h," + parts[0]).error()).isEqualTo(parts[1]);
    }

    @Test
    void load_badValue_namesTheSourceItStandsIn() throws Exception {
        assertThat(Sources.argument("h").property("argyle.log", "x").error())
                .startsWith("-Dargyle.log: log: got 'x' (expected: off,");
        assertThat(Sources.argument("h").variable("ARGYLE_LOG", "x").error())
                .startsWith("ARGYLE_LOG: log: got 'x' (expected: off,");
        Path file = write("config", "# first\nproxy=h\n\nlog=x\n");
        assertThat(Sources.argument(file.toString()).error())
                .startsWith("file " + file + ":4: log: got 'x' (expected: off,");
    }

    @Test
    void load_badValueOverruled_isNotLookedAt() throws Exception {
        assertThat(Sources.argument("h,log=info")
                        .property("argyle.log", "x")
                        .load()
                        .log())
                .isEqualTo(LogLevel.INFO);
    }

    @Test
    void load_unknownName_isShownOnlyAsFarAsItIsAName() {
        assertThat(Sources.none().property("argyle.proxy:ann:s3cr3t@h", "").error())
                .startsWith("-Dargyle.proxy...: unknown key")
                .doesNotContain("s3cr3t");
        assertThat(Sources.none().property("argyle.log\nx", "").error()).startsWith("-Dargyle.log...: unknown key");
        assertThat(Sources.none().variable("ARGYLE_PROXY:ann:s3cr3t@h", "x").error())
                .startsWith("ARGYLE_PROXY...: unknown key")
                .doesNotContain("s3cr3t");
    }

    @Test
    void load_unknownKey_isAnErrorInEverySource() throws Exception {
        assertThat(Sources.argument("h").property("argyle.bypas", "x").error())
                .isEqualTo("-Dargyle.bypas: unknown key; did you mean '-Dargyle.bypass'?");
        assertThat(Sources.argument("h").variable("ARGYLE_CONECT_TIMEOUT", "x").error())
                .isEqualTo("ARGYLE_CONECT_TIMEOUT: unknown key; did you mean 'ARGYLE_CONNECT_TIMEOUT'?");
        assertThat(Sources.argument("h").variable("ARGYLE_HOME", "x").error())
                .startsWith("ARGYLE_HOME: unknown key (known: proxy, routes, credentials, credentials.shared,");
        assertThat(Sources.argument("h,zzzzzz=1").error())
                .startsWith("agent argument: unknown key 'zzzzzz' (known: proxy, routes, credentials,");
        assertThat(Sources.argument("h,on.failure=1").error()).endsWith("did you mean 'on-failure'?");
        assertThat(Sources.argument("h,porxy=1").error()).endsWith("unknown key 'porxy'; did you mean 'proxy'?");
        Path file = write("config", "proxy=h\nargyle.log=x\n");
        assertThat(Sources.argument(file.toString()).error())
                .isEqualTo("file " + file + ":2: unknown key 'argyle.log'; did you mean 'log'?");
    }

    @Test
    void load_emptyVariable_countsAsNotSet() throws Exception {
        Settings settings = Sources.argument("h").variable("ARGYLE_LOG", " ").load();
        assertThat(settings.log()).isEqualTo(LogLevel.WARN);
        assertThat(Sources.none().variable("ARGYLE_PROXY", "").error()).startsWith("no SOCKSv5 server");
    }

    @Test
    void load_emptyPropertyOfList_isAnEmptyList() throws Exception {
        Settings settings = Sources.argument("h")
                .property("argyle.bypass", "")
                .variable("ARGYLE_BYPASS", "a")
                .load();
        assertThat(Sources.route(settings, "a", 80)).startsWith("via");
        assertThat(Sources.argument("bypass=a").property("argyle.proxy", "").error())
                .isEqualTo("-Dargyle.proxy: proxy: is empty");
    }

    @Test
    void load_bypassEverything_sendsNothingToTheServer() throws Exception {
        Settings settings = Sources.argument("h,bypass=*").load();
        assertThat(Sources.route(settings, "a.b", 80)).isEqualTo("direct by * (agent argument: bypass)");
        assertThat(settings.routes().staysName("a.b")).isFalse();
    }

    @Test
    void load_bypassNone_sendsThisMachineToTheServer() throws Exception {
        assertThat(Sources.route(Sources.argument("h").load(), "127.0.0.1", 80))
                .isEqualTo("direct by 127.0.0.0/8 (built in)");
        Settings settings = Sources.argument("h,bypass=a,none").load();
        assertThat(Sources.route(settings, "127.0.0.1", 80)).startsWith("via");
        assertThat(Sources.route(settings, "localhost", 80)).startsWith("via");
        assertThat(Sources.route(settings, "a", 80)).startsWith("direct");
        assertThat(Sources.route(settings, "224.0.0.1", 80)).startsWith("direct");
    }

    @Test
    void toString_credentials_areNotShown() throws Exception {
        Settings settings = Sources.argument("socks5h://alice:sesame@h").load();
        assertThat(settings.toString())
                .startsWith("Settings[proxy=socks5h://h:1080, ")
                .doesNotContain("alice", "sesame");
        assertThat(settings.origins().toString()).doesNotContain("alice", "sesame");
    }

    private static void give(
            From from, Key key, String value, Sources sources, List<String> argument, List<String> lines) {
        switch (from) {
            case ARGUMENT -> argument.add(key + "=" + value);
            case PROPERTY -> sources.property("argyle." + key, value);
            case VARIABLE -> sources.variable(key.variable(), value);
            case FILE -> lines.add(key + "=" + value);
        }
    }

    private static Sources with(Sources sources, List<String> argument) {
        return sources.withArgument(String.join(",", argument));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
