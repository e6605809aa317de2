// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UserPasswordTest {
    private static final Address TARGET = Address.ip(octets("C0 00 02 01"), 80);
    private static final byte[] REQUEST = octets("05 01 00 01 C0 00 02 01 00 50");

    @Test
    void message_hasTheLayoutOfRfc1929() throws SocksException {
        Handshake handshake = asked(new Credentials("bob", "h\u00F6"));

        assertThat(Wire.sent(handshake)).isEqualTo(octets("01 03 62 6F 62 03 68 C3 B6"));
        assertThat(handshake.needed()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "255, 1", "1, 255", "255, 255", "128, 200"})
    void message_ofAnyLength_countsUnsigned(int userLength, int passwordLength) throws SocksException {
        Handshake handshake = asked(new Credentials("u".repeat(userLength), "p".repeat(passwordLength)));

        byte[] expected = join(
                new byte[] {1, (byte) userLength},
                repeat('u', userLength),
                new byte[] {(byte) passwordLength},
                repeat('p', passwordLength));
        assertThat(Wire.sent(handshake)).isEqualTo(expected);
    }

    static IntStream anyOctet() {
        return IntStream.range(0, 256);
    }

    @ParameterizedTest
    @MethodSource("anyOctet")
    void status_anyOctet_isSuccessOnlyIfZero(int status) throws SocksException {
        Handshake handshake = asked(new Credentials("bob", "hidden"));

        Wire.Outcome outcome = Wire.drive(handshake, new byte[] {1, (byte) status});

        if (status == 0) {
            assertThat(outcome.state()).isEqualTo(new State.Requested());
            assertThat(handshake.stage()).isEqualTo(Stage.REQUEST);
            assertThat(outcome.sent()).endsWith(REQUEST);
        } else {
            SocksException failure = ((State.Failed) outcome.state()).failure();
            assertThat(failure.kind()).isEqualTo(SocksException.Kind.AUTHENTICATION_FAILED);
            assertThat(failure.stage()).isEqualTo(Stage.AUTHENTICATION);
            assertThat(failure.code()).isEqualTo(status);
            assertThat(failure)
                    .hasMessage("the server refused user name or password: status " + Socks5.hex(status)
                            + " (expected 0x00)");
            assertThat(handshake.output().hasRemaining()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("anyOctet")
    void version_anyOctet_isTakenOnlyIfOne(int version) throws SocksException {
        Handshake handshake = asked(new Credentials("bob", "hidden"));

        State state = Wire.drive(handshake, new byte[] {(byte) version, 0}).state();

        if (version == 1) {
            assertThat(state).isEqualTo(new State.Requested());
        } else {
            SocksException failure = ((State.Failed) state).failure();
            assertThat(failure.kind()).isEqualTo(SocksException.Kind.MALFORMED);
            assertThat(failure.stage()).isEqualTo(Stage.AUTHENTICATION);
            assertThat(failure).hasMessageContaining(Socks5.hex(version) + " (expected 0x01)");
        }
    }

    @Test
    void begin_eachTime_isAnExchangeOfItsOwn() throws SocksException {
        UserPassword shared = new UserPassword(new Credentials("bob", "pw"));
        for (int i = 0; i < 2; i++) {
            Handshake handshake = Handshake.connect(TARGET, List.of(shared));
            Wire.sent(handshake);
            handshake.input(ByteBuffer.wrap(octets("05 02")));
            assertThat(Wire.sent(handshake)).isEqualTo(octets("01 03 62 6F 62 02 70 77"));
        }
    }

    /** Returns a handshake whose server has chosen method 02. */
    private static Handshake asked(Credentials credentials) throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE, new UserPassword(credentials)));
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 02")));
        assertThat(handshake.state()).isEqualTo(new State.Authenticating());
        assertThat(handshake.stage()).isEqualTo(Stage.AUTHENTICATION);
        return handshake;
    }
}
