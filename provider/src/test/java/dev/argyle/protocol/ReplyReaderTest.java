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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    private static final byte[] APPLICATION = octets("48 65 6C 6C 6F");

    record Sample(String name, byte[] octets, AddressType type, byte[] address, int port) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> successes() {
        byte[] six = octets("20 01 0D B8 00 00 00 00 00 00 00 00 00 00 FF FF");
        return Stream.of(
                new Sample(
                        "IPv4", octets("05 00 00 01 C0 00 02 01 1F 90"), AddressType.IPV4, octets("C0 00 02 01"), 8080),
                new Sample("zeros", octets("05 00 00 01 00 00 00 00 00 00"), AddressType.IPV4, new byte[4], 0),
                new Sample("IPv6", join(octets("05 00 00 04"), six, octets("FF FF")), AddressType.IPV6, six, 65535),
                new Sample(
                        "RSV not 0",
                        octets("05 00 FF 01 7F 00 00 01 00 50"),
                        AddressType.IPV4,
                        octets("7F 00 00 01"),
                        80),
                named(0),
                named(1),
                named(127),
                named(128),
                named(200),
                named(255));
    }

    private static Sample named(int length) {
        byte[] name = repeat('n', length);
        return new Sample(
                "name of " + length,
                join(octets("05 00 00 03"), new byte[] {(byte) length}, name, octets("80 01")),
                AddressType.DOMAINNAME,
                name,
                0x8001);
    }

    @ParameterizedTest
    @MethodSource("successes")
    void reply_inEverySplit_isReadExactly(Sample sample) throws SocksException {
        byte[] stream = join(sample.octets(), APPLICATION);
        for (int[] split : Wire.splits(stream.length)) {
            Wire.Outcome outcome = Wire.drive(requested(), stream, split);

            assertThat(outcome.taken()).isEqualTo(sample.octets().length);
            Reply reply = ((State.Established) outcome.state()).reply();
            assertThat(reply.code()).isZero();
            assertThat(reply.bound().type()).isEqualTo(sample.type());
            assertThat(reply.bound().octets()).isEqualTo(sample.address());
            assertThat(reply.bound().port()).isEqualTo(sample.port());
        }
    }

    @ParameterizedTest
    @MethodSource("successes")
    void needed_readExactly_neverReachesPastTheReply(Sample sample) throws SocksException {
        Handshake handshake = requested();
        ByteBuffer stream = ByteBuffer.wrap(join(sample.octets(), APPLICATION));
        assertThat(handshake.needed()).isEqualTo(5);

        while (handshake.needed() > 0) {
            byte[] read = new byte[handshake.needed()];
            stream.get(read);
            ByteBuffer piece = ByteBuffer.wrap(read);
            handshake.input(piece);
            assertThat(piece.hasRemaining()).isFalse();
        }

        assertThat(handshake.state()).isInstanceOf(State.Established.class);
        assertThat(stream.position()).isEqualTo(sample.octets().length);
    }

    @Test
    void input_afterSuccess_takesNothing() throws SocksException {
        Handshake handshake = requested();
        handshake.input(ByteBuffer.wrap(octets("05 00 00 01 00 00 00 00 00 00")));
        ByteBuffer application = ByteBuffer.wrap(APPLICATION);

        handshake.input(application);

        assertThat(application.position()).isZero();
        assertThat(handshake.needed()).isZero();
        assertThat(handshake.output().hasRemaining()).isFalse();
    }

    static IntStream failures() {
        return IntStream.range(1, 256);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void code_notZero_failsWhateverFollows(int code) throws SocksException {
        for (String rest : List.of("", "00", "00 01", "00 01 00 00 00 00 00 00", "00 00 00 00 00 00", "FF FF FF FF")) {
            byte[] server = join(new byte[] {5, (byte) code}, octets(rest));
            for (int[] split : Wire.splits(server.length)) {
                Handshake handshake = requested();

                Wire.Outcome outcome = Wire.drive(handshake, server, split);

                SocksException failure = ((State.Failed) outcome.state()).failure();
                assertThat(failure.kind()).isEqualTo(SocksException.Kind.REPLY);
                assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
                assertThat(failure.code()).isEqualTo(code);
                assertThat(failure)
                        .hasMessageStartingWith(
                                "the server replied: " + ReplyCode.meaning(code) + " (" + Socks5.hex(code));
                assertThat(handshake.needed()).isZero();
            }
        }
    }

    @Test
    void code_namedByAix_hasTheNameInItsMessage() throws SocksException {
        assertThat(Wire.failure(requested(), octets("05 05")))
                .hasMessage("the server replied: connection refused (0x05, S5_ECONNREFUSED)");
        assertThat(Wire.failure(requested(), octets("05 09"))).hasMessage("the server replied: unassigned 0x09 (0x09)");
    }

    static IntStream otherVersions() {
        return IntStream.range(0, 256).filter(version -> version != 5);
    }

    @ParameterizedTest
    @MethodSource("otherVersions")
    void version_notFive_isRefusedAtItsOctet(int version) throws SocksException {
        SocksException failure = Wire.failure(requested(), new byte[] {(byte) version});

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.MALFORMED);
        assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
        assertThat(failure).hasMessageContaining(Socks5.hex(version) + " (expected 0x05)");
    }

    static IntStream otherTypes() {
        return IntStream.range(0, 256).filter(type -> AddressType.of(type) == null);
    }

    @ParameterizedTest
    @MethodSource("otherTypes")
    void addressType_unknownInASuccess_isRefused(int type) throws SocksException {
        SocksException failure = Wire.failure(requested(), new byte[] {5, 0, 0, (byte) type});

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.MALFORMED);
        assertThat(failure).hasMessageContaining(Socks5.hex(type) + " (expected 0x01, 0x03 or 0x04)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 255})
    void reserved_anyOctet_isNotJudged(int reserved) throws SocksException {
        byte[] server = octets("05 00 00 01 7F 00 00 01 00 50");
        server[2] = (byte) reserved;

        assertThat(Wire.drive(requested(), server).state()).isInstanceOf(State.Established.class);
    }

    /** Returns a handshake that has sent its request. */
    private static Handshake requested() throws SocksException {
        Handshake handshake = Handshake.connect(Address.name("a.example", 80), List.of(Authentication.NONE));
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 00")));
        Wire.sent(handshake);
        assertThat(handshake.state()).isEqualTo(new State.Requested());
        return handshake;
    }
}
