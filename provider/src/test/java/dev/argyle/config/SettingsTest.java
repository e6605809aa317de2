// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.observe.LogLevel;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Server REMOTE = new Server("a", 1080, true, null);
    private static final Server LOCAL = new Server("b", 1080, false, null);

    @Test
    void new_impossible_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(), 1, 1))
                .withMessage("no server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(REMOTE, LOCAL), 1, 1))
                .withMessage("socks5 and socks5h in one list");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(REMOTE), 0, 1))
                .withMessage("timeouts of 0 and 1 ms (expected: 1 or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(REMOTE), 1, -1))
                .withMessage("timeouts of 1 and -1 ms (expected: 1 or more)");
    }

    @Test
    void components_collections_areImmutable() {
        Settings settings = settings(List.of(REMOTE), 1, 1);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.origins().put(Key.LOG, new Origin("", "")));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.servers().add(LOCAL));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.notes().add(""));
    }

    @Test
    void appliesTo_noFilter_isTrue() {
        assertThat(settings(List.of(REMOTE), 1, 1).appliesTo("any.Main")).isTrue();
    }

    private static Settings settings(List<Server> servers, int connectTimeoutMillis, int handshakeTimeoutMillis) {
        Route direct = new Route.Direct(new RouteRecord("*", "here"));
        return new Settings(
                new RouteTable(List.of(), direct, true, Sources.OWN_HOST),
                servers,
                connectTimeoutMillis,
                handshakeTimeoutMillis,
                OnFailure.REFUSE,
                null,
                HookMode.ALL,
                NativeTransportMode.DISABLE,
                LogLevel.WARN,
                false,
                Map.of(),
                List.of());
    }
}
