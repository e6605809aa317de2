// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole conversations. */
class HandshakeTest {
    private static final Address TARGET = Address.name("a.example", 80);
    private static final UserPassword BOB = new UserPassword(new Credentials("bob", "pw"));

    private static final byte[] GREETING_NONE = octets("05 01 00");
    private static final byte[] GREETING_BOB = octets("05 01 02");
    private static final byte[] BOB_MESSAGE = octets("01 03 62 6F 62 02 70 77");
    private static final byte[] ADDRESS = octets("03 09 61 2E 65 78 61 6D 70 6C 65 00 50");
    private static final byte[] REPLY = octets("05 00 00 01 C0 00 02 01 1F 90");
    private static final Reply BOUND = new Reply(0, Address.ip(octets("C0 00 02 01"), 8080));
    private static final byte[] APPLICATION = octets("05 00 00 01");

    @ParameterizedTest
    @EnumSource
    void none_inEverySplit_isEstablished(Handshake.Flight flight) {
        byte[] server = join(octets("05 00"), REPLY, APPLICATION);
        for (int[] split : Wire.splits(server.length)) {
            Handshake handshake = Handshake.of(Command.CONNECT, TARGET, List.of(Authentication.NONE), flight);

            Wire.Outcome outcome = Wire.drive(handshake, server, split);

            assertThat(outcome.state()).isEqualTo(new State.Established(BOUND));
            assertThat(outcome.taken()).isEqualTo(12);
            assertThat(outcome.sent()).isEqualTo(join(GREETING_NONE, octets("05 01 00"), ADDRESS));
            assertThat(handshake.method()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void userPassword_inEverySplit_isEstablished(Handshake.Flight flight) {
        byte[] server = join(octets("05 02 01 00"), REPLY, APPLICATION);
        for (int[] split : Wire.splits(server.length)) {
            Handshake handshake = Handshake.of(Command.CONNECT, TARGET, List.of(BOB), flight);

            Wire.Outcome outcome = Wire.drive(handshake, server, split);

            assertThat(outcome.state()).isEqualTo(new State.Established(BOUND));
            assertThat(outcome.taken()).isEqualTo(14);
            assertThat(outcome.sent()).isEqualTo(join(GREETING_BOB, BOB_MESSAGE, octets("05 01 00"), ADDRESS));
            assertThat(handshake.method()).isEqualTo(2);
        }
    }

    @Test
    void stepwise_eachMessageWaitsForTheAnswerBefore() throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(BOB));
        assertThat(Wire.sent(handshake)).isEqualTo(GREETING_BOB);
        assertThat(handshake.needed()).isEqualTo(2);
        handshake.input(ByteBuffer.wrap(octets("05 02")));
        assertThat(handshake.needed()).isZero();
        assertThat(Wire.sent(handshake)).isEqualTo(BOB_MESSAGE);
        assertThat(handshake.needed()).isEqualTo(2);
        handshake.input(ByteBuffer.wrap(octets("01 00")));
        assertThat(handshake.needed()).isZero();
        assertThat(Wire.sent(handshake)).isEqualTo(join(octets("05 01 00"), ADDRESS));
        assertThat(handshake.needed()).isEqualTo(5);
    }

    @Test
    void single_goesThroughTheSameStates() throws SocksException {
        Handshake handshake = Handshake.of(Command.CONNECT, TARGET, List.of(BOB), Handshake.Flight.SINGLE);
        assertThat(handshake.state()).isEqualTo(new State.Negotiating());
        assertThat(Wire.sent(handshake)).isEqualTo(join(GREETING_BOB, BOB_MESSAGE, octets("05 01 00"), ADDRESS));

        handshake.input(ByteBuffer.wrap(octets("05 02")));
        assertThat(handshake.state()).isEqualTo(new State.Authenticating());
        assertThat(handshake.needed()).isEqualTo(2);
        handshake.input(ByteBuffer.wrap(octets("01 00")));
        assertThat(handshake.state()).isEqualTo(new State.Requested());
        assertThat(handshake.output().hasRemaining()).isFalse();
        assertThat(handshake.needed()).isEqualTo(5);
    }

    @Test
    void single_repliesBadInTheMiddle_failAsStrictly() {
        assertThat(Wire.failure(single(BOB), octets("05 00 05 00")).kind())
                .isEqualTo(SocksException.Kind.NO_ACCEPTABLE_METHOD);
        assertThat(Wire.failure(single(BOB), octets("05 FF")).code()).isEqualTo(0xFF);
        assertThat(Wire.failure(single(BOB), octets("05 02 05 00")).kind()).isEqualTo(SocksException.Kind.MALFORMED);
        assertThat(Wire.failure(single(BOB), octets("05 02 01 01 05 00")).kind())
                .isEqualTo(SocksException.Kind.AUTHENTICATION_FAILED);
        assertThat(Wire.failure(single(Authentication.NONE), octets("05 00 05 02"))
                        .kind())
                .isEqualTo(SocksException.Kind.REPLY);
    }

    @Test
    void single_moreThanOneMethod_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Handshake.of(
                        Command.CONNECT, TARGET, List.of(Authentication.NONE, BOB), Handshake.Flight.SINGLE))
                .withMessageStartingWith("single flight: needs one method");
    }

    @Test
    void single_methodThatNeedsAnswers_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> single(new ScriptedAuthentication(0x80)))
                .withMessageStartingWith("single flight: needs one method");
    }

    @Test
    void output_sentInPieces_asksForNothingUntilAllIsSent() throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));
        ByteBuffer early = ByteBuffer.wrap(octets("05 00"));
        for (int i = 0; i < GREETING_NONE.length; i++) {
            assertThat(handshake.needed()).isZero();
            handshake.input(early);
            assertThat(early.position()).isZero();
            assertThat(handshake.output().get()).isEqualTo(GREETING_NONE[i]);
        }
        assertThat(handshake.needed()).isEqualTo(2);

        handshake.input(early);

        assertThat(handshake.state()).isEqualTo(new State.Requested());
    }

    @Test
    void input_ofReadOnlyAndDirectBuffers_isTaken() throws SocksException {
        Handshake handshake = single(Authentication.NONE);
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 00")).asReadOnlyBuffer());

        handshake.input(ByteBuffer.allocateDirect(16).put(REPLY).flip());

        assertThat(handshake.state()).isEqualTo(new State.Established(BOUND));
    }

    @Test
    void offered_changedLater_doesNotMatter() throws SocksException {
        List<Authentication> offered = new ArrayList<>(List.of(Authentication.NONE));
        Handshake handshake = Handshake.connect(TARGET, offered);
        offered.clear();
        Wire.sent(handshake);

        handshake.input(ByteBuffer.wrap(octets("05 00")));

        assertThat(handshake.state()).isEqualTo(new State.Requested());
    }

    @Test
    void bind_inEverySplit_stopsAtEachOfItsTwoReplies() throws SocksException {
        byte[] second = octets("05 00 00 01 CB 00 71 07 C0 00");
        byte[] server = join(octets("05 00"), REPLY, second, APPLICATION);
        for (int[] split : Wire.splits(server.length)) {
            Handshake handshake =
                    Handshake.of(Command.BIND, TARGET, List.of(Authentication.NONE), Handshake.Flight.STEPWISE);

            Wire.Outcome outcome = Wire.drive(handshake, server, split);

            assertThat(outcome.sent()).isEqualTo(join(GREETING_NONE, octets("05 02 00"), ADDRESS));
            assertThat(outcome.taken()).isEqualTo(22);
            assertThat(outcome.state())
                    .isEqualTo(new State.Established(new Reply(0, Address.ip(octets("CB 00 71 07"), 49152))));
        }
    }

    @Test
    void bind_bothRepliesAtOnce_showsTheFirst() throws SocksException {
        Handshake handshake = bound();
        assertThat(handshake.needed()).isEqualTo(5);
        assertThat(handshake.stage()).isEqualTo(Stage.REQUEST);
    }

    @Test
    void bind_secondReplyFails_isAFailure() throws SocksException {
        SocksException failure = Wire.failure(bound(), octets("05 06"));

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.REPLY);
        assertThat(failure.code()).isEqualTo(ReplyCode.TTL_EXPIRED);
    }

    @Test
    void bind_secondReplyTruncated_countsItsOctetsOnly() throws SocksException {
        Handshake handshake = bound();
        handshake.input(ByteBuffer.wrap(REPLY, 0, 7));

        assertThat(HandshakeEndTest.endOf(handshake)).hasMessageContaining("reply: 7 of 10 octets");
    }

    @Test
    void bind_endBeforeTheSecondReply_saysSo() throws SocksException {
        assertThat(HandshakeEndTest.endOf(bound())).hasMessageContaining("without the second reply to BIND");
    }

    @Test
    void udpAssociate_hasOneReply() {
        Address unknown = Address.ip(new byte[4], 0);
        Handshake handshake =
                Handshake.of(Command.UDP_ASSOCIATE, unknown, List.of(Authentication.NONE), Handshake.Flight.STEPWISE);

        Wire.Outcome outcome = Wire.drive(handshake, join(octets("05 00"), REPLY));

        assertThat(outcome.sent()).isEqualTo(join(GREETING_NONE, octets("05 03 00 01 00 00 00 00 00 00")));
        assertThat(outcome.state()).isEqualTo(new State.Established(BOUND));
    }

    @Test
    void udpAssociate_endBeforeTheReply_isNotPutDownToATarget() throws SocksException {
        Handshake handshake = Handshake.of(
                Command.UDP_ASSOCIATE,
                Address.ip(new byte[4], 0),
                List.of(Authentication.NONE),
                Handshake.Flight.STEPWISE);
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 00")));
        Wire.sent(handshake);

        assertThat(HandshakeEndTest.endOf(handshake))
                .hasMessage(
                        "the server closed the connection without a reply; one that carries no datagrams may do so");
    }

    @Test
    void failed_usedAgain_isRefused() {
        Handshake handshake = single(Authentication.NONE);
        SocksException failure = Wire.failure(handshake, octets("05 FF"));

        assertThatIllegalStateException()
                .isThrownBy(() -> handshake.input(ByteBuffer.wrap(octets("05 00"))))
                .withCause(failure);
        assertThatIllegalStateException().isThrownBy(handshake::end).withCause(failure);
        assertThatIllegalStateException().isThrownBy(handshake::task);
        assertThat(handshake.state()).isEqualTo(new State.Failed(failure));
        assertThat(handshake.needed()).isZero();
        assertThat(handshake.output().hasRemaining()).isFalse();
    }

    private static Handshake single(Authentication only) {
        return Handshake.of(Command.CONNECT, TARGET, List.of(only), Handshake.Flight.SINGLE);
    }

    /** Returns a BIND whose first reply has come, while the second was there too. */
    private static Handshake bound() throws SocksException {
        Handshake handshake = Handshake.of(Command.BIND, TARGET, List.of(Authentication.NONE), Handshake.Flight.SINGLE);
        Wire.sent(handshake);
        ByteBuffer both = ByteBuffer.wrap(join(octets("05 00"), REPLY, REPLY));
        handshake.input(both);
        assertThat(both.position()).isEqualTo(12);
        assertThat(handshake.state()).isEqualTo(new State.Bound(BOUND));
        return handshake;
    }
}
