// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
    private static final int ANY = TargetPattern.ANY_PORT;
    private static final Server SERVER = new Server("Proxy.example", 1080, true, null);
    private static final Route DEFAULT = via("default", SERVER);

    private final List<String> asked = new ArrayList<>();
    private final OwnHost ownHost = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            asked.add(IpLiteral.format(address));
            return Arrays.equals(address, new byte[] {(byte) 192, 0, 2, 7});
        }

        @Override
        public boolean isOwnBroadcast(byte[] address) {
            asked.add(IpLiteral.format(address));
            return Arrays.equals(address, new byte[] {(byte) 192, 0, 2, (byte) 255});
        }

        @Override
        public boolean isOwnName(String name) {
            asked.add(name);
            return name.equals("me.example");
        }
    };

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.0/8",
        "127.255.0.3, 127.0.0.0/8",
        "::ffff:127.0.0.1, 127.0.0.0/8",
        "::1, ::1",
        "0.0.0.0, 0.0.0.0",
        "::, ::",
        "169.254.169.254, 169.254.0.0/16",
        "fe80::1%eth0, fe80::/10",
        "192.0.2.7, an address of this machine",
        "::ffff:192.0.2.7, an address of this machine",
        "localhost, .localhost",
        "LOCALHOST., .localhost",
        "a.localhost, .localhost",
        "ME.example., this machine's name",
        "'', this machine's name",
    })
    void route_thisMachine_isDirectUnlessSwitchedOff(String target, String record) {
        assertThat(route(table(true), target, 80)).isEqualTo(direct(record, "built in"));
        assertThat(route(table(false), target, 80)).isEqualTo(DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "224.0.0.1, 224.0.0.0/4",
        "239.255.255.255, 224.0.0.0/4",
        "ff02::1, ff00::/8",
        "255.255.255.255, 255.255.255.255",
    })
    void route_multicastAndBroadcast_isDirectAlways(String target, String record) {
        assertThat(route(table(true), target, 80)).isEqualTo(direct(record, "built in"));
        assertThat(route(table(false), target, 80)).isEqualTo(direct(record, "built in"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void route_datagramToAllInANetworkOfThisMachine_isDirectUnlessARecordHasTheAddressOrRefuses(boolean ownHostDirect) {
        Target all = datagram("192.0.2.255");

        assertThat(table(ownHostDirect).route(all)).isSameAs(RouteTable.OWN_BROADCAST);
        assertThat(table(ownHostDirect, rule(block("192.0.2.0", 24), via("block")))
                        .route(all))
                .isSameAs(RouteTable.OWN_BROADCAST);
        assertThat(table(ownHostDirect, rule(block("192.0.2.255", 32), via("address")))
                        .route(all))
                .isEqualTo(via("address"));
        Route.Refuse refuse = new Route.Refuse(new RouteRecord("192.0.2.0/24 REFUSE", "file"));
        assertThat(table(ownHostDirect, rule(block("192.0.2.0", 24), refuse)).route(all))
                .isEqualTo(refuse);
        assertThat(table(ownHostDirect).route(datagram("192.0.2.254"))).isEqualTo(DEFAULT);
        assertThat(route(table(ownHostDirect), "192.0.2.255", 80)).as("TCP").isEqualTo(DEFAULT);
    }

    private static Target datagram(String address) {
        return new Target(null, IpLiteral.parse(address), 9, Transport.UDP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"128.0.0.1", "::2", "0.0.0.1", "169.253.0.1", "fec0::1", "223.255.255.255", "fe00::1", "10.0.0.1"
            })
    void route_elsewhereByAddress_goesToTheServers(String target) {
        assertThat(route(table(true), target, 80)).isEqualTo(DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost.example.com", "xlocalhost", "proxy.example"})
    void route_elsewhereByName_goesToTheServers(String target) {
        assertThat(route(table(true), target, 80)).isEqualTo(DEFAULT);
    }

    @Test
    void route_directAnyway_doesNotAskAboutThisMachine() {
        RouteTable table = table(true, rule(TargetPattern.everything(ANY), direct("*", "here")));
        assertThat(route(table, "192.0.2.7", 80)).isEqualTo(direct("*", "here"));
        assertThat(route(table, "me.example", 80)).isEqualTo(direct("*", "here"));
        assertThat(asked).isEmpty();
    }

    @Test
    void route_ruleForExactlyThisMachine_beatsTheBuiltInOne() {
        RouteTable table = table(
                true,
                rule(TargetPattern.name("me.example", ANY), via("name")),
                rule(block("192.0.2.7", 32), via("address")));
        assertThat(route(table, "me.example", 80)).isEqualTo(via("name"));
        assertThat(route(table, "192.0.2.7", 80)).isEqualTo(via("address"));
    }

    @Test
    void route_widerRule_losesAgainstThisMachine() {
        RouteTable table = table(
                true,
                rule(TargetPattern.domain("example", ANY), via("name")),
                rule(block("192.0.2.0", 24), via("address")));
        assertThat(route(table, "me.example", 80)).isEqualTo(direct("this machine's name", "built in"));
        assertThat(route(table, "192.0.2.7", 80)).isEqualTo(direct("an address of this machine", "built in"));
        assertThat(route(table, "192.0.2.8", 80)).isEqualTo(via("address"));
    }

    @Test
    void route_sameBlockAsBuiltIn_theMoreCautiousWins() {
        RouteTable table = table(true, rule(block("127.0.0.0", 8), via("mine")));
        assertThat(route(table, "127.0.0.1", 80)).isEqualTo(via("mine"));
    }

    /** Each line: the target, then patterns from the best to the worst; all match the target. */
    @Test
    void route_manyMatches_bestWinsInAnyOrder() {
        byte[] address = {10, 1, 2, 3};
        List<TargetPattern> bestFirst = List.of(
                TargetPattern.name("a.b.corp", 80),
                TargetPattern.name("a.b.corp", ANY),
                TargetPattern.below("b.corp", 80),
                TargetPattern.below("b.corp", ANY),
                TargetPattern.domain("b.corp", 80),
                TargetPattern.domain("b.corp", ANY),
                TargetPattern.text("*.corp", 80),
                TargetPattern.text("*.corp", ANY),
                TargetPattern.below("corp", ANY),
                TargetPattern.text("10*", ANY),
                block(address, 32, 80),
                block(address, 32, ANY),
                block(address, 31, 80),
                block(address, 8, ANY),
                block(address, 0, ANY),
                TargetPattern.everything(80),
                TargetPattern.everything(ANY));
        Random random = new Random(1961);
        for (int worseThan = 0; worseThan < bestFirst.size(); worseThan++) {
            List<RouteTable.Rule> rules = new ArrayList<>();
            for (int i = worseThan; i < bestFirst.size(); i++) {
                rules.add(rule(bestFirst.get(i), direct("rule " + i, "here")));
            }
            for (int shuffle = 0; shuffle < 20; shuffle++) {
                Collections.shuffle(rules, random);
                RouteTable table = new RouteTable(rules, DEFAULT, true, ownHost);
                assertThat(table.route(new Target("a.b.corp", address, 80)))
                        .isEqualTo(direct("rule " + worseThan, "here"));
            }
        }
    }

    @Test
    void route_equalPatterns_theMostCautiousWinsInAnyOrder() {
        Route refuse = new Route.Refuse(new RouteRecord("refuse", "here"));
        List<RouteTable.Rule> rules = new ArrayList<>(List.of(
                rule(TargetPattern.name("a", ANY), direct("direct", "here")),
                rule(TargetPattern.name("A.", ANY), via("via")),
                rule(TargetPattern.name("a", ANY), refuse)));
        for (int i = 0; i < 3; i++) {
            Collections.rotate(rules, 1);
            assertThat(route(table(true, rules.toArray(new RouteTable.Rule[0])), "a", 80))
                    .isEqualTo(refuse);
        }
    }

    @Test
    void route_otherPort_ruleDoesNotCount() {
        RouteTable table = table(true, rule(TargetPattern.name("a", 80), direct("a:80", "here")));
        assertThat(route(table, "a", 80)).isEqualTo(direct("a:80", "here"));
        assertThat(route(table, "a", 81)).isEqualTo(DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1",
                "::1",
                "[::1]",
                "127.1",
                "2130706433",
                "0x7f.1",
                "localhost",
                "LocalHost.",
                "a.localhost",
                "me.example",
                "ME.EXAMPLE.",
                "proxy.example",
                "PROXY.example."
            })
    void staysName_alwaysResolvedHere_isFalseWhateverTheTable(String name) {
        assertThat(table(true).staysName(name)).isFalse();
        assertThat(table(false).staysName(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "a", "xlocalhost", "other.proxy.example", "not a name"})
    void staysName_routedByServersThatResolve_isTrue(String name) {
        assertThat(table(true).staysName(name)).isTrue();
    }

    @Test
    void staysName_bypassed_isFalse() {
        RouteTable table = table(
                true,
                rule(TargetPattern.domain("corp", ANY), direct(".corp", "here")),
                rule(TargetPattern.text("*.text", ANY), direct("*.text", "here")));
        assertThat(table.staysName("A.Corp.")).isFalse();
        assertThat(table.staysName("a.text")).isFalse();
        assertThat(table.staysName("a.other")).isTrue();
        assertThat(asked).as("asked only where the answer matters").containsExactly("a.other");
        RouteTable all = table(true, rule(TargetPattern.everything(ANY), direct("*", "here")));
        assertThat(all.staysName("a.other")).isFalse();
    }

    @Test
    void staysName_bypassedAtOnePortOnly_isTrue() {
        RouteTable table = table(true, rule(TargetPattern.name("a", 80), direct("a:80", "here")));
        assertThat(table.staysName("a")).isTrue();
    }

    @Test
    void staysName_routedAtOnePortOnly_isTrue() {
        RouteTable table = table(
                true,
                rule(TargetPattern.name("a", 80), via("a:80")),
                rule(TargetPattern.domain("a", ANY), direct(".a", "here")));
        assertThat(table.staysName("a")).isTrue();
        assertThat(table.staysName("b.a")).isFalse();
    }

    @Test
    void staysName_routedPortShadowedByBetterRule_isFalse() {
        RouteTable table = table(
                true,
                rule(TargetPattern.name("a.b", 80), direct("a.b:80", "here")),
                rule(TargetPattern.below("b", 80), via("*.b:80")),
                rule(TargetPattern.everything(ANY), direct("*", "here")));
        assertThat(table.staysName("a.b")).isFalse();
        assertThat(table.staysName("c.b")).isTrue();
    }

    @Test
    void staysName_numericRulesAndDirectDefault_isFalse() {
        RouteTable table =
                new RouteTable(List.of(rule(block("10.0.0.0", 8), via("10/8"))), direct("*", "here"), true, ownHost);
        assertThat(table.staysName("a")).isFalse();
    }

    @Test
    void staysName_numericBypass_doesNotMakeALookUp() {
        RouteTable table = table(true, rule(block("10.0.0.0", 8), direct("10/8", "here")));
        assertThat(table.staysName("a")).isTrue();
    }

    @Test
    void staysName_serversThatDoNotResolve_isFalse() {
        RouteTable table = new RouteTable(List.of(), via("local", new Server("p", 1080, false, null)), true, ownHost);
        assertThat(table.staysName("a")).isFalse();
    }

    @Test
    void staysName_refused_isTrue() {
        RouteTable table = new RouteTable(
                List.of(rule(TargetPattern.name("a", ANY), new Route.Refuse(new RouteRecord("a", "here")))),
                direct("*", "here"),
                true,
                ownHost);
        assertThat(table.staysName("a")).isTrue();
    }

    private RouteTable table(boolean ownHostDirect, RouteTable.Rule... rules) {
        return new RouteTable(List.of(rules), DEFAULT, ownHostDirect, ownHost);
    }

    private static Route route(RouteTable table, String target, int port) {
        return table.route(new Target(target, null, port));
    }

    private static RouteTable.Rule rule(TargetPattern pattern, Route route) {
        return new RouteTable.Rule(pattern, route);
    }

    private static TargetPattern block(String network, int prefixLength) {
        return TargetPattern.block(IpLiteral.parse(network), prefixLength, ANY);
    }

    private static TargetPattern block(byte[] network, int prefixLength, int port) {
        return TargetPattern.block(network, prefixLength, port);
    }

    private static Route direct(String text, String source) {
        return new Route.Direct(new RouteRecord(text, source));
    }

    private static Route via(String text) {
        return via(text, new Server("other.example", 1080, true, null));
    }

    private static Route via(String text, Server server) {
        return new Route.Via(new RouteRecord(text, "here"), List.of(server));
    }

    @Test
    void explain_target_givesWhatDecidesAndWhatItBeats() {
        RouteTable table = table(
                true,
                rule(TargetPattern.domain("example", ANY), via("domain")),
                rule(TargetPattern.suffix("ample", ANY), direct("suffix", "here")),
                rule(TargetPattern.name("db.example", ANY).at(1, 79, null), via("other ports")),
                rule(TargetPattern.everything(ANY), via("everything")));

        assertThat(table.explain(new Target("db.example", null, 80)))
                .containsExactly(via("domain"), direct("suffix", "here"), via("everything"), DEFAULT);
        assertThat(table.explain(new Target("me.example", null, 80)))
                .startsWith(direct("this machine's name", "built in"), via("domain"));
        assertThat(table.explain(new Target("elsewhere", null, 80))).containsExactly(via("everything"), DEFAULT);
    }

    @Test
    void staysName_whereOnePortOrTransportGoesToTheServer_isKept() {
        Route direct = direct("d", "here");
        RouteTable table = table(
                true,
                rule(TargetPattern.name("ports.example", ANY), direct),
                rule(TargetPattern.name("ports.example", ANY).at(80, 90, null), via("v")),
                rule(TargetPattern.name("udp.example", ANY).at(0, 65535, Transport.TCP), direct),
                rule(TargetPattern.name("split.example", ANY).at(0, 79, null), direct),
                rule(TargetPattern.name("split.example", ANY).at(81, 65535, null), direct),
                rule(TargetPattern.name("covered.example", ANY).at(0, 79, null), direct),
                rule(TargetPattern.name("covered.example", ANY).at(80, 65535, null), direct),
                rule(TargetPattern.name("direct.example", ANY), direct));

        assertThat(table.staysName("ports.example")).isTrue();
        assertThat(table.staysName("udp.example")).isTrue();
        assertThat(table.staysName("split.example")).isTrue();
        assertThat(table.staysName("covered.example")).isFalse();
        assertThat(table.staysName("direct.example")).isFalse();
    }

    @Test
    void staysName_whereOnlyAddressesAreRouted_isLookedUp() {
        RouteTable table = new RouteTable(
                List.of(
                        rule(block("10.0.0.0", 8), via("numeric")),
                        rule(TargetPattern.suffix("ibm.com", ANY), via("f"))),
                RouteTable.IMPLICIT,
                true,
                ownHost);

        assertThat(table.staysName("db.example")).isFalse();
        assertThat(table.staysName("www.ibm.com")).isTrue();
        assertThat(route(table, "10.1.2.3", 80)).isEqualTo(via("numeric"));
        assertThat(route(table, "db.example", 80)).isSameAs(RouteTable.IMPLICIT);
    }

    @Test
    void servers_ofAllRecords_areThoseOfTheDefaultFirst() {
        Server other = new Server("other.example", 1080, true, null);
        RouteTable table =
                table(true, rule(block("10.0.0.0", 8), via("a", other)), rule(block("11.0.0.0", 8), via("b", other)));

        assertThat(table.servers()).containsExactly(SERVER, other);
        assertThat(table.staysName("other.example")).isFalse();
    }
}
