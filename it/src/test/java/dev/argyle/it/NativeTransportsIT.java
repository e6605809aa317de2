// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Loading;
import dev.argyle.it.app.Ask;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's native transports, in its own jars and in a shaded copy. */
class NativeTransportsIT {
    private static final String DISABLE = "";
    private static final String WARN = ",native-transports=warn";
    private static final String ALLOW = ",native-transports=allow";

    private static final String SWITCHED_OFF = "java.lang.UnsupportedOperationException: Native transport was explicit"
            + " disabled with -Dio.netty.transport.noNative=true";

    /** What the class path of a client's module holds. */
    enum Copy {
        NETTY("netty-native", "io.netty"),
        WITHOUT_SWITCH("netty-native-4.1.0", "io.netty"),
        SHADED("grpc", "io.grpc.netty.shaded.io.netty");

        private final String module;
        private final String epoll;

        Copy(String module, String netty) {
            this.module = module;
            this.epoll = netty + ".channel.epoll";
        }

        Jvm asking(Object... methods) throws IOException {
            return Jvm.of(Ask.class)
                    .classPath(ChannelClient.classPath(module, Path.of(System.getProperty("argyle.demo.jar"))))
                    .arguments(methods);
        }
    }

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

    private String argument(String mode) {
        return "proxy=127.0.0.1:" + server.port() + ",bypass=none" + mode;
    }

    private static List<String> warnings(JvmResult result) {
        return result.err()
                .lines()
                .filter(line -> line.startsWith("[argyle] WARN"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "NETTY, '', false, 0",
        "NETTY, ',native-transports=warn', true, 1",
        "NETTY, ',native-transports=allow', true, 0",
        "NETTY, ',native-transports=warn,hooks=factories', true, 0",
        "SHADED, '', false, 0",
        "SHADED, ',native-transports=warn', true, 1",
        "SHADED, ',native-transports=allow', true, 0",
    })
    void epoll_isThere_asTheKeySays(Copy copy, String mode, boolean available, int warnings) throws Exception {
        JvmResult result = copy.asking(copy.epoll + ".Epoll.isAvailable", copy.epoll + ".Epoll.isAvailable")
                .agent(argument(mode))
                .run();

        assertThat(result.lines()).as(result.toString()).containsExactly("" + available, "" + available);
        assertThat(warnings(result))
                .hasSize(warnings)
                .allSatisfy(line -> assertThat(line).contains(" the native transport " + copy.epoll + " is loaded: "));
    }

    /** It may be missing here for other reasons, too. */
    @Test
    void ioUring_isSwitchedOff() throws Exception {
        JvmResult result = Copy.NETTY
                .asking("io.netty.channel.uring.IoUring.unavailabilityCause")
                .agent(argument(DISABLE))
                .run();

        assertThat(result.lines()).containsExactly(SWITCHED_OFF);
        assertThat(warnings(result)).isEmpty();
    }

    @Test
    void copy_thatAnAgentBeforeOursHasLoaded_isSwitchedOff(@TempDir Path folder) throws Exception {
        JvmResult result = Copy.SHADED
                .asking(Copy.SHADED.epoll + ".Epoll.unavailabilityCause")
                .options("-javaagent:" + AgentJar.of(Loading.class, folder) + "=" + Copy.SHADED.epoll + ".Epoll")
                .agent(argument(DISABLE))
                .run();

        assertThat(result.lines()).containsExactly(SWITCHED_OFF);
        assertThat(warnings(result)).isEmpty();
    }

    @Test
    void transport_thatIsLoadedAllTheSame_isALineInTheLog(@TempDir Path folder) throws Exception {
        JvmResult result = Copy.NETTY
                .asking("io.netty.channel.epoll.Epoll.isAvailable")
                .options("-javaagent:" + AgentJar.of(Loading.class, folder) + "=io.netty.channel.epoll.Native")
                .agent(argument(DISABLE))
                .run();

        assertThat(result.lines()).containsExactly("false");
        assertThat(warnings(result))
                .singleElement()
                .asString()
                .contains(" the native transport io.netty.channel.epoll is loaded: ")
                .contains("take its jar off the class path");
    }

    /** Netty takes it for one that is not there. */
    @ParameterizedTest
    @CsvSource({
        "'', is kept from loading: ",
        "',guard=enforce', is kept from loading: ",
        "',guard=audit', is loaded: ",
        "',guard=off', ''",
        "',guard=off,native-transports=warn', is loaded: ",
    })
    void transportWithoutASwitch_loadsAsTheGuardSays(String mode, String warning) throws Exception {
        Copy copy = Copy.WITHOUT_SWITCH;
        JvmResult result = copy.asking(copy.epoll + ".Epoll.isAvailable", copy.epoll + ".Epoll.unavailabilityCause")
                .agent(argument(mode))
                .run();

        if (warning.contains("kept")) {
            assertThat(result.lines())
                    .as(result.toString())
                    .satisfiesExactly(
                            available -> assertThat(available).isEqualTo("false"),
                            cause -> assertThat(cause).contains("ClassFormatError"));
        } else {
            assertThat(result.out()).as(result.toString()).doesNotContain("ClassFormatError");
        }
        assertThat(warnings(result))
                .hasSize(warning.isEmpty() ? 0 : 1)
                .allSatisfy(line -> assertThat(line).contains(" the native transport " + copy.epoll + " " + warning));
    }

    /** Whatever the user has set. */
    private JvmResult reactor(String mode, int port) throws Exception {
        String url = "http://127.0.0.2:" + port + "/page";
        return ChannelClient.REACTOR
                .jvm()
                .property("io.netty.transport.noNative", "false")
                .agent(argument(mode))
                .arguments(url, url)
                .run();
    }

    @Test
    void reactorNetty_goesThroughTheServer() throws Exception {
        int port = targets.http();

        JvmResult result = reactor(DISABLE, port);

        assertThat(result.lines()).as(result.toString()).containsOnly("200 GET /page");
        assertThat(warnings(result)).isEmpty();
        assertThat(targets.directVisitors()).isEmpty();
        assertThat(server.connects())
                .extracting(Exchange::outbound)
                .containsExactlyInAnyOrderElementsOf(targets.visitors(port));
    }

    /** So that what the warning says is true. */
    @ParameterizedTest
    @ValueSource(strings = {WARN, ALLOW})
    void reactorNetty_whoseTransportIsLeft_goesDirect(String mode) throws Exception {
        JvmResult result = reactor(mode, targets.http());

        assertThat(result.lines()).as(result.toString()).containsOnly("200 GET /page");
        assertThat(warnings(result)).hasSize(mode.equals(WARN) ? 1 : 0);
        assertThat(targets.directVisitors()).isNotEmpty();
        assertThat(server.connects()).isEmpty();
    }
}
