// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInBlockTest {
    @ParameterizedTest
    @CsvSource({
        "198.18.0.0, 15, 198.17.255.255, false",
        "198.18.0.0, 15, 198.18.0.0, true",
        "198.18.0.0, 15, 198.19.255.255, true",
        "198.18.0.0, 15, 198.20.0.0, false",
        "198.18.0.0, 15, 199.18.0.0, false",
        "198.18.0.0, 15, ::ffff:198.18.0.1, true",
        "198.18.0.0, 15, c612::1, false",
        "10.0.0.0, 8, 10.255.255.255, true",
        "10.0.0.0, 8, 11.0.0.0, false",
        "10.0.0.4, 30, 10.0.0.7, true",
        "10.0.0.4, 30, 10.0.0.8, false",
        "100::, 64, 100::ffff:ffff:ffff:ffff, true",
        "100::, 64, 100:0:0:1::, false",
        "100::, 64, 1.0.0.0, false",
        "fd00::, 8, fdff::1, true",
        "fd00::, 8, fc00::1, false",
        "fd00::80, 121, fd00::ff, true",
        "fd00::80, 121, fd00::7f, false",
    })
    void contains_address_isOfTheBlock(String network, int prefix, String address, boolean expected) throws Exception {
        assertThat(block(network, prefix)
                        .contains(InetAddress.getByName(address).getAddress()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.0, 7, a prefix of 7 (expected: 8 to 30)",
        "198.18.0.0, 31, a prefix of 31 (expected: 8 to 30)",
        "100::, 7, a prefix of 7 (expected: 8 to 126)",
        "100::, 127, a prefix of 127 (expected: 8 to 126)",
        "198.18.0.1, 15, not a network",
        "198.19.0.0, 14, not a network",
        "100::1, 64, not a network",
        "0.0.0.0, 8, never a host's",
        "127.0.0.0, 24, never a host's",
        "169.254.1.0, 24, never a host's",
        "169.0.0.0, 8, never a host's",
        "224.0.0.0, 8, never a host's",
        "239.1.0.0, 16, never a host's",
        "255.255.255.0, 24, never a host's",
        "::, 64, never a host's",
        "fe80::, 64, never a host's",
        "fe00::, 8, never a host's",
        "ff02::, 16, never a host's",
    })
    void block_thatCannotBe_isRefused(String network, int prefix, String problem) throws Exception {
        byte[] octets = InetAddress.getByName(network).getAddress();

        assertThatThrownBy(() -> new StandInBlock(octets, prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(InetAddress.getByAddress(octets).getHostAddress() + "/" + prefix + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void block_ofNoFamily_isRefused() {
        assertThatThrownBy(() -> new StandInBlock(new byte[5], 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a network of 5 octets (expected: 4 or 16)");
    }

    @ParameterizedTest
    @CsvSource({"240.0.0.0, 8", "169.253.0.0, 16", "170.0.0.0, 8", "fec0::, 10", "fd00::, 126"})
    void block_besideThose_isTaken(String network, int prefix) throws Exception {
        assertThat(block(network, prefix)
                        .contains(InetAddress.getByName(network).getAddress()))
                .isTrue();
    }

    @Test
    void defaults_areTheBlocksForBenchmarksAndForDiscarding() {
        assertThat(StandInBlock.defaults())
                .map(StandInBlock::toString)
                .containsExactly("198.18.0.0/15", "100:0:0:0:0:0:0:0/64");
    }

    @Test
    void network_changedAfterwards_changesNothing() {
        byte[] octets = {10, 0, 0, 0};
        StandInBlock block = new StandInBlock(octets, 8);
        octets[0] = 11;

        assertThat(block.contains(new byte[] {10, 1, 1, 1})).isTrue();
    }

    static StandInBlock block(String network, int prefix) throws UnknownHostException {
        return new StandInBlock(InetAddress.getByName(network).getAddress(), prefix);
    }
}
