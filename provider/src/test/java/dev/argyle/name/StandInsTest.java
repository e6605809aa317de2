// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is given out, and to whom it belongs. When it passes to another name: {@link StandInsQuarantineTest}. */
class StandInsTest {
    private static final int CAPACITY = 131_072;

    private final StandIns standIns = standIns(7);

    @Test
    void of_name_isTheSameEachTimeAndCarriesTheNameAsWritten() throws Exception {
        InetAddress first = standIns.of("Target.Test");
        InetAddress second = standIns.of("target.test");

        assertThat(first).isEqualTo(second);
        assertThat(first.getHostName()).isEqualTo("Target.Test");
        assertThat(second.getHostName()).isEqualTo("target.test");
        assertThat(standIns.of("Target.Test")).isSameAs(first);
        assertThat(standIns.of("target.test")).isSameAs(second);
        assertThat(standIns.of("other.test")).isNotEqualTo(first);
    }

    @Test
    void of_namesWithAndWithoutDotAtTheEnd_areTwo() throws Exception {
        assertThat(standIns.of("target.test.")).isNotEqualTo(standIns.of("target.test"));
    }

    @Test
    void name_behindTheOctetsAlone_isFound() throws Exception {
        InetAddress standIn = standIns.of("Target.test");
        InetAddress again = standIns.of("target.test");

        assertThat(standIns.name(InetAddress.getByAddress(standIn.getAddress())))
                .isEqualTo("Target.test");
        assertThat(standIns.name(InetAddress.getByAddress("liar.test", standIn.getAddress())))
                .isEqualTo("Target.test");
        assertThat(standIns.name(again)).isEqualTo("Target.test");
    }

    @Test
    void name_behindTheOctetsOfIpv6Alone_isFound() throws Exception {
        StandIns ipv6 = ipv6First(7);
        InetAddress standIn = ipv6.of("target.test");

        assertThat(standIn).isInstanceOf(Inet6Address.class);
        assertThat(standIn.getHostName()).isEqualTo("target.test");
        assertThat(standIn.getHostAddress()).startsWith("100:0:0:0:");
        assertThat(ipv6.isStandIn(standIn)).isTrue();
        assertThat(ipv6.name(InetAddress.getByAddress(standIn.getAddress()))).isEqualTo("target.test");
        assertThat(ipv6.name(Inet6Address.getByAddress(null, standIn.getAddress(), 1)))
                .isEqualTo("target.test");
    }

    @Test
    void name_ofAnother_isNull() throws Exception {
        InetAddress foreign = standIns(8).of("target.test");
        InetAddress foreignIpv6 = ipv6First(8).of("target.test");
        standIns.of("target.test");
        StandIns ipv6 = ipv6First(7);
        ipv6.of("target.test");

        assertThat(standIns.isStandIn(foreign)).isTrue();
        assertThat(standIns.name(foreign)).isNull();
        assertThat(standIns.isStandIn(foreignIpv6)).isTrue();
        assertThat(standIns.name(foreignIpv6)).isNull();
        assertThat(ipv6.name(foreignIpv6)).isNull();
        assertThat(standIns.name(InetAddress.getByName("127.0.0.7"))).isNull();
        assertThat(standIns.name(InetAddress.getByName("2001:db8::c612:7"))).isNull();
    }

    @Test
    void isStandIn_addressOutsideTheBlocks_isNone() throws Exception {
        assertThat(standIns.isStandIn(InetAddress.getByName("198.20.0.0"))).isFalse();
        assertThat(standIns.isStandIn(InetAddress.getByName("100:0:0:1::"))).isFalse();
    }

    @Test
    void of_moreNamesThanAddresses_failsForNewOnesOnly() throws Exception {
        StandIns ipv4 = standIns(FamilyPreference.IPV4_ONLY, CAPACITY - 3, StandInBlock.defaults());
        Map<InetAddress, String> given = new HashMap<>();
        for (int i = 0; i < CAPACITY; i++) {
            String name = "h" + i + ".test";
            InetAddress standIn = ipv4.of(name);
            assertThat(given.put(standIn, name)).isNull();
        }

        assertThat(given.keySet()).allMatch(ipv4::isStandIn);
        assertThatThrownBy(() -> ipv4.of("one-more.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("one-more.test: no stand-in address is left: all 131072 of this JVM are given out,"
                        + " and java.net.preferIPv4Stack=true rules out those of IPv6;"
                        + " the key names.range gives more, and a proxy of scheme socks5:// needs none");
        assertThat(ipv4.name(ipv4.of("H0.test"))).isEqualTo("h0.test");
        given.forEach((standIn, name) -> assertThat(ipv4.name(standIn)).isEqualTo(name));
    }

    @Test
    void of_noIpv6OnThisMachine_saysThatAtTheBound() throws Exception {
        StandIns ipv4 = new StandIns(
                List.of(StandInBlockTest.block("10.0.0.0", 30), StandInBlockTest.block("100::", 64)),
                FamilyPreference.IPV6_FIRST,
                () -> false,
                7,
                () -> 0);
        fill(ipv4, 4);

        assertThatThrownBy(() -> ipv4.of("one-more.test"))
                .hasMessageContaining("all 4 of this JVM are given out,"
                        + " and those of IPv6 cannot be used, since this machine has no IPv6 address;");
    }

    @Test
    void of_noIpv6Block_saysNothingOfIt() throws Exception {
        StandIns ipv4 = standIns(FamilyPreference.IPV4_FIRST, 7, List.of(StandInBlockTest.block("10.0.0.0", 30)));
        fill(ipv4, 4);

        assertThatThrownBy(() -> ipv4.of("one-more.test"))
                .hasMessageContaining("all 4 of this JVM are given out; the key names.range");
    }

    @Test
    void of_ipv4Exhausted_goesOnWithTheNextBlockThenWithIpv6() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StandInBlock first = StandInBlockTest.block("10.0.0.0", 30);
        StandInBlock second = StandInBlockTest.block("10.1.0.0", 30);
        StandInBlock third = StandInBlockTest.block("fd00::", 126);
        StandIns both = new StandIns(
                List.of(first, third, second),
                FamilyPreference.IPV4_FIRST,
                () -> asked.incrementAndGet() > 0,
                7,
                () -> 0);

        assertThat(fill(both, 8)).extracting(InetAddress::getAddress).satisfies(octets -> {
            assertThat(octets.subList(0, 4)).allMatch(first::contains);
            assertThat(octets.subList(4, 8)).allMatch(second::contains);
        });
        assertThat(asked).hasValue(0);
        assertThat(fill(both, 12).subList(8, 12))
                .extracting(InetAddress::getAddress)
                .allMatch(third::contains);
        assertThatThrownBy(() -> both.of("one-more.test")).hasMessageContaining("all 12 of this JVM");
        assertThat(asked).hasValue(1);
    }

    @Test
    void of_ipv6Exhausted_goesOnWithIpv4() throws Exception {
        StandIns both = standIns(
                FamilyPreference.IPV6_FIRST,
                7,
                List.of(StandInBlockTest.block("10.0.0.0", 30), StandInBlockTest.block("fd00::", 126)));

        List<InetAddress> given = fill(both, 8);

        assertThat(given.subList(0, 4)).allMatch(Inet6Address.class::isInstance);
        assertThat(given.subList(4, 8)).noneMatch(Inet6Address.class::isInstance);
        assertThatThrownBy(() -> both.of("one-more.test")).hasMessageContaining("all 8 of this JVM");
    }

    @Test
    void of_blocksOfIpv6Alone_areUsedWhateverComesFirst() throws Exception {
        StandIns ipv6 = standIns(FamilyPreference.IPV4_FIRST, 7, List.of(StandInBlockTest.block("fd00::", 64)));

        assertThat(ipv6.of("target.test")).isInstanceOf(Inet6Address.class).isEqualTo(ipv6.of("TARGET.test"));
    }

    @Test
    void standIns_blocksThatCannotBeTogether_areRefused() throws Exception {
        StandInBlock wide = StandInBlockTest.block("10.0.0.0", 8);
        StandInBlock narrow = StandInBlockTest.block("10.7.0.0", 16);

        assertThatThrownBy(() -> standIns(FamilyPreference.IPV4_FIRST, 7, List.of(wide, narrow)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("10.0.0.0/8 and 10.7.0.0/16 overlap; leave one out");
        assertThatThrownBy(() -> standIns(FamilyPreference.IPV4_FIRST, 7, List.of(narrow, wide)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> standIns(FamilyPreference.IPV4_FIRST, 7, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no block to take stand-in addresses from");
    }

    @Test
    void ofThisJvm_defaults_takesThoseOfThisJvmsProperties() throws Exception {
        StandIns own = StandIns.ofThisJvm(StandInBlock.defaults(), 7);

        assertThat(own.of("target.test")).isEqualTo(standIns.of("target.test"));
    }

    @Test
    @Timeout(30)
    void of_whileAnotherThreadAsksForIpv6_doesNotWait() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        StandIns both = new StandIns(
                List.of(StandInBlockTest.block("10.0.0.0", 30), StandInBlockTest.block("fd00::", 64)),
                FamilyPreference.IPV4_FIRST,
                () -> {
                    asked.countDown();
                    return await(answer);
                },
                7,
                () -> 0);
        List<InetAddress> given = fill(both, 4);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<InetAddress> over = thread.submit(() -> both.of("over.test"));
            asked.await();

            assertThat(both.of("h2.test")).isSameAs(given.get(2));
            assertThat(both.name(given.get(3))).isEqualTo("h3.test");

            answer.countDown();
            assertThat(over.get()).isInstanceOf(Inet6Address.class);
        } finally {
            answer.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void of_manyThreads_giveEachNameOneAddress() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        StandIns small = new StandIns(
                List.of(StandInBlockTest.block("10.0.0.0", 24), StandInBlockTest.block("fd00::", 64)),
                FamilyPreference.IPV4_FIRST,
                () -> asked.incrementAndGet() > 0,
                7,
                System::nanoTime);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Map<String, InetAddress>>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int own = t;
                all.add(threads.submit(() -> {
                    Map<String, InetAddress> mine = new HashMap<>();
                    for (int i = 0; i < 2000; i++) {
                        String name = i % 2 == 0 ? "h" + i + ".test" : "h" + i + ".of" + own + ".test";
                        mine.put(name, small.of(name));
                        assertThat(small.name(mine.get(name))).isEqualTo(name);
                    }
                    return mine;
                }));
            }
            Map<String, InetAddress> together = new HashMap<>();
            for (Future<Map<String, InetAddress>> each : all) {
                each.get().forEach((name, address) -> {
                    InetAddress before = together.put(name, address);
                    assertThat(before == null || before == address).isTrue();
                });
            }
            assertThat(together).hasSize(9000);
            assertThat(new HashSet<>(together.values())).hasSize(9000);
            assertThat(asked).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void standIns_ofNeighbouringSeeds_beginInDifferentPlaces() throws Exception {
        Set<InetAddress> firsts = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            firsts.add(standIns(seed).of("a.test"));
        }
        assertThat(firsts).hasSizeGreaterThan(98);
    }

    /** The addresses of so many names, the first of which may have theirs already. */
    private static List<InetAddress> fill(StandIns standIns, int names) throws UnknownHostException {
        List<InetAddress> given = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            given.add(standIns.of("h" + i + ".test"));
        }
        assertThat(new HashSet<>(given)).hasSize(names);
        return given;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static StandIns standIns(long seed) {
        return standIns(FamilyPreference.IPV4_FIRST, seed, StandInBlock.defaults());
    }

    private static StandIns ipv6First(long seed) {
        return standIns(FamilyPreference.IPV6_FIRST, seed, StandInBlock.defaults());
    }

    private static StandIns standIns(FamilyPreference preference, long seed, List<StandInBlock> blocks) {
        return new StandIns(blocks, preference, () -> true, seed, () -> 0);
    }
}
