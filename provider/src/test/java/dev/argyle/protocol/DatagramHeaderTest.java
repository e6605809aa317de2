// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramHeaderTest {
    private static final byte[] PAYLOAD = octets("48 65 6C 6C 6F");
    private static final byte[] SIX = octets("20 01 0D B8 00 00 00 00 00 00 00 00 00 00 FF FF");

    record Sample(String name, byte[] header, Address address) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() {
        return Stream.of(
                new Sample("IPv4", octets("00 00 00 01 C0 00 02 01 00 35"), Address.ip(octets("C0 00 02 01"), 53)),
                new Sample("IPv6", join(octets("00 00 00 04"), SIX, octets("FF FF")), Address.ip(SIX, 65535)),
                named(1),
                named(127),
                named(128),
                named(255));
    }

    private static Sample named(int length) {
        return new Sample(
                "name of " + length,
                join(octets("00 00 00 03"), new byte[] {(byte) length}, repeat('n', length), octets("80 01")),
                Address.name("n".repeat(length), 0x8001));
    }

    /** The datagram in the midst of a buffer of the other byte order. */
    private static ByteBuffer datagram(byte[]... parts) {
        byte[] octets = join(parts);
        return ByteBuffer.allocateDirect(octets.length + 7)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(3)
                .put(octets)
                .limit(3 + octets.length)
                .position(3);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void of_address_isItsHeader(Sample sample) {
        assertThat(DatagramHeader.of(sample.address())).isEqualTo(sample.header());
        assertThat(sample.header().length).isBetween(8, DatagramHeader.MAX_OCTETS);
    }

    @Test
    void of_longestName_hasTheMostOctets() {
        assertThat(named(255).header()).hasSize(DatagramHeader.MAX_OCTETS);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void length_withAndWithoutPayload_isThatOfTheHeader(Sample sample) {
        for (byte[] payload : List.of(PAYLOAD, new byte[0])) {
            ByteBuffer datagram = datagram(sample.header(), payload);

            assertThat(DatagramHeader.length(datagram)).isEqualTo(sample.header().length);
            assertThat(DatagramHeader.fragment(datagram)).isZero();
            assertThat(DatagramHeader.port(datagram, sample.header().length))
                    .isEqualTo(sample.address().port());
            assertThat(DatagramHeader.address(datagram)).isEqualTo(sample.address());
            assertThat(datagram.position()).isEqualTo(3);
            assertThat(datagram.remaining()).isEqualTo(sample.header().length + payload.length);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void length_cutAnywhereInTheHeader_isNone(Sample sample) {
        for (int length = 0; length < sample.header().length; length++) {
            ByteBuffer datagram = ByteBuffer.wrap(sample.header(), 0, length);

            assertThat(DatagramHeader.length(datagram))
                    .as("of %d octets", length)
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 00 00 01 C0 00 02 01 00 35 61",
                "00 01 00 01 C0 00 02 01 00 35 61",
                "00 80 00 01 C0 00 02 01 00 35 61",
                "00 00 00 03 00 00 35 61 61 61 61"
            })
    void length_reservedOctetsOrNameOfNone_isNone(String hex) {
        assertThat(DatagramHeader.length(datagram(octets(hex)))).isEqualTo(-1);
    }

    @Test
    void length_unknownAddressType_isNone() {
        for (int type = 0; type < 256; type++) {
            ByteBuffer datagram = datagram(octets("00 00 00"), new byte[] {(byte) type}, repeat(1, 258));

            assertThat(DatagramHeader.length(datagram) > 0)
                    .as("of type %d", type)
                    .isEqualTo(AddressType.of(type) != null);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 129, 255})
    void fragment_isUnsigned(int frag) {
        byte[] header = named(3).header();
        header[2] = (byte) frag;

        assertThat(DatagramHeader.fragment(datagram(header))).isEqualTo(frag);
        assertThat(DatagramHeader.length(datagram(header))).isEqualTo(header.length);
    }

    @Test
    void address_withoutHeader_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatagramHeader.address(datagram(octets("00 00 00 02 00 00 00 00 00 00"))))
                .withMessage("datagram: has no header");
    }

    @Test
    void length_ofMany_allocatesNothing() {
        int datagrams = 20_000;
        ByteBuffer named = datagram(named(255).header(), PAYLOAD);
        ByteBuffer numbered = datagram(octets("00 00 00 01 C0 00 02 01 00 35"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        int sum = 0;
        for (int round = 0; round < 2; round++) { // the first loads classes
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < datagrams; i++) {
                ByteBuffer datagram = (i & 1) == 0 ? named : numbered;
                int length = DatagramHeader.length(datagram);
                sum += length + DatagramHeader.fragment(datagram) + DatagramHeader.port(datagram, length);
            }
            allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }

        assertThat(allocated).isLessThan(datagrams);
        assertThat(sum).isEqualTo(datagrams * (262 + 0x8001 + 10 + 53));
    }
}
