// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.examples.BindExample;
import dev.argyle.it.examples.ConnectExample;
import dev.argyle.it.examples.DatagramExample;
import dev.argyle.it.examples.ErrorsExample;
import dev.argyle.it.examples.NonBlockingExample;
import dev.argyle.it.examples.ServerExample;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example programs of the explicit calls, each in a JVM of its own with nothing but the library; README.md shows them. */
class ExamplesIT {
    private static final String NAME = "db.inside.example";

    private Targets targets;
    private ScriptedServer server;
    private String url;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.builder()
                .name(NAME, new InetSocketAddress(targets.address(), 0))
                .start();
        url = "socks5h://127.0.0.1:" + server.port();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        assertThat(targets.directVisitors()).isEmpty();
        targets.close();
    }

    private static Jvm program(Class<?> example, Object... arguments) {
        return Jvm.of(example)
                .classPath(
                        Path.of(System.getProperty("argyle.demo.jar")),
                        Path.of(System.getProperty("argyle.provider.jar")))
                .arguments(arguments);
    }

    private static List<String> run(Jvm program) throws Exception {
        JvmResult result = program.run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result.lines();
    }

    @ParameterizedTest
    @ValueSource(classes = {ConnectExample.class, NonBlockingExample.class})
    void connect_tellsTheEnds_andIsRelayed(Class<?> example) throws Exception {
        int echo = targets.echo();

        List<String> lines = run(program(example, url, NAME, echo));

        assertThat(lines)
                .containsExactly(
                        NAME + "/<unresolved>:" + echo + ", by 127.0.0.1:" + server.port() + ", from "
                                + server.connects().get(0).outbound(),
                        "hello");
    }

    @Test
    void bindAndAccept_waitForThePeer() throws Exception {
        try (JvmProcess program = program(BindExample.class, url, "127.0.0.2").start()) {
            InetSocketAddress listening = server.awaitBinds(1).get(0).listening();
            program.awaitOut("listening at " + listening);

            InetSocketAddress peer = targets.visit(listening);

            assertThat(program.await().lines())
                    .containsExactly("listening at " + listening, "connected from " + peer, "hello");
        }
    }

    @Test
    void associateSendAndReceive_areRelayed() throws Exception {
        int echo = targets.datagramEcho();

        List<String> lines = run(program(DatagramExample.class, url, NAME, echo));

        assertThat(lines)
                .containsExactly("rendezvous " + server.associations().get(0).relay(), "hello from /127.0.0.2:" + echo);
    }

    @Test
    void server_isThatOfTheRoutes() throws Exception {
        assertThat(run(program(ServerExample.class, NAME, 5432)
                        .property("argyle.proxy", "192.0.2.7:1081")
                        .property("argyle.bypass", ".other.example")))
                .containsExactly("192.0.2.7 port 1081");
        assertThat(run(program(ServerExample.class, "127.0.0.1", 5432).property("argyle.proxy", "192.0.2.7:1081")))
                .containsExactly("none");
    }

    @Test
    void errors_areTold() throws Exception {
        int refused = targets.refused();

        assertThat(run(program(ErrorsExample.class, url, NAME, refused)))
                .containsExactly(
                        "ConnectException: S5_ECONNREFUSED, REP 5 at REQUEST of 127.0.0.1:" + server.port(),
                        "nobody listens at " + NAME + "/<unresolved>:" + refused);
    }
}
