// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCodeTest {
    @ParameterizedTest
    @CsvSource({
        "0, succeeded, ",
        "1, general server failure, S5_ESRVFAIL",
        "2, not allowed by the server's rules, S5_EPERM",
        "3, network unreachable, S5_ENETUNREACH",
        "4, host unreachable, S5_EHOSTUNREACH",
        "5, connection refused, S5_ECONNREFUSED",
        "6, TTL expired, S5_ETIMEDOUT",
        "7, command not supported, S5_EOPNOTSUPP",
        "8, address type not supported, S5_EAFNOSUPPORT",
        "9, unassigned 0x09, ",
        "239, unassigned 0xEF, ",
        "240, onion service descriptor not found (Tor), ",
        "247, onion service introduction timed out (Tor), ",
        "248, unassigned 0xF8, ",
        "255, unassigned 0xFF, "
    })
    void code_hasMeaningAndName(int code, String meaning, String aixName) {
        assertThat(ReplyCode.meaning(code)).isEqualTo(meaning);
        assertThat(ReplyCode.aixName(code)).isEqualTo(aixName);
    }

    @Test
    void meaning_isDifferentForEachCode() {
        assertThat(IntStream.range(0, 256).mapToObj(ReplyCode::meaning)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void code_notAnOctet_isRefused(int code) {
        assertThatIllegalArgumentException().isThrownBy(() -> ReplyCode.meaning(code));
        assertThatIllegalArgumentException().isThrownBy(() -> ReplyCode.aixName(code));
        assertThatIllegalArgumentException().isThrownBy(() -> new Reply(code, Address.ip(new byte[4], 0)));
    }

    @Test
    void defaultPort_isThatOfRfc1928() {
        assertThat(Socks5.DEFAULT_PORT).isEqualTo(1080);
    }
}
