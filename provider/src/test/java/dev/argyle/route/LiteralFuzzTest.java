// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.protocol.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and names, whatever the text. */
class LiteralFuzzTest {
    @ValueSource(
            strings = {
                "10.0.0.1",
                "255.255.255.255",
                "010.0.0.1",
                "256.0.0.1",
                "1.2.3",
                "::",
                "::1",
                "[::1]",
                "[1.2.3.4]",
                "1:2:3:4:5:6:7:8",
                "1::2:3:4:5:6:7:8",
                "::ffff:10.0.0.1",
                "::FFFF:A00:1",
                "64:ff9b::192.0.2.33",
                "fe80::1%eth0",
                "[fe80::1%25eth0]",
                "2001:DB8::1:0:0:1",
                "1:2:3:4:5:6:7",
                "1::2::3",
                ":1",
                "1:",
                "12345::",
                "\u0661.2.3.4"
            })
    @FuzzTest
    void parse_anyText_isWhatTheJdkReadsAndComesBackFromItsForm(@NotNull @WithUtf8Length(max = 60) String text)
            throws Exception {
        byte[] octets = IpLiteral.parse(text);

        if (ascii(text)) {
            assertThat(IpLiteral.parse(text.toUpperCase(Locale.ROOT))).isEqualTo(octets);
        }
        if (isOfHexadecimalGroups(text)) {
            assertThat(octets == null).isEqualTo(jdk("[" + text + "]") == null);
        }
        if (octets == null) {
            return;
        }
        String form = IpLiteral.format(octets);
        assertThat(IpLiteral.parse(form)).isEqualTo(octets);
        assertThat(IpLiteral.format(IpLiteral.parse(form))).isEqualTo(form);
        boolean zone = text.indexOf('%') >= 0;
        if (!zone) {
            assertThat(jdk(text)).isEqualTo(IpLiteral.isMapped(octets) ? Arrays.copyOfRange(octets, 12, 16) : octets);
        }
        if (octets.length == 16 && !text.startsWith("[")) {
            assertThat(IpLiteral.parse("[" + text + "]")).isEqualTo(octets);
            assertThat(IpLiteral.parse(text + (zone ? "" : "%") + "1")).isEqualTo(octets);
        }
        assertThat(IpLiteral.looksNumeric(form)).isEqualTo(octets.length == 4 || form.indexOf('.') >= 0);
        assertThat(Address.ip(octets, 1).host()).isEqualTo(form);
    }

    @ValueSource(
            strings = {
                "a.example",
                "A.EXAMPLE.",
                "a..b",
                "a..",
                ".",
                "",
                "-",
                "a_b",
                "B\u00fccher.example",
                "\u0130.example",
                "\uff0e",
                "\ud800",
                "xn--bcher-kva.example",
                "1.2.3",
                "a.0x1f",
                "a.0x",
                "*.a",
                "a b"
            })
    @FuzzTest
    void normalize_anyText_hasOneFormWhateverItsCase(@NotNull @WithUtf8Length(max = 300) String text) {
        String form = HostNames.normalize(text);

        if (ascii(text)) {
            assertThat(HostNames.normalize(text.toUpperCase(Locale.ROOT))).isEqualTo(form);
            assertThat(HostNames.toAscii(text)).isSameAs(text);
        }
        if (!HostNames.isValid(form)) {
            return;
        }
        assertThat(form).matches("[a-z0-9._-]{1,253}").isEqualTo(HostNames.normalize(form));
        assertThat(HostNames.normalize(form + ".")).isEqualTo(form);
        assertThat(IpLiteral.parse(form)).isNull();
        assertThat(Address.name(form, 1).host()).isEqualTo(form);
        assertThat(new Target(text, null, 1).name()).isEqualTo(text);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** What we and the JDK must agree on; it takes zeros before the digits of a group, and other ways to write IPv4. */
    private static boolean isOfHexadecimalGroups(String text) {
        return text.indexOf(':') >= 0 && text.matches("([0-9A-Fa-f]{0,4}:)*[0-9A-Fa-f]{0,4}");
    }

    /** Asked for literals only, for which it looks nothing up. */
    private static byte @Nullable [] jdk(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
