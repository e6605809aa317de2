// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ChannelOnce;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.embedding.ByFactory;
import dev.argyle.it.embedding.InstallFirst;
import dev.argyle.it.embedding.SelectFirst;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code SOCKS5C_CONFIG} as AIX has it, in the environment of a program, whatever the way in. */
class SocksConfigVariableIT extends TwoServers {
    private static final String VARIABLE = "SOCKS5C_CONFIG";

    private enum Entrance {
        HOOKS {
            @Override
            Jvm jvm() {
                return Jvm.of(ConnectOnce.class).agent("");
            }
        },
        CHANNELS {
            @Override
            Jvm jvm() {
                return Jvm.of(ChannelOnce.class).agent("");
            }
        },
        FACTORIES {
            @Override
            Jvm jvm() {
                return Jvm.of(ConnectOnce.class).agent("hooks=factories");
            }
        },
        LIBRARY {
            @Override
            Jvm jvm() {
                return withLibrary(InstallFirst.class)
                        .options("--add-opens=java.base/java.net=ALL-UNNAMED")
                        .arguments(ConnectOnce.class.getName());
            }
        },
        SOCKET_FACTORY {
            @Override
            Jvm jvm() {
                return withLibrary(ByFactory.class);
            }
        },
        SELECTOR {
            @Override
            Jvm jvm() {
                return withLibrary(SelectFirst.class).arguments(ConnectOnce.class.getName());
            }
        };

        /** A JVM whose last arguments are to be host and port. */
        abstract Jvm jvm();

        boolean isAgent() {
            return this == HOOKS || this == CHANNELS || this == FACTORIES;
        }
    }

    private static Jvm withLibrary(Class<?> program) {
        return Jvm.of(program)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")));
    }

    @ParameterizedTest
    @EnumSource
    void path_namesTheFileThatDecides(Entrance entrance, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("socks5c.conf"), "127.0.0.0/8 NONE\r\n127.0.0.2 " + at(server));

        JvmResult result = entrance.jvm()
                .variable(VARIABLE, file.toString())
                .variable("ALL_PROXY", "socks5h://" + at(other))
                .arguments(ADDRESS, echo)
                .run();

        assertRouted(result);
        if (entrance.isAgent()) {
            assertThat(result.err()).contains(": connections go by 2 records of " + file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_switchesSocksOff(Entrance entrance) throws Exception {
        JvmResult result = entrance.jvm()
                .variable(VARIABLE, "")
                .variable("ALL_PROXY", "socks5h://" + at(other))
                .property("argyle.bypass", "none")
                .arguments(ADDRESS, echo)
                .run();

        assertDirect(result);
        if (entrance.isAgent()) {
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("[argyle] ")
                    .endsWith(": SOCKS5C_CONFIG is set to nothing: connections go direct");
        } else {
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void nothing_ofAQuietAgent_saysNothing() throws Exception {
        JvmResult result = Entrance.HOOKS
                .jvm()
                .variable(VARIABLE, "")
                .property("argyle.quiet", "true")
                .arguments(ADDRESS, echo)
                .run();

        assertDirect(result);
        assertThat(result.err()).isEmpty();
    }

    /** There is nothing to install: no package has to be open, and the agent leaves it all as it is too. */
    @Test
    void nothing_besideAProgramThatInstalls_needsNoFlag() throws Exception {
        Jvm program = withLibrary(InstallFirst.class)
                .agent("")
                .variable(VARIABLE, "")
                .arguments(ConnectOnce.class.getName(), ADDRESS, echo);

        assertDirect(program.run());
    }

    @Test
    void nothing_besideAServerOfOurs_doesNotCount() throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("proxy=" + at(server) + ",bypass=none")
                .variable(VARIABLE, "")
                .arguments(ADDRESS, echo)
                .run();

        assertRouted(result);
    }

    @Test
    void file_withAnError_endsTheJvm(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("socks5c.conf"), "# AIX\n127.0.0/8 " + at(server));

        JvmResult result = Entrance.HOOKS
                .jvm()
                .variable(VARIABLE, file.toString())
                .arguments(ADDRESS, echo)
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: file " + file + ":2: destination: what is before the / is not");
        assertThat(targets.visitors(echo)).isEmpty();
    }
}
