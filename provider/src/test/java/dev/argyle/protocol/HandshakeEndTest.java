// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server closes: after each octet that it sends. */
class HandshakeEndTest {
    private static final UserPassword BOB = new UserPassword(new Credentials("bob", "pw"));
    private static final byte[] BEFORE_REPLY = octets("05 02 01 00");

    @ParameterizedTest
    @EnumSource
    void end_afterEachOctet_saysHowManyOfHowManyCame(Handshake.Flight flight) {
        byte[] name = join(octets("05 00 00 03 C8"), repeat('n', 200), octets("00 50"));
        byte[] four = octets("05 00 00 01 7F 00 00 01 00 50");
        byte[] six = join(octets("05 00 00 04"), new byte[18]);
        for (byte[] reply : List.of(name, four, six)) {
            byte[] server = join(BEFORE_REPLY, reply);
            for (int length = 0; length < server.length; length++) {
                Handshake handshake = handshake(flight);
                Wire.drive(handshake, server, length);

                SocksException failure = endOf(handshake);

                assertThat(failure.kind()).isEqualTo(SocksException.Kind.CLOSED);
                assertThat(failure.code()).isEqualTo(-1);
                assertThat(failure.stage())
                        .isEqualTo(length < 2 ? Stage.METHOD : length < 4 ? Stage.AUTHENTICATION : Stage.REQUEST);
                assertThat(failure).hasMessageContaining(words(length, reply.length));
                assertThat(handshake.state()).isEqualTo(new State.Failed(failure));
            }
        }
    }

    private static String words(int length, int replyLength) {
        return switch (length) {
            case 0 -> "closed the connection without an answer to the greeting";
            case 1 -> "within its choice of a method: 1 of 2 octets came";
            case 2 -> "during authentication (method 0x02)";
            case 3 -> "within its authentication message: 1 of 2 octets came";
            case 4 -> "without a reply; OpenSSH does so when the target refuses or cannot be reached";
            case 5, 6, 7, 8 -> "within its reply: " + (length - 4) + " of at least 5 octets came";
            default -> "within its reply: " + (length - 4) + " of " + replyLength + " octets came";
        };
    }

    @Test
    void end_whileOutputIsPending_fails() {
        Handshake handshake = handshake(Handshake.Flight.SINGLE);

        SocksException failure = endOf(handshake);

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.CLOSED);
        assertThat(failure.stage()).isEqualTo(Stage.METHOD);
        assertThat(handshake.output().hasRemaining()).isFalse();
    }

    @Test
    void end_afterSuccess_isTheApplicationsToSee() {
        Handshake handshake = handshake(Handshake.Flight.STEPWISE);
        Wire.drive(handshake, join(BEFORE_REPLY, octets("05 00 00 01 7F 00 00 01 00 50")));

        assertThatIllegalStateException().isThrownBy(handshake::end);
        assertThat(handshake.state()).isInstanceOf(State.Established.class);
    }

    @Test
    void end_whileATaskIsDue_fails() throws SocksException {
        Handshake handshake =
                Handshake.connect(Address.name("a.example", 80), List.of(new ScriptedAuthentication(0x80)));
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 80")));
        Runnable task = handshake.task();

        SocksException failure = endOf(handshake);

        assertThat(failure.stage()).isEqualTo(Stage.AUTHENTICATION);
        assertThat(failure).hasMessageContaining("during authentication (method 0x80)");
        assertThatIllegalStateException().isThrownBy(task::run);
    }

    static SocksException endOf(Handshake handshake) {
        SocksException failure = catchThrowableOfType(SocksException.class, handshake::end);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static Handshake handshake(Handshake.Flight flight) {
        return Handshake.of(Command.CONNECT, Address.name("a.example", 80), List.of(BOB), flight);
    }
}
