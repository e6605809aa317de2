// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithLength;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may arrive at a socket whose datagrams are carried, judged by readers that are written anew here. */
class DatagramFuzzTest {
    private static final List<Address> SOURCES = List.of(
            Address.ip(octets("C0 00 02 01"), 53),
            Address.ip(octets("C0 00 02 01"), 54),
            Address.ip(repeat(0xFE, 16), 53),
            Address.name("n".repeat(255), 53));

    static Stream<Arguments> datagrams() {
        List<Arguments> datagrams = new ArrayList<>();
        for (Address source : SOURCES) {
            byte[] header = DatagramHeader.of(source);
            for (byte[] octets : List.of(header, join(header, repeat('a', 30)))) {
                datagrams.add(Arguments.of(octets, 0));
                datagrams.add(Arguments.of(Arrays.copyOf(octets, header.length - 1), 3));
            }
        }
        for (String hex : List.of(
                "",
                "00",
                "00 00 00 03 00",
                "00 00 00 03 00 00 35",
                "00 01 00 01 C0 00 02 01 00 35",
                "01 00 00 01 C0 00 02 01 00 35",
                "00 00 FF 01 C0 00 02 01 00 35 61",
                "00 00 00 02 C0 00 02 01 00 35",
                "00 00 00 84 C0 00 02 01 00 35")) {
            datagrams.add(Arguments.of(octets(hex), 1));
        }
        return datagrams.stream();
    }

    @MethodSource("datagrams")
    @FuzzTest
    void header_anyOctetsAnywhere_isWhatTheySay(byte @NotNull @WithLength(max = 300) [] octets, int place) {
        int before = Math.floorMod(place, 8);
        byte[] surrounded = join(repeat(0, before), octets, repeat(0, 300));
        ByteBuffer datagram = ByteBuffer.wrap(surrounded, before, octets.length);
        int expected = headerLength(octets);

        assertThat(DatagramHeader.length(datagram)).isEqualTo(expected);
        if (expected > 0) {
            Address address = DatagramHeader.address(datagram);
            byte[] header = DatagramHeader.of(address);
            header[2] = octets[2];
            assertThat(header).isEqualTo(Arrays.copyOf(octets, expected));
            assertThat(DatagramHeader.port(datagram, expected)).isEqualTo(address.port());
            assertThat(DatagramHeader.fragment(datagram)).isEqualTo(octets[2] & 0xFF);
            assertThat(address.toString()).matches("\\P{Cntrl}+");
        }
        assertThat(datagram.position()).isEqualTo(before);
        assertThat(datagram.remaining()).isEqualTo(octets.length);
    }

    private static int headerLength(byte[] octets) {
        String hex = HexFormat.of().formatHex(octets);
        int length = 0;
        if (hex.matches("0000..01.*")) {
            length = 10;
        } else if (hex.matches("0000..04.*")) {
            length = 22;
        } else if (hex.matches("0000..03..*") && octets.length > 4 && octets[4] != 0) {
            length = 7 + (octets[4] & 0xFF);
        }
        return length == 0 || octets.length < length ? -1 : length;
    }

    /** One datagram of a script: four octets that say its FRAG, its source, its payload and what has passed before. */
    private record Arrival(int frag, Address source, int payload, long passedNanos) {
        static List<Arrival> script(byte[] octets) {
            List<Arrival> script = new ArrayList<>();
            for (int i = 0; i + 4 <= octets.length; i += 4) {
                int payload = octets[i + 2] & 0xFF;
                long passed = octets[i + 3] & 0xFF;
                script.add(new Arrival(
                        octets[i] & 0xFF,
                        SOURCES.get(octets[i + 1] & 3),
                        payload > 0xF0 ? payload * 128 : payload,
                        passed * passed * passed * 500));
            }
            return script;
        }

        byte[] octets(int number) {
            byte[] header = DatagramHeader.of(source);
            header[2] = (byte) frag;
            return join(header, repeat(number, payload));
        }
    }

    static Stream<byte[]> scripts() {
        Random random = new Random(1928);
        List<byte[]> scripts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] script = new byte[4 * (random.nextInt(20) + 1)];
            int position = 0;
            for (int at = 0; at < script.length; at += 4) {
                position = random.nextInt(12) == 0 ? random.nextInt(128) : position + 1;
                boolean end = random.nextInt(5) == 0;
                script[at] = (byte) (end ? position | 0x80 : position);
                script[at + 1] = (byte) (random.nextInt(15) == 0 ? random.nextInt(4) : i);
                script[at + 2] = (byte) random.nextInt(256);
                script[at + 3] = (byte) random.nextInt(random.nextInt(10) == 0 ? 256 : 60);
                position = end ? 0 : position;
            }
            scripts.add(script);
        }
        byte[] many = new byte[4 * 127];
        for (int i = 0; i < 127; i++) {
            many[4 * i] = (byte) (i + 1);
            many[4 * i + 2] = (byte) 0xFF;
        }
        scripts.add(many);
        return scripts.stream();
    }

    @MethodSource("scripts")
    @FuzzTest
    void reassembly_anyFragments_isWhatTheRulesSay(byte @NotNull @WithLength(max = 600) [] octets) {
        Reassembly reassembly = new Reassembly();
        List<Arrival> before = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        long now = -1_000_000_000L;
        long begun = now;
        int number = 0;
        for (Arrival arrival : Arrival.script(octets)) {
            number++;
            now += arrival.passedNanos();
            int position = arrival.frag() & 0x7F;
            boolean next = position == before.size() + 1
                    && (before.isEmpty()
                            || (now - begun < 5_000_000_000L
                                    && before.get(0).source().equals(arrival.source())));
            if (!next) {
                before.clear();
                numbers.clear();
            }
            byte[] datagram = arrival.octets(number);
            byte[] expected = arrival.frag() == 0 ? datagram : null;
            if (position == before.size() + 1) {
                begun = before.isEmpty() ? now : begun;
                before.add(arrival);
                numbers.add(number);
                if (before.stream().mapToInt(Arrival::payload).sum() > 65_507) {
                    before.clear();
                    numbers.clear();
                } else if (arrival.frag() > 0x80) {
                    expected = whole(before, numbers);
                    before.clear();
                    numbers.clear();
                }
            }
            assertThat(all(reassembly.add(ByteBuffer.wrap(datagram), now)))
                    .as("datagram %d, FRAG %02X", number, arrival.frag())
                    .isEqualTo(expected);
        }
    }

    private static byte[] whole(List<Arrival> sequence, List<Integer> numbers) {
        byte[] whole = DatagramHeader.of(sequence.get(0).source());
        for (int i = 0; i < sequence.size(); i++) {
            whole = join(whole, repeat(numbers.get(i), sequence.get(i).payload()));
        }
        return whole;
    }

    private static byte @Nullable [] all(@Nullable ByteBuffer datagram) {
        if (datagram == null) {
            return null;
        }
        byte[] octets = new byte[datagram.remaining()];
        datagram.get(octets);
        return octets;
    }
}
