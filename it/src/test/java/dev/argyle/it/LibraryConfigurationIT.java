// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.PrecedenceIT.Source;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Hello;
import dev.argyle.it.embedding.InstallFirst;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent reads, the library reads too, and says the same of it; {@link SystemPropertiesIT} has it all. */
class LibraryConfigurationIT extends TwoServers {
    private Jvm program() {
        return Jvm.of(InstallFirst.class)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .options("--add-opens=java.base/java.net=ALL-UNNAMED")
                .property("argyle.bypass", "none")
                .arguments(ConnectOnce.class.getName(), ADDRESS, echo);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ARGUMENT")
    void source_beforeAllThatComeAfterIt_isInstalled(Source first, @TempDir Path folder) throws Exception {
        Jvm program = program();
        first.name(program, server.port(), folder);
        for (Source later : Source.values()) {
            if (later.compareTo(first) > 0) {
                later.name(program, other.port(), folder);
            }
        }

        assertThat(assertRouted(program.run()).host()).isEqualTo(ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dargyle.proxi=127.0.0.1",
                "-Dargyle.connect.timeout=soon",
                "-Dargyle.log=",
                "-Dargyle.config=/no/such.properties",
                "-DsocksProxyVersion=4",
                "-Dargyle.bypass=none"
            })
    void property_thatIsNotUnderstood_isAnExceptionInTheAgentsWords(String option) throws Exception {
        String host = option.contains("bypass") ? "no.such.property" : "socksProxyHost";
        Jvm agent = Jvm.of(Hello.class).agent("");
        String words = agent.property(host, "127.0.0.1").options(option).run().err();

        JvmResult result = program().property(host, "127.0.0.1").options(option).run();

        assertThat(words).startsWith("[argyle] Configuration: ");
        assertThat(result.out())
                .isEqualTo(words.replace("[argyle] Configuration: ", "java.lang.IllegalArgumentException: "));
        assertThat(result.err()).isEmpty();
        assertThat(targets.visitors(echo)).isEmpty();
    }
}
