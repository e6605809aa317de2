// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.failure;
import static dev.argyle.protocol.Wire.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MethodSelectionTest {
    private static final Address TARGET = Address.name("a.example", 80);
    private static final UserPassword BOB = new UserPassword(new Credentials("bob", "pw"));

    @Test
    void greeting_withoutCredentials_doesNotOfferUserPassword() {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));

        assertThat(handshake.state()).isEqualTo(new State.Negotiating());
        assertThat(handshake.stage()).isEqualTo(Stage.METHOD);
        assertThat(handshake.method()).isEqualTo(-1);
        assertThat(Wire.sent(handshake)).isEqualTo(octets("05 01 00"));
    }

    @Test
    void greeting_offersInTheGivenOrder() {
        assertThat(Wire.sent(Handshake.connect(TARGET, List.of(Authentication.NONE, BOB))))
                .isEqualTo(octets("05 02 00 02"));
        assertThat(Wire.sent(Handshake.connect(TARGET, List.of(BOB, Authentication.NONE))))
                .isEqualTo(octets("05 02 02 00"));
    }

    @Test
    void greeting_of255Methods_countsUnsigned() {
        byte[] greeting = Wire.sent(Handshake.connect(TARGET, methods(255)));

        assertThat(greeting).hasSize(257).startsWith(octets("05 FF 00 01 02"));
        assertThat(greeting[256] & 0xFF).isEqualTo(254);
    }

    @Test
    void greeting_ofNoMethod_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Handshake.connect(TARGET, List.of()))
                .withMessageContaining("0 offered (expected 1 to 255)");
    }

    @Test
    void greeting_of256Methods_isRefused() {
        List<Authentication> methods = new ArrayList<>(methods(255));
        methods.add(BOB);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Handshake.connect(TARGET, methods))
                .withMessageContaining("256 offered");
    }

    @Test
    void greeting_ofTheSameMethodTwice_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Handshake.connect(TARGET, List.of(BOB, BOB)))
                .withMessageContaining("0x02 offered twice");
    }

    @ParameterizedTest
    @CsvSource({"-1", "255", "256"})
    void greeting_ofNoMethodNumber_isRefused(int method) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Handshake.connect(TARGET, List.of(new ScriptedAuthentication(method))))
                .withMessageContaining("method: " + method);
    }

    static IntStream anyOctet() {
        return IntStream.range(0, 256);
    }

    @ParameterizedTest
    @MethodSource("anyOctet")
    void method_anyOctet_isTakenOnlyIfOffered(int method) throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE, BOB));
        byte[] answer = {5, (byte) method};

        if (method == 0x00 || method == 0x02) {
            Wire.sent(handshake);
            handshake.input(ByteBuffer.wrap(answer));
            assertThat(handshake.method()).isEqualTo(method);
            assertThat(handshake.state()).isEqualTo(method == 0 ? new State.Requested() : new State.Authenticating());
        } else {
            SocksException failure = failure(handshake, answer);
            assertThat(failure.kind()).isEqualTo(SocksException.Kind.NO_ACCEPTABLE_METHOD);
            assertThat(failure.stage()).isEqualTo(Stage.METHOD);
            assertThat(failure.code()).isEqualTo(method);
            assertThat(failure)
                    .hasMessageContaining("got " + Socks5.hex(method))
                    .hasMessageContaining("(expected 0x00 no authentication or 0x02 user/password)")
                    .hasMessageNotContaining("may want");
            assertThat(handshake.method()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"02", "FF"})
    void method_refusedWithoutCredentials_hintsAtThem(String method) {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));

        SocksException failure = failure(handshake, octets("05" + method));

        assertThat(failure).hasMessageEndingWith("; it may want a user name and a password");
    }

    static IntStream otherVersions() {
        return IntStream.range(0, 256).filter(version -> version != 5);
    }

    @ParameterizedTest
    @MethodSource("otherVersions")
    void version_notFive_isRefused(int version) {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));

        SocksException failure = failure(handshake, new byte[] {(byte) version, 0});

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.MALFORMED);
        assertThat(failure.stage()).isEqualTo(Stage.METHOD);
        assertThat(failure.code()).isEqualTo(-1);
        assertThat(failure).hasMessageStartingWith("unsupported version: " + Socks5.hex(version) + " (expected 0x05)");
    }

    @ParameterizedTest
    @CsvSource({
        "48 54 54 50 2F, 0x48 (expected 0x05): an HTTP server seems to listen there",
        "15 03 01 00 02, 0x15 (expected 0x05): the server seems to expect TLS",
        "53 53 48 2D 32, 0x53 (expected 0x05): an SSH server seems to listen there",
        "00 5B 00 00 00, 0x00 (expected 0x05): a SOCKS4 server seems to listen there",
        "00 5D 00 00 00, 0x00 (expected 0x05): a SOCKS4 server seems to listen there",
        "00 5E 00 00 00, 0x00 (expected 0x05)",
        "00 59 00 00 00, 0x00 (expected 0x05)",
        "15 02 01 00 02, 0x15 (expected 0x05)",
        "53 48 00 00 00, 0x53 (expected 0x05)",
        "04 5B 00 00 00, 0x04 (expected 0x05): a SOCKS4 server seems to listen there",
        "00 00 00 00 00, 0x00 (expected 0x05)",
        "48 65 6C 6C 6F, 0x48 (expected 0x05)",
        "32 32 30 20 6D, 0x32 (expected 0x05)"
    })
    void version_ofAnotherProtocol_isGuessedInEverySplit(String answer, String expected) {
        byte[] server = octets(answer);
        for (int[] split : Wire.splits(server.length)) {
            Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));

            Wire.Outcome outcome = Wire.drive(handshake, server, split);

            assertThat(((State.Failed) outcome.state()).failure()).hasMessage("unsupported version: " + expected);
            assertThat(outcome.taken()).isEqualTo(2);
        }
    }

    static Stream<byte[]> firstOctets() {
        return Stream.of(octets("48"), octets("04"), octets("00"));
    }

    @ParameterizedTest
    @MethodSource("firstOctets")
    void version_notFiveAndThenTheEnd_isNamed(byte[] first) throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE));
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(first));

        SocksException failure = HandshakeEndTest.endOf(handshake);

        assertThat(failure.kind()).isEqualTo(SocksException.Kind.MALFORMED);
        assertThat(failure).hasMessageStartingWith("unsupported version: " + Socks5.hex(first[0]));
    }

    private static List<Authentication> methods(int count) {
        List<Authentication> methods = new ArrayList<>();
        for (int method = 0; method < count; method++) {
            methods.add(new ScriptedAuthentication(method));
        }
        return methods;
    }
}
