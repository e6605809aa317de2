// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableAllocationTest {
    private static final int RECORDS = 10_000;
    private static final int LOOK_UPS = 20_000;

    private static final OwnHost OWN_HOST = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnBroadcast(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnName(String name) {
            return false;
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "192.0.2.1", "2001:db8:0:7::1", "2001:db9::1"})
    void route_address_allocatesNothing(String literal) {
        RouteTable table = table();
        Target target = new Target(literal, null, 443);

        assertThat(allocated(table, target)).isLessThan(LOOK_UPS);
    }

    /** Returns octets: less than one for each look-up is what the measurement itself may take. */
    private static long allocated(RouteTable table, Target target) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long allocated = 0;
        for (int round = 0; round < 2; round++) { // the first loads classes
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < LOOK_UPS; i++) {
                table.route(target);
            }
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }
        return allocated;
    }

    private static RouteTable table() {
        List<RouteTable.Rule> rules = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            TargetPattern pattern = switch (i % 4) {
                case 0 -> TargetPattern.domain("n" + i + ".example", TargetPattern.ANY_PORT);
                case 1 -> TargetPattern.suffix("n" + i, TargetPattern.ANY_PORT);
                case 2 -> TargetPattern.block(new byte[] {10, (byte) i, (byte) (i >> 8), 0}, 8 + i % 25, 443);
                default ->
                    TargetPattern.block(
                            new byte[] {
                                0x20, 1, 0xd, (byte) 0xb8, 0, 0, (byte) (i >> 8), (byte) i, 0, 0, 0, 0, 0, 0, 0, 0
                            },
                            64,
                            TargetPattern.ANY_PORT);
            };
            rules.add(new RouteTable.Rule(pattern, new Route.Refuse(new RouteRecord("record " + i, "test"))));
        }
        return new RouteTable(rules, RouteTable.IMPLICIT, true, OWN_HOST);
    }
}
