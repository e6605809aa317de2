// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.endurance.DatagramCrowd;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagram sockets by the thousand, and for a while: what they hold is given back. */
class DatagramEnduranceIT {
    private static final int CROWD = 1_000;
    private static final int SOAK_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** The one thread that all associations share, and what its selector holds. */
    private static final String THREAD = "argyle-controls";

    private static final int OF_THE_SELECTOR = 2;

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private Jvm crowd(String end, int left) throws Exception {
        return Jvm.of(DatagramCrowd.class)
                .timeout(LONGEST)
                .arguments(targets.address().getHostAddress(), targets.datagramEcho(), CROWD, end, left);
    }

    private Jvm routed(Jvm program) {
        return program.agent("proxy=127.0.0.1:" + server.port() + ",bypass=none");
    }

    private static List<String> lines(JvmResult result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        List<String> lines = result.lines();
        assertThat(lines).as(result.toString()).hasSize(3);
        return lines;
    }

    private static int descriptors(String line) {
        return Integer.parseInt(line.replaceAll(".* descriptors=(\\d+) .*", "$1"));
    }

    private static List<String> argyleThreads(String line) {
        return Arrays.stream(line.substring(line.indexOf("threads=") + "threads=".length())
                        .split(", ", -1))
                .filter(thread -> thread.contains("argyle"))
                .toList();
    }

    /** So that its word counts below: a descriptor for each socket, and the selector's. */
    @Test
    void crowd_plain_isAnsweredAndGivesAllBack() throws Exception {
        List<String> lines = lines(crowd("close", 0).run());

        assertThat(lines.subList(0, 2))
                .allSatisfy(line -> assertThat(descriptors(line)).isBetween(CROWD, CROWD + OF_THE_SELECTOR));
        assertThat(descriptors(lines.get(2))).isZero();
    }

    /** A descriptor more for each: the control connection. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "forget"})
    void crowd_routed_isAnsweredOnOneThreadAndGivesAllBack(String end) throws Exception {
        List<String> lines = lines(routed(crowd(end, OF_THE_SELECTOR)).run());

        assertThat(server.associations()).hasSize(CROWD);
        assertThat(targets.directVisitors()).isEmpty();
        assertThat(lines.subList(0, 2))
                .allSatisfy(
                        line -> assertThat(descriptors(line)).isBetween(2 * CROWD, 2 * CROWD + 2 * OF_THE_SELECTOR));
        assertThat(descriptors(lines.get(2))).isLessThanOrEqualTo(OF_THE_SELECTOR);
        assertThat(lines).allSatisfy(line -> assertThat(argyleThreads(line)).containsExactly(THREAD));
    }

    @Test
    void soak_aShortOne_holdsNoMoreAtTheEnd() throws Exception {
        JvmResult result = Jvm.of("dev.argyle.it.bench.Soak")
                .arguments("--seconds", SOAK_SECONDS, "--agent", System.getProperty("argyle.agent.jar"))
                .timeout(LONGEST)
                .run();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .filteredOn(line -> line.matches("heap .* back, .*"))
                .hasSize(10);
        assertThat(result.lines()).contains("kept");
    }
}
