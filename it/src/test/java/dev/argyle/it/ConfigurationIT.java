// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Hello;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each source of the configuration, from end to end. */
class ConfigurationIT {
    private static final String NAME = "inside.argyle.test";

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
        server = ScriptedServer.builder().name(NAME, targets.address(echo)).start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private String proxy() {
        return "127.0.0.1:" + server.port();
    }

    private Jvm program() {
        return Jvm.of(ConnectOnce.class).arguments(NAME, echo);
    }

    private Exchange assertRouted(JvmResult result) throws Exception {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("ok " + NAME + "/198.1");
        assertThat(server.awaitConnects(1)).hasSize(1);
        assertThat(targets.directVisitors()).isEmpty();
        return server.connects().get(0);
    }

    @Test
    void argument_thatIsAUrl_isTheServer() throws Exception {
        Exchange exchange = assertRouted(program().agent("socks5h://" + proxy()).run());

        assertThat(exchange.host()).isEqualTo(NAME);
        assertThat(exchange.methods()).containsExactly(0);
    }

    @Test
    void systemProperties_nameTheServer() throws Exception {
        assertRouted(program().agent("").property("argyle.proxy", proxy()).run());
    }

    @Test
    void environment_namesTheServer() throws Exception {
        assertRouted(program().agent("").variable("ARGYLE_PROXY", proxy()).run());
    }

    @Test
    void optionsFile_namesTheServer(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("argyle.properties");
        Files.writeString(file, "# where the bastion is\nproxy = " + proxy() + "\n");

        assertRouted(program().agent(file.toString()).run());
    }

    @Test
    void argument_beatsPropertyBeatsEnvironmentBeatsFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("argyle.properties");
        Files.writeString(file, "proxy=127.0.0.1:1\nconnect.timeout=1s\n");

        assertRouted(program()
                .agent("proxy=" + proxy() + ",config=" + file)
                .property("argyle.proxy", "127.0.0.1:2")
                .variable("ARGYLE_PROXY", "127.0.0.1:3")
                .run());
    }

    @Test
    void allProxy_withNoProxy_isUsedWhereNothingOfOursNamesAServer() throws Exception {
        assertRouted(program()
                .agent("")
                .variable("ALL_PROXY", "socks5h://" + proxy())
                .variable("NO_PROXY", "elsewhere.argyle.test")
                .run());
    }

    @Test
    void jdkProperties_withTheirCredentials_areUsed_andTheWorkIsDoneOnce() throws Exception {
        server.close();
        server = ScriptedServer.builder()
                .user("ann", "s3cr3t")
                .name(NAME, targets.address(echo))
                .start();

        Exchange exchange = assertRouted(program()
                .agent("")
                .property("socksProxyHost", "127.0.0.1")
                .property("socksProxyPort", String.valueOf(server.port()))
                .property("java.net.socks.username", "ann")
                .property("java.net.socks.password", "s3cr3t")
                .run());

        assertThat(exchange.userName()).isEqualTo("ann");
        assertThat(exchange.host()).isEqualTo(NAME);
    }

    @Test
    void jdkProperties_besidesOurs_doNothing() throws Exception {
        assertRouted(program()
                .agent(proxy())
                .property("socksProxyHost", "127.0.0.1")
                .property("socksProxyPort", "1")
                .run());
    }

    @Test
    void javaToolOptions_withAPathWithSpaces_carryTheAgent(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Path jar = Files.copy(Path.of(System.getProperty("argyle.agent.jar")), spaced.resolve("argyle agent.jar"));

        assertRouted(program()
                .variable("JAVA_TOOL_OPTIONS", "'-javaagent:" + jar + "=" + proxy() + "'")
                .run());
    }

    @Test
    void credentialsFile_isUsed_andRefusedWhereOthersCanReadIt(@TempDir Path folder) throws Exception {
        server.close();
        server = ScriptedServer.builder()
                .user("ann", "s3cr3t")
                .name(NAME, targets.address(echo))
                .start();
        Path file = folder.resolve("credentials");
        Files.writeString(file, "127.0.0.1 ann s3cr3t\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        JvmResult refused = program().agent(proxy() + ",credentials=" + file).run();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(file.toString())
                .contains("credentials.shared=true")
                .doesNotContain("s3cr3t");

        JvmResult shared = program()
                .agent(proxy() + ",credentials.shared=true,credentials=" + file)
                .run();
        assertThat(assertRouted(shared).userName()).isEqualTo("ann");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        JvmResult owned =
                program().agent(proxy() + ",log=debug,credentials=" + file).run();
        assertThat(owned.out()).startsWith("ok ");
        assertThat(owned.err()).doesNotContain("s3cr3t");
    }

    @Test
    void mainClass_thatDoesNotMatch_leavesTheProgramAlone() throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent(proxy() + ",bypass=none,main-class=org.example.*")
                .arguments("127.0.0.2", echo)
                .run();

        assertThat(result.out()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        assertThat(result.err()).isEmpty();
        assertThat(targets.directVisitors()).hasSize(1);

        JvmResult matching =
                program().agent(proxy() + ",main-class=dev.argyle.it.app.*").run();
        assertThat(matching.out()).startsWith("ok " + NAME + "/198.1");
        assertThat(targets.directVisitors()).hasSize(1);
    }

    @Test
    void bypass_ofTheTarget_isDirect() throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent(proxy() + ",bypass=none,127.0.0.2:" + echo)
                .arguments("127.0.0.2", echo)
                .run();

        assertThat(result.out()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        assertThat(targets.directVisitors()).hasSize(1);
        assertThat(server.exchanges()).isEmpty();
    }

    /** A name that is direct for one port only has a stand-in, which is looked up for real when that port is asked for. */
    @Test
    void bypass_ofAPortOfAName_looksTheNameUpHere(@TempDir Path folder) throws Exception {
        try (Targets local = Targets.at(java.net.InetAddress.getByName("127.0.0.1"), ScriptedServer.OUTBOUND)) {
            int port = local.echo();
            Path hosts = folder.resolve("hosts");
            Files.writeString(hosts, "127.0.0.1 " + NAME + "\n");
            JvmResult result = Jvm.of(ConnectOnce.class)
                    .property("jdk.net.hosts.file", hosts.toString())
                    .agent(proxy() + ",bypass=" + NAME + ":" + port)
                    .arguments(NAME, port)
                    .run();

            assertThat(result.out()).startsWith("ok " + NAME + "/198.1");
            assertThat(local.directVisitors()).hasSize(1);
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @Test
    void banner_isOneLine_withoutTheSecret_andNothingUnderQuiet() throws Exception {
        JvmResult loud = Jvm.of(Hello.class)
                .agent("proxy=ann:s3cr3t@127.0.0.1:1081,[::1]:1082")
                .run();
        assertThat(loud.err())
                .matches(
                        "\\[argyle] 0\\.1\\.0 on Java \\S+: connections go through socks5h://127\\.0\\.0\\.1:1081, then"
                                + " socks5h://\\[::1]:1082\n");
        assertThat(loud.out()).isEqualTo("hello\n");

        JvmResult quiet = Jvm.of(Hello.class).agent("127.0.0.1:1081,quiet=true").run();
        assertThat(quiet.err()).isEmpty();
        assertThat(quiet.out()).isEqualTo("hello\n");
    }
}
