// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Touching;
import dev.argyle.it.app.ChannelAttempts;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Errands;
import dev.argyle.it.app.Uncarried;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hooked classes may be loaded, linked and used before the agent starts: the JVM then does not transform them. */
class LoadedBeforeIT {
    private static final String NAME = "inside.argyle.test";
    private static final String ADDRESS = "127.0.0.2";
    private static final Object[] REFUSED = {"socketSend 127.0.0.2 9", "channelConnect 127.0.0.2 9", "reach 127.0.0.2 0"
    };

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

    private String argument() {
        return "proxy=127.0.0.1:" + server.port() + ",bypass=none";
    }

    private void assertChannelsRouted(JvmResult result) {
        assertThat(result.lines())
                .as(result.toString())
                .filteredOn(line -> line.endsWith(" ok ping"))
                .hasSize(11);
        assertThat(targets.directVisitors()).isEmpty();
    }

    private void assertDatagramsRouted(JvmResult result, int errands) throws Exception {
        assertThat(result.lines())
                .as(result.toString())
                .filteredOn(line -> line.endsWith(" ok"))
                .hasSize(errands);
        assertThat(server.awaitAssociations(errands)).hasSize(errands);
        assertThat(targets.directVisitors()).isEmpty();
    }

    private static void assertRefused(JvmResult result) {
        assertThat(result.lines())
                .as(result.toString())
                .filteredOn(line -> line.contains("SocketException: Refused by udp=refuse: "))
                .hasSize(2);
        assertThat(result.lines()).last().isEqualTo("reach false");
    }

    private void assertRouted(JvmResult result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).contains("ok " + NAME + "/198.1");
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void agentBeforeOurs_thatHasTouchedEverything_changesNothing(@TempDir Path folder) throws Exception {
        String touching = "-javaagent:" + AgentJar.of(Touching.class, folder);
        JvmResult result = Jvm.of(ConnectOnce.class)
                .options(touching)
                .agent(argument())
                .arguments(NAME, echo)
                .run();

        assertThat(result.out()).startsWith("touched\n");
        assertRouted(result);
        assertChannelsRouted(Jvm.of(ChannelAttempts.class)
                .options(touching)
                .agent(argument())
                .arguments(NAME, echo, "at-once")
                .run());
        int datagrams = targets.datagramEcho();
        List<Object> errands = new ArrayList<>();
        for (String errand :
                List.of("datagram", "datagram-connected", "datagram-channel", "datagram-channel-connected")) {
            errands.addAll(List.of(errand, ADDRESS, datagrams));
        }
        assertDatagramsRouted(
                Jvm.of(Errands.class)
                        .options(touching)
                        .agent(argument())
                        .arguments(errands.toArray())
                        .run(),
                4);
        assertRefused(Jvm.of(Uncarried.class)
                .options(touching)
                .agent(argument() + ",udp=refuse")
                .arguments(REFUSED)
                .run());
    }

    /** An AOT cache where the JDK has it (JEP 514), else a dynamic archive of class data. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cache_trainedWithoutOrWithTheAgent_changesNothing(boolean trainedWithAgent, @TempDir Path folder)
            throws Exception {
        JvmResult result = withCache(trainedWithAgent, folder, ConnectOnce.class, 1);

        assertThat(result.out()).contains("ok " + NAME + "/198.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cacheOfChannels_trainedWithoutOrWithTheAgent_changesNothing(boolean trainedWithAgent, @TempDir Path folder)
            throws Exception {
        JvmResult result = withCache(trainedWithAgent, folder, ChannelAttempts.class, 11, "one-by-one");

        assertThat(result.lines()).filteredOn(line -> line.endsWith(" ok ping")).hasSize(11);
    }

    private JvmResult withCache(boolean trainedWithAgent, Path folder, Class<?> program, int connects, Object... more)
            throws Exception {
        Path cache = folder.resolve("cache");
        boolean aot = TestJava.feature() >= 25;
        Jvm training = Jvm.of(program)
                .options((aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + cache)
                .arguments(arguments(ADDRESS, more));
        String[] allowed = aot || !trainedWithAgent
                ? new String[0]
                : new String[] {"-XX:+UnlockDiagnosticVMOptions", "-XX:+AllowArchivingWithJavaAgent"};
        if (trainedWithAgent) {
            training.agent(argument()).options(allowed);
        }
        JvmResult trained = training.run();
        assertThat(trained.out()).as(trained.toString()).contains("ok ");
        assertThat(cache).isNotEmptyFile();
        int visitorsOfTraining = targets.directVisitors().size();
        assertThat(visitorsOfTraining).isEqualTo(trainedWithAgent ? 0 : connects);

        String use = (aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + cache;
        JvmResult result = Jvm.of(program)
                .options(allowed)
                .options(use)
                .agent(argument())
                .arguments(arguments(NAME, more))
                .run();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(targets.directVisitors()).hasSize(visitorsOfTraining);
        return result;
    }

    private Object[] arguments(String host, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(host, echo));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }
}
