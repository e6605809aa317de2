// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.route.Server;
import dev.argyle.route.Transport;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of destinations. */
class ExplainerTest extends ExplainerFixture {
    private Explanation explain(String argument, String host, int port) throws Exception {
        return connector(argument).explainer().explain(host, port, Transport.TCP);
    }

    private Explanation explainDatagram(String argument, String host) throws Exception {
        return connector(argument).explainer().explain(host, 53, Transport.UDP);
    }

    // ---- what it says

    @Test
    void explain_nameOfAServer_saysAll() throws Exception {
        Path credentials = Files.writeString(folder.resolve("credentials"), "192.0.2.1 ann sesame\n", UTF_8);
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        Explanation explanation = explain(
                "192.0.2.1,bob:sesame@192.0.2.2,192.0.2.3,bypass=.test:80,on-failure=direct,credentials=" + credentials,
                "db.test",
                5432);

        assertThat(explanation.outcome()).isEqualTo(Explanation.Outcome.SERVER);
        assertThat(explanation.servers())
                .extracting(Server::host)
                .containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
        assertThat(explanation.record()).isEqualTo("* (agent argument: proxy)");
        assertThat(explanation.beaten()).isEmpty();
        assertThat(explanation.text()).isEqualTo("""
                        db.test:5432 over TCP
                          name:        looked up by the server
                          decision:    through socks5h://192.0.2.1:1080, then socks5h://192.0.2.2:1080, then socks5h://192.0.2.3:1080, then direct (on-failure)
                          record:      * (agent argument: proxy)
                          credentials: socks5h://192.0.2.1:1080: user name and password, from file %s:1
                                       socks5h://192.0.2.2:1080: user name and password, from agent argument: proxy
                                       socks5h://192.0.2.3:1080: none
                        """.formatted(credentials));
    }

    @Test
    void explain_nameThatIsLookedUpHere_saysItsAddressesAndWhatElseTheyWouldCome() throws Exception {
        known("db.test", "198.51.100.7", "10.1.2.3", "198.51.100.8", "203.0.113.1");

        assertThat(explain("socks5://192.0.2.1,bypass=10.0.0.0/8", "db.test", 80)
                        .text())
                .isEqualTo("""
                        db.test:80 over TCP
                          name:        looked up on this machine, since no record for names sends it to a server that resolves names: 198.51.100.7, 10.1.2.3, 198.51.100.8, 203.0.113.1
                          decision:    through socks5://192.0.2.1:1080
                          record:      * (agent argument: proxy)
                          credentials: none
                          but:         10.1.2.3: direct, by 10.0.0.0/8 (agent argument: bypass)
                          but:         203.0.113.1: direct, by an address of this machine (built in)
                        """);
    }

    @Test
    void explain_withoutAPort_countsTheRecordsForAllPorts() throws Exception {
        Explanation explanation = explain(PROXY + ",bypass=198.51.100.7:80,198.51.100.0/24", "198.51.100.7", 0);

        assertThat(explanation.text()).isEqualTo("""
                        198.51.100.7 over TCP, at no port in particular: records for some ports do not count
                          decision:    direct
                          record:      198.51.100.0/24 (agent argument: bypass)
                          beats:       * (agent argument: proxy)
                        """);
        assertThat(explanation.beaten()).containsExactly("* (agent argument: proxy)");
        assertThat(explanation.servers()).isEmpty();
    }

    @Test
    void explain_recordsThatItBeats_areThere_theBetterOnesFirst() throws Exception {
        String file = routes("test NONE", "db.test REFUSE tcp");

        Explanation explanation = explain(PROXY + "," + file + ",bypass=.test", "db.test", 80);

        String path = file.substring("routes=".length());
        assertThat(explanation.record()).isEqualTo("db.test REFUSE tcp (file " + path + ":2)");
        assertThat(explanation.beaten())
                .containsExactly(
                        ".test (agent argument: bypass)",
                        "test NONE (file " + path + ":1)",
                        "* (agent argument: proxy)");
        assertThat(explanation.text()).contains("  name:        not looked up\n  decision:    refused\n");
    }

    @ParameterizedTest
    @CsvSource({
        "-Dargyle.proxy, * (-Dargyle.proxy)",
        "ARGYLE_PROXY, * (ARGYLE_PROXY)",
        "ALL_PROXY, * (ALL_PROXY)",
        "-DsocksProxyHost, * (-DsocksProxyHost)"
    })
    void explain_sourceThatNamesTheKey_isNotFollowedByIt(String source, String record) throws Exception {
        Properties properties = new Properties();
        Map<String, String> variables = new HashMap<>();
        if (source.startsWith("-D")) {
            properties.setProperty(source.substring(2), "192.0.2.1");
        } else {
            variables.put(source, "socks5h://192.0.2.1");
        }
        Settings settings = SettingsLoader.load("", variables, properties, machine);

        assertThat(connector(settings)
                        .explainer()
                        .explain("db.test", 80, Transport.TCP)
                        .record())
                .isEqualTo(record);
    }

    @Test
    void explain_neverShowsASecret() throws Exception {
        String file = routes(".b.test socks5h://bob:sesame@192.0.2.2:1080");
        Files.setPosixFilePermissions(
                Path.of(file.substring("routes=".length())), PosixFilePermissions.fromString("rw-------"));
        for (String host : List.of("a.test", "x.b.test")) {
            assertThat(explain("proxy=ann:sesame@192.0.2.1," + file, host, 80).toString())
                    .contains("user name and password, from ")
                    .doesNotContain("sesame", "ann", "bob");
        }
    }

    // ---- names

    @Test
    void explain_unknownName_saysWhatKeepsItFromTheServers() throws Exception {
        Explanation explanation = explain(PROXY + ",bypass=.corp.test", "db.corp.test", 80);

        assertThat(explanation.outcome()).isEqualTo(Explanation.Outcome.UNKNOWN_NAME);
        assertThat(explanation.record()).isEqualTo(".corp.test (agent argument: bypass)");
        assertThat(explanation.text()).contains(": not known\n  decision:    none: there is no address to go to\n");
    }

    @Test
    void explain_nameThatNoRequestCanCarry_hasNoAddress() throws Exception {
        assertThat(explain(PROXY, "a".repeat(256), 80).outcome()).isEqualTo(Explanation.Outcome.UNKNOWN_NAME);
    }

    @Test
    void explain_nameInOtherLetters_isMatchedAsItIsSent() throws Exception {
        String file = routes(".xn--bcher-kva.test REFUSE");

        assertThat(explain(PROXY + "," + file, "db.B\u00fccher.test", 80).outcome())
                .isEqualTo(Explanation.Outcome.REFUSED);
    }

    @Test
    void explain_nameThatIsDirectAtOnePort_isLookedUpThere() throws Exception {
        known("db.test", "198.51.100.7");

        Explanation direct = explain(PROXY + ",bypass=db.test:80", "db.test", 80);
        assertThat(direct.outcome()).isEqualTo(Explanation.Outcome.DIRECT);
        assertThat(direct.text()).contains("looked up on this machine, since it goes direct: 198.51.100.7\n");
        assertThat(explain(PROXY + ",bypass=db.test:80", "db.test", 81).outcome())
                .isEqualTo(Explanation.Outcome.SERVER);
        assertThat(explain(PROXY + ",bypass=no.test:80", "no.test", 80).outcome())
                .isEqualTo(Explanation.Outcome.UNKNOWN_NAME);
    }

    @Test
    void explain_localName_goesThroughTheServerByItsAddress() throws Exception {
        known("db.test", "198.51.100.7");

        assertThat(explain(PROXY + ",names.local=*.test", "db.test", 80).text())
                .contains(
                        "looked up on this machine, since names.local lists it: 198.51.100.7\n",
                        "  decision:    through socks5h://192.0.2.1:1080\n");
    }

    // ---- stand-ins

    @Test
    void explain_standInOfThisJvm_isItsName() throws Exception {
        InetAddress standIn = standIns.of("db.test");

        assertThat(explain(PROXY + ",bypass=10.0.0.0/8", standIn.getHostAddress(), 80)
                        .text())
                .contains("  address:     stands in for the name db.test\n  name:        looked up by the server\n");
    }

    @Test
    void explain_standInOfAnother_isRefused() throws Exception {
        known("strange.test", "198.18.3.4");

        for (String host : List.of("198.18.3.4", "100::7", "strange.test")) {
            Explanation explanation = explain(PROXY + ",bypass=strange.test", host, 80);
            assertThat(explanation.outcome()).as(host).isEqualTo(Explanation.Outcome.REFUSED);
            assertThat(explanation.record()).isEqualTo("addresses that stand in for names (names.range)");
        }
        assertThat(explain("socks5://192.0.2.1", "198.18.3.4", 80).outcome())
                .as("there are no stand-ins")
                .isEqualTo(Explanation.Outcome.SERVER);
    }

    // ---- addresses converted to names

    @Test
    void explain_addressWithAName_isDecidedByIt() throws Exception {
        names.reverse.put(InetAddress.getByName("198.51.100.7"), "db.ibm.test");
        String file = routes("ibm.test 192.0.2.2");

        Explanation explanation = explain(PROXY + "," + file, "198.51.100.7", 80);
        assertThat(explanation.servers()).extracting(Server::host).containsExactly("192.0.2.2");
        assertThat(explanation.text()).contains("  address:     converted to the name db.ibm.test, since ");

        assertThat(explain(PROXY + ",names.reverse=off," + file, "198.51.100.7", 80)
                        .servers())
                .extracting(Server::host)
                .containsExactly("192.0.2.1");
        assertThat(explain(PROXY + "," + file, "198.51.100.8", 80).text())
                .contains("  address:     has no name that a record with the end of a name could match\n");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.2, REFUSED", "NONE, SERVER"})
    void explain_conversionThatHangs_ends(String decision, Explanation.Outcome outcome) throws Exception {
        names.reverse.put(InetAddress.getByName("198.51.100.7"), "hanging.test");
        long begin = System.nanoTime();

        Explanation explanation = explain(PROXY + "," + routes("ibm.test " + decision), "198.51.100.7", 80);

        assertThat(explanation.outcome()).isEqualTo(outcome);
        assertThat(explanation.text()).contains("  address:     not converted to a name within 2 s (names.reverse)\n");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(ReverseHops.LIMIT_NANOS);
    }

    // ---- datagrams, and ways that are not the agent's hooks

    @Test
    void explain_datagram_goesThroughTheServers_andNeverDirectInTheirPlace() throws Exception {
        assertThat(explainDatagram("bob:sesame@192.0.2.1,192.0.2.2,on-failure=direct,bypass=10.0.0.0/8", "db.test")
                        .text())
                .isEqualTo("""
                        db.test:53 over UDP
                          name:        looked up by the server
                          decision:    through socks5h://192.0.2.1:1080, then socks5h://192.0.2.2:1080
                          record:      * (agent argument: proxy)
                          credentials: socks5h://192.0.2.1:1080: user name and password, from agent argument: proxy
                                       socks5h://192.0.2.2:1080: none
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.test", "198.51.100.7"})
    void explain_datagram_isRefusedWhereAKeySaysSo(String host) throws Exception {
        Explanation explanation = explainDatagram(PROXY + ",udp=refuse,guard=off", host);

        assertThat(explanation.outcome()).isEqualTo(Explanation.Outcome.REFUSED);
        assertThat(explanation.text()).contains("  decision:    refused: udp=refuse\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', DIRECT, direct: udp=off",
        "',guard=enforce', REFUSED, refused by the guard: udp=off",
        "',guard=audit', DIRECT, 'direct, and the guard reports it: udp=off'",
        "',guard=off', DIRECT, direct: udp=off"
    })
    void explain_datagram_thatIsNotToBeCarried_isTheGuards(String guard, Explanation.Outcome outcome, String words)
            throws Exception {
        known("db.test", "198.51.100.7");
        for (String host : List.of("198.51.100.7", "db.test")) {
            Explanation explanation = explainDatagram(PROXY + ",udp=off" + guard, host);

            assertThat(explanation.outcome()).isEqualTo(outcome);
            assertThat(explanation.text()).contains("  decision:    " + words + "\n");
        }
        Explanation unknown = explainDatagram(PROXY + ",udp=off" + guard, "no.test");
        assertThat(unknown.outcome())
                .isEqualTo(outcome == Explanation.Outcome.REFUSED ? outcome : Explanation.Outcome.UNKNOWN_NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "'', REFUSED, refused by the guard",
        "',udp=refuse', REFUSED, refused by the guard",
        "',udp=off,guard=enforce', REFUSED, refused by the guard",
        "',guard=audit', DIRECT, 'direct, and the guard reports it'",
        "',guard=off', DIRECT, direct"
    })
    void explain_datagramToAGroupOrToAll_isTheGuards(String more, Explanation.Outcome outcome, String words)
            throws Exception {
        String file = routes("239.1.1.1 192.0.2.2", "255.255.255.255 192.0.2.2", "ff02::7 192.0.2.2");
        for (String host : List.of("239.1.1.1", "255.255.255.255", "ff02::7")) {
            Explanation explanation = explainDatagram(PROXY + "," + file + more, host);

            assertThat(explanation.outcome()).as(host).isEqualTo(outcome);
            assertThat(explanation.text())
                    .contains("  decision:    " + words + ": no relay sends to a group or to all\n");
        }
        assertThat(explainDatagram(PROXY + more, "239.1.1.1").text()).contains("  decision:    direct\n");
    }

    @Test
    void explain_withoutHooks_saysWhatItIsFor() throws Exception {
        names.hooked = false;
        known("db.test", "198.51.100.7");

        assertThat(explainDatagram(PROXY, "db.test").text()).isEqualTo("""
                        db.test:53 over UDP
                          name:        looked up on this machine, since datagrams are sent to names with the agent's hooks alone: 198.51.100.7
                          decision:    through socks5h://192.0.2.1:1080
                          for:         sockets that the factories make; channels go direct
                          record:      * (agent argument: proxy)
                          credentials: none
                        """);
        assertThat(explain(PROXY, "db.test", 80).text())
                .contains(
                        "  name:        looked up by the server, where the program leaves that to it\n",
                        "  for:         sockets that the factories make; channels go direct\n");
    }

    // ---- what it is asked

    @ParameterizedTest
    @ValueSource(strings = {"", "db.test:-1", "db.test:65536"})
    void explain_whatIsNoDestination_isRefused(String destination) {
        String[] parts = destination.split(":");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> explain(PROXY, parts[0], parts.length > 1 ? Integer.parseInt(parts[1]) : 80));
    }
}
