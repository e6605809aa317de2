// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindRulesTest {
    private static final BindRules ALL = new BindRules(true, List.of(), List.of(), List.of());

    private static byte[] octets(String literal) {
        return Objects.requireNonNull(IpLiteral.parse(literal));
    }

    private static BindRules ports(int first, int last) {
        return new BindRules(false, List.of(new BindRules.Ports(first, last)), List.of(), List.of());
    }

    private static BindRules local(String network, int prefixLength) {
        TargetPattern block = TargetPattern.block(octets(network), prefixLength, TargetPattern.ANY_PORT);
        return new BindRules(false, List.of(), List.of(block), List.of());
    }

    private static BindRules peer(TargetPattern pattern) {
        return new BindRules(false, List.of(), List.of(), List.of(pattern));
    }

    @Test
    void none_anySocketAndTarget_isNotMeant() {
        assertThat(BindRules.NONE.isEmpty()).isTrue();
        assertThat(BindRules.NONE.hasPeers()).isFalse();
        assertThat(BindRules.NONE.matches(octets("0.0.0.0"), 0)).isFalse();
        assertThat(BindRules.NONE.holdsFor(new Target("a", null, 21))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 0", "::, 0", "10.0.0.1, 80", "::1, 65535"})
    void all_anySocket_isMeant(String asked, int port) {
        assertThat(ALL.matches(octets(asked), port)).isTrue();
        assertThat(ALL.isEmpty()).isFalse();
        assertThat(ALL.hasPeers()).isFalse();
        assertThat(ALL.holdsFor(new Target("a", null, 21))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, true",
        "0, 0, 1, false",
        "20, 20, 20, true",
        "20, 20, 19, false",
        "20, 20, 21, false",
        "20, 30, 20, true",
        "20, 30, 30, true",
        "20, 30, 31, false",
        "20, 30, 0, false",
        "0, 65535, 65535, true",
    })
    void ports_ofASocket_areMeantFromTheFirstToTheLast(int first, int last, int asked, boolean meant) {
        BindRules rules = ports(first, last);

        assertThat(rules.matches(octets("0.0.0.0"), asked)).isEqualTo(meant);
        assertThat(rules.matches(octets("::1"), asked)).isEqualTo(meant);
        assertThat(rules.isEmpty()).isFalse();
        assertThat(rules.holdsFor(new Target("a", null, 21))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "2, 1", "0, 65536"})
    void ports_thatAreNone_throw(int first, int last) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BindRules.Ports(first, last))
                .withMessage("ports " + first + " to " + last + " (expected: 0 to 65535)");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 32, 10.0.0.1, true",
        "10.0.0.1, 32, 10.0.0.2, false",
        "10.0.0.1, 32, 0.0.0.0, false",
        "10.0.0.1, 32, ::, false",
        "10.0.0.0, 8, 10.9.9.9, true",
        "10.0.0.0, 8, 11.0.0.1, false",
        "10.0.0.0, 8, ::, false",
        "2001:db8::, 32, 2001:db8::1, true",
        "2001:db8::, 32, 2001:db9::1, false",
        "2001:db8::, 32, 10.0.0.1, false",
        // none is asked for, which a socket of both families says in either
        "0.0.0.0, 32, 0.0.0.0, true",
        "0.0.0.0, 32, ::, true",
        "::, 128, 0.0.0.0, true",
        "::, 128, ::, true",
        "0.0.0.0, 32, 127.0.0.1, false",
        "::, 128, ::1, false",
        "0.0.0.0, 0, ::, true",
        "0.0.0.0, 0, 10.0.0.1, true",
        "0.0.0.0, 0, ::1, false",
        "::, 0, 0.0.0.0, true",
        "::ffff:10.0.0.1, 128, 10.0.0.1, true",
    })
    void local_ofASocket_isMeantByItsPrefix(String network, int prefixLength, String asked, boolean meant) {
        BindRules rules = local(network, prefixLength);

        assertThat(rules.matches(octets(asked), 0)).isEqualTo(meant);
        assertThat(rules.matches(octets(asked), 80)).isEqualTo(meant);
        assertThat(rules.isEmpty()).isFalse();
        assertThat(rules.holdsFor(new Target("a", null, 21))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ftp.example, 21, true",
        "FTP.Example., 21, true",
        "a.ftp.example, 21, true",
        "ftp.example, 22, false",
        "example, 21, false",
        "10.0.0.1, 21, false",
    })
    void peer_byName_holdsForItsTargets(String host, int port, boolean holds) {
        BindRules rules = peer(TargetPattern.domain("ftp.example", 21));

        assertThat(rules.holdsFor(new Target(host, null, port))).isEqualTo(holds);
        assertThat(rules.isEmpty()).isFalse();
        assertThat(rules.hasPeers()).isTrue();
    }

    @Test
    void peer_byAddress_holdsForItsTargets() {
        BindRules rules = peer(TargetPattern.block(octets("10.0.0.0"), 8, TargetPattern.ANY_PORT));

        assertThat(rules.holdsFor(new Target(null, octets("10.1.2.3"), 21))).isTrue();
        assertThat(rules.holdsFor(new Target("a", octets("10.1.2.3"), 21))).isTrue();
        assertThat(rules.holdsFor(new Target("a", null, 21))).isFalse();
        assertThat(rules.holdsFor(new Target(null, octets("11.1.2.3"), 21))).isFalse();
    }

    /** What it asks for may be the address of a connection: only who knows that can tell. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "127.0.0.1"})
    void peer_anySocket_isNotMeantByWhatItAsksFor(String asked) {
        assertThat(peer(TargetPattern.everything(TargetPattern.ANY_PORT)).matches(octets(asked), 0))
                .isFalse();
    }

    @Test
    void rules_ofSeveralKinds_holdTogether() {
        BindRules rules = new BindRules(
                false,
                List.of(new BindRules.Ports(1, 2), new BindRules.Ports(0, 0)),
                List.of(
                        TargetPattern.block(octets("10.0.0.1"), 32, TargetPattern.ANY_PORT),
                        TargetPattern.block(octets("::1"), 128, TargetPattern.ANY_PORT)),
                List.of(TargetPattern.name("a", TargetPattern.ANY_PORT)));

        assertThat(rules.matches(octets("10.0.0.2"), 0)).isTrue();
        assertThat(rules.matches(octets("10.0.0.2"), 2)).isTrue();
        assertThat(rules.matches(octets("10.0.0.1"), 3)).isTrue();
        assertThat(rules.matches(octets("::1"), 3)).isTrue();
        assertThat(rules.matches(octets("10.0.0.2"), 3)).isFalse();
        assertThat(rules.hasPeers()).isTrue();
        assertThat(rules.holdsFor(new Target("b", null, 1))).isTrue();
    }

    @Test
    void lists_changedAfterwards_areCopies() {
        List<BindRules.Ports> ports = new ArrayList<>(List.of(new BindRules.Ports(1, 1)));
        BindRules rules = new BindRules(false, ports, new ArrayList<>(), new ArrayList<>());
        ports.clear();

        assertThat(rules.matches(octets("::"), 1)).isTrue();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> rules.locals().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> rules.peers().clear());
    }
}
