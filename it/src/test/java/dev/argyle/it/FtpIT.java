// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.embedding.FtpByScope;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.real.FarDante;
import dev.argyle.it.real.FarNetwork;
import dev.argyle.it.real.TracedNetwork;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.io.IOUtils;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An unmodified FTP client. In active mode it listens, and the FTP server, which connects only to where the client's
 * connection seems to come from, comes to it through the SOCKS server.
 */
class FtpIT {
    private static final String ADDRESS = "127.0.0.2";
    /** A name that Dante knows. */
    private static final String NAME = "ftp.argyle.test";

    private static final String FILE = "motd";
    private static final int FILE_OCTETS = 200_000;
    private static final int SEED = 7;
    private static final int DATA_CONNECTIONS = 3;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    @TempDir
    private static Path directory;

    private static JvmProcess ftp;
    private static int port;
    private static long sum;

    @BeforeAll
    static void start() throws Exception {
        byte[] file = new byte[FILE_OCTETS];
        new Random(SEED).nextBytes(file);
        Files.write(directory.resolve(FILE), file);
        CRC32 crc = new CRC32();
        crc.update(file);
        sum = crc.getValue();
        ftp = server().arguments(ADDRESS, directory).start();
        port = port(ftp);
    }

    @AfterAll
    static void stop() throws Exception {
        ftp.close();
    }

    private static Jvm server() throws IOException {
        return program("ftp-server", "ftpserver.FtpServerProgram").timeout(TIMEOUT);
    }

    private static int port(JvmProcess server) throws InterruptedException {
        server.awaitOut(".\n");
        return Integer.parseInt(server.out().replace("port ", "").replace(".\n", ""));
    }

    private static Jvm client() throws IOException {
        return program("ftp", "ftp.FtpProgram");
    }

    private static Jvm program(String module, String mainClass) throws IOException {
        Path classes = Path.of(System.getProperty("argyle.clients"), module, "target", "classes");
        return Jvm.of("dev.argyle.it.client." + mainClass).classPath(ChannelClient.classPath(module, classes));
    }

    /** A file was listed, fetched and stored. */
    private static void assertDone(Jvm client, String mode, String host, int serverPort) throws Exception {
        String stored = "stored";
        Files.deleteIfExists(directory.resolve(stored));
        JvmResult result =
                client.arguments(mode, host, serverPort, FILE, stored).run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly("listed [" + FILE + "]", "fetched " + FILE_OCTETS + " " + sum, "stored");
        assertThat(directory.resolve(stored)).hasSameBinaryContentAs(directory.resolve(FILE));
        Files.delete(directory.resolve(stored));
    }

    /** So that what goes through the server below goes direct without it. */
    @ParameterizedTest
    @ValueSource(strings = {"active", "passive"})
    void transfer_plain_goesDirect(String mode) throws Exception {
        assertDone(client(), mode, ADDRESS, port);
    }

    @Test
    void passive_connectsToTheServersPorts() throws Exception {
        try (ScriptedServer server = ScriptedServer.start()) {
            assertDone(client().agent(routed(server)), "passive", ADDRESS, port);

            assertThat(server.connects())
                    .hasSize(1 + DATA_CONNECTIONS)
                    .extracting(Exchange::host)
                    .containsOnly(ADDRESS);
            assertThat(server.binds()).isEmpty();
        }
    }

    private static String routed(ScriptedServer server) {
        return "proxy=socks5h://127.0.0.1:" + server.port() + ",bypass=none";
    }

    /** Without a rule it tells the FTP server its own address, where nobody gets. */
    @Test
    void active_withoutARule_isRefusedByTheFtpServer() throws Exception {
        try (ScriptedServer server = ScriptedServer.start()) {
            JvmResult result = client().agent(routed(server))
                    .arguments("active", ADDRESS, port, FILE, "stored")
                    .run();

            assertThat(result.exitCode()).as(result.toString()).isNotZero();
            assertThat(result.err()).contains("IOException: 501 ");
            assertThat(server.binds()).isEmpty();
        }
    }

    @Test
    void active_whereAllListenAtTheServer_isVisitedThereForEachDataConnection() throws Exception {
        try (ScriptedServer server = ScriptedServer.start()) {
            assertDone(client().agent(routed(server) + ",bind=*"), "active", ADDRESS, port);

            assertThat(server.connects())
                    .singleElement()
                    .extracting(Exchange::port)
                    .isEqualTo(port);
            assertThat(server.binds()).hasSize(DATA_CONNECTIONS).allSatisfy(bind -> {
                assertThat(bind.peer().getAddress().getHostAddress()).isEqualTo(ADDRESS);
                assertThat(bind.problem()).isEmpty();
            });
        }
    }

    /** An FTP client that its program has told to open its sockets for data in a scope. */
    @Test
    void active_byScope_isVisitedAtTheServer() throws Exception {
        try (ScriptedServer server =
                ScriptedServer.builder().faults(new Fault.OnlyThePeer()).start()) {
            JvmResult result = Jvm.of(FtpByScope.class)
                    .classPath(
                            Path.of(System.getProperty("argyle.demo.jar")),
                            Path.of(System.getProperty("argyle.provider.jar")),
                            jar(FTPClient.class),
                            jar(IOUtils.class))
                    .agent(routed(server))
                    .arguments(ADDRESS, port, FILE)
                    .run();

            assertThat(result.out()).as(result.toString()).isEqualTo("226 " + FILE_OCTETS + "\n");
            assertThat(server.binds()).singleElement().satisfies(bind -> {
                assertThat(bind.host()).isEqualTo(ADDRESS);
                assertThat(bind.port()).isZero();
                assertThat(bind.secondReply()).isZero();
            });
        }
    }

    private static Path jar(Class<?> library) throws Exception {
        return Path.of(
                library.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** The client's address is another than the SOCKS server's, and no packet goes anywhere else. */
    @ParameterizedTest
    @CsvSource({
        "socks5h, " + FarNetwork.TARGET + ", " + FarNetwork.TARGET,
        "socks5, " + TracedNetwork.LISTED + ", " + FarNetwork.TARGET,
        "socks5h, " + NAME + ", " + NAME,
    })
    void active_throughDante_connectsOnceAndIsVisitedForEachDataConnection(
            String scheme, String host, String peer, @TempDir Path folder) throws Exception {
        try (FarNetwork far = FarNetwork.start();
                FarDante dante = FarDante.start(far, Files.createDirectory(folder.resolve("dante")), NAME);
                JvmProcess farFtp = server().under(far.command())
                        .arguments(FarNetwork.TARGET, directory)
                        .start();
                TracedNetwork network =
                        TracedNetwork.start(far, Files.createDirectory(folder.resolve("client")), FarDante.PORT)) {
            int farPort = port(farFtp);
            Jvm client = client().under(network.command(FarNetwork.NO_RESOLVER))
                    .agent("proxy=" + scheme + "://" + FarNetwork.SERVER + ":" + FarDante.PORT + ",bind=peer:" + peer);

            assertDone(client, "active", host, farPort);

            // beside what the JVM says to itself
            assertThat(network.packets())
                    .filteredOn(packet -> !packet.startsWith("lo "))
                    .isEmpty();
            String log = dante.log();
            assertThat(dante.connects(FarNetwork.TARGET, farPort)).as(log).isEqualTo(1);
            assertThat(dante.binds(peer)).as(log).isEqualTo(DATA_CONNECTIONS);
            assertThat(dante.visits(FarNetwork.TARGET)).as(log).isEqualTo(DATA_CONNECTIONS);
        }
    }
}
