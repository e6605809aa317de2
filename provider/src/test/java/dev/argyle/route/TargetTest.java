// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TargetTest {
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};

    @Test
    void new_literalAsName_becomesTheAddress() {
        Target target = new Target("10.1.2.3", null, 80);
        assertThat(target.name()).isNull();
        assertThat(target.address()).containsExactly(10, 1, 2, 3);
        assertThat(target).hasToString("10.1.2.3:80");
    }

    @Test
    void new_literalAsNameAndAddress_keepsTheAddress() {
        assertThat(new Target("10.1.2.3", new byte[] {1, 2, 3, 4}, 80)).hasToString("1.2.3.4:80");
    }

    @Test
    void new_mappedAddress_becomesIpv4() {
        assertThat(new Target(null, MAPPED, 80).address()).containsExactly(10, 1, 2, 3);
        assertThat(new Target("::ffff:10.1.2.3", null, 80)).isEqualTo(new Target("10.1.2.3", null, 80));
    }

    @Test
    void address_changedByCaller_leavesTheTarget() {
        byte[] octets = {10, 1, 2, 3};
        Target target = new Target(null, octets, 80);
        octets[0] = 11;
        target.address()[1] = 11;
        assertThat(target.address()).containsExactly(10, 1, 2, 3);
    }

    @Test
    void equals_sameOctets_isTrueWithTheSameHash() {
        Target a = new Target("h", new byte[] {10, 1, 2, 3}, 80);
        assertThat(a).isEqualTo(new Target("h", new byte[] {10, 1, 2, 3}, 80));
        assertThat(a).hasSameHashCodeAs(new Target("h", new byte[] {10, 1, 2, 3}, 80));
        assertThat(a).isNotEqualTo(new Target("h", new byte[] {10, 1, 2, 4}, 80));
        assertThat(a).isNotEqualTo(new Target("i", new byte[] {10, 1, 2, 3}, 80));
        assertThat(a).isNotEqualTo(new Target("h", new byte[] {10, 1, 2, 3}, 81));
    }

    @Test
    void toString_nameAndAddress_areBothShown() {
        assertThat(new Target("h", null, 80)).hasToString("h:80");
        assertThat(new Target("h", IpLiteral.parse("::1"), 80)).hasToString("h/[::1]:80");
    }

    @Test
    void new_impossible_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target(null, null, 80))
                .withMessage("neither name nor address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target("h", null, 65536))
                .withMessage("port 65536 (expected: 0 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target("h", null, -1))
                .withMessage("port -1 (expected: 0 to 65535)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target(null, new byte[3], 80))
                .withMessage("address of 3 octets (expected: 4 or 16)");
    }
}
