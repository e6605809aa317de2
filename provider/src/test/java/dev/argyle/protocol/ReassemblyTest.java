// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReassemblyTest {
    private static final int END = 0x80;
    private static final Address A = Address.ip(octets("C0 00 02 01"), 53);
    private static final Address OTHER_PORT = Address.ip(octets("C0 00 02 01"), 54);
    private static final Address OTHER_HOST = Address.ip(octets("C0 00 02 02"), 53);
    private static final Address NAME = Address.name("a.example", 53);

    private final Reassembly reassembly = new Reassembly();
    private long now = Long.MAX_VALUE - 1; // it wraps in the course of each test

    private static ByteBuffer fragment(int frag, Address from, byte[] payload) {
        byte[] header = DatagramHeader.of(from);
        header[2] = (byte) frag;
        return ByteBuffer.wrap(join(header, payload));
    }

    /** Returns the payload of the datagram that has become whole, which must have the header of a whole one. */
    private @Nullable String add(int frag, Address from, String payload) {
        return payload(reassembly.add(fragment(frag, from, payload.getBytes(ISO_8859_1)), now++), from);
    }

    private @Nullable String add(int frag, String payload) {
        return add(frag, A, payload);
    }

    private static @Nullable String payload(@Nullable ByteBuffer whole, Address from) {
        if (whole == null) {
            return null;
        }
        byte[] header = DatagramHeader.of(from);
        byte[] octets = new byte[whole.remaining()];
        assertThat(whole.position()).isZero();
        whole.get(octets);
        assertThat(Arrays.copyOf(octets, header.length)).isEqualTo(header);
        return new String(octets, header.length, octets.length - header.length, ISO_8859_1);
    }

    @Test
    void add_datagramInEverySplit_isWhole() {
        String text = "datagram";
        for (int first = 0; first <= text.length(); first++) {
            for (int second = first; second <= text.length(); second++) {
                assertThat(add(1, NAME, text.substring(0, first))).isNull();
                assertThat(add(2, NAME, text.substring(first, second))).isNull();
                assertThat(add(3 | END, NAME, text.substring(second))).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 126, 127})
    void add_sequencesOfManyFragments_areWholeOneAfterAnother(int fragments) {
        for (int sequence = 0; sequence < 3; sequence++) {
            for (int position = 1; position < fragments; position++) {
                assertThat(add(position, "x")).isNull();
            }
            assertThat(add(fragments | END, "end")).isEqualTo("x".repeat(fragments - 1) + "end");
        }
    }

    @Test
    void add_fragment_isCopiedAndLeftAsItIs() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        buffer.position(7)
                .put(fragment(1, A, octets("61 62")))
                .limit(buffer.position())
                .position(7);

        assertThat(reassembly.add(buffer, now)).isNull();
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(buffer.remaining()).isEqualTo(12);
        buffer.put(7, new byte[12]);
        assertThat(add(2 | END, "c")).isEqualTo("abc");
    }

    @Test
    void add_wholeDatagram_isNotTouchedLater() {
        add(1, "a");
        ByteBuffer whole = reassembly.add(fragment(2 | END, A, octets("62")), now);
        add(1, "XXXXX");
        add(2, "YYYYY");

        assertThat(payload(whole, A)).isEqualTo("ab");
    }

    @ParameterizedTest
    @CsvSource({"0, true", "4999999999, true", "5000000000, false", "-1, true", "9000000000000000000, false"})
    void add_afterSoLong_dependsOnTheTimer(long later, boolean whole) {
        add(1, "a");
        now += later - 1;

        assertThat(add(2 | END, "b")).isEqualTo(whole ? "ab" : null);
        assertThat(add(1 | END, "c")).isEqualTo("c");
    }

    @Test
    void add_manyFragments_haveTheTimeOfTheFirst() {
        long begun = now;
        add(1, "a");
        now = begun + Reassembly.TIMER_NANOS - 1;
        add(2, "b");
        now = begun + Reassembly.TIMER_NANOS;

        assertThat(add(3 | END, "c")).isNull();
    }

    @Test
    void add_nextSequence_hasTimeOfItsOwn() {
        add(1, "a");
        now += Reassembly.TIMER_NANOS - 2;
        add(1, "b");
        now += Reassembly.TIMER_NANOS - 2;

        assertThat(add(2 | END, "c")).isEqualTo("bc");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1 | END, 2, 2 | END, 3, 3 | END, 5, 5 | END, 127, 255})
    void add_positionThatIsNotTheNext_abandonsWhatWasBefore(int frag) {
        add(1, "a");
        add(2, "b");
        add(3, "c");

        assertThat(add(frag, "x")).isEqualTo(frag == (1 | END) ? "x" : null);
        assertThat(add(4 | END, "d")).isNull();
        assertThat(add(1 | END, "next")).isEqualTo("next");
    }

    @Test
    void add_firstPositionAgain_beginsAnew() {
        add(1, "lost");
        add(2, "too");
        add(1, "a");

        assertThat(add(2 | END, "b")).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 127, 2 | END, 127 | END})
    void add_withoutAFirst_isDropped(int frag) {
        assertThat(add(frag, "x")).isNull();
        assertThat(add(frag + 1 & 0x7F | END, "y")).isNull();
        assertThat(add(1 | END, "next")).isEqualTo("next");
    }

    @Test
    void add_endOfPositionNone_isDropped() {
        assertThat(add(END, "x")).isNull();
        add(1, "a");
        assertThat(add(END, "x")).isNull();
        assertThat(add(2 | END, "b")).isNull();
    }

    @Test
    void add_lateDuplicateOfTheEnd_isDropped() {
        add(1, "a");
        assertThat(add(2 | END, "b")).isEqualTo("ab");
        assertThat(add(2 | END, "b")).isNull();
    }

    @Test
    void add_datagramThatStandsAlone_isGivenBack_andAbandonsWhatWasBefore() {
        ByteBuffer alone = fragment(0, OTHER_HOST, octets("61"));
        add(1, "a");

        assertThat(reassembly.add(alone, now)).isSameAs(alone);
        assertThat(alone.position()).isZero();
        assertThat(add(2 | END, "b")).isNull();
    }

    @Test
    void add_fragmentsOfOtherSources_doNotMix() {
        for (Address other : new Address[] {OTHER_PORT, OTHER_HOST, NAME}) {
            add(1, A, "a");
            assertThat(add(2 | END, other, "b")).isNull();
            assertThat(add(2 | END, A, "b")).isNull();
            add(1, A, "a");
            add(1, other, "c");
            assertThat(add(2 | END, other, "d")).isEqualTo("cd");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00 00", "00 01 01 01 C0 00 02 01 00 35", "00 00 01 02 C0 00 02 01 00 35"})
    void add_withoutHeader_isIgnored(String hex) {
        add(1, "a");

        assertThat(reassembly.add(ByteBuffer.wrap(octets(hex)), now)).isNull();
        assertThat(add(2 | END, "b")).isEqualTo("ab");
    }

    @Test
    void add_payloadOfTheMost_isWhole() {
        int octets = Reassembly.MAX_PAYLOAD_OCTETS / 127;
        for (int position = 1; position < 127; position++) {
            assertThat(add(position, NAME, "x".repeat(octets))).isNull();
        }
        int rest = Reassembly.MAX_PAYLOAD_OCTETS - 126 * octets;

        assertThat(add(127 | END, NAME, "x".repeat(rest))).hasSize(65_507);
    }

    @ParameterizedTest
    @CsvSource({"65507, 1", "40000, 40000", "1, 65507", "65508, 0"})
    void add_payloadOfMore_isDropped(int first, int second) {
        add(1, NAME, "x".repeat(first));

        assertThat(add(2 | END, NAME, "x".repeat(second))).isNull();
        assertThat(add(3 | END, NAME, "")).isNull();
        assertThat(add(1 | END, NAME, "next")).isEqualTo("next");
    }

    @Test
    void add_fragmentsWithoutPayload_areFragments() {
        add(1, "");
        add(2, "");

        assertThat(add(3 | END, "")).isEmpty();
    }
}
