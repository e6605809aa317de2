// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetPatternTest {
    private static final int ANY = TargetPattern.ANY_PORT;

    @ParameterizedTest
    @CsvSource({
        "db.internal, db.internal, true",
        "DB.internal., db.INTERNAL, true",
        "db.internal, db.internal., true",
        "db.internal, x.db.internal, false",
        "db.internal, xdb.internal, false",
        "db.internal, db.internal.x, false",
        "b\u00fccher.example, xn--bcher-kva.example, true",
        "xn--bcher-kva.example, b\u00fccher.example, true",
        "db.internal, 10.0.0.1, false",
    })
    void name_target_matchesOnlyItself(String name, String target, boolean expected) {
        assertThat(matches(TargetPattern.name(name, ANY), target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "corp, a.corp, true, true",
        "corp, a.b.CORP., true, true",
        "corp, corp, false, true",
        "corp, xcorp, false, false",
        "corp, .corp, false, false",
        "corp, corp.x, false, false",
        "example.com, www.example.com, true, true",
        "example.com, notexample.com, false, false",
        "example.com, com, false, false",
        "1, 10.0.0.1, false, false",
    })
    void belowAndDomain_target_matchWholeLabels(String domain, String target, boolean below, boolean both) {
        assertThat(matches(TargetPattern.below(domain, ANY), target)).isEqualTo(below);
        assertThat(matches(TargetPattern.domain(domain, ANY), target)).isEqualTo(both);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, true",
        "localhost, LOCALHOST., true",
        "localhost, localhost.x, false",
        "10.*, 10.1.2.3, true",
        "10.*, 100.1.2.3, false",
        "10.*, 10.example.com, true",
        "127.*, 127.0.0.1, true",
        "*.corp, a.corp, true",
        "*.corp, corp, false",
        "*corp, xcorp, true",
        "*.5, 10.0.0.5, true",
        "*mid*, a.amidst.b, true",
        "*mid*, a.b, false",
        "fe80:*, fe80::1, true",
        "fe80:*, fec0::1, false",
        "**, anything, true",
        "a*b, a*b, true",
        "a*b, axb, false",
    })
    void text_target_matchesRawText(String glob, String target, boolean expected) {
        assertThat(matches(TargetPattern.text(glob, ANY), target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0, 8, 10.255.0.1, true",
        "10.0.0.0, 8, 11.0.0.0, false",
        "10.0.0.0, 8, ::10.0.0.1, false",
        "10.0.0.0, 8, ::ffff:10.0.0.1, true",
        "10.1.2.3, 8, 10.9.9.9, true",
        "0.0.0.0, 0, 200.1.1.1, true",
        "0.0.0.0, 0, ::1, false",
        "172.16.0.0, 12, 172.31.255.255, true",
        "172.16.0.0, 12, 172.32.0.0, false",
        "128.0.0.0, 1, 255.0.0.1, true",
        "128.0.0.0, 1, 127.0.0.1, false",
        "10.0.0.1, 32, 10.0.0.1, true",
        "10.0.0.1, 32, 10.0.0.2, false",
        "fd00::, 8, fdff::1, true",
        "fd00::, 8, fe00::1, false",
        "fe80::, 10, febf::1, true",
        "fe80::, 10, fec0::1, false",
        "::1, 128, ::1, true",
        "::1, 128, ::2, false",
        "::ffff:10.0.0.0, 104, 10.1.2.3, true",
        "::ffff:10.0.0.0, 104, 11.1.2.3, false",
        "10.0.0.0, 8, host, false",
    })
    void block_target_comparesThePrefix(String network, int prefixLength, String target, boolean expected) {
        TargetPattern block = TargetPattern.block(IpLiteral.parse(network), prefixLength, ANY);
        assertThat(matches(block, target)).isEqualTo(expected);
    }

    @Test
    void everything_anyTarget_matches() {
        assertThat(matches(TargetPattern.everything(ANY), "a.b")).isTrue();
        assertThat(matches(TargetPattern.everything(ANY), "10.0.0.1")).isTrue();
        assertThat(matches(TargetPattern.everything(ANY), "::1")).isTrue();
    }

    @Test
    void matches_port_mustBeThePatternsWhereItHasOne() {
        assertThat(TargetPattern.name("a", 80).matches("a", null, 80, Transport.TCP))
                .isTrue();
        assertThat(TargetPattern.name("a", 80).matches("a", null, 81, Transport.TCP))
                .isFalse();
        assertThat(TargetPattern.everything(443).matches("a", null, 443, Transport.TCP))
                .isTrue();
        assertThat(TargetPattern.everything(443).matches("a", null, 80, Transport.TCP))
                .isFalse();
    }

    @Test
    void matches_portsAndTransport_mustBeThePatternsWhereItHasThem() {
        TargetPattern pattern = TargetPattern.name("a", ANY).at(80, 90, Transport.UDP);
        assertThat(pattern.matches("a", null, 80, Transport.UDP)).isTrue();
        assertThat(pattern.matches("a", null, 90, Transport.UDP)).isTrue();
        assertThat(pattern.matches("a", null, 79, Transport.UDP)).isFalse();
        assertThat(pattern.matches("a", null, 91, Transport.UDP)).isFalse();
        assertThat(pattern.matches("a", null, 85, Transport.TCP)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ibm.com, aguila.austin.ibm.com, true",
        "ibm.com, notibm.com, true",
        "ibm.com, IBM.COM., true",
        ".ibm.com, ibm.com, false",
        "m.com, ibm.com, true",
        "ibm.com, ibm.com.example, false",
        "1, 10.0.0.1, false",
    })
    void suffix_target_matchesWhatEndsWithIt(String fragment, String target, boolean expected) {
        assertThat(matches(TargetPattern.suffix(fragment, ANY), target)).isEqualTo(expected);
    }

    @Test
    void matches_nameAndAddress_eitherIsEnough() {
        byte[] address = {10, 0, 0, 1};
        assertThat(TargetPattern.block(address, 8, ANY).matches("a", address, 80, Transport.TCP))
                .isTrue();
        assertThat(TargetPattern.name("a", ANY).matches("a", address, 80, Transport.TCP))
                .isTrue();
        assertThat(TargetPattern.text("10.*", ANY).matches("a", address, 80, Transport.TCP))
                .isTrue();
    }

    @Test
    void new_impossible_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetPattern.block(new byte[4], 33, ANY))
                .withMessage("4 octets with a prefix of 33");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetPattern.block(new byte[16], -1, ANY))
                .withMessage("16 octets with a prefix of -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetPattern.block(new byte[3], 0, ANY))
                .withMessage("3 octets with a prefix of 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetPattern.everything(65536))
                .withMessage("ports 65536 to 65536 (expected: 0 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetPattern.everything(ANY).at(2, 1, null))
                .withMessage("ports 2 to 1 (expected: 0 to 65535)");
    }

    private static boolean matches(TargetPattern pattern, String target) {
        byte[] address = new Target(target, null, 80).address();
        return pattern.matches(address == null ? HostNames.normalize(target) : null, address, 80, Transport.TCP);
    }
}
