// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.AcceptTimes;
import dev.argyle.it.app.Ask;
import dev.argyle.it.app.Attempts;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each key as a system property, by what it does to a connection. The tests of a key begin with its name, in camel case,
 * and an underscore.
 */
class SystemPropertiesIT extends TwoServers {
    private static final String SILENCE = "300ms";

    static List<String> keys() throws IOException {
        return Files.readAllLines(Path.of("..", "README.md")).stream()
                .dropWhile(line -> !line.startsWith("| Key | Default | System property |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .toList();
    }

    /** The name that only the server knows, through the first server. */
    private Jvm program() {
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .arguments(NAME, echo);
    }

    /** The target's address, which is direct unless the bypass list says none. */
    private Jvm toAddress(String bypass) {
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property("argyle.bypass", bypass)
                .arguments(ADDRESS, echo);
    }

    private Path credentials(Path folder, String permissions) throws IOException {
        Path spaced = Files.createDirectories(folder.resolve("a folder, a=b"));
        Path file = Files.writeString(spaced.resolve("user, password"), "127.0.0.1 ann s3cr3t\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKey_hasATestHere(String key) {
        StringBuilder start = new StringBuilder();
        for (String word : key.split("[.-]")) {
            start.append(start.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        start.append('_');

        assertThat(Arrays.stream(SystemPropertiesIT.class.getDeclaredMethods())
                        .filter(SystemPropertiesIT::isTest)
                        .map(Method::getName))
                .anyMatch(name -> name.startsWith(start.toString()));
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "socks5h://%s", "SOCKS5H://%s/", "  %s "})
    void proxy_ofOneServer_isUsed_andGetsTheName(String value) throws Exception {
        Exchange exchange = assertRouted(
                program().property("argyle.proxy", value.formatted(at(server))).run());

        assertThat(exchange.host()).isEqualTo(NAME);
        assertThat(exchange.methods()).containsExactly(0);
    }

    @Test
    void proxy_ofTheSchemeSocks5_getsTheAddress(@TempDir Path folder) throws Exception {
        Exchange exchange = assertRouted(knowing(program(), folder)
                .property("argyle.proxy", "socks5://" + at(server))
                .property("argyle.bypass", "none")
                .run());

        assertThat(exchange.host()).isEqualTo(ADDRESS);
    }

    @Test
    void proxy_ofTwoServers_isTheSecondWhereTheFirstRefuses() throws Exception {
        server.refuse();

        assertRouted(
                program()
                        .property("argyle.proxy", at(server) + ", " + at(other))
                        .run(),
                other,
                server);
    }

    @Test
    void proxy_ofAnIPv6Address_goesInBrackets() throws Exception {
        try (ScriptedServer six = ScriptedServer.builder()
                .address(InetAddress.getByName("::1"))
                .name(NAME, targets.address(echo))
                .start()) {
            assertRouted(
                    program()
                            .property("argyle.proxy", "socks5h://[::1]:" + six.port())
                            .run(),
                    six,
                    other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ann:s3cr3t, ann, s3cr3t",
        "a%40b%3ac:p%2Cq%20r%25, a@b:c, 'p,q r%'",
        "%C3%BC:p:q=!$&'', ü, p:q=!$&''",
    })
    void proxy_withUserAndPassword_sendsThem(String written, String user, String password) throws Exception {
        guard(user, password);

        JvmResult result = program()
                .property("argyle.proxy", written + "@" + at(server))
                .property("argyle.log", "debug")
                .run();

        assertThat(assertRouted(result).userName()).isEqualTo(user);
        assertThat(result.err()).doesNotContain(password).doesNotContain(written);
    }

    @Test
    void credentials_ofTheOwnerAlone_areSent(@TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Path file = credentials(folder, "rw-------");

        JvmResult result = program()
                .property("argyle.credentials", file.toString())
                .property("argyle.log", "debug")
                .run();

        assertThat(assertRouted(result).userName()).isEqualTo("ann");
        assertThat(result.err()).doesNotContain("s3cr3t");
    }

    @Test
    void credentialsShared_isNeededWhereOthersCanReadThem(@TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Path file = credentials(folder, "rw-r--r--");
        Jvm program = program().property("argyle.credentials", file.toString());

        assertRefused(
                program.run(),
                "-Dargyle.credentials: credentials: others than its owner can read the file '" + file + "'");
        assertRefused(program.property("argyle.credentials.shared", "false").run(), "-Dargyle.credentials: ");
        assertThat(server.exchanges()).isEmpty();
        JvmResult shared = program.property("argyle.credentials.shared", "true").run();
        assertThat(assertRouted(shared).userName()).isEqualTo("ann");
    }

    private Jvm byRoutes(Path folder, Object host, int port, String... lines) throws IOException {
        Path spaced = Files.createDirectories(folder.resolve("a folder"));
        Path file = Files.writeString(spaced.resolve("socks5c.conf"), String.join("\n", lines));
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.routes", file.toString())
                .property("argyle.bypass", "none")
                .arguments(host, port);
    }

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

    @Test
    void connectTimeout_endsTheWaitForASilentServer() throws Exception {
        assertSilenceEnds("argyle.connect.timeout", Step.ACCEPTED, "within 300 ms (connect.timeout)");
    }

    @Test
    void handshakeTimeout_endsTheWaitForTheReply() throws Exception {
        assertSilenceEnds(
                "argyle.handshake.timeout",
                Step.REQUEST_READ,
                "no reply to the request within 300 ms (handshake.timeout)");
    }

    private void assertSilenceEnds(String property, Step step, String message) throws Exception {
        server.faults(Fault.silence(step));

        JvmResult result = Jvm.of(Attempts.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property(property, SILENCE)
                .arguments(NAME, echo, 0, 1)
                .run();

        assertThat(result.lines().get(1))
                .startsWith("failed java.net.ConnectException: ")
                .contains(at(server))
                .contains(message);
        int millis = Integer.parseInt(result.lines().get(0).split(" ")[2]);
        assertThat(millis).isBetween(299, 15_000);
    }

    @Test
    void onFailure_direct_isDirectWhereNoServerIsThere() throws Exception {
        server.refuse();

        JvmResult result =
                toAddress("none").property("argyle.on-failure", "direct").run();

        assertDirect(result);
        assertThat(result.err()).contains("[argyle] WARN: ").contains("on-failure=direct");
    }

    @Test
    void onFailure_refuse_isTheDefault() throws Exception {
        server.refuse();

        for (Jvm program : List.of(toAddress("none"), toAddress("none").property("argyle.on-failure", "refuse"))) {
            assertThat(program.run().out()).startsWith("java.net.ConnectException: No SOCKS server can be reached");
        }
        assertThat(targets.visitors(echo)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.argyle.it.app.ConnectOnce", "org.example.Main, dev.argyle.*", "*Once"})
    void mainClass_thatMatches_isRouted(String pattern) throws Exception {
        assertRouted(toAddress("none").property("argyle.main-class", pattern).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example.*", "ConnectOnce", "dev.argyle.it.app.connectonce"})
    void mainClass_thatDoesNotMatch_leavesTheProgramAlone(String pattern) throws Exception {
        JvmResult result =
                toAddress("none").property("argyle.main-class", pattern).run();

        assertDirect(result);
        assertThat(result.err()).isEmpty();
    }

    /** The factories leave look-ups alone: of a name that this machine knows the server hears the address. */
    @Test
    void hooks_factories_leaveNamesAlone(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.2 " + NAME + "\n");
        Jvm program = program().property("argyle.bypass", "none").property("jdk.net.hosts.file", hosts.toString());

        assertRouted(program.property("argyle.hooks", "all").run());
        JvmResult result = program.property("argyle.hooks", "factories").run();

        assertThat(result.out()).isEqualTo("ok " + NAME + "/127.0.0.2:" + echo + "\n");
        assertThat(result.err()).contains("as far as factories reach");
        assertThat(server.connects())
                .last()
                .satisfies(connect -> assertThat(connect.host()).isEqualTo("127.0.0.2"));
    }

    /** Whatever the user has set beside it. */
    @ParameterizedTest
    @CsvSource({"'', true", "disable, true", "warn, false", "allow, false"})
    void nativeTransports_saysWhetherNettysAreSwitchedOff(String value, String expected) throws Exception {
        Jvm program = Jvm.of(Ask.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property("io.netty.transport.noNative", "false")
                .arguments("java.lang.System.getProperties");

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.native-transports", value)).run();

        assertThat(result.out()).contains("io.netty.transport.noNative=" + expected);
    }

    /** The factories do not reach channels. */
    @Test
    void nativeTransports_besideFactories_areLeftAlone() throws Exception {
        JvmResult result = Jvm.of(Ask.class)
                .agent("hooks=factories")
                .property("argyle.proxy", at(server))
                .arguments("java.lang.System.getProperties")
                .run();

        assertThat(result.out()).contains("java.version=").doesNotContain("noNative");
    }

    @Test
    void log_debug_tellsEachConnection_andTheDefaultDoesNot() throws Exception {
        String line = "[argyle] DEBUG: connect " + NAME + ":" + echo + ": Via[record=* (-Dargyle.proxy)";

        assertThat(program().run().err()).doesNotContain("DEBUG");
        assertThat(program().property("argyle.log", "debug").run().err()).contains(line);
    }

    @Test
    void log_off_leavesTheLineAtStartUpAlone() throws Exception {
        server.refuse();
        Jvm program = toAddress("none").property("argyle.on-failure", "direct");

        assertThat(program.run().err()).contains("[argyle] WARN: ");
        assertThat(program.property("argyle.log", "off").run().err().lines())
                .singleElement()
                .asString()
                .contains("connections go through socks5h://" + at(server));
    }

    @Test
    void quiet_true_saysNothing() throws Exception {
        JvmResult result = program()
                .property("argyle.quiet", "true")
                .property("argyle.log", "debug")
                .run();

        assertRouted(result);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void config_namesAFile(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder, a=b"));
        Path file = Files.writeString(
                spaced.resolve("argyle.properties"), "proxy = " + at(server) + "\nbypass = none\nlog = debug\n");

        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.config", file.toString())
                .arguments(ADDRESS, echo)
                .run();

        assertRouted(result);
        assertThat(result.err()).contains("DEBUG: connect ").contains("file " + file + ":1");
    }

    /** How options reach a JVM whose command line is out of reach. All of them take quotes. */
    enum Carrier {
        JAVA_TOOL_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) {
                jvm.variable("JAVA_TOOL_OPTIONS", options);
            }
        },
        JDK_JAVA_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) {
                jvm.variable("JDK_JAVA_OPTIONS", options);
            }
        },
        ARGUMENT_FILE {
            @Override
            void carry(Jvm jvm, String options, Path folder) throws IOException {
                jvm.options("@" + file(options, folder));
            }
        },
        ARGUMENT_FILE_IN_JDK_JAVA_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) throws IOException {
                jvm.variable("JDK_JAVA_OPTIONS", "@" + file(options, folder));
            }
        };

        abstract void carry(Jvm jvm, String options, Path folder) throws IOException;

        private static Path file(String options, Path folder) throws IOException {
            return Files.writeString(folder.resolve("options"), "# the bastion\n" + options + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void carrier_ofProperties_keepsTheirValues(Carrier carrier, @TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Jvm program = Jvm.of(ConnectOnce.class).agent("").arguments(NAME, echo);
        carrier.carry(
                program,
                "-Dargyle.proxy=127.0.0.1:1," + at(server) + " \"-Dargyle.credentials="
                        + credentials(folder, "rw-------") + "\"",
                folder);

        assertThat(assertRouted(program.run()).userName()).isEqualTo("ann");
    }

    @ParameterizedTest
    @EnumSource(
            value = Carrier.class,
            names = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void carrier_besidesTheCommandLine_loses(Carrier carrier, @TempDir Path folder) throws Exception {
        Jvm program = program();
        carrier.carry(program, "-Dargyle.proxy=" + at(other), folder);

        assertRouted(program.run());
    }

    /** Besides a server, so that each is the only thing that is wrong. */
    private JvmResult runWith(String option) throws Exception {
        return toAddress("").options(option).run();
    }

    private void assertRefused(JvmResult result, String message) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: " + message)
                .doesNotContain("s3cr3t");
        assertThat(targets.visitors(echo)).isEmpty();
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
