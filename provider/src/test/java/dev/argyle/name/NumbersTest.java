// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void take_untilExhausted_givesEachNumberOnce(boolean endless) throws Exception {
        Numbers numbers = new Numbers(StandInBlockTest.block("fd00::10", 124), 5, endless);
        Set<Long> taken = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            assertThat(numbers.isExhausted()).isFalse();
            Entry entry = entry(numbers);
            assertThat(taken.add(entry.number)).isTrue();
            assertThat(numbers.get(numbers.block.octets(entry.number))).isSameAs(entry);
        }

        assertThat(numbers.isExhausted()).isTrue();
        assertThat(taken).allMatch(number -> number >= 0 && number < 16);
    }

    @Test
    void take_endlessBlockGoneThrough_passesOverWhatIsTaken() throws Exception {
        Numbers numbers = new Numbers(StandInBlockTest.block("10.0.0.0", 28), 5, true);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            entries.add(entry(numbers));
        }
        numbers.forget(entries.get(3));
        numbers.forget(entries.get(9));

        assertThat(numbers.get(numbers.block.octets(entries.get(9).number))).isNull();
        assertThat(entry(numbers).number).isEqualTo(entries.get(3).number);
        assertThat(numbers.isExhausted()).isFalse();
        assertThat(entry(numbers).number).isEqualTo(entries.get(9).number);
        assertThat(numbers.isExhausted()).isTrue();
    }

    @Test
    void get_addressOutsideTheFirstSubnet_isNobodys() throws Exception {
        Numbers numbers = new Numbers(StandInBlockTest.block("fd00::", 8), 5);
        byte[] octets = numbers.block.octets(entry(numbers).number);
        assertThat(numbers.get(octets)).isNotNull();
        octets[7] = 1;

        assertThat(numbers.block.contains(octets)).isTrue();
        assertThat(numbers.get(octets)).isNull();
    }

    @Test
    void blocks_of25BitsAndMore_areEndless() throws Exception {
        assertThat(new Numbers(StandInBlockTest.block("10.0.0.0", 8), 5).endless)
                .isFalse();
        assertThat(new Numbers(StandInBlockTest.block("fd00::", 104), 5).endless)
                .isFalse();
        assertThat(new Numbers(StandInBlockTest.block("fd00::", 103), 5).endless)
                .isTrue();
        assertThat(new Numbers(StandInBlockTest.block("fd00::", 8), 5).endless).isTrue();
    }

    @Test
    void seeds_thatAreNeighbours_beginInDifferentPlaces() throws Exception {
        Set<Long> ipv4 = new HashSet<>();
        Set<Long> ipv6 = new HashSet<>();
        for (long seed = Long.MAX_VALUE - 500; seed != Long.MIN_VALUE + 500; seed++) {
            ipv4.add(new Numbers(StandInBlockTest.block("198.18.0.0", 15), seed).take());
            ipv6.add(new Numbers(StandInBlockTest.block("100::", 64), seed).take() >>> 32);
        }

        assertThat(ipv4).hasSizeGreaterThan(985);
        assertThat(ipv6).hasSize(1001);
    }

    private static Entry entry(Numbers numbers) {
        long number = numbers.take();
        Entry entry = new Entry("a.test", "a.test", numbers, number);
        numbers.put(entry);
        return entry;
    }
}
