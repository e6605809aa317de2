// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.AcceptTimes;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that say what goes through the servers, and how: see {@link SystemPropertiesIT}. */
class RoutingPropertiesIT extends PropertiesFixture {
    @Test
    void routes_ofSeveralDestinations_sendEachItsWay(@TempDir Path folder) throws Exception {
        int refused = targets.echo();
        int uncovered = targets.echo();
        String[] lines = {
            "# as AIX has it, and more",
            ADDRESS + ":" + echo + "   " + at(other) + "\t# by the second",
            ADDRESS + ":" + refused + " REFUSE",
            "198.51.100.0/24 " + at(server)
        };

        assertRouted(byRoutes(folder, ADDRESS, echo, lines).run(), other, server);
        assertThat(byRoutes(folder, ADDRESS, refused, lines).run().out())
                .startsWith("java.net.SocketException: Refused by the routes: 127.0.0.2:" + refused)
                .contains(ADDRESS + ":" + refused + " REFUSE (file " + folder.resolve("a folder/socks5c.conf") + ":3)");
        JvmResult direct = byRoutes(folder, ADDRESS, uncovered, lines).run();

        assertThat(direct.out()).startsWith("ok ");
        assertThat(direct.err())
                .endsWith(": connections go by 3 records of " + folder.resolve("a folder/socks5c.conf") + "\n");
        assertThat(targets.directVisitors()).hasSize(1);
        assertThat(targets.visitors(refused)).isEmpty();
        assertThat(other.exchanges()).hasSize(1);
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void routes_besideProxy_leaveTheRestToIt(@TempDir Path folder) throws Exception {
        Jvm program =
                byRoutes(folder, ADDRESS, echo, "argyle.test " + at(other)).property("argyle.proxy", at(server));

        assertRouted(program.run());
    }

    @Test
    void routes_byAFragment_sendTheNameToItsServer(@TempDir Path folder) throws Exception {
        Exchange exchange = assertRouted(
                byRoutes(folder, NAME, echo, "rgyle.test " + at(server)).run());

        assertThat(exchange.host()).isEqualTo(NAME);
    }

    /** The target's address by UDP, through the server. */
    private Jvm sending(int port) {
        return Jvm.of(Uncarried.class)
                .agent("")
                .property("argyle.proxy", "socks5h://" + at(server))
                .property("argyle.bypass", "none")
                .arguments("socketSend " + ADDRESS + " " + port);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "on, true", "off, false"})
    void udp_saysWhetherTheServerCarriesDatagrams(String value, boolean carried) throws Exception {
        int port = targets.datagramEcho();
        Jvm program = sending(port);

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.udp", value)).run();

        assertThat(result.lines()).as(result.toString()).containsExactly("socketSend sent");
        assertThat(targets.awaitVisitors(port, 1)).hasSize(1);
        assertThat(targets.directVisitors()).hasSize(carried ? 0 : 1);
        assertThat(server.exchanges()).hasSize(carried ? 1 : 0);
    }

    @Test
    void udp_off_isReportedOrRefusedByTheGuard() throws Exception {
        int port = targets.datagramEcho();
        String off = "a datagram to 127.0.0.2:" + port
                + " would be routed (* (-Dargyle.proxy)), and udp=off lets it go direct";

        JvmResult refused = sending(port)
                .property("argyle.udp", "off")
                .property("argyle.guard", "enforce")
                .run();
        assertThat(refused.out())
                .startsWith("socketSend java.net.SocketException: ")
                .contains(off);
        assertThat(targets.visitors(port)).isEmpty();
        JvmResult reported = sending(port)
                .property("argyle.udp", "off")
                .property("argyle.guard", "audit")
                .run();

        assertThat(reported.lines()).as(reported.toString()).containsExactly("socketSend sent");
        assertThat(reported.err()).contains(off);
        assertThat(targets.awaitVisitors(port, 1)).isEqualTo(targets.directVisitors());
    }

    @Test
    void udp_refuse_refusesWhatTheServerWouldCarry() throws Exception {
        int port = targets.datagramEcho();

        JvmResult result = sending(port).property("argyle.udp", "refuse").run();

        assertThat(result.lines())
                .containsExactly("socketSend java.net.SocketException: Refused by udp=refuse: a datagram to 127.0.0.2:"
                        + port + " (* (-Dargyle.proxy))");
        assertThat(server.exchanges()).isEmpty();
        assertThat(targets.allVisitors()).isEmpty();
    }

    /** The server's relay is at another address than the server. */
    @ParameterizedTest
    @CsvSource({"'', false", "server, false", "any, true"})
    void udpRelay_saysWhereARelayMayBe(String value, boolean carried) throws Exception {
        server.close();
        server = ScriptedServer.builder()
                .relayAddress(InetAddress.getByName("127.0.0.5"))
                .start();
        int port = targets.datagramEcho();
        Jvm program = sending(port);

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.udp.relay", value)).run();

        if (carried) {
            assertThat(result.lines()).as(result.toString()).containsExactly("socketSend sent");
            assertThat(targets.awaitVisitors(port, 1)).hasSize(1);
        } else {
            assertThat(result.out())
                    .startsWith("socketSend java.net.")
                    .containsPattern(
                            "its relay is 127\\.0\\.0\\.5:\\d+, which is not the server; udp\\.relay=any allows it");
            assertThat(targets.allVisitors()).isEmpty();
        }
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void bind_ofAPort_listensAtTheServer() throws Exception {
        try (JvmProcess process = Jvm.of(AcceptTimes.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property("argyle.bind", "port:20-21, port:0")
                .arguments("0.0.0.0", 0, 1)
                .start()) {
            InetSocketAddress listening = server.awaitBinds(1).get(0).listening();
            InetSocketAddress visitor = targets.visit(listening);

            assertThat(process.await().lines()).contains("from " + visitor + " at " + listening.getPort() + ": x");
        }
    }

    @Test
    void bind_ofAnUnknownKind_endsTheJvm() throws Exception {
        assertRefused(
                program().property("argyle.bind", "port:20-21,ftp").run(),
                "-Dargyle.bind: bind: write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET; got 'ftp'");
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void namesRange_isWhatStandInsAreTakenFrom() throws Exception {
        JvmResult result =
                program().property("argyle.names.range", "10.99.0.0/16").run();

        assertThat(assertRouted(result).host()).isEqualTo(NAME);
        assertThat(result.out()).startsWith("ok " + NAME + "/10.99.");
    }

    /** What the hosts file has is looked up here, unless it is told otherwise. */
    @ParameterizedTest
    @CsvSource({"'', true", "hosts, true", "none, false", ".argyle.test, true", "'.example,argyle.test', false"})
    void namesLocal_saysWhichNamesAreLookedUpHere(String value, boolean here, @TempDir Path folder) throws Exception {
        Jvm program = knowing(program(), folder).property("argyle.bypass", "none");

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.names.local", value)).run();

        assertThat(assertRouted(result).host()).isEqualTo(here ? ADDRESS : NAME);
    }

    /** The name of an address is asked for only where a fragment may route it. */
    @ParameterizedTest
    @CsvSource({"'', true", "on, true", "off, false"})
    void namesReverse_saysWhetherFragmentsMatchAddresses(String value, boolean routed, @TempDir Path folder)
            throws Exception {
        Jvm program = knowing(byRoutes(folder, ADDRESS, echo, "argyle.test " + at(server)), folder);

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.names.reverse", value)).run();

        if (routed) {
            assertRouted(result);
        } else {
            assertDirect(result);
        }
    }

    @Test
    void guard_enforce_refusesWhatNoRecordCovers(@TempDir Path folder) throws Exception {
        JvmResult result = byRoutes(folder, ADDRESS, echo, "argyle.test " + at(server))
                .property("argyle.names.reverse", "off")
                .property("argyle.guard", "enforce")
                .run();

        assertThat(result.out())
                .startsWith("java.net.SocketException: Refused by the guard: ")
                .contains(ADDRESS);
        assertThat(targets.visitors(echo)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', false", "off, false", "audit, true"})
    void guard_ofTheOtherValues_letsItGo(String value, boolean reported, @TempDir Path folder) throws Exception {
        Jvm program =
                byRoutes(folder, ADDRESS, echo, "argyle.test " + at(server)).property("argyle.names.reverse", "off");

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.guard", value)).run();

        assertDirect(result);
        if (reported) {
            assertThat(result.err()).contains("[argyle] WARN: ", "is covered by no record", "ConnectOnce.main");
        } else {
            assertThat(result.err()).doesNotContain("WARN");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".example",
                "none,127.0.0.2",
                " none , 127.0.0.0/30 ",
                "none,[2001:db8::/32],127.0.0.2:%d",
                "none,*",
                "none,[::ffff:127.0.0.2]"
            })
    void bypass_thatHasTheTarget_isDirect(String bypass) throws Exception {
        assertDirect(toAddress(bypass.formatted(echo)).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "none,127.0.0.3,127.0.0.2:1,[::1],.example"})
    void bypass_thatHasNotTheTarget_isRouted(String bypass) throws Exception {
        assertThat(assertRouted(toAddress(bypass).run()).host()).isEqualTo(ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none,[::1]", "none,::1", "none,[::/64]:%d"})
    void bypass_ofAnIPv6Address_isDirect(String bypass) throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        try (Targets six = Targets.at(loopback, ScriptedServer.OUTBOUND)) {
            int port = six.echo();
            JvmResult result = Jvm.of(ConnectOnce.class)
                    .agent("")
                    .property("argyle.proxy", at(server))
                    .property("argyle.bypass", bypass.formatted(port))
                    .arguments("::1", port)
                    .run();

            assertThat(result.out()).startsWith("ok ");
            assertThat(six.directVisitors()).hasSize(1);
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.argyle.test", ".test", "INSIDE.argyle.test."})
    void bypass_ofTheName_isDirect(String bypass, @TempDir Path folder) throws Exception {
        assertDirect(
                knowing(program(), folder).property("argyle.bypass", bypass).run());
    }
}
