// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Servers at 127.0.0.1 besides, files, and what is closed in the end. */
abstract class ServerFixture extends ConnectorFixture {
    @TempDir
    Path folder;

    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
    }

    <T extends AutoCloseable> T closed(T afterwards) {
        closed.add(afterwards);
        return afterwards;
    }

    AnsweringServer server(AnsweringServer.Answer answer) throws IOException {
        return closed(new AnsweringServer(answer));
    }

    /** The setting that has a file with these records. */
    String routes(String... records) throws IOException {
        return "routes=" + Files.write(Files.createTempFile(folder, "routes", ""), List.of(records));
    }

    /** Looks often: what is waited for takes no time. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    static InetSocketAddress at(String literal, int port) throws IOException {
        return new InetSocketAddress(address(literal), port);
    }

    /** The stand-in of a name. */
    static InetSocketAddress named(Connector connector, String name, int port) throws IOException {
        InetAddress[] standIn = connector.targets().addresses(name);
        assertThat(standIn).hasSize(1);
        return new InetSocketAddress(standIn[0], port);
    }
}
