// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JvmIT {
    private static Jvm talker(String... does) {
        return Jvm.of(Talker.class).classPath(testClasses()).arguments((Object[]) does);
    }

    private static Path testClasses() {
        try {
            return Path.of(Talker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void run_plainProgram_givesOutputsAndExitCode() throws Exception {
        JvmResult result = talker("talk").property("word", "hello").run();

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("out hello\n");
        assertThat(result.err()).isEqualTo("err hello\n");
    }

    @Test
    void run_muchOnBothOutputs_doesNotBlock() throws Exception {
        JvmResult result = talker("flood").run();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).hasSize(Talker.FLOOD_OCTETS);
        assertThat(result.err()).hasSize(Talker.FLOOD_OCTETS);
    }

    @Test
    void run_programThatHangs_failsWithOutputsAndThreads() throws Exception {
        try (JvmProcess process = talker("hang").timeout(Duration.ofSeconds(6)).start()) {
            process.awaitOut("hanging");

            assertThatThrownBy(process::await)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("did not end in PT6S")
                    .hasMessageContaining("hanging")
                    .hasMessageContaining("\"main\"")
                    .hasMessageContaining("Talker.main");
            assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive))
                    .as("destroyed")
                    .isEmpty();
        }
    }

    @Test
    void start_programThatListens_canBeTalkedWith() throws Exception {
        try (JvmProcess process = talker("answer").start()) {
            process.say("anybody?");
            process.awaitOut("you said anybody?");
            process.awaitErr("heard");

            assertThat(process.await().exitCode()).isZero();
        }
    }

    @Test
    void awaitOut_programThatEndsWithout_failsAtOnce() throws Exception {
        try (JvmProcess process = talker("talk").start()) {
            assertThatThrownBy(() -> process.awaitOut("never said"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("never said")
                    .hasMessageContaining("out null");
        }
    }

    @Test
    void run_environment_isCleanAndCanBeSet() throws Exception {
        JvmResult result = talker("environment")
                .variable("ARGYLE_PROXY", "socks5h://127.0.0.1:1")
                .variable("no_proxy", "here")
                .run();

        assertThat(result.lines())
                .contains("ARGYLE_PROXY=socks5h://127.0.0.1:1", "no_proxy=here")
                .noneMatch(line -> line.startsWith("JAVA_TOOL_OPTIONS="))
                .noneMatch(line -> line.startsWith("ALL_PROXY="));
        assertThat(result.err()).doesNotContain("Picked up");
    }

    @Test
    void run_noClassPathGiven_usesTheDemoJar() throws Exception {
        JvmResult result = Jvm.of("dev.argyle.it.None")
                .options("-XshowSettings:properties", "-version")
                .run();

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).contains("java.class.path = " + System.getProperty("argyle.demo.jar"));
    }
}
