// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "[::1], ::1",
        "fe80::1%eth0, fe80::1",
        "[fe80::1%25eth0], fe80::1",
        "fe80::1%1.2, fe80::1",
        "2001:DB8::A, 2001:db8::a",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:0:2:3:0:0:4, 1::2:3:0:0:4",
        "1:0:2::, 1:0:2::",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "::ffff:102:304, ::ffff:1.2.3.4",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    })
    void parse_literal_formatsAsRfc5952(String literal, String canonical) {
        byte[] octets = IpLiteral.parse(literal);
        assertThat(octets).isNotNull();
        assertThat(IpLiteral.format(octets)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "]",
                "[]",
                "1",
                "127.1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.0x4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "+1.2.3.4",
                "1.2.3.-4",
                "1.2.3.\u0664",
                "[1.2.3.4]",
                "1.2.3.4%a",
                "localhost",
                "example.com",
                ":",
                ":::",
                "::1::",
                "1::2::3",
                ":1",
                "1:",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "::g",
                "::%",
                "[::1",
                "::1]",
                "[[::1]]",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.256",
                "\uff11::",
                "::/0",
                "%eth0"
            })
    void parse_otherText_isNull(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    @Test
    void parse_formatted_isTheSame() {
        Random random = new Random(1928);
        for (int i = 0; i < 5000; i++) {
            byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(octets);
            for (int j = 0; j < octets.length; j++) {
                octets[j] = random.nextInt(3) == 0 ? octets[j] : 0; // so that there are runs of zeros
            }
            assertThat(IpLiteral.parse(IpLiteral.format(octets))).isEqualTo(octets);
        }
    }

    @Test
    void parse_randomText_agreesWithTheJdkWhereItAccepts() throws Exception {
        Random random = new Random(5952);
        String alphabet = "::::0019af..";
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] octets = IpLiteral.parse(text.toString());
            if (octets != null) {
                accepted++;
                byte[] expected = InetAddress.getByName(text.toString()).getAddress();
                assertThat(IpLiteral.isMapped(octets) ? java.util.Arrays.copyOfRange(octets, 12, 16) : octets)
                        .as(text.toString())
                        .isEqualTo(expected);
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    @Test
    void format_otherLength_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpLiteral.format(new byte[5]))
                .withMessage("address of 5 octets (expected: 4 or 16)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.1", "1", "1.2.3.999", "0x7f000001", "0X1", "a.1", "010.0.0.1", "0x"})
    void looksNumeric_lastLabelIsNumber_isTrue(String name) {
        assertThat(IpLiteral.looksNumeric(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1.a", "1a", "0xg", "cafe", "1."})
    void looksNumeric_name_isFalse(String name) {
        assertThat(IpLiteral.looksNumeric(name)).isFalse();
    }
}
