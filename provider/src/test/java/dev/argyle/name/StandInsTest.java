// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInsTest {
    private static final int CAPACITY = 131_072;

    @Test
    void of_name_isTheSameEachTimeAndCarriesTheNameAsWritten() throws Exception {
        StandIns standIns = new StandIns(7);

        InetAddress first = standIns.of("Target.Test");
        InetAddress second = standIns.of("target.test");

        assertThat(first).isEqualTo(second);
        assertThat(first.getHostName()).isEqualTo("Target.Test");
        assertThat(second.getHostName()).isEqualTo("target.test");
        assertThat(standIns.of("other.test")).isNotEqualTo(first);
    }

    @Test
    void name_behindTheOctetsAlone_isFound() throws Exception {
        StandIns standIns = new StandIns(7);
        InetAddress standIn = standIns.of("target.test");

        assertThat(standIns.name(InetAddress.getByAddress(standIn.getAddress())))
                .isEqualTo("target.test");
        assertThat(standIns.name(InetAddress.getByAddress("liar.test", standIn.getAddress())))
                .isEqualTo("target.test");
    }

    @Test
    void name_ofAnother_isNull() throws Exception {
        StandIns standIns = new StandIns(7);
        InetAddress foreign = new StandIns(8).of("target.test");
        standIns.of("target.test");

        assertThat(StandIns.isStandIn(foreign)).isTrue();
        assertThat(standIns.name(foreign)).isNull();
        assertThat(standIns.name(InetAddress.getByName("127.0.0.7"))).isNull();
        assertThat(standIns.name(InetAddress.getByName("2001:db8::c612:7"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "198.17.255.255, false",
        "198.18.0.0, true",
        "198.19.255.255, true",
        "198.20.0.0, false",
        "199.18.0.0, false",
        "::ffff:198.18.0.1, true",
        "c612::1, false"
    })
    void isStandIn_address_isOfTheBlock(String address, boolean expected) throws Exception {
        assertThat(StandIns.isStandIn(InetAddress.getByName(address))).isEqualTo(expected);
    }

    @Test
    void seeds_thatAreNeighbours_beginInDifferentPlaces() throws Exception {
        Set<InetAddress> firsts = new HashSet<>();
        for (long seed = Long.MAX_VALUE - 500; seed != Long.MIN_VALUE + 500; seed++) {
            InetAddress first = new StandIns(seed).of("a.test");
            assertThat(StandIns.isStandIn(first)).isTrue();
            firsts.add(first);
        }
        assertThat(firsts).hasSizeGreaterThan(990);
    }

    @Test
    void of_moreNamesThanAddresses_failsForNewOnesOnly() throws Exception {
        StandIns standIns = new StandIns(CAPACITY - 3);
        Map<InetAddress, String> given = new HashMap<>();
        for (int i = 0; i < CAPACITY; i++) {
            String name = "h" + i + ".test";
            InetAddress standIn = standIns.of(name);
            assertThat(given.put(standIn, name)).isNull();
        }

        assertThat(given.keySet()).allMatch(StandIns::isStandIn);
        assertThatThrownBy(() -> standIns.of("one-more.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageStartingWith("one-more.test: all 131072 stand-in addresses");
        assertThat(standIns.name(standIns.of("H0.test"))).isEqualTo("h0.test");
        given.forEach((standIn, name) -> assertThat(standIns.name(standIn)).isEqualTo(name));
    }

    @Test
    void of_manyThreads_giveEachNameOneAddress() throws Exception {
        StandIns standIns = new StandIns(7);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Set<InetAddress>>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                all.add(threads.submit(() -> {
                    Set<InetAddress> mine = new HashSet<>();
                    for (int i = 0; i < 1000; i++) {
                        mine.add(standIns.of("h" + i + ".test"));
                    }
                    return mine;
                }));
            }
            Set<InetAddress> together = new HashSet<>();
            for (Future<Set<InetAddress>> each : all) {
                together.addAll(each.get());
            }
            assertThat(together).hasSize(1000);
        } finally {
            threads.shutdownNow();
        }
    }
}
