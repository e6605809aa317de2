// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The benchmarks run, and every figure is there; what the figures are is no test's business. */
class BenchmarksIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void startUp_oneRound_printsEachProgramWithEachAgent() throws Exception {
        JvmResult result = run("dev.argyle.it.bench.StartUp");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .filteredOn(line -> line.matches(
                        ".*(no agent|empty agent|Argyle|factories)( +[+-]?\\d+ +[+-]\\d+ +\\d+\\.\\d\\d){2}"))
                .hasSize(12);
    }

    @Test
    void relayed_oneRound_printsEachFigure() throws Exception {
        JvmResult result = run("dev.argyle.it.bench.Relayed");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .filteredOn(line -> line.matches(".*(us|MB/s)( +\\d+\\.\\d){2} +\\d+\\.\\d\\d"))
                .hasSize(8);
        assertThat(result.lines())
                .filteredOn(
                        line -> line.matches("(direct|forwarded|JDK's SOCKS|Argyle).*( +\\d+\\.\\d +\\d+\\.\\d\\d){2}"))
                .hasSize(6);
    }

    @Test
    void connects_oneRound_printsEachWayWithEachLoadAndItsSystemCalls() throws Exception {
        JvmResult result = run("dev.argyle.it.bench.Connects");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .filteredOn(
                        line -> line.matches(
                                "(direct|SOCKS by hand|Argyle|Netty, \\S+) +\\d+( +\\d+\\.\\d\\d +\\d+\\.\\d){3} +\\d+\\.\\d\\d +\\d+ %"))
                .hasSize(12);
        assertThat(result.lines())
                .filteredOn(line ->
                        line.matches("(direct|SOCKS by hand|Argyle|Netty, \\S+)( +\\d+\\.\\d){2} .*\\b1 connect\\b.*"))
                .hasSize(6);
    }

    /** Where a rival is not installed, the benchmark says so and goes on. */
    @Test
    void datagrams_oneRound_printsEachWayAndItsSystemCalls() throws Exception {
        JvmResult result = run("dev.argyle.it.bench.Datagrams");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .filteredOn(
                        line -> line.matches(
                                "(direct|by hand|Argyle).*?( +\\d+\\.\\d +\\d+\\.\\d\\d){3}( +\\d+){2} +\\d+\\.\\d +\\d+\\.\\d\\d +\\d+\\.\\d"))
                .hasSize(2 * 9);
        assertThat(result.lines())
                .as("one call for a datagram that is sent, and one for what comes back")
                .filteredOn(line -> line.matches("(direct|by hand|Argyle).* 2\\.\\d   1 recvfrom, 1 sendto"))
                .hasSize(9);
    }

    @Test
    void anyBenchmark_unknownOption_saysWhichThereAre() throws Exception {
        JvmResult result =
                Jvm.of("dev.argyle.it.bench.StartUp").arguments("--round", 1).run();

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("unknown option --round (known: --rounds, --jdk, --agent)");
    }

    private static JvmResult run(String benchmark) throws Exception {
        return Jvm.of(benchmark)
                .arguments("--rounds", 1, "--agent", System.getProperty("argyle.agent.jar"))
                .timeout(LONGEST)
                .run();
    }
}
