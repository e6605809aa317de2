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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's argument and the options file, from end to end; {@link SystemPropertiesIT} has the keys, {@link
 * PrecedenceIT} the other sources.
 */
class ConfigurationIT extends TwoServers {
    private Jvm program() {
        return Jvm.of(ConnectOnce.class).arguments(NAME, echo);
    }

    @Test
    void argument_thatIsAUrl_isTheServer() throws Exception {
        Exchange exchange =
                assertRouted(program().agent("socks5h://" + at(server)).run());

        assertThat(exchange.host()).isEqualTo(NAME);
        assertThat(exchange.methods()).containsExactly(0);
    }

    @Test
    void optionsFile_namesTheServer(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("argyle.properties");
        Files.writeString(file, "# where the bastion is\nproxy = " + at(server) + "\n");

        assertRouted(program().agent(file.toString()).run());
    }

    @Test
    void javaToolOptions_withAPathWithSpaces_carryTheAgent(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Path jar = Files.copy(Path.of(System.getProperty("argyle.agent.jar")), spaced.resolve("argyle agent.jar"));

        assertRouted(program()
                .variable("JAVA_TOOL_OPTIONS", "'-javaagent:" + jar + "=" + at(server) + "'")
                .run());
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
                    .agent(at(server) + ",names.local=none,bypass=" + NAME + ":" + port)
                    .arguments(NAME, port)
                    .run();

            assertThat(result.out()).startsWith("ok " + NAME + "/198.1");
            assertThat(local.directVisitors()).hasSize(1);
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @Test
    void banner_isOneLine_withoutTheSecret() throws Exception {
        JvmResult loud = Jvm.of(Hello.class)
                .agent("proxy=ann:s3cr3t@127.0.0.1:1081,[::1]:1082")
                .run();
        assertThat(loud.err())
                .matches(
                        "\\[argyle] 0\\.1\\.0 on Java \\S+: connections go through socks5h://127\\.0\\.0\\.1:1081, then"
                                + " socks5h://\\[::1]:1082\n");
        assertThat(loud.out()).isEqualTo("hello\n");
    }
}
