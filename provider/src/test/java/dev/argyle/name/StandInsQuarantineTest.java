// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a number passes from a name to another. The clock is the test's, the garbage collector the JVM's. */
class StandInsQuarantineTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - MINUTE); // it may overflow

    @Test
    void of_addressesThatAreHeld_neverPassToAnother() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 30);
        List<InetAddress> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(standIns.of("h" + i + ".test"));
        }
        for (int i = 0; i < 3; i++) {
            clock.addAndGet(60 * MINUTE);
            assertThatThrownBy(() -> standIns.of("other.test")).isInstanceOf(UnknownHostException.class);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(standIns.name(held.get(i))).isEqualTo("h" + i + ".test");
        }

        String third = held.remove(2).getHostAddress();
        clock.addAndGet(10 * MINUTE);
        assertThat(number(standIns, "other.test")).isEqualTo(third);
        assertThatThrownBy(() -> standIns.of("h2.test")).isInstanceOf(UnknownHostException.class);
        assertThat(held).hasSize(3);
    }

    @Test
    void of_oneSpellingIsHeld_doesNotPassTheNumberToAnother() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 30);
        List<InetAddress> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            number(standIns, "A" + i + ".test");
            held.add(standIns.of("a" + i + ".test"));
            number(standIns, "a" + i + ".TEST");
        }
        clock.addAndGet(10 * MINUTE);

        assertThatThrownBy(() -> standIns.of("other.test")).isInstanceOf(UnknownHostException.class);
        assertThat(standIns.name(held.get(3))).isEqualTo("A3.test");
    }

    @Test
    void of_droppedAddresses_passOnInTheirOrderAfterTenMinutes() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 30);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            numbers.add(number(standIns, "h" + i + ".test"));
            clock.addAndGet(MINUTE);
        }
        clock.addAndGet(6 * MINUTE - 1); // the first was used 10 minutes ago but for a nanosecond
        collect();
        assertThatThrownBy(() -> standIns.of("other.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("all 4 of this JVM");

        clock.addAndGet(1);
        awaitNumber(standIns, "other0.test", numbers.get(0));
        assertThatThrownBy(() -> standIns.of("h0.test")).isInstanceOf(UnknownHostException.class);
        clock.addAndGet(MINUTE);
        awaitNumber(standIns, "other1.test", numbers.get(1));
        clock.addAndGet(MINUTE);
        awaitNumber(standIns, "other2.test", numbers.get(2));
        assertThat(number(standIns, "h3.test")).isEqualTo(numbers.get(3));
        assertThat(number(standIns, "other0.test")).isEqualTo(numbers.get(0));
    }

    @Test
    void of_nameWhoseTimeIsOver_livesAgainWithItsNumber() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 30);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            numbers.add(number(standIns, "h" + i + ".test"));
            clock.addAndGet(MINUTE);
        }
        clock.addAndGet(6 * MINUTE);
        awaitNumber(standIns, "other0.test", numbers.get(0));
        clock.addAndGet(20 * MINUTE);

        assertThat(number(standIns, "h1.test")).isEqualTo(numbers.get(1));
        for (int i = 0; i < 3; i++) {
            assertThat(awaitAny(standIns, "late" + i + ".test")).isNotEqualTo(numbers.get(1));
        }
        assertThatThrownBy(() -> standIns.of("late3.test")).isInstanceOf(UnknownHostException.class);
        assertThat(number(standIns, "h1.test")).isEqualTo(numbers.get(1));
    }

    @Test
    void name_ofDroppedAddress_keepsTheNumberForTenMinutesMore() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 30);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            numbers.add(number(standIns, "h" + i + ".test"));
        }
        clock.addAndGet(9 * MINUTE);
        assertThat(standIns.name(InetAddress.getByName(numbers.get(0)))).isEqualTo("h0.test");
        clock.addAndGet(MINUTE);
        assertThat(List.of(awaitAny(standIns, "other1.test"), awaitAny(standIns, "other2.test")))
                .doesNotContain(numbers.get(0));
        String last = awaitAny(standIns, "other3.test");
        assertThat(last).isNotEqualTo(numbers.get(0));
        assertThatThrownBy(() -> standIns.of("other0.test")).isInstanceOf(UnknownHostException.class);
        assertThat(standIns.name(InetAddress.getByName(last))).isEqualTo("other3.test");

        clock.addAndGet(9 * MINUTE);
        awaitNumber(standIns, "other0.test", numbers.get(0));
        assertThat(standIns.name(InetAddress.getByName(numbers.get(0)))).isEqualTo("other0.test");
    }

    @Test
    void of_numbersThatNobodyEverHad_comeBeforeThoseThatAreFree() throws Exception {
        StandIns standIns = standIns("10.0.0.0", 29);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            numbers.add(number(standIns, "h" + i + ".test"));
            clock.addAndGet(20 * MINUTE);
            collect();
        }

        assertThat(numbers).doesNotHaveDuplicates();
        awaitNumber(standIns, "other.test", numbers.get(0));
    }

    @Test
    void of_freeNumbersOfOneFamily_comeBeforeTheOtherFamily() throws Exception {
        StandIns standIns = standIns(
                FamilyPreference.IPV4_FIRST,
                StandInBlockTest.block("10.0.0.0", 30),
                StandInBlockTest.block("fd00::", 64));
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            numbers.add(number(standIns, "h" + i + ".test"));
        }
        assertThat(number(standIns, "over.test")).startsWith("fd00:");
        clock.addAndGet(10 * MINUTE);
        collect();

        await().until(() ->
                number(standIns, "a" + clock.get() + ".test").equals(numbers.get(0)) || clock.incrementAndGet() == 0);
    }

    @Test
    void of_endlessBlock_forgetsNamesAndNeverUsesTheirNumbersAgain() throws Exception {
        StandIns standIns = standIns(FamilyPreference.IPV6_FIRST, StandInBlockTest.block("fd00::", 64));
        InetAddress held = standIns.of("held.test");
        String number = number(standIns, "h0.test");
        InetAddress bare = InetAddress.getByName(number);
        assertThat(standIns.name(bare)).isEqualTo("h0.test");

        await().until(() -> {
            clock.addAndGet(10 * MINUTE);
            collect();
            standIns.of("held.test");
            return standIns.name(bare) == null;
        });
        assertThat(number(standIns, "h0.test")).isNotEqualTo(number);
        assertThat(standIns.name(bare)).isNull();
        assertThat(standIns.name(held)).isEqualTo("held.test");
    }

    /** As a crawler does: each name once, and again a moment later; held for as long as a connection is there. */
    @ParameterizedTest
    @CsvSource({"IPV4_ONLY, 10.0.0.0, 18", "IPV6_FIRST, fd00::, 64"})
    void of_aMillionNames_goesOn(FamilyPreference preference, String network, int prefix) throws Exception {
        StandIns standIns = standIns(preference, StandInBlockTest.block(network, prefix));
        InetAddress[] connections = new InetAddress[100];
        for (int i = 0; i < 1_000_000; i++) {
            String name = "h" + i + ".test";
            int slot = i % connections.length;
            if (i % 8_000 == 0) {
                collect(); // which here may be slower than all the names of ten minutes
            }
            connections[slot] = standIns.of(name);
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            InetAddress oldest = connections[(i + 1) % connections.length];
            if (oldest != null && !oldest.getHostName().equals(standIns.name(oldest))) {
                fail(oldest + " is of " + standIns.name(oldest));
            }
        }
    }

    @Test
    void of_anythingAtAnyTime_nameAndNumberBelongTogether() throws Exception {
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            StandIns standIns = standIns(
                    FamilyPreference.values()[random.nextInt(3)],
                    StandInBlockTest.block("10.0.0.0", 28),
                    StandInBlockTest.block("fd00::", random.nextBoolean() ? 126 : 64));
            Model model = new Model();
            for (int step = 0; step < 400; step++) {
                String name = "h" + random.nextInt(40) + ".test";
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> model.asked(standIns, name, random.nextBoolean());
                    case 3, 4 -> model.lookedAt(standIns, name);
                    case 5 -> model.drop(name);
                    case 6 -> clock.addAndGet((long) (random.nextDouble() * 4 * MINUTE));
                    default -> collectSometimes(random);
                }
                model.check(standIns);
            }
        }
    }

    private static void collectSometimes(Random random) {
        if (random.nextInt(12) == 0) {
            collect();
        }
    }

    /** What the program can rely on: its own record of what it got, when, and what it still holds. */
    private final class Model {
        private final Map<String, String> numbers = new HashMap<>();
        private final Map<String, Long> usedAt = new HashMap<>();
        private final Map<String, InetAddress> held = new HashMap<>();

        void asked(StandIns standIns, String name, boolean hold) {
            InetAddress address;
            try {
                address = standIns.of(name);
            } catch (UnknownHostException e) {
                assertThat(isSure(name)).as(name).isFalse();
                return;
            }
            String number = address.getHostAddress();
            if (isSure(name)) {
                assertThat(number).as(name).isEqualTo(numbers.get(name));
            }
            numbers.forEach((other, its) -> assertThat(!its.equals(number) || other.equals(name) || !isSure(other))
                    .as(number + " of " + other + " for " + name)
                    .isTrue());
            numbers.put(name, number);
            usedAt.put(name, clock.get());
            if (hold) {
                held.put(name, address);
            }
        }

        void lookedAt(StandIns standIns, String name) throws UnknownHostException {
            String number = numbers.get(name);
            if (number != null && isSure(name)) {
                assertThat(standIns.name(InetAddress.getByName(number))).isEqualTo(name);
                usedAt.put(name, clock.get());
            }
        }

        void drop(String name) {
            held.remove(name);
        }

        void check(StandIns standIns) {
            for (InetAddress each : held.values()) {
                assertThat(standIns.isStandIn(each)).isTrue();
                assertThat(numbers.get(each.getHostName())).isEqualTo(each.getHostAddress());
            }
        }

        private boolean isSure(String name) {
            Long at = usedAt.get(name);
            return held.containsKey(name) || at != null && clock.get() - at < StandIns.QUARANTINE_NANOS;
        }
    }

    private StandIns standIns(String network, int prefix) throws UnknownHostException {
        return standIns(FamilyPreference.IPV4_FIRST, StandInBlockTest.block(network, prefix));
    }

    private StandIns standIns(FamilyPreference preference, StandInBlock... blocks) {
        return new StandIns(List.of(blocks), preference, () -> true, 7, clock::get);
    }

    /** Asks for a name without holding its address. */
    private static String number(StandIns standIns, String name) throws UnknownHostException {
        return standIns.of(name).getHostAddress();
    }

    private static void awaitNumber(StandIns standIns, String name, String number) {
        assertThat(awaitAny(standIns, name)).isEqualTo(number);
    }

    /** The collector hands its references over at its own time. */
    private static String awaitAny(StandIns standIns, String name) {
        return await().until(() -> numberOrNull(standIns, name), number -> number != null);
    }

    private static @Nullable String numberOrNull(StandIns standIns, String name) {
        try {
            return number(standIns, name);
        } catch (UnknownHostException e) {
            collect();
            return null;
        }
    }

    /**
     * Until what was dropped before has been handed over. The collector's thread has the one list once it hands over the
     * first marker, and is through with it when it does so with the second.
     */
    private static void collect() {
        for (int i = 0; i < 2; i++) {
            ReferenceQueue<Object> handedOver = new ReferenceQueue<>();
            Reference<Object> marker = new WeakReference<>(new Object(), handedOver);
            await().pollDelay(Duration.ZERO).until(() -> {
                System.gc();
                return handedOver.remove(1_000) == marker;
            });
        }
    }
}
