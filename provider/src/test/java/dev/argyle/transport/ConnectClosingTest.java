// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application closes: at each call of the carrier. */
class ConnectClosingTest {
    private static Connects failsOver() {
        return new Connects()
                .server(ScriptedPeer.answering("0500").drip().thenReset())
                .server(ScriptedPeer.answering("05FF").writesAtMost(1))
                .resort(ScriptedPeer.silent());
    }

    @Test
    void advance_closedAtAnyCall_blamesNoServerAndGoesNowhere() throws IOException {
        Connects whole = failsOver();
        whole.drive();
        int calls = whole.carrier.calls();
        assertThat(calls).isGreaterThan(15);

        for (int i = 0; i < calls; i++) {
            Connects connects = failsOver();
            connects.carrier.closesAfterCalls = i;

            IOException failure = connects.failure();

            assertThat(connects.carrier.calls())
                    .as("nothing is called after call " + i)
                    .isEqualTo(i + 1);
            if (i > 0) {
                assertThat(failure).isInstanceOf(SocketException.class).hasMessage("Socket closed");
            }
            for (int hop = 0; hop < 2; hop++) {
                boolean left = connects.carrier.disconnects > hop;
                assertThat(connects.failedLately(hop))
                        .as("server %d, call %d", hop, i)
                        .isEqualTo(left);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void advance_closedBeforeTheFirstStep_touchesNothing(boolean anyServer) {
        Connects connects = anyServer ? failsOver() : new Connects().resort(ScriptedPeer.silent());
        connects.carrier.closing = true;

        assertThat(connects.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThat(connects.carrier.calls()).isZero();
    }
}
