// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of two sources that name a server, one counts, and the server of the other sees nothing. */
class PrecedenceIT extends TwoServers {
    /** The sources, in their order. */
    enum Source {
        ARGUMENT {
            @Override
            void name(Jvm jvm, int port, Path folder) {
                jvm.agent("127.0.0.1:" + port);
            }
        },
        PROPERTY {
            @Override
            void name(Jvm jvm, int port, Path folder) {
                jvm.property("argyle.proxy", "127.0.0.1:" + port);
            }
        },
        VARIABLE {
            @Override
            void name(Jvm jvm, int port, Path folder) {
                jvm.variable("ARGYLE_PROXY", "127.0.0.1:" + port);
            }
        },
        FILE {
            @Override
            void name(Jvm jvm, int port, Path folder) throws IOException {
                Path file = Files.writeString(folder.resolve("argyle.properties"), "proxy=127.0.0.1:" + port + "\n");
                jvm.property("argyle.config", file.toString());
            }
        },
        SOCKS5C_CONFIG {
            @Override
            void name(Jvm jvm, int port, Path folder) throws IOException {
                Path file = Files.writeString(folder.resolve("socks5c.conf"), routes("127.0.0.1:" + port));
                jvm.variable("SOCKS5C_CONFIG", file.toString());
            }
        },
        ALL_PROXY {
            @Override
            void name(Jvm jvm, int port, Path folder) {
                jvm.variable("ALL_PROXY", "socks5h://127.0.0.1:" + port);
            }
        },
        SOCKS_PROXY_HOST {
            @Override
            void name(Jvm jvm, int port, Path folder) {
                jvm.property("socksProxyHost", "127.0.0.1").property("socksProxyPort", String.valueOf(port));
            }
        };

        abstract void name(Jvm jvm, int port, Path folder) throws IOException;

        private static String routes(String server) {
            return ADDRESS + "/32 " + server + "\n" + NAME + " " + server + "\n";
        }
    }

    /** With the agent, and no argument unless that is the source. */
    private Jvm program(String host, Source source) {
        Jvm program = Jvm.of(ConnectOnce.class).arguments(host, echo);
        return source == Source.ARGUMENT ? program : program.agent("");
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Source winner : Source.values()) {
            for (Source loser : Source.values()) {
                if (winner.compareTo(loser) < 0) {
                    pairs.add(Arguments.of(winner, loser));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void earlierSource_beatsTheLater(Source winner, Source loser, @TempDir Path folder) throws Exception {
        Jvm program = program(NAME, winner);
        winner.name(program, server.port(), folder);
        loser.name(program, other.port(), folder);

        assertRouted(program.run());
    }

    @Test
    void keys_ofSeveralSources_holdTogether(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("argyle.properties");
        Files.writeString(file, "proxy=127.0.0.1:1\nbypass=*\nlog=debug\nconnect.timeout=1s\n");
        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("bypass=none")
                .property("argyle.proxy", at(server))
                .property("argyle.bypass", "*")
                .variable("ARGYLE_CONFIG", file.toString())
                .variable("ARGYLE_BYPASS", "*")
                .arguments(ADDRESS, echo)
                .run();

        assertRouted(result);
        assertThat(result.err()).contains("[argyle] DEBUG: ");
    }

    @Test
    void variableThatIsEmpty_countsAsNotSet() throws Exception {
        Jvm program = program(NAME, Source.SOCKS_PROXY_HOST)
                .variable("ARGYLE_PROXY", " ")
                .variable("ALL_PROXY", "");
        Source.SOCKS_PROXY_HOST.name(program, server.port(), Path.of(""));

        assertRouted(program.run());
    }

    /** The one thing in which they are not as curl's and the JDK's: they do nothing for another's server. */
    @ParameterizedTest
    @CsvSource({
        "NO_PROXY, ARGUMENT, false",
        "NO_PROXY, PROPERTY, false",
        "NO_PROXY, VARIABLE, false",
        "NO_PROXY, FILE, false",
        "NO_PROXY, SOCKS5C_CONFIG, false",
        "NO_PROXY, ALL_PROXY, true",
        "NO_PROXY, SOCKS_PROXY_HOST, false",
        "socksNonProxyHosts, ARGUMENT, false",
        "socksNonProxyHosts, PROPERTY, false",
        "socksNonProxyHosts, VARIABLE, false",
        "socksNonProxyHosts, FILE, false",
        "socksNonProxyHosts, SOCKS5C_CONFIG, false",
        "socksNonProxyHosts, ALL_PROXY, false",
        "socksNonProxyHosts, SOCKS_PROXY_HOST, true",
    })
    void exceptionsOfOthers_countWithTheirOwnServer(
            String exceptions, Source source, boolean direct, @TempDir Path folder) throws Exception {
        Jvm program = program(ADDRESS, source).property("argyle.bypass", "none");
        if (exceptions.equals("NO_PROXY")) {
            program.variable(exceptions, ADDRESS);
        } else {
            program.property(exceptions, ADDRESS);
        }
        source.name(program, server.port(), folder);

        if (direct) {
            assertDirect(program.run());
        } else {
            assertRouted(program.run());
        }
    }

    @Test
    void allProxy_ofAnotherScheme_givesWay_andSaysSo() throws Exception {
        Jvm program = program(NAME, Source.SOCKS_PROXY_HOST).variable("ALL_PROXY", "http://" + at(other));
        Source.SOCKS_PROXY_HOST.name(program, server.port(), Path.of(""));

        JvmResult result = program.run();

        assertRouted(result);
        assertThat(result.err()).contains("[argyle] WARN: ALL_PROXY is not used: http:// is not SOCKSv5");
    }

    @Test
    void allProxy_ofAnotherScheme_aloneEndsTheJvm() throws Exception {
        JvmResult result = program(NAME, Source.ALL_PROXY)
                .variable("ALL_PROXY", "http://" + at(other))
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: no SOCKSv5 server is named; ")
                .endsWith("; ALL_PROXY is not used: http:// is not SOCKSv5");
    }
}
