// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.Readme;
import dev.argyle.protocol.Credentials;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesFilesTest {
    private static final String SAMPLE =
            "9.0.0.0/8       NONE\n129.35.0.0/16   sox1.austin.ibm.com\nibm.com         NONE\n";
    private static final String IMPLICIT = "direct by 0.0.0.0/0 NONE, ::/0 NONE (implicit)";
    private static final String IMPLICIT_CELL = "'" + IMPLICIT + "'";

    @TempDir
    Path directory;

    // ---- as AIX has it

    @ParameterizedTest
    @CsvSource({
        "9.1.2.3, 'direct by 9.0.0.0/8 NONE (%s:1)'",
        "129.35.255.1, 'via [socks5h://sox1.austin.ibm.com:1080] by 129.35.0.0/16 sox1.austin.ibm.com (%s:2)'",
        "129.36.0.1, " + IMPLICIT_CELL,
        "2001:db8::1, " + IMPLICIT_CELL,
        "aguila.austin.ibm.com, 'direct by ibm.com NONE (%s:3)'",
        "AGUILA.austin.IBM.com., 'direct by ibm.com NONE (%s:3)'",
        "notibm.com, 'direct by ibm.com NONE (%s:3)'",
        "ibm.com, 'direct by ibm.com NONE (%s:3)'",
        "ibm.com.example, " + IMPLICIT_CELL,
    })
    void sample_ofTheManualPage_decidesAsItSays(String target, String decision) throws Exception {
        Settings settings = load(SAMPLE);

        assertThat(Sources.route(settings, target, 80)).isEqualTo(decision.replace("%s", "file " + file()));
        assertThat(settings.routes().hasFragments()).isTrue();
    }

    @Test
    void order_ofTheLines_doesNotCount() throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "0.0.0.0/0 far",
                "10.0.0.0/8 NONE",
                "10.1.0.0/16 near",
                "10.1.2.3 REFUSE",
                "com NONE",
                "ibm.com far",
                "m.ibm.com near"));
        Random random = new Random(1928);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(lines, random);
            Settings settings = load(String.join("\n", lines));

            assertThat(decision(settings, "11.0.0.1")).isEqualTo("via [socks5h://far:1080]");
            assertThat(decision(settings, "10.2.0.1")).isEqualTo("direct");
            assertThat(decision(settings, "10.1.0.1")).isEqualTo("via [socks5h://near:1080]");
            assertThat(decision(settings, "10.1.2.3")).isEqualTo("refuse");
            assertThat(decision(settings, "a.com")).isEqualTo("direct");
            assertThat(decision(settings, "a.ibm.com")).isEqualTo("via [socks5h://far:1080]");
            assertThat(decision(settings, "am.ibm.com")).isEqualTo("via [socks5h://near:1080]");
        }
    }

    @Test
    void fragment_ofOneCharacter_beatsAllBitsOfAnAddress() throws Exception {
        Settings settings = load("10.1.2.3 NONE\nm far\n");

        Target named = new Target("a.com", new byte[] {10, 1, 2, 3}, 80);

        assertThat(Sources.route(settings, named)).startsWith("via [socks5h://far:1080] by m far");
        assertThat(decision(settings, "10.1.2.3")).isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32 s:1, 2001:db8:1::1, socks5h://s:1",
        "2001:db8::1 ::1:1081, 2001:db8::1, 'socks5h://[::1]:1081'",
        "::/0 2001:db8::1:1080, 2001:db9::1, 'socks5h://[2001:db8::1]:1080'",
        "::/0 fe80::1%eth0:1080, 2001:db9::1, 'socks5h://[fe80::1%eth0]:1080'",
        "[2001:db8::/32]:80 [::1]:1081, 2001:db8::2, 'socks5h://[::1]:1081'",
        "[2001:db8::1] socks5://[::1]:1081/, 2001:db8::1, 'socks5://[::1]:1081'",
        "9.1.2.3/8 10.0.0.1, 9.9.9.9, socks5h://10.0.0.1:1080",
        "::ffff:9.0.0.0/104 s, 9.9.9.9, socks5h://s:1080",
        "0.0.0.0/0 s, 9.9.9.9, socks5h://s:1080",
        ".ibm.com s, a.ibm.com, socks5h://s:1080",
        "ibm.com. s, a.ibm.com, socks5h://s:1080",
        "-x.example s, a-x.example, socks5h://s:1080",
        "\u00fc.example s, xn--tda.example, socks5h://s:1080",
    })
    void line_thatIsRight_sendsToItsServer(String line, String target, String server) throws Exception {
        assertThat(decision(load(line), target)).isEqualTo("via [" + server + "]");
    }

    @Test
    void fragment_withADotBeforeIt_doesNotMatchTheDomain() throws Exception {
        Settings settings = load(".ibm.com REFUSE");

        assertThat(decision(settings, "ibm.com")).isEqualTo("direct");
        assertThat(decision(settings, "notibm.com")).isEqualTo("direct");
        assertThat(decision(settings, "a.ibm.com")).isEqualTo("refuse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# first\n\n   \t\n  10.0.0.1\t \ts:1\t# behind\n#last",
                "10.0.0.1 s:1#behind",
                "\ufeff10.0.0.1 s:1\n",
                "10.0.0.1 s:1\r\n10.0.0.2 NONE\r\n",
                "\r10.0.0.1 s:1\r",
                "10.0.0.1 s:1\n10.0.0.1 s:1 # the same",
            })
    void text_withCommentsTabsAndAnyEnds_isRead(String text) throws Exception {
        assertThat(decision(load(text), "10.0.0.1")).isEqualTo("via [socks5h://s:1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing\n", "\ufeff", "10.0.0.1 NONE", "10.0.0.1 REFUSE"})
    void file_withoutAServer_isLegal(String text) throws Exception {
        Settings settings = load(text);

        assertThat(settings.servers()).isEmpty();
        assertThat(Sources.route(settings, "10.0.0.2", 80)).isEqualTo(IMPLICIT);
        assertThat(settings.routes().route(new Target("10.0.0.2", null, 80))).isSameAs(RouteTable.IMPLICIT);
    }

    @Test
    void comment_thatIsNotUtf8_doesNotMatter_butAFieldDoes() throws Exception {
        Files.write(file(), "10.0.0.1 s:1 # B\u00fcro".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(decision(Sources.argument("routes=" + file()).load(), "10.0.0.1"))
                .isEqualTo("via [socks5h://s:1]");

        Files.write(file(), "10.0.0.1 s:1\nb\u00fcro NONE".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Sources.argument("routes=" + file()).error())
                .isEqualTo("file " + file() + ":2: the line is not UTF-8");
    }

    // ---- what AIX has not

    @Test
    void servers_ofAList_areTriedInItsOrder() throws Exception {
        assertThat(decision(load("10.0.0.0/8 a,::1:2,socks5h://c:3"), "10.0.0.1"))
                .isEqualTo("via [socks5h://a:1080, socks5h://[::1]:2, socks5h://c:3]");
    }

    @Test
    void ports_ofADestination_areAllThatItMatches() throws Exception {
        Settings settings = load("10.0.0.0/8:80-90 a\nexample.com:443 b\n[2001:db8::1]:1-65535 c");

        assertThat(decision(settings, "10.0.0.1", 79, Transport.TCP)).isEqualTo("direct");
        assertThat(decision(settings, "10.0.0.1", 80, Transport.TCP)).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, "10.0.0.1", 90, Transport.TCP)).isEqualTo("via [socks5h://a:1080]");
        assertThat(decision(settings, "10.0.0.1", 91, Transport.TCP)).isEqualTo("direct");
        assertThat(decision(settings, "www.example.com", 443, Transport.TCP)).isEqualTo("via [socks5h://b:1080]");
        assertThat(decision(settings, "www.example.com", 80, Transport.TCP)).isEqualTo("direct");
        assertThat(decision(settings, "2001:db8::1", 65535, Transport.TCP)).isEqualTo("via [socks5h://c:1080]");
    }

    @Test
    void transport_ofALine_isTheOnlyOneThatItMatches() throws Exception {
        Settings settings = load("10.0.0.0/8 tcp tcp\n10.0.0.0/8 REFUSE udp\n10.1.0.0/16:53 NONE udp");

        assertThat(decision(settings, "10.1.0.1", 53, Transport.TCP)).isEqualTo("via [socks5h://tcp:1080]");
        assertThat(decision(settings, "10.1.0.1", 53, Transport.UDP)).isEqualTo("direct");
        assertThat(decision(settings, "10.1.0.1", 54, Transport.UDP)).isEqualTo("refuse");
        assertThat(Sources.route(settings, new Target("10.1.0.1", null, 53, Transport.UDP)))
                .isEqualTo("direct by 10.1.0.0/16:53 NONE udp (file " + file() + ":3)");
    }

    @Test
    void files_ofAList_areOneTable() throws Exception {
        Path first = Files.writeString(directory.resolve("first"), "10.0.0.0/8 a");
        Path second = Files.writeString(directory.resolve("second"), "\n10.1.0.0/16 NONE");

        Settings settings = Sources.argument("routes=" + first + ", " + second).load();

        assertThat(Sources.route(settings, "10.0.0.1", 80)).endsWith(" by 10.0.0.0/8 a (file " + first + ":1)");
        assertThat(Sources.route(settings, "10.1.0.1", 80))
                .isEqualTo("direct by 10.1.0.0/16 NONE (file " + second + ":2)");
        assertThat(settings.routingInWords()).isEqualTo("by 2 records of " + first + ", " + second);
    }

    @Test
    void example_ofTheReadme_isRead() throws Exception {
        Settings settings = load(String.join("\n", Readme.block("### Routes")));

        assertThat(settings.routingInWords()).isEqualTo("by 7 records of " + file());
        assertThat(decision(settings, "10.0.0.1"))
                .isEqualTo("via [socks5h://bastion-1:1080, socks5h://bastion-2:1081]");
        assertThat(decision(settings, "a.db.example", 5432, Transport.TCP)).isEqualTo("via [socks5://bastion-1:1080]");
        assertThat(decision(settings, "198.51.100.7", 90, Transport.TCP)).isEqualTo("refuse");
        assertThat(decision(settings, "198.51.100.7", 90, Transport.UDP)).isEqualTo("direct");
        assertThat(decision(settings, "2001:db8::7", 443, Transport.TCP))
                .isEqualTo("via [socks5h://[2001:db8::1]:1080]");
    }

    // ---- servers and credentials

    @Test
    void server_thatStandsInSeveralRecords_isOneObject() throws Exception {
        Files.writeString(file(), "10.0.0.0/8 BASTION,socks5h://bastion:1080\nexample.com bastion\n::/0 [::1]:1\n");

        Settings settings =
                Sources.argument("bastion,[0:0::1]:1,routes=" + file()).load();

        assertThat(settings.servers()).hasToString("[socks5h://bastion:1080, socks5h://[0:0::1]:1]");
        Server bastion = settings.servers().get(0);
        assertThat(via(settings, "10.0.0.1").servers())
                .allSatisfy(server -> assertThat(server).isSameAs(bastion));
        assertThat(via(settings, "www.example.com").servers().get(0)).isSameAs(bastion);
        assertThat(via(settings, "2001:db8::1").servers().get(0))
                .isSameAs(settings.servers().get(1));
    }

    @Test
    void server_withOtherCredentialsOrAnotherZone_isAnother() throws Exception {
        Files.writeString(file(), "10.0.0.0/8 socks5h://a:b@h\n11.0.0.0/8 h\n12.0.0.0/8 [fe80::1%1]:1,[fe80::1%2]:1");
        ownersAlone(file());

        Settings settings = Sources.argument("routes=" + file()).load();

        assertThat(settings.servers()).hasSize(4);
        assertThat(via(settings, "10.0.0.1").servers())
                .isNotEqualTo(via(settings, "11.0.0.1").servers());
    }

    @Test
    void credentials_comeFromTheUrlOrTheCredentialsFile_andAreNotShown() throws Exception {
        Path credentials = Files.writeString(directory.resolve("credentials"), "# who\nplain bob pazzword\n");
        ownersAlone(credentials);
        Files.writeString(file(), "10.0.0.0/8 socks5h://ann:s3cr3t@url\n11.0.0.0/8 plain\n12.0.0.0/8 none.example");
        ownersAlone(file());

        Settings settings = Sources.argument("routes=" + file() + ",credentials=" + credentials)
                .load();

        Server url = via(settings, "10.0.0.1").servers().get(0);
        assertThat(url.credentials()).isEqualTo(new Credentials("ann", "s3cr3t"));
        assertThat(settings.credentialsSource(url)).isEqualTo("file " + file() + ":1");
        Server plain = via(settings, "11.0.0.1").servers().get(0);
        assertThat(plain.credentials()).isEqualTo(new Credentials("bob", "pazzword"));
        assertThat(settings.credentialsSource(plain)).isEqualTo("file " + credentials + ":2");
        assertThat(settings.credentialsSource(
                        via(settings, "12.0.0.1").servers().get(0)))
                .isNull();
        assertThat(Sources.route(settings, "10.0.0.1", 80)).contains(" by 10.0.0.0/8 socks5h://url (file ");
        assertThat(settings + settings.values() + settings.routingInWords())
                .doesNotContain("ann", "s3cr3t", "bob", "pazzword");
    }

    @Test
    void file_withAPassword_thatOthersCanRead_isRefused() throws Exception {
        Files.writeString(file(), "10.0.0.0/8 h\n11.0.0.0/8 h,socks5h://ann:s3cr3t@h # the password\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        assertThat(Sources.argument("routes=" + file()).error())
                .isEqualTo("agent argument: routes: others than its owner can read the file '" + file()
                        + "' (rw-r-----), and line 2 has a password in it; chmod 600 it or, if it is a container's secret"
                        + " whose mode you do not choose, set credentials.shared=true");
        assertThat(Sources.argument("credentials.shared=true,routes=" + file())
                        .load()
                        .servers())
                .hasSize(2);
    }

    @Test
    void file_withoutAPassword_mayBeReadByAll() throws Exception {
        Files.writeString(file(), "10.0.0.0/8 h # ann@example.com");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(Sources.argument("routes=" + file()).load().servers()).hasSize(1);
    }

    // ---- errors

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.0.0/8 NONE | destination: what is before the / is not an address; write all of it, as in 9.0.0.0/8;"
                        + " got '9.0.0/8'",
                "9.0.0 NONE | destination: neither an address nor the end of a name; got '9.0.0'",
                "256.0.0.1 NONE | destination: neither an address nor the end of a name; got '256.0.0.1'",
                "ibm.com/8 NONE | destination: a prefix goes with an address only; leave it out behind a name;"
                        + " got 'ibm.com/8'",
                "9.0.0.0/33 NONE | destination: the prefix is not a number from 0 to 32; got '9.0.0.0/33'",
                "9.0.0.0/ NONE | destination: the prefix is not a number from 0 to 32; got '9.0.0.0/'",
                "::/129 NONE | destination: the prefix is not a number from 0 to 128; got '::/129'",
                "::/64:80 NONE | destination: the prefix is not a number from 0 to 128; got '::/64:80'",
                "[::]/64 NONE | destination: only :port may follow the brackets; a /prefix goes into them; got '[::]/64'",
                "[10.0.0.1] NONE | destination: what is in brackets is not an IPv6 address; got '[10.0.0.1]'",
                "[::1 NONE | destination: what is in brackets is not an IPv6 address; got '[::1'",
                "2001:db8:1 NONE | destination: more than one colon, and not an IPv6 address; with a port it goes in"
                        + " brackets, as in [2001:db8::1]:80; got '2001:db8:1'",
                "*.ibm.com NONE | destination: a * has no meaning here; write the end of the names, as in .example.com,"
                        + " or 0.0.0.0/0 and ::/0 for all addresses; got '*.ibm.com'",
                ". NONE | destination: neither an address nor the end of a name; got '.'",
                "a..b NONE | destination: neither an address nor the end of a name; got 'a..b'",
                "a_b!.c NONE | destination: neither an address nor the end of a name; got 'a_b!.c'",
                "a:0 NONE | destination: the port is not a number from 1 to 65535; got 'a:0'",
                "a: NONE | destination: the port is not a number from 1 to 65535; got 'a:'",
                "a:0-9 NONE | destination: the port is not a number from 1 to 65535; got 'a:0-9'",
                "a:9- NONE | destination: the port is not a number from 1 to 65535; got 'a:9-'",
                "a:1-65536 NONE | destination: the port is not a number from 1 to 65535; got 'a:1-65536'",
                "a:90-80 NONE | destination: the lower port goes first; write 80-90; got 'a:90-80'",
                "a | nothing behind the destination; write NONE to go direct, REFUSE, or a server, host[:port]",
                "a b tcp c | got 4 fields (expected: destination server tcp|udp, the last may be left out); several"
                        + " servers have commas and no white space between them",
                "a b, c | server 2: the host is empty; got ''",
                "a b sctp | the third field is neither tcp nor udp; several servers have commas and no white space"
                        + " between them; got 'sctp'",
                "a b TCP | the third field is neither tcp nor udp; several servers have commas and no white space"
                        + " between them; got 'TCP'",
                "a none | got 'none'; write NONE, in upper case",
                "a Refuse | got 'Refuse'; write REFUSE, in upper case",
                "a b,NONE | NONE stands alone, without servers beside it",
                "a refuse,b | REFUSE stands alone, without servers beside it",
                "a ::1 | an IPv6 server needs a port; write [2001:db8::1]:1080; got '::1'",
                "a [::1] | an IPv6 server needs a port; write [2001:db8::1]:1080; got '[::1]'",
                "a b,1:2:3:4:5:6:7:8 | an IPv6 server needs a port; write [2001:db8::1]:1080; got '1:2:3:4:5:6:7:8'",
                "a socks5h://[::1]/ | an IPv6 server needs a port; write [2001:db8::1]:1080",
                "a ::1:0 | the port is not a number from 1 to 65535; got '[::1]:0'",
                "a b:99999 | the port is not a number from 1 to 65535; got 'b:99999'",
                "a b/24 | a path, query or fragment behind the server; leave it out; got 'b/24'",
                "a http://b | the scheme http:// is not supported (supported: socks5h://, socks5://); got 'http://b'",
                "a socks5://b,c | server 1 is socks5, server 2 is socks5h (as without a scheme); a name would be resolved"
                        + " here for the one and kept for the other, so give all the same scheme",
            })
    void line_thatIsWrong_isAnErrorWithFileAndLine(String lineAndMessage) throws Exception {
        String[] parts = lineAndMessage.split(" \\| ");

        assertThat(error("# first\n" + parts[0] + " # why\n")).isEqualTo("file " + file() + ":2: " + parts[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "9.0.0.0/8 NONE, 9.0.0.0/8 REFUSE, 9.0.0.0/8 NONE, 9.0.0.0/8 REFUSE",
        "9.0.0.0/8 NONE, 9.1.0.0/8 a, 9.0.0.0/8 NONE, 9.1.0.0/8 a",
        "9.0.0.0/8 a, '::ffff:9.0.0.0/104 b', 9.0.0.0/8 a, '::ffff:9.0.0.0/104 b'",
        "'2001:db8::1 a', '[2001:DB8:0::1] NONE', '2001:db8::1 a', '[2001:DB8:0::1] NONE'",
        "ibm.com a, IBM.com. b, ibm.com a, IBM.com. b",
        "'ibm.com:80 a', 'ibm.com:80-80 b', 'ibm.com:80 a', 'ibm.com:80-80 b'",
        "ibm.com a udp, ibm.com b udp, ibm.com a udp, ibm.com b udp",
        "'ibm.com a', 'ibm.com a:1081', 'ibm.com a', 'ibm.com a:1081'",
    })
    void destination_thatIsThereTwice_withAnotherDecision_isAnErrorThatNamesBoth(
            String first, String second, String shownFirst, String shownSecond) throws Exception {
        assertThat(error(first + "\n\n" + second))
                .isEqualTo("file " + file() + ":3: the destination stands at file " + file()
                        + ":1 too, with another decision; leave one out: '" + shownFirst + "', '" + shownSecond + "'");
    }

    @Test
    void destination_thatIsThereTwice_inTwoFiles_isAnErrorThatNamesBoth() throws Exception {
        Path first = Files.writeString(directory.resolve("first"), "9.0.0.0/8 a");
        Path second = Files.writeString(directory.resolve("second"), "9.0.0.0/8 b");

        assertThat(Sources.argument("routes=" + first + "," + second).error())
                .startsWith("file " + second + ":1: the destination stands at file " + first + ":1 too, ");
    }

    @Test
    void destination_thatIsThereTwice_withTheSameDecision_isFine() throws Exception {
        Settings settings = load("9.0.0.0/8 a,b\n9.0.0.0/8 A,b:1080\nx NONE\nX NONE\ny NONE\ny a tcp\ny:80 b\n");

        assertThat(settings.routingInWords()).isEqualTo("by 5 records of " + file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8 socks5h://ann:s3cr3t@h:99999",
                "10.0.0.0/8 socks5h://ann:s3#cr3t@h",
                "10.0.0.0/8 socks5h://ann:s3 cr3t@h",
                "10.0.0.0/8 socks5h://ann:s3 cr3t @h",
                "10.0.0.0/8 socks5h://ann:s3cr3t h@",
                "10.0.0.0/8 socks5h://ann:s3,cr3t@h",
                "10.0.0.0/8 socks5h://ann:s3cr3t",
                "10.0.0.0/8 ann:s3cr3t",
                "10.0.0.0/8 http://ann:s3cr3t@h",
                "10.0.0.0/8 s3cr3t://ann:s3cr3t@h",
                "10.0.0.0/8 h,socks5://ann:s3cr3t@h",
                "10.0.0.0/8 socks5h://ann:s3cr3t@[::1]",
                "10.0.0.0/8 socks5h://ann:s3cr3t@h sctp",
                "socks5h://ann:s3cr3t@h 10.0.0.0/8",
                "ann:s3cr3t@h NONE",
                "socks5h://ann:s3cr3t",
                "10.0.0.0/8 NONE\n10.0.0.0/8 socks5h://ann:s3cr3t@h",
            })
    void error_neverShowsAPassword(String text) throws Exception {
        assertThat(error(text)).startsWith("file " + file() + ":").doesNotContain("s3cr3t", "cr3t", "s3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/file", "%s,/no/such/file"})
    void file_thatIsMissing_isAnErrorThatNamesTheKey(String value) throws Exception {
        Files.writeString(file(), SAMPLE);

        assertThat(Sources.argument("h,routes=" + value.formatted(file())).error())
                .isEqualTo("agent argument: routes: cannot read the file: /no/such/file (No such file or directory)");
        assertThat(Sources.none()
                        .variable("ARGYLE_ROUTES", value.formatted(file()))
                        .error())
                .startsWith("ARGYLE_ROUTES: routes: cannot read the file: ");
    }

    @Test
    void value_thatIsEmptyOrNoPath_isAnError() {
        assertThat(Sources.argument("routes=").error()).isEqualTo("agent argument: routes: is empty");
        assertThat(Sources.argument("routes=/a,,/b").error())
                .isEqualTo("agent argument: routes: an entry of the list is empty; got '/a,,/b'");
        assertThat(Sources.argument("routes=socks5h://ann:s3cr3t@h").error())
                .isEqualTo("agent argument: routes: cannot read the file: the value is not a path (not shown)");
    }

    @Test
    void anyText_isReadOrRefused() throws Exception {
        List<String> pieces = List.of(
                "9.0.0.0",
                "/8",
                ":80",
                "-90",
                " ",
                "\t",
                "\n",
                "a.b",
                "NONE",
                "REFUSE",
                ",",
                "[",
                "]",
                "::1",
                "@",
                "#",
                "socks5://",
                "s3cr3t",
                ".",
                "*",
                "tcp",
                "udp",
                "\u00fc",
                "\ud83d\ude00",
                "%",
                "\0",
                "\r",
                "-",
                "/");
        Random random = new Random(1929);
        int read = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            Files.writeString(file(), text);
            try {
                Sources.route(
                        Sources.argument("credentials.shared=true,routes=" + file())
                                .load(),
                        "a.b",
                        80);
                read++;
            } catch (ConfigurationException e) {
                assertThat(e.getMessage()).startsWith("file " + file() + ":");
            }
        }
        assertThat(read).isBetween(100, 2900);
    }

    private Path file() {
        return directory.resolve("routes");
    }

    private Settings load(String text) throws Exception {
        Files.writeString(file(), text);
        return Sources.argument("routes=" + file()).load();
    }

    private @Nullable String error(String text) throws IOException {
        Files.writeString(file(), text);
        return Sources.argument("routes=" + file()).error();
    }

    private static void ownersAlone(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Route.Via via(Settings settings, String target) {
        return (Route.Via) settings.routes().route(new Target(target, null, 80));
    }

    private static String decision(Settings settings, String target) {
        return decision(settings, target, 80, Transport.TCP);
    }

    private static String decision(Settings settings, String target, int port, Transport transport) {
        return Sources.route(settings, new Target(target, null, port, transport))
                .replaceFirst(" by .*", "");
    }
}
