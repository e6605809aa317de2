// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.argyle.route.RouteTable;
import dev.argyle.route.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which source decides: the keys proxy and routes together, else the first of the conventions of others that is there. */
class RoutesPrecedenceTest {
    private static final String ANY = "203.0.113.1";
    private static final String NO_SUCH_FILE = "/no/such/file.conf";

    @TempDir
    Path directory;

    // ---- key routes

    @Test
    void routes_alone_leaveTheRestToTheImplicitRecords() throws Exception {
        Settings settings =
                Sources.argument("routes=" + write("r", "10.0.0.0/8 a")).load();

        assertThat(decision(settings, "10.0.0.1")).isEqualTo("via [socks5h://a:1080]");
        assertThat(settings.routes().route(new Target(ANY, null, 80))).isSameAs(RouteTable.IMPLICIT);
        assertThat(settings.origins()).doesNotContainKey(Key.PROXY);
        assertThat(settings.off()).isFalse();
    }

    @Test
    void routes_besideProxy_leaveTheRestToIt() throws Exception {
        Path file = write("r", "10.0.0.0/8 a\n10.1.0.0/16 NONE\n10.2.0.0/16 REFUSE");
        Settings settings = Sources.argument("p,routes=" + file).load();

        assertThat(decision(settings, "10.0.0.1")).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, "10.1.0.1")).isEqualTo("direct");
        assertThat(decision(settings, "10.2.0.1")).isEqualTo("refuse");
        assertThat(decision(settings, ANY)).isEqualTo("via [socks5h://p:1080]");
        assertThat(settings.servers()).hasToString("[socks5h://p:1080, socks5h://a:1080]");
        assertThat(settings.routingInWords())
                .isEqualTo("by 3 records of " + file + ", others through socks5h://p:1080");
    }

    @ParameterizedTest
    @CsvSource({"''", "'p,'"})
    void bypass_appliesBesideRoutes_andTheBetterMatchDecides(String proxy) throws Exception {
        Path file = write("r", "0.0.0.0/0 a\n10.1.0.0/16 a\n10.2.0.0/16 a\nexample.com a\n127.0.0.1 a");
        Settings settings = Sources.argument(proxy + "routes=" + file + ",bypass=10.1.2.0/24,10.0.0.0/8,.example.com")
                .load();

        assertThat(decision(settings, "10.1.2.3")).isEqualTo("direct");
        assertThat(decision(settings, "10.3.0.1")).isEqualTo("direct");
        assertThat(decision(settings, "10.1.3.1")).isEqualTo("via [socks5h://a:1080]");
        // of as many characters the narrower kind: whole labels
        assertThat(decision(settings, "www.example.com")).isEqualTo("direct");
        assertThat(decision(settings, "notexample.com")).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, "127.0.0.1")).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, "127.0.0.2")).isEqualTo("direct");
    }

    @Test
    void routes_fromEverySource_theEarlierWins() throws Exception {
        String one = write("one", "0.0.0.0/0 one").toString();
        String two = write("two", "0.0.0.0/0 two").toString();
        Path config = write("config", "routes=" + two + "\n");

        assertThat(decision(Sources.argument("routes=" + one).property("argyle.routes", two)))
                .isEqualTo("via [socks5h://one:1080]");
        assertThat(decision(Sources.none().property("argyle.routes", one).variable("ARGYLE_ROUTES", two)))
                .isEqualTo("via [socks5h://one:1080]");
        assertThat(decision(Sources.argument(config.toString()).variable("ARGYLE_ROUTES", one)))
                .isEqualTo("via [socks5h://one:1080]");
        assertThat(decision(Sources.argument(config.toString()))).isEqualTo("via [socks5h://two:1080]");
    }

    @Test
    void routesAndProxy_ofSeveralSources_holdTogether() throws Exception {
        String file = write("r", "10.0.0.0/8 a").toString();

        Settings settings =
                Sources.argument("p").variable("ARGYLE_ROUTES", file).load();

        assertThat(decision(settings, "10.0.0.1")).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, ANY)).isEqualTo("via [socks5h://p:1080]");
    }

    @ParameterizedTest
    @CsvSource({"proxy", "routes"})
    void conventionsOfOthers_doNotCountBesideOurs(String key) throws Exception {
        String value = key.equals("proxy") ? "p" : write("r", "0.0.0.0/0 p").toString();
        Sources sources = Sources.argument(key + "=" + value)
                .variable("SOCKS5C_CONFIG", write("aix", "0.0.0.0/1 aix").toString())
                .variable("ALL_PROXY", "socks5h://curl")
                .variable("NO_PROXY", "*," + ANY + ",3.3.3.3")
                .property("socksProxyHost", "jdk")
                .property("socksNonProxyHosts", "203.*|3.*");

        assertThat(decision(sources)).isEqualTo("via [socks5h://p:1080]");
        assertThat(decision(sources.load(), "3.3.3.3")).isEqualTo("via [socks5h://p:1080]");
        assertThat(decision(sources.variable("SOCKS5C_CONFIG", ""))).isEqualTo("via [socks5h://p:1080]");
        assertThat(decision(sources.variable("SOCKS5C_CONFIG", NO_SUCH_FILE))).isEqualTo("via [socks5h://p:1080]");
    }

    // ---- SOCKS5C_CONFIG

    @Test
    void socks5cConfig_withAPath_isThatFile_beforeTheOtherConventions() throws Exception {
        Path aix = write("aix", "0.0.0.0/0 aix\n198.51.100.0/24 NONE");
        Sources sources = Sources.argument(null)
                .variable("SOCKS5C_CONFIG", aix.toString())
                .socks5cConf(write("etc", "0.0.0.0/0 etc"))
                .variable("ALL_PROXY", "socks5h://curl")
                .variable("NO_PROXY", ANY)
                .property("socksProxyHost", "jdk")
                .property("socksNonProxyHosts", ANY);

        Settings settings = sources.load();

        assertThat(Sources.route(settings, ANY, 80))
                .isEqualTo("via [socks5h://aix:1080] by 0.0.0.0/0 aix (file " + aix + ":1)");
        assertThat(Sources.route(settings, "2001:db8::1", 80)).endsWith("(implicit)");
        assertThat(settings.origins()).containsEntry(Key.ROUTES, new Origin(aix.toString(), "SOCKS5C_CONFIG"));
        assertThat(settings.routingInWords()).isEqualTo("by 2 records of " + aix);
        assertThat(settings.notes()).isEmpty();
    }

    @Test
    void socks5cConfig_whoseFileIsMissing_isTheOneOfTheMachine() throws Exception {
        Path etc = write("etc", "0.0.0.0/0 etc");

        Settings settings = Sources.none()
                .variable("SOCKS5C_CONFIG", NO_SUCH_FILE)
                .socks5cConf(etc)
                .load();

        assertThat(Sources.route(settings, ANY, 80)).endsWith("(file " + etc + ":1)");
        assertThat(settings.origins()).containsEntry(Key.ROUTES, new Origin(etc.toString(), "SOCKS5C_CONFIG"));
    }

    @Test
    void socks5cConfig_ofWhiteSpace_isNotEmpty() throws Exception {
        Sources sources = Sources.none().variable("SOCKS5C_CONFIG", " ").socks5cConf(write("etc", "0.0.0.0/0 etc"));

        assertThat(decision(sources)).isEqualTo("via [socks5h://etc:1080]");
    }

    @Test
    void socks5cConfig_withoutAnyFile_isAnError() {
        assertThat(Sources.none()
                        .variable("SOCKS5C_CONFIG", NO_SUCH_FILE)
                        .variable("ALL_PROXY", "socks5h://curl")
                        .error())
                .isEqualTo("SOCKS5C_CONFIG: there is no file '/no/such/file.conf', and no /no/such/socks5c.conf; name"
                        + " one, or set the variable to nothing to go direct");
    }

    @Test
    void socks5cConfig_thatCannotBeRead_isAnError_andNotMissing() throws Exception {
        Sources sources = Sources.none()
                .variable("SOCKS5C_CONFIG", directory.toString())
                .socks5cConf(write("etc", "0.0.0.0/0 etc"));

        assertThat(sources.error()).startsWith("SOCKS5C_CONFIG: cannot read the file: " + directory);
        Path wrong = write("wrong", "\n9.0.0/8 NONE");
        assertThat(sources.variable("SOCKS5C_CONFIG", wrong.toString()).error())
                .startsWith("file " + wrong + ":2: destination: ");
    }

    @Test
    void socks5cConfig_empty_switchesSocksOff() throws Exception {
        Settings settings = Sources.argument("guard=enforce,bypass=none")
                .variable("SOCKS5C_CONFIG", "")
                .variable("ALL_PROXY", "socks5h://curl")
                .property("socksProxyHost", "jdk")
                .load();

        assertThat(settings.off()).isTrue();
        assertThat(Sources.route(settings, ANY, 80)).isEqualTo("direct by set to nothing (SOCKS5C_CONFIG)");
        assertThat(settings.servers()).isEmpty();
        assertThat(settings.uncarried()).isEqualTo(GuardMode.OFF);
        assertThat(settings.uncovered()).isEqualTo(GuardMode.OFF);
        assertThat(settings.routes().staysName("db.example")).isFalse();
        assertThat(settings.routingInWords()).isEqualTo("direct");
    }

    @Test
    void socks5cConfig_empty_leavesErrorsErrors() {
        assertThat(Sources.argument("log=x").variable("SOCKS5C_CONFIG", "").error())
                .startsWith("agent argument: log: got 'x'");
    }

    @Test
    void socks5cConfig_besideBypassAndCredentials_hasBoth() throws Exception {
        Path aix = write("aix", "0.0.0.0/0 aix");
        Settings settings = Sources.argument("bypass=10.0.0.0/8,credentials.shared=true,credentials="
                        + write("credentials", "aix ann s3cr3t"))
                .variable("SOCKS5C_CONFIG", aix.toString())
                .load();

        assertThat(decision(settings, "10.0.0.1")).isEqualTo("direct");
        assertThat(settings.servers().get(0).credentials()).isNotNull();
    }

    @Test
    void socks5cConfig_isNotReadForWhatAProgramGives() {
        assertThat(List.of("log=info", "guard=off"))
                .allSatisfy(given -> assertThat(catchThrowableOfType(
                                ConfigurationException.class, () -> SettingsLoader.load(given, Sources.OWN_HOST)))
                        .hasMessageStartingWith("no SOCKSv5 server is named"));
    }

    // ---- which settings are equal

    @Test
    void values_coverWhatTheFilesSay() throws Exception {
        Path file = write("r", "10.0.0.0/8 a");
        Sources sources = Sources.argument("routes=" + file);
        String before = sources.load().values();

        write("r", "# another line, the same record\n10.0.0.0/8 a");
        assertThat(sources.load().values()).isEqualTo(before);
        write("r", "10.0.0.0/8 b");
        assertThat(sources.load().values()).isNotEqualTo(before);
        write("r", "10.0.0.0/8 a udp");
        assertThat(sources.load().values()).isNotEqualTo(before);
    }

    @Test
    void values_coverTheExceptionsOfOthers() throws Exception {
        Sources sources = Sources.none().variable("ALL_PROXY", "socks5h://h");
        String before = sources.load().values();

        assertThat(sources.load().values()).isEqualTo(before);
        assertThat(sources.variable("NO_PROXY", "a.b").load().values()).isNotEqualTo(before);
    }

    private static String decision(Sources sources) throws Exception {
        return decision(sources.load(), ANY);
    }

    private static String decision(Settings settings, String target) {
        return Sources.route(settings, target, 80).replaceFirst(" by .*", "");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
