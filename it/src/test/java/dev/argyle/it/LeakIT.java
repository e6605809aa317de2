// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.Errands;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.real.FarNetwork;
import dev.argyle.it.real.TracedNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing leaves the machine but connections to the server, and datagrams to its relays: seen by tcpdump in a network where
 * every leak is a packet, and works, too.
 */
class LeakIT {
    private static final String LOOK_UPS = "look-ups.argyle.test";
    private static final String SOCKETS = "sockets.argyle.test";
    private static final String CHANNELS = "channels.argyle.test";
    private static final String CLIENT = "client.argyle.test";
    private static final String UNKNOWN = "unknown.argyle.test";
    private static final String REFUSED = "refused.argyle.test";

    /** What {@link FarNetwork#SERVER} is in a query for its name. */
    private static final String REVERSE = "1.2.0.192.in-addr.arpa";

    @TempDir
    private static Path resolverClasses;

    @TempDir
    private Path folder;

    private static FarNetwork far;
    private static FarNetwork.Ports ports;

    @BeforeAll
    static void start() throws Exception {
        far = FarNetwork.start(LOOK_UPS, SOCKETS, CHANNELS, CLIENT);
        ports = far.ports();
        if (TestJava.feature() >= OwnResolver.SINCE) {
            OwnResolver.compile(resolverClasses, FarNetwork.RESOLVER, FarNetwork.TARGET);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (far != null) {
            far.close();
        }
    }

    /** An errand of {@link Errands}, and its outcome where the server is honest. */
    private record Errand(String what, String host, int port, String outcome) {
        Stream<Object> arguments() {
            return Stream.of(what, host, port);
        }

        String line() {
            return what + " " + host + " " + outcome;
        }
    }

    /** What needs no connection; no probe is sent, so nothing is reachable. */
    private static List<Errand> lookUps() {
        List<Errand> errands = new ArrayList<>(List.of(
                new Errand("look-up", LOOK_UPS, 0, "ok"),
                new Errand("name-of", LOOK_UPS, 0, LOOK_UPS),
                new Errand("canonical-name", LOOK_UPS, 0, LOOK_UPS),
                new Errand("name-of", FarNetwork.TARGET, 0, FarNetwork.TARGET),
                new Errand("canonical-name", FarNetwork.TARGET, 0, FarNetwork.TARGET),
                new Errand("look-up", UNKNOWN, 0, "ok")));
        for (String host : List.of(LOOK_UPS, FarNetwork.TARGET, FarNetwork.TARGET_6)) {
            errands.add(new Errand("reachable", host, 0, "false"));
            errands.add(new Errand("reachable-by-interface", host, 0, "false"));
        }
        return errands;
    }

    /** What a program without the agent can do as well. */
    private static List<Errand> connects() {
        List<Errand> errands = new ArrayList<>();
        for (String socket : List.of("socket", "socket-later")) {
            errands.add(new Errand(socket, SOCKETS, ports.echo(), "ok"));
            errands.add(new Errand(socket, FarNetwork.TARGET, ports.echo(), "ok"));
            errands.add(new Errand(socket, FarNetwork.TARGET_6, ports.echo6(), "ok"));
        }
        for (String channel : List.of("channel", "selected-channel", "asynchronous-channel")) {
            errands.add(new Errand(channel, CHANNELS, ports.echo(), "ok"));
            errands.add(new Errand(channel, FarNetwork.TARGET, ports.echo(), "ok"));
            errands.add(new Errand(channel, FarNetwork.TARGET_6, ports.echo6(), "ok"));
        }
        errands.add(new Errand("url", SOCKETS, ports.http(), "ok"));
        errands.add(new Errand("url", FarNetwork.TARGET, ports.http(), "ok"));
        errands.add(new Errand("http-client", CLIENT, ports.http(), "ok"));
        errands.add(new Errand("http-client", FarNetwork.TARGET, ports.http(), "ok"));
        return errands;
    }

    private static List<Errand> unresolved() {
        return List.of(
                new Errand("socket-unresolved", SOCKETS, ports.echo(), "ok"),
                new Errand("channel-unresolved", CHANNELS, ports.echo(), "ok"));
    }

    /** The server says "host unreachable". */
    private static List<Errand> unknowns() {
        return Stream.of(
                        "socket",
                        "socket-later",
                        "socket-unresolved",
                        "channel",
                        "channel-unresolved",
                        "selected-channel",
                        "asynchronous-channel",
                        "url",
                        "http-client")
                .map(what -> new Errand(
                        what,
                        UNKNOWN,
                        ports.echo(),
                        what.equals("http-client") ? "ConnectException" : "NoRouteToHostException"))
                .toList();
    }

    /** The server does not know the name: it has to be asked for the address, which takes a hosts file that is read. */
    private static List<Errand> listed(boolean read) {
        return List.of(
                new Errand("socket", TracedNetwork.LISTED, ports.echo(), read ? "ok" : "NoRouteToHostException"),
                new Errand("http-client", TracedNetwork.LISTED, ports.http(), read ? "ok" : "ConnectException"));
    }

    private static List<Errand> everything() {
        List<Errand> errands = new ArrayList<>(lookUps());
        errands.addAll(connects());
        errands.addAll(unresolved());
        errands.addAll(unknowns());
        return errands;
    }

    private static List<Errand> datagrams() {
        List<Errand> errands = new ArrayList<>(echoes());
        errands.add(new Errand("jndi", CLIENT, 0, "ok"));
        return errands;
    }

    private static List<Errand> echoes() {
        List<Errand> errands = new ArrayList<>();
        for (String datagram :
                List.of("datagram", "datagram-connected", "datagram-channel", "datagram-channel-connected")) {
            for (String host : List.of(SOCKETS, FarNetwork.TARGET, FarNetwork.TARGET_6)) {
                int port = host.equals(FarNetwork.TARGET_6) ? ports.datagramEcho6() : ports.datagramEcho();
                errands.add(new Errand(datagram, host, port, "ok"));
            }
        }
        return errands;
    }

    /** The relay drops what it cannot look up. */
    private static List<Errand> unknownDatagrams() {
        return List.of(
                new Errand("datagram", UNKNOWN, ports.datagramEcho(), "SocketTimeoutException"),
                new Errand("datagram-channel-connected", UNKNOWN, ports.datagramEcho(), "SocketTimeoutException"));
    }

    /** Between the program and a relay, whose address is the server's. */
    private static boolean isOfARelay(String packet) {
        return !packet.contains(": Flags [")
                && Stream.of(
                                " " + FarNetwork.SERVER + ".",
                                " " + FarNetwork.SERVER + ": ",
                                " " + FarNetwork.SERVER + " ")
                        .anyMatch(packet::contains);
    }

    private static void assertRelayedAlone(List<String> packets, String reason) {
        assertThat(packets).as(reason).isNotEmpty().allMatch(LeakIT::isOfARelay);
    }

    private static List<String> lines(List<Errand> errands) {
        return errands.stream().map(Errand::line).toList();
    }

    private static Jvm program(TracedNetwork network, String resolver, List<Errand> errands) throws Exception {
        return Jvm.of(Errands.class)
                .under(network.command(resolver))
                .arguments(errands.stream().flatMap(Errand::arguments).toArray());
    }

    private static Jvm routed(Jvm program, int port) {
        return program.agent("socks5h://" + FarNetwork.SERVER + ":" + port);
    }

    /** What a program can do to look names up in another way. */
    enum Way {
        THE_SYSTEM {
            @Override
            void set(Jvm program, Path folder) {}
        },
        PREFERRING_IPV6 {
            @Override
            void set(Jvm program, Path folder) {
                program.property("java.net.preferIPv6Addresses", "true");
            }
        },
        A_HOSTS_FILE {
            @Override
            void set(Jvm program, Path folder) throws Exception {
                Path hosts = Files.writeString(
                        folder.resolve("names"), FarNetwork.TARGET + " " + TracedNetwork.LISTED + "\n");
                program.property("jdk.net.hosts.file", hosts.toString());
            }
        },
        A_RESOLVER_OF_ITS_OWN {
            @Override
            void set(Jvm program, Path folder) {
                program.classPath(Path.of(System.getProperty("argyle.demo.jar")), resolverClasses);
            }
        };

        abstract void set(Jvm program, Path folder) throws Exception;

        static Stream<Way> ofThisJava() {
            return Arrays.stream(values())
                    .filter(way -> way != A_RESOLVER_OF_ITS_OWN || TestJava.feature() >= OwnResolver.SINCE);
        }

        /** Those that ask a DNS server, each in its way. */
        static Stream<Way> thatAsk() {
            return ofThisJava().filter(way -> way == THE_SYSTEM || way == A_RESOLVER_OF_ITS_OWN);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.argyle.it.LeakIT$Way#ofThisJava")
    void program_throughTheServer_sendsNothingElse(Way way) throws Exception {
        List<Errand> errands = everything();
        errands.addAll(listed(way != Way.A_RESOLVER_OF_ITS_OWN));
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            Jvm program = routed(program(network, FarNetwork.RESOLVER, errands), ports.honest());
            way.set(program, folder);
            JvmResult result = program.run();

            assertThat(network.packets()).as(result.toString()).isEmpty();
            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(errands));
        }
    }

    @Test
    void program_withoutADnsServer_sendsNothingElse() throws Exception {
        List<Errand> errands = everything();
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            JvmResult result = routed(program(network, FarNetwork.NO_RESOLVER, errands), ports.honest())
                    .run();

            assertThat(network.packets()).as(result.toString()).isEmpty();
            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(errands));
        }
    }

    /** Addresses are not looked up for the names in the file, since a key says so. */
    @Test
    void program_withRoutesOfAFile_sendsNothingElse() throws Exception {
        String server = FarNetwork.SERVER + ":";
        Path routes = Files.write(
                folder.resolve("routes"),
                List.of(
                        FarNetwork.OTHERS_NAME + " " + server + ports.other(),
                        FarNetwork.TARGET_6 + "/128 " + server + ports.other(),
                        CHANNELS + " " + server + ports.refusing() + "," + server + ports.honest(),
                        REFUSED + " REFUSE"));
        List<Errand> errands = everything();
        for (String what : List.of("socket", "selected-channel", "http-client")) {
            int port = what.equals("http-client") ? ports.http() : ports.echo();
            errands.add(new Errand(what, FarNetwork.OTHERS_NAME, port, "ok"));
            errands.add(new Errand(
                    what, REFUSED, port, what.equals("http-client") ? "ConnectException" : "SocketException"));
        }
        try (TracedNetwork network =
                TracedNetwork.start(far, folder, ports.honest(), ports.other(), ports.refusing())) {
            JvmResult result = program(network, FarNetwork.RESOLVER, errands)
                    .agent("proxy=" + server + ports.honest() + ",names.reverse=off,routes=" + routes)
                    .run();

            assertThat(network.packets()).as(result.toString()).isEmpty();
            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(errands));
        }
    }

    /** What becomes of a connection to the server. */
    enum Trouble {
        REFUSED {
            @Override
            int port() {
                return ports.refusing();
            }
        },
        CLOSED_AFTER_THE_GREETING {
            @Override
            int port() {
                return ports.closing();
            }
        },
        RESET_AFTER_THE_REQUEST {
            @Override
            int port() {
                return ports.resetting();
            }
        },
        REFUSED_FOR_UDP {
            @Override
            int port() {
                return ports.withoutUdp();
            }
        },
        CLOSED_FOR_UDP {
            @Override
            int port() {
                return ports.closingForUdp();
            }
        };

        abstract int port();
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"REFUSED", "CLOSED_AFTER_THE_GREETING", "RESET_AFTER_THE_REQUEST"})
    void program_whoseServerIsInTrouble_sendsNothingElse(Trouble trouble) throws Exception {
        try (TracedNetwork network = TracedNetwork.start(far, folder, trouble.port())) {
            JvmResult result = routed(program(network, FarNetwork.RESOLVER, everything()), trouble.port())
                    .run();

            assertThat(network.packets()).as(result.toString()).isEmpty();
            assertThat(result.lines()).as(result.toString()).hasSameSizeAs(everything());
            int first = lookUps().size();
            assertThat(result.lines().subList(0, first)).isEqualTo(lines(lookUps()));
            assertThat(result.lines())
                    .filteredOn(line -> line.endsWith("Exception"))
                    .hasSize(everything().size() - first);
        }
    }

    @Test
    void datagrams_throughTheServer_goToItsRelaysAlone() throws Exception {
        List<Errand> errands = datagrams();
        errands.addAll(unknownDatagrams());
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            JvmResult result = routed(program(network, FarNetwork.RESOLVER, errands), ports.honest())
                    .run();

            assertRelayedAlone(network.packets(), result.toString());
            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(errands));
        }
    }

    /** Each errand goes on with an association of another connection. Nothing but loopback has what wakes the readers. */
    @Test
    void datagrams_whoseControlConnectionIsCut_goToTheRelaysAlone() throws Exception {
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.cutting())) {
            JvmResult result = routed(program(network, FarNetwork.RESOLVER, echoes()), ports.cutting())
                    .run();

            List<String> packets = network.packets().stream()
                    .filter(line -> !(line.startsWith("lo ") && line.contains(" 127.0.0.1")))
                    .toList();
            assertRelayedAlone(packets, result.toString());
            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(echoes()));
        }
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void datagrams_whoseServerIsInTrouble_areNotSent(Trouble trouble) throws Exception {
        try (TracedNetwork network = TracedNetwork.start(far, folder, trouble.port())) {
            JvmResult result = program(network, FarNetwork.RESOLVER, datagrams())
                    .agent("proxy=socks5h://" + FarNetwork.SERVER + ":" + trouble.port()
                            + ",on-failure=direct,guard=audit")
                    .run();

            assertThat(network.packets()).as(result.toString()).isEmpty();
            assertThat(result.lines())
                    .as(result.toString())
                    .hasSameSizeAs(datagrams())
                    .allMatch(line -> line.endsWith("Exception"));
        }
    }

    @Test
    void datagrams_withoutTheAgent_areSeen() throws Exception {
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            JvmResult result =
                    program(network, FarNetwork.RESOLVER, datagrams()).run();

            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(datagrams()));
            assertThat(network.packets())
                    .noneMatch(LeakIT::isOfARelay)
                    .anyMatch(line -> line.contains(" > " + FarNetwork.RESOLVER + ".53: ")
                            && line.contains(" A? " + CLIENT + ". "))
                    .filteredOn(line -> line.contains(" > " + FarNetwork.TARGET + "." + ports.datagramEcho() + ": ")
                            || line.contains(" > " + FarNetwork.TARGET_6 + "." + ports.datagramEcho6() + ": "))
                    .hasSizeGreaterThanOrEqualTo(datagrams().size() - 1);
        }
    }

    /** Else nothing that the other tests do not see would mean anything. */
    @ParameterizedTest
    @MethodSource("dev.argyle.it.LeakIT$Way#thatAsk")
    void program_withoutTheAgent_isSeen(Way way) throws Exception {
        List<Errand> errands = new ArrayList<>(connects());
        errands.addAll(lookUps());
        errands.add(new Errand("name-of", FarNetwork.SERVER, 0, FarNetwork.SERVER));
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            Jvm program = program(network, FarNetwork.RESOLVER, errands);
            way.set(program, folder);
            JvmResult result = program.run();
            List<String> packets = network.packets();

            assertThat(result.lines())
                    .as(result.toString())
                    .startsWith(lines(connects()).toArray(new String[0]));
            for (String name : List.of(LOOK_UPS, SOCKETS, CHANNELS, CLIENT, UNKNOWN, REVERSE)) {
                assertThat(packets)
                        .anyMatch(line -> line.contains(" > " + FarNetwork.RESOLVER + ".53: ")
                                && line.contains("? " + name + ". "));
            }
            assertThat(packets)
                    .anyMatch(line -> line.contains(" > " + FarNetwork.TARGET + ": ICMP echo request"))
                    .anyMatch(line -> line.contains(" > " + FarNetwork.TARGET_6 + ": ICMP6, echo request"));
            assertThat(packets)
                    .filteredOn(line -> line.contains(": Flags [S],"))
                    .filteredOn(line -> line.contains(" > " + FarNetwork.TARGET + ".")
                            || line.contains(" > " + FarNetwork.TARGET_6 + "."))
                    .hasSizeGreaterThanOrEqualTo(connects().size());
        }
    }

    /** A file that has no name of the target is asked in place of the DNS server. */
    @Test
    void program_withAHostsFile_withoutTheAgent_knowsNoName() throws Exception {
        List<Errand> errands = List.of(
                new Errand("socket", SOCKETS, ports.echo(), "UnknownHostException"),
                new Errand("socket", TracedNetwork.LISTED, ports.echo(), "ok"));
        try (TracedNetwork network = TracedNetwork.start(far, folder, ports.honest())) {
            Jvm program = program(network, FarNetwork.RESOLVER, errands);
            Way.A_HOSTS_FILE.set(program, folder);
            JvmResult result = program.run();

            assertThat(result.lines()).as(result.toString()).isEqualTo(lines(errands));
            assertThat(network.packets()).isNotEmpty().allMatch(line -> line.contains(" " + FarNetwork.TARGET + "."));
        }
    }
}
