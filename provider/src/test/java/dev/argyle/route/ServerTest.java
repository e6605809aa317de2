// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.protocol.Credentials;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerTest {
    private static final RouteRecord RECORD = new RouteRecord("*", "here");

    @Test
    void toString_credentials_areNotShown() {
        Server server = new Server("h", 1080, true, new Credentials("alice", "sesame"));
        assertThat(server).hasToString("socks5h://h:1080");
        assertThat(new Route.Via(RECORD, List.of(server)).toString()).doesNotContain("alice", "sesame");
    }

    @Test
    void toString_ipv6_hasBrackets() {
        assertThat(new Server("::1", 9, false, null)).hasToString("socks5://[::1]:9");
    }

    @Test
    void new_impossible_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Server("", 1080, true, null))
                .withMessage("empty host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Server("h", 0, true, null))
                .withMessage("port 0 (expected: 1 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Server("h", 65536, true, null))
                .withMessage("port 65536 (expected: 1 to 65535)");
    }

    @Test
    void newVia_noServerOrMixed_throws() {
        Server remote = new Server("a", 1080, true, null);
        Server local = new Server("b", 1080, false, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Route.Via(RECORD, List.of()))
                .withMessage("no server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Route.Via(RECORD, List.of(remote, local)))
                .withMessage("socks5 and socks5h in one list");
        assertThat(new Route.Via(RECORD, List.of(local)).remoteNames()).isFalse();
    }

    @Test
    void recordToString_textAndSource_areBothShown() {
        assertThat(new RouteRecord("*.corp", "file /x:12")).hasToString("*.corp (file /x:12)");
    }
}
