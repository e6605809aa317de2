// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void putTo_ipv4_writesTypeOctetsAndPort() {
        assertThat(encoded(Address.ip(octets("C0 00 02 01"), 443))).isEqualTo(octets("01 C0 00 02 01 01 BB"));
    }

    @Test
    void putTo_ipv6_writesTypeOctetsAndPort() {
        byte[] documentation = octets("20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 01");

        assertThat(encoded(Address.ip(documentation, 65535)))
                .isEqualTo(octets("04 20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 01 FF FF"));
    }

    @Test
    void putTo_name_writesLengthAndNoNul() {
        assertThat(encoded(Address.name("a.example", 80))).isEqualTo(octets("03 09 61 2E 65 78 61 6D 70 6C 65 00 50"));
    }

    @Test
    void putTo_littleEndianBuffer_keepsNetworkOrder() {
        ByteBuffer buffer = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);

        Address.ip(octets("7F 00 00 01"), 0x1234).putTo(buffer);

        assertThat(buffer.array()).isEqualTo(octets("01 7F 00 00 01 12 34"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12})
    void putTo_noRoom_writesNothing(int room) {
        ByteBuffer buffer = ByteBuffer.allocate(room);

        assertThatThrownBy(() -> Address.name("a.example", 80).putTo(buffer))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(buffer.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 80, 255, 256, 32768, 65535})
    void port_inRange_survivesTheWire(int port) {
        byte[] wire = encoded(Address.ip(octets("7F 00 00 01"), port));

        Address read = Address.getFrom(AddressType.IPV4, ByteBuffer.wrap(wire, 1, 6));

        assertThat(read.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void port_outOfRange_isRefused(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.ip(new byte[4], port))
                .withMessageContaining("port: " + port);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.name("a.example", port))
                .withMessageContaining("port: " + port);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 15, 17})
    void ip_otherLength_isRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.ip(new byte[length], 80))
                .withMessage("IP address: " + length + " octets (expected 4 or 16)");
    }

    @Test
    void ip_octetsChangedLater_keepsItsOwn() {
        byte[] given = octets("7F 00 00 01");
        Address address = Address.ip(given, 80);
        given[0] = 1;
        address.octets()[0] = 2;

        assertThat(address.octets()).isEqualTo(octets("7F 00 00 01"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 200, 255})
    void name_ofAllowedLength_countsUnsigned(int length) {
        String host = "x".repeat(length);

        byte[] wire = encoded(Address.name(host, 1));

        assertThat(wire).hasSize(length + 4);
        assertThat(wire[1] & 0xFF).isEqualTo(length);
        Address read = Address.getFrom(AddressType.DOMAINNAME, ByteBuffer.wrap(wire, 1, length + 3));
        assertThat(read.host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 1000})
    void name_ofOtherLength_isRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.name("x".repeat(length), 1))
                .withMessage("host name: " + length + " octets (expected 1 to 255)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "good.example\0.evil.example", "b\u00FCcher\0.example"})
    void name_withNul_isRefused(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.name(host, 1))
                .withMessageContaining("NUL");
    }

    @ParameterizedTest
    @CsvSource({
        "b\u00FCcher.example, xn--bcher-kva.example",
        "\u4F8B\u3048.\u30C6\u30B9\u30C8, xn--r8jz45g.xn--zckzah",
        "\uD83D\uDD11.example, xn--kv8h.example",
        "a\u3002b\u00FC, a.xn--b-eha",
        "Plain_Name.Example, Plain_Name.Example",
        "xn--bcher-kva.example, xn--bcher-kva.example"
    })
    void name_notAscii_isConverted(String host, String expected) {
        Address address = Address.name(host, 1);

        assertThat(address.host()).isEqualTo(expected);
        assertThat(address.octets()).isEqualTo(expected.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void name_notAsciiAndTooLongOnceConverted_isRefused() {
        String label = "\u00FC".repeat(40) + ".";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.name(label.repeat(6), 1))
                .withMessageStartingWith("host name: ");
    }

    @Test
    void name_notConvertible_saysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.name("\u00FC".repeat(64) + ".example", 1))
                .withMessageStartingWith("host name: cannot be converted to ASCII");
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000000000000000, ::",
        "00000000000000000000000000000001, ::1",
        "00010000000000000000000000000000, 1::",
        "20010DB8000000000000000000000001, 2001:db8::1",
        "20010DB8000100020003000400050006, 2001:db8:1:2:3:4:5:6",
        "20010DB8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
        "20010DB8000000000001000000000001, 2001:db8::1:0:0:1",
        "20010DB8000000010000000000000001, 2001:db8:0:1::1",
        "00000001000000000000000000000000, 0:1::",
        "00010002000300040005000600000000, 1:2:3:4:5:6::",
        "FE800000000000000A0027FFFE4E66A1, fe80::a00:27ff:fe4e:66a1",
        "00000000000000000000FFFFC0000201, ::ffff:192.0.2.1",
        "00000000000000000001FFFFC0000201, ::1:ffff:c000:201",
        "0064FF9B0000000000000000C0000201, 64:ff9b::c000:201"
    })
    void host_ipv6_isAsRfc5952HasIt(String hex, String expected) {
        Address address = Address.ip(octets(hex), 80);

        assertThat(address.host()).isEqualTo(expected);
        assertThat(address).hasToString("[" + expected + "]:80");
    }

    @Test
    void toString_ipv4AndName_isHostAndPort() {
        assertThat(Address.ip(octets("FF 00 7F 80"), 0)).hasToString("255.0.127.128:0");
        assertThat(Address.name("a.example", 65535)).hasToString("a.example:65535");
    }

    @Test
    void toString_controlCharactersOfAServer_areShownAsHex() {
        byte[] wire = octets("04 61 0A 00 E9 00 50");

        Address address = Address.getFrom(AddressType.DOMAINNAME, ByteBuffer.wrap(wire));

        assertThat(address).hasToString("a\\x0A\\x00\u00E9:80");
        assertThat(address.octets()).isEqualTo(octets("61 0A 00 E9"));
    }

    @Test
    void equals_comparesTypeOctetsAndPort() {
        Address address = Address.ip(octets("31 32 33 34"), 80);

        assertThat(address)
                .isEqualTo(Address.ip(octets("31 32 33 34"), 80))
                .hasSameHashCodeAs(Address.ip(octets("31 32 33 34"), 80))
                .isNotEqualTo(Address.ip(octets("31 32 33 34"), 81))
                .isNotEqualTo(Address.ip(octets("31 32 33 35"), 80))
                .isNotEqualTo(Address.name("1234", 80))
                .isNotEqualTo("49.50.51.52:80");
    }

    @Test
    void addressType_knowsItsThreeCodesOnly() {
        for (int code = 0; code < 256; code++) {
            AddressType type = AddressType.of(code);
            switch (code) {
                case 1 -> assertThat(type).isSameAs(AddressType.IPV4);
                case 3 -> assertThat(type).isSameAs(AddressType.DOMAINNAME);
                case 4 -> assertThat(type).isSameAs(AddressType.IPV6);
                default -> assertThat(type).isNull();
            }
            if (type != null) {
                assertThat(type.code()).isEqualTo(code);
            }
        }
    }

    private static byte[] encoded(Address address) {
        ByteBuffer buffer = ByteBuffer.allocate(address.encodedLength());
        address.putTo(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
        return buffer.array();
    }
}
