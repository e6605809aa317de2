// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.name.StandInBlock;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.BindRules;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Server SERVER = new Server("a", 1080, true, null);
    private static final List<StandInBlock> STAND_INS = StandInBlock.defaults();

    @Test
    void new_impossible_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(), 1, 1))
                .withMessage("no block of stand-ins");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(STAND_INS, 0, 1))
                .withMessage("timeouts of 0 and 1 ms (expected: 1 or more)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(STAND_INS, 1, -1))
                .withMessage("timeouts of 1 and -1 ms (expected: 1 or more)");
    }

    @Test
    void components_collections_areImmutable() {
        Settings settings = settings(STAND_INS, 1, 1);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.origins().put(Key.LOG, new Origin("", "")));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.servers().add(SERVER));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.standIns().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.localNames().patterns().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> settings.notes().add(""));
    }

    @Test
    void appliesTo_noFilter_isTrue() {
        assertThat(settings(STAND_INS, 1, 1).appliesTo("any.Main")).isTrue();
    }

    private static Settings settings(
            List<StandInBlock> standIns, int connectTimeoutMillis, int handshakeTimeoutMillis) {
        Route via = new Route.Via(new RouteRecord("*", "here"), List.of(SERVER));
        RouteTable table = new RouteTable(List.of(), via, true, Sources.OWN_HOST);
        return new Settings(
                new Routing(table, false, "", "", Map.of()),
                new LocalNames(true, new ArrayList<>()),
                standIns,
                true,
                GuardMode.ENFORCE,
                GuardMode.OFF,
                UdpMode.ON,
                UdpRelay.SERVER,
                BindRules.NONE,
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
