// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssociationTest {
    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        targets.close();
    }

    private static String header(int port) {
        return "00000001" + "7f000002" + String.format("%04x", port);
    }

    @Test
    void datagram_byAddress_isCarriedAndRecorded() throws Exception {
        int echo = targets.datagramEcho();
        try (RawAssociation client = RawAssociation.open(server.address())) {
            client.send(targets.address(echo), "hello");

            assertThat(client.receive(10)).isEqualTo(header(echo) + " hello");
            Association association = server.awaitAssociations(1).get(0);
            assertThat(association.datagrams()).containsExactly(new Datagram(0, 0, 1, "127.0.0.2", echo, 5));
            assertThat(association.client()).isEqualTo(client.local());
            assertThat(association.relay()).isEqualTo(client.relay());
            assertThat(association.up()).isEqualTo(1);
            assertThat(targets.visitors(echo)).containsExactly(association.outbound());
            assertThat(targets.directVisitors()).isEmpty();
        }
    }
}
