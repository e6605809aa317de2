// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argyle.it.ListenTalk.Talker;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Sockets of each kind, of one program that has its server listen for them. */
abstract class BindKindsFixture extends BindFixture {
    static ListenTalk talk;

    private final List<Talker> open = new ArrayList<>();

    @BeforeAll
    static void startProgram() throws Exception {
        talk = ListenTalk.start(thisServer(",bind=local:127.0.0.9"));
    }

    @AfterEach
    void closeSockets() throws Exception {
        server.faults();
        for (Talker each : open) {
            each.close();
        }
        // by the accepting thread, where there is one
        await().untilAsserted(
                        () -> assertThat(talk.listening()).as("all is closed").isEmpty());
        assertThat(talk.err()).doesNotContain("hunter2");
        awaitAcceptedAll();
    }

    /** A channel may have asked again just before its close: that is not to meet the faults of the next test. */
    private static void awaitAcceptedAll() throws Exception {
        try (Socket last = new Socket(server.address().getAddress(), server.port())) {
            server.awaitExchanges(1, exchange -> exchange.client().equals(last.getLocalSocketAddress()));
        }
    }

    @AfterAll
    static void stopProgram() throws Exception {
        talk.close();
    }

    Talker open(String kind) throws Exception {
        Talker opened = talk.open(kind);
        open.add(opened);
        return opened;
    }

    Map<String, Talker> bound() throws Exception {
        Map<String, Talker> all = new LinkedHashMap<>();
        for (String kind : KINDS) {
            Talker talker = open(kind);
            bind(talker);
            all.put(kind, talker);
        }
        return all;
    }
}
