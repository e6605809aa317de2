// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the configuration need: a target, and two servers, so that it shows which of them was meant. */
abstract class TwoServers {
    /** A name that only the servers know. */
    static final String NAME = "inside.argyle.test";

    /** The target's address, which is one of this machine's. */
    static final String ADDRESS = "127.0.0.2";

    Targets targets;
    int echo;
    ScriptedServer server;
    ScriptedServer other;

    @BeforeEach
    final void start() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
        server = ScriptedServer.builder().name(NAME, targets.address(echo)).start();
        other = ScriptedServer.builder().name(NAME, targets.address(echo)).start();
    }

    @AfterEach
    final void stop() throws Exception {
        server.close();
        other.close();
        targets.close();
    }

    /** Replaces the first server by one that asks for this user. */
    final void guard(String user, String password) throws Exception {
        server.close();
        server = ScriptedServer.builder()
                .user(user, password)
                .name(NAME, targets.address(echo))
                .start();
    }

    static String at(ScriptedServer server) {
        return "127.0.0.1:" + server.port();
    }

    /** Makes the target's name known to the JVM's own resolver. */
    static Jvm knowing(Jvm jvm, Path folder) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), ADDRESS + " " + NAME + "\n");
        return jvm.property("jdk.net.hosts.file", hosts.toString());
    }

    /** The program's one connection went through the first server, and nothing went any other way. */
    final Exchange assertRouted(JvmResult result) throws Exception {
        return assertRouted(result, server, other);
    }

    /** The program's one connection went through this server, and nothing went any other way. */
    final Exchange assertRouted(JvmResult result, ScriptedServer through, ScriptedServer past) throws Exception {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines()).as(result.toString()).hasSize(1).allMatch(line -> line.startsWith("ok "));
        assertThat(through.awaitConnects(1)).hasSize(1);
        assertThat(through.exchanges()).hasSize(1);
        assertThat(past.exchanges()).isEmpty();
        assertThat(targets.visitors(echo)).hasSize(1);
        assertThat(targets.directVisitors()).isEmpty();
        return through.connects().get(0);
    }

    /** The program's one connection went directly, and no server has seen anything. */
    final void assertDirect(JvmResult result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines()).as(result.toString()).hasSize(1).allMatch(line -> line.startsWith("ok "));
        assertThat(server.exchanges()).isEmpty();
        assertThat(other.exchanges()).isEmpty();
        assertThat(targets.directVisitors()).hasSize(1);
    }
}
