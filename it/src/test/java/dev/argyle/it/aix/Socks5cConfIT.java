// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.Configuration;
import dev.argyle.Explanation;
import dev.argyle.Explanation.Outcome;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.embedding.ExplainEach;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.real.OtherEtc;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page of {@code /etc/socks5c.conf}, and of the variable {@code SOCKS5C_CONFIG}, sentence by sentence.
 *
 * <p>What such a file may have that AIX has not, and each error with its words, is {@code RoutesFilesTest}'s; that connections
 * and datagrams go as the file says, {@code ContractIT}'s and {@code DatagramContractIT}'s, which run by records too.
 */
class Socks5cConfIT {
    private static final String IMPLICIT = "0.0.0.0/0 NONE, ::/0 NONE (implicit)";

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("socks5c.conf");
    }

    private void write(String... records) throws IOException {
        Files.write(file(), List.of(records));
    }

    /** What would become of a connection; nothing is looked up for it. */
    private Explanation ask(String destination) {
        return Configuration.of("routes=" + file() + ",names.reverse=off").explain(destination, 80);
    }

    private void assertServer(String destination, String server) {
        assertThat(ask(destination).outcome()).isEqualTo(Outcome.SERVER);
        assertThat(ask(destination).servers()).containsExactly("socks5h://" + server);
    }

    private void assertDirect(String destination) {
        assertThat(ask(destination).outcome()).isEqualTo(Outcome.DIRECT);
        assertThat(ask(destination).servers()).isEmpty();
    }

    private void assertImplicit(String destination) {
        assertDirect(destination);
        assertThat(ask(destination).record()).isEqualTo(IMPLICIT);
    }

    /** Asks in a JVM that knows these names and no DNS: a line for each destination, {@code outcome port record}. */
    private List<String> askKnowing(String hosts, String... destinations) throws Exception {
        Path hostsFile = Files.writeString(folder.resolve("hosts"), hosts);
        Jvm program = Jvm.of(ExplainEach.class)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .property("jdk.net.hosts.file", hostsFile.toString())
                .arguments("routes=" + file(), "ask");
        for (String destination : destinations) {
            program.arguments(destination, 80);
        }
        JvmResult result = program.run();
        assertThat(result.lines()).as(result.toString()).hasSize(destinations.length);
        return result.lines();
    }

    @Nested
    class Format {
        @ParameterizedTest
        @ValueSource(strings = {"192.0.2.0/24 relay", "192.0.2.0/24\trelay", "  192.0.2.0/24 \t  relay\t"})
        void fields_areSeparatedByWhiteSpace(String line) throws Exception {
            write(line);

            assertServer("192.0.2.1", "relay:1080");
        }

        @Test
        void numberSign_beginsAComment_toTheEndOfTheLine() throws Exception {
            write("# 192.0.2.0/24 NONE", "192.0.2.0/24 relay # NONE", "", "#");

            assertServer("192.0.2.1", "relay:1080");
        }

        @ParameterizedTest
        @CsvSource({"192.0.2.1, 192.0.2.1", "2001:db8::1, 2001:db8:0:0:0:0:0:1"})
        void destination_isAnAddress_ofEitherFamily(String record, String destination) throws Exception {
            write(record + " relay");

            assertServer(destination, "relay:1080");
        }

        @ParameterizedTest
        @CsvSource({"192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8::2"})
        void prefixLength_thatIsAbsent_isAllBits(String record, String neighbour) throws Exception {
            write(record + " relay");

            assertImplicit(neighbour);
        }

        @ParameterizedTest
        @CsvSource({
            "192.0.2.0/24, 192.0.2.255, 192.0.3.0",
            "192.0.2.128/25, 192.0.2.128, 192.0.2.127",
            "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        })
        void prefixLength_isTheBitsThatCount(String record, String inside, String outside) throws Exception {
            write(record + " relay");

            assertServer(inside, "relay:1080");
            assertImplicit(outside);
        }

        @Test
        void prefixLength_goesWithAnAddressOnly() throws Exception {
            write("example.com/8 relay");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask("www.example.com"))
                    .withMessageStartingWith("file " + file() + ":1: destination: a prefix goes with an address only");
        }

        @ParameterizedTest
        @CsvSource({
            "relay.example, relay.example:1080",
            "relay.example:1081, relay.example:1081",
            "198.51.100.1, 198.51.100.1:1080",
            "198.51.100.1:1081, 198.51.100.1:1081",
            "2001:db8::1:1081, [2001:db8::1]:1081",
        })
        void server_isAHostNameOrAnAddress_withPort1080IfAbsent(String written, String server) throws Exception {
            write("192.0.2.0/24 " + written);

            assertServer("192.0.2.1", server);
        }

        @Test
        void serverOfIPv6_mustCarryAPort() throws Exception {
            write("192.0.2.0/24 ::1");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask("192.0.2.1"))
                    .withMessageStartingWith("file " + file() + ":1: an IPv6 server needs a port");
        }

        @Test
        void none_reachesTheDestinationsDirectly() throws Exception {
            write("192.0.2.0/24 relay", "192.0.2.128/25 NONE");

            assertDirect("192.0.2.129");
            assertThat(ask("192.0.2.129").record()).isEqualTo("192.0.2.128/25 NONE (file " + file() + ":2)");
        }

        @Test
        void none_isInUpperCase() throws Exception {
            write("192.0.2.0/24 none");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask("192.0.2.1"))
                    .withMessageEndingWith("got 'none'; write NONE, in upper case");
        }
    }

    @Nested
    class Matching {
        @ParameterizedTest
        @ValueSource(strings = {"ibm.com", "aguila.austin.ibm.com", "notibm.com"})
        void fragment_matchesAHostNameThatEndsWithIt_asARawString(String name) throws Exception {
            write("ibm.com relay");

            assertServer(name, "relay:1080");
        }

        @Test
        void fragment_doesNotMatchAHostNameThatOnlyContainsIt() throws Exception {
            write("ibm.com relay");

            assertThat(askKnowing("192.0.2.1 ibm.com.example\n", "ibm.com.example"))
                    .containsExactly("DIRECT 0 " + IMPLICIT);
        }

        @Test
        void address_isConvertedToAHostName_ifAnyRecordIsAFragment() throws Exception {
            write("ibm.com relay", "192.0.2.0/24 NONE");

            assertThat(askKnowing("192.0.2.1 aguila.austin.ibm.com\n192.0.2.2 www.example\n", "192.0.2.1", "192.0.2.2"))
                    .containsExactly(
                            "SERVER 1080 ibm.com relay (file " + file() + ":1)",
                            "DIRECT 0 192.0.2.0/24 NONE (file " + file() + ":2)");
        }

        @Test
        void longestPrefix_isBest_whateverTheOrder() throws Exception {
            write("10.0.0.0/8 far", "10.1.2.3 NONE", "10.1.0.0/16 near");

            assertServer("10.2.0.1", "far:1080");
            assertServer("10.1.0.1", "near:1080");
            assertDirect("10.1.2.3");
        }

        @Test
        void fragmentWithMostCharacters_isBest_whateverTheOrder() throws Exception {
            write("com far", "austin.ibm.com nearest", "ibm.com near");

            assertServer("www.example.com", "far:1080");
            assertServer("www.ibm.com", "near:1080");
            assertServer("aguila.austin.ibm.com", "nearest:1080");
        }

        @Test
        void anyFragment_beatsAnyNumericRecord() throws Exception {
            write("192.0.2.1 NONE", "m relay");

            assertThat(askKnowing("192.0.2.1 aguila.austin.ibm.com\n", "aguila.austin.ibm.com", "192.0.2.1"))
                    .containsExactly(
                            "SERVER 1080 m relay (file " + file() + ":2)",
                            "SERVER 1080 m relay (file " + file() + ":2)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"203.0.113.1", "2001:db8::1"})
        void implicitRecords_reachDirectlyWhatNoOtherMatches(String destination) throws Exception {
            write("192.0.2.0/24 relay");

            assertImplicit(destination);
        }

        @Test
        void implicitRecords_areBeatenByTheSameThatAreWritten() throws Exception {
            write("0.0.0.0/0 relay", "::/0 ::1:1080");

            assertServer("203.0.113.1", "relay:1080");
            assertServer("2001:db8::1", "[::1]:1080");
        }

        @Test
        void sample_ofThePage_decidesAsItSays() throws Exception {
            write("9.0.0.0/8 NONE", "129.35.0.0/16 sox1.austin.ibm.com", "ibm.com NONE");

            assertThat(askKnowing(
                            "192.0.2.1 aguila.austin.ibm.com\n9.1.2.3 nine.example\n129.35.1.1 one.example\n"
                                    + "203.0.113.1 other.example\n",
                            "9.1.2.3",
                            "129.35.1.1",
                            "aguila.austin.ibm.com",
                            "203.0.113.1"))
                    .containsExactly(
                            "DIRECT 0 9.0.0.0/8 NONE (file " + file() + ":1)",
                            "SERVER 1080 129.35.0.0/16 sox1.austin.ibm.com (file " + file() + ":2)",
                            "DIRECT 0 ibm.com NONE (file " + file() + ":3)",
                            "DIRECT 0 " + IMPLICIT);
        }
    }

    /** {@code SocksConfigVariableIT} has each way in, and that a variable set to nothing switches SOCKS off. */
    @Nested
    class Variable {
        private Targets targets;
        private ScriptedServer server;
        private int echo;

        @BeforeEach
        void start() throws Exception {
            targets = Targets.start();
            server = ScriptedServer.start();
            echo = targets.echo();
        }

        @AfterEach
        void stop() throws Exception {
            server.close();
            targets.close();
        }

        private JvmResult connect(Jvm program) throws Exception {
            JvmResult result = program.agent("").arguments("127.0.0.2", echo).run();
            assertThat(result.lines())
                    .as(result.toString())
                    .singleElement()
                    .asString()
                    .startsWith("ok ");
            return result;
        }

        @Test
        void pathOfAFileThatIsMissing_meansEtcSocks5cConf() throws Exception {
            write("127.0.0.2 127.0.0.1:" + server.port());
            Path mountPoint = Files.createDirectory(folder.resolve("etc"));

            connect(Jvm.of(ConnectOnce.class)
                    .under(OtherEtc.with(mountPoint, file()).toArray(new String[0]))
                    .variable("SOCKS5C_CONFIG", "/no/such/file"));

            assertThat(server.connects()).hasSize(1);
            assertThat(targets.directVisitors()).isEmpty();
        }
    }
}
