// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.ListenTalk.Talker;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A server with BIND, and what tests have the sockets of a program do with it. */
abstract class BindFixture {
    static final List<String> KINDS = List.of("socket", "timed", "adaptor", "channel", "selector", "asynchronous");

    /** Those whose accept ends when nobody comes. */
    static final List<String> TIMED_KINDS = List.of("timed", "adaptor", "selector", "asynchronous");

    static final InetAddress LISTENS = ScriptedServer.OUTBOUND;

    /** Of what is silent; what is slow on a loaded machine is sooner. */
    static final String TIMEOUTS = ",connect.timeout=3s,handshake.timeout=3s";

    static Targets targets;
    static ScriptedServer server;

    @BeforeAll
    static void startServer() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.builder().user("bob", "hunter2").methods(2, 0).start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
        targets.close();
    }

    /** The agent's argument for this server. */
    static String thisServer(String more) {
        return "proxy=socks5h://bob:hunter2@127.0.0.1:" + server.port() + ",bypass=none" + TIMEOUTS + more;
    }

    static void assertNoneListensForOthers(ListenTalk program) throws Exception {
        assertThat(program.listening())
                .allSatisfy(address -> assertThat(address.getAddress().isLoopbackAddress() && !isServers(address))
                        .as(address.toString())
                        .isTrue());
    }

    private static boolean isServers(InetSocketAddress address) {
        return address.getAddress().equals(LISTENS);
    }

    static InetSocketAddress address(String spelled) {
        int colon = spelled.lastIndexOf(':');
        return new InetSocketAddress(
                spelled.substring(spelled.lastIndexOf(' ') + 1, colon), Integer.parseInt(spelled.substring(colon + 1)));
    }

    /** Binds, and returns where the server listens. */
    static InetSocketAddress bind(Talker talker) throws Exception {
        String outcome = talker.bind(LISTENS);
        assertThat(outcome).startsWith("bound " + LISTENS.getHostAddress() + ":");
        return address(outcome);
    }

    /** The socket is in order: somebody comes, and they talk. */
    static void meet(String kind, Talker talker) throws Exception {
        InetSocketAddress at = address(talker.address());
        InetSocketAddress visitor = targets.visit(at);
        assertThat(talker.accept())
                .as(kind)
                .isEqualTo("from " + ListenTalk.spelled(visitor) + " to " + ListenTalk.spelled(at));
        assertThat(talker.ask("write hello")).as(kind).isEqualTo("written");
        assertThat(talker.read(5)).as(kind).isEqualTo("hello");
    }
}
