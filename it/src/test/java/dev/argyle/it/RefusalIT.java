// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Touching;
import dev.argyle.it.app.Hello;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program whose agent cannot start does not run, however fast it is. */
class RefusalIT {
    private static void assertRefused(Jvm program) throws Exception {
        JvmResult result = program.agent("proxy=127.0.0.1:99999").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: agent argument: proxy: ");
    }

    @RepeatedTest(10)
    void program_thatIsFast_doesNotRun() throws Exception {
        assertRefused(Jvm.of(Hello.class));
    }

    @Test
    void program_ofAJar_doesNotRun() throws Exception {
        assertRefused(Jvm.of("-jar").arguments(System.getProperty("argyle.demo.jar")));
    }

    /** The boot loader's, as those of the JDK's own tools in java.base. */
    @Test
    void program_ofTheJdk_doesNotRun() throws Exception {
        assertRefused(Jvm.of("sun.security.tools.keytool.Main").arguments("-help"));
    }

    /** The JVM aborts then. An agent that connects must not go direct either. */
    @Test
    void agent_behindOurs_doesNotRun(@TempDir Path folder) throws Exception {
        JvmResult result = Jvm.of(Hello.class)
                .agent("proxy=127.0.0.1:99999")
                .options("-javaagent:" + AgentJar.of(Touching.class, folder), "-XX:-CreateCoredumpOnCrash")
                .run();

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.out()).doesNotContain("touched").doesNotContain("hello");
        assertThat(result.err()).startsWith("[argyle] Configuration: agent argument: proxy: ");
    }
}
