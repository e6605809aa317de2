// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.ListenTalk.Talker;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Listening at servers by configuration: who may listen, what stands beside it, and which of several servers does. */
class BindConfigurationIT extends BindFixture {
    /** With an agent of its own, and no socket of the others' in the way. */
    private static void with(String agent, Check check) throws Exception {
        try (ListenTalk program = ListenTalk.start(agent)) {
            check.run(program);
        }
    }

    private interface Check {
        void run(ListenTalk program) throws Exception;
    }

    @Test
    void onFailureDirect_doesNotListenHere() throws Exception {
        with(thisServer(",bind=*,on-failure=direct"), program -> {
            for (String kind : KINDS) {
                server.faultsForNext(1, Fault.reply(1));
                Talker talker = program.open(kind);

                assertThat(talker.bind(LISTENS)).as(kind).startsWith("java.net.SocketException");
            }
            assertNoneListensForOthers(program);
        });
    }

    @Test
    void guardEnforces_bindAndAcceptGoOn() throws Exception {
        with(thisServer(",bind=*,guard=enforce"), program -> {
            for (String kind : KINDS) {
                Talker talker = program.open(kind);
                bind(talker);
                meet(kind, talker);
                meet(kind, talker);
            }
        });
    }

    @Test
    void routesNameNoServer_bindIsRefusedInWords(@TempDir Path directory) throws Exception {
        Path routes = Files.write(directory.resolve("routes"), List.of("0.0.0.0/0 NONE", "::/0 NONE"));
        with("routes=" + routes + ",bind=*", program -> {
            for (String kind : KINDS) {
                Talker talker = program.open(kind);

                assertThat(talker.bind(LISTENS)).as(kind).contains("Exception: No SOCKS server for");
                assertThat(talker.address()).isEqualTo("none");
            }
            assertThat(program.listening()).isEmpty();
        });
    }

    // ---- several servers

    /** What the first of two does. */
    static List<Fault> firstServers() {
        return List.of(
                Fault.close(Step.ACCEPTED),
                Fault.silence(Step.GREETING_READ),
                Fault.close(Step.REQUEST_READ),
                Fault.reply(1),
                Fault.withoutBind());
    }

    private static String both(ScriptedServer first, ScriptedServer second) {
        return "proxy=socks5h://127.0.0.1:" + first.port() + ",socks5h://127.0.0.1:" + second.port()
                + ",bypass=none,bind=*" + TIMEOUTS;
    }

    private static ScriptedServer listeningAt(String address) throws IOException {
        return ScriptedServer.builder().outbound(InetAddress.getByName(address)).start();
    }

    @ParameterizedTest
    @MethodSource("firstServers")
    void firstServerFails_theSecondListens(Fault fault) throws Exception {
        try (ScriptedServer first = listeningAt("127.0.0.9");
                ScriptedServer second = listeningAt("127.0.0.8")) {
            first.faults(fault);
            with(both(first, second), program -> {
                for (String kind : KINDS) {
                    Talker talker = program.open(kind);

                    assertThat(talker.bind(LISTENS)).as(kind).startsWith("bound 127.0.0.8:");
                    meet(kind, talker);
                }
            });
            assertThat(first.exchanges()).isNotEmpty();
        }
    }

    @Test
    void firstServerSaysInUse_theSecondIsNotAsked() throws Exception {
        try (ScriptedServer first = listeningAt("127.0.0.9");
                ScriptedServer second = listeningAt("127.0.0.8")) {
            first.faults(Fault.addressInUse());
            with(both(first, second), program -> {
                for (String kind : KINDS) {
                    assertThat(program.open(kind).bind(LISTENS))
                            .as(kind)
                            .startsWith("java.net.BindException: Address already in use");
                }
            });
            assertThat(second.exchanges()).isEmpty();
        }
    }

    @Test
    void firstServerGoesDownBetweenAccepts_theSecondListensForTheNext() throws Exception {
        for (String kind : List.of("timed", "selector", "asynchronous")) {
            try (ScriptedServer first = listeningAt("127.0.0.9");
                    ScriptedServer second = listeningAt("127.0.0.8")) {
                with(both(first, second), program -> {
                    Talker talker = program.open(kind);
                    InetSocketAddress at = bind(talker);
                    first.refuse();
                    InetSocketAddress visitor = targets.visit(at);

                    assertThat(talker.accept())
                            .as(kind)
                            .isEqualTo("from " + ListenTalk.spelled(visitor) + " to " + ListenTalk.spelled(at));
                    assertThat(talker.address()).as(kind).startsWith("127.0.0.8:");
                    meet(kind, talker);
                });
            }
        }
    }
}
