// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.argyle.it.app.StatsD;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Datagram;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import dev.argyle.it.server.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unmodified clients that use UDP, each with one server that has a name that only the SOCKS server knows, and with
 * another by its address.
 */
class DatagramClientsIT {
    private static final String NAME = "inside.argyle.test";
    private static final String ADDRESS = "127.0.0.2";
    private static final int METRICS = 100;

    /** That a channel which does not block may not take while its association is opened, on a slow machine. */
    private static final int LOSSES = 10_000;

    @TempDir
    private static Path directory;

    private static TlsFiles tls;

    /** Where programs without the agent find the name. */
    private static Path hosts;

    private ScriptedServer server;
    private Targets targets;

    @BeforeAll
    static void makeFiles() throws Exception {
        tls = TlsFiles.make(Files.createDirectory(directory.resolve("tls")), NAME);
        hosts = Files.writeString(directory.resolve("hosts"), ADDRESS + " " + NAME + "\n");
    }

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.start();
        server.name(NAME, new InetSocketAddress(ADDRESS, 0));
        targets = Targets.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private DatagramService service(DatagramClient client) throws Exception {
        InetAddress at = InetAddress.getByName(ADDRESS);
        return switch (client) {
            case DNSJAVA, JNDI_DNS -> dns(client);
            case SNMP4J -> SnmpAgent.start(at);
            case KWIK -> QuicEcho.start(at, tls);
            case NETTY_4_1, NETTY_4_2 -> NettyEcho.start(at);
        };
    }

    private DatagramService dns(DatagramClient client) throws Exception {
        Map<String, InetAddress> addresses = new HashMap<>();
        for (int i = 1; i <= client.count(); i++) {
            addresses.put(client.asked(i), InetAddress.getByName(client.told(i)));
        }
        int port = targets.dns(addresses);
        return new DatagramService() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public List<InetSocketAddress> visitors() {
                return targets.visitors(port);
            }

            @Override
            public void close() {
                // with the other targets
            }
        };
    }

    private static void run(DatagramClient client, Jvm jvm, int portByName, int portByAddress) throws Exception {
        List<String> uris = new ArrayList<>();
        for (int i = 1; i <= client.count(); i++) {
            uris.add("udp://" + NAME + ":" + portByName + "/" + client.asked(i));
            uris.add("udp://" + ADDRESS + ":" + portByAddress + "/" + client.asked(i));
        }
        JvmResult result = jvm.property(
                        "javax.net.ssl.trustStore", tls.trustStore().toString())
                .property("javax.net.ssl.trustStorePassword", tls.password())
                .arguments(uris.toArray())
                .run();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= client.count(); i++) {
            expected.add(client.told(i));
            expected.add(client.told(i));
        }
        assertThat(result.lines())
                .as(result.toString())
                // Kwik's, since the test tells it not to check a certificate
                .filteredOn(line -> !line.startsWith("SECURITY WARNING: "))
                .isEqualTo(expected);
        assertThat(result.exitCode()).as(result.toString()).isZero();
    }

    private static Jvm plain(Jvm program) {
        return program.property("jdk.net.hosts.file", hosts.toString());
    }

    /** So that what goes through the server below goes direct without it. */
    @ParameterizedTest
    @EnumSource
    void requests_plain_goDirect(DatagramClient client) throws Exception {
        try (DatagramService one = service(client);
                DatagramService other = service(client)) {
            run(client, plain(client.jvm()), one.port(), other.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void requests_goThroughTheRelay_andEndAsDirectOnes(DatagramClient client) throws Exception {
        try (DatagramService one = service(client);
                DatagramService other = service(client)) {
            run(client, routed(client.jvm()), one.port(), other.port());

            assertRelayed(one.visitors());
            assertRelayed(other.visitors());
            assertThat(server.associations()).allSatisfy(association -> {
                assertThat(association.strangers()).isZero();
                assertThat(association.malformed()).isZero();
            });
            assertThat(server.associations())
                    .flatExtracting(Association::datagrams)
                    .extracting(Datagram::host, Datagram::port)
                    .containsOnly(tuple(NAME, one.port()), tuple(ADDRESS, other.port()));
        }
    }

    private Jvm routed(Jvm client) {
        return client.agent("proxy=socks5h://127.0.0.1:" + server.port() + ",bypass=none");
    }

    /** Each datagram came from the relay. */
    private static void assertRelayed(List<InetSocketAddress> visitors) {
        assertThat(visitors)
                .isNotEmpty()
                .extracting(InetSocketAddress::getAddress)
                .containsOnly(ScriptedServer.OUTBOUND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metrics_thatNobodyAnswers_arrive(boolean throughTheRelay) throws Exception {
        int port = targets.datagramSilent();
        Jvm program = Jvm.of(StatsD.class).arguments(NAME, port, METRICS, LOSSES);

        try (JvmProcess process = (throughTheRelay ? routed(program) : plain(program)).start()) {
            process.awaitOut("channel " + METRICS + "\n");
            await().untilAsserted(() -> assertThat(targets.datagrams(port)).isEqualTo(2 * METRICS));
            process.say("");
            assertThat(process.await().exitCode()).isZero();
        }

        if (throughTheRelay) {
            assertRelayed(targets.visitors(port));
            assertThat(server.associations()).hasSize(2);
        }
    }
}
