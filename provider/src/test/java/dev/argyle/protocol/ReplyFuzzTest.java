// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithLength;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server may send, judged by readers of whole streams that are written anew here. */
class ReplyFuzzTest {
    private static final UserPassword BOB = new UserPassword(new Credentials("bob", "pw"));

    /** Conversations: plain ones, each cut short, and each with one octet put in the place of another. */
    static Stream<Arguments> conversations() {
        List<Arguments> conversations = new ArrayList<>();
        Random random = new Random(1928);
        for (String negotiation : List.of("05 00", "05 02 01 00")) {
            for (byte[] bound : bounds()) {
                byte[] whole = join(octets(negotiation), octets("05 00 00"), bound, repeat('a', 3));
                for (int i = 0; i < 12; i++) {
                    byte[] server = i == 0 ? whole : Arrays.copyOf(whole, random.nextInt(whole.length) + 1);
                    if (i > 6) {
                        server = whole.clone();
                        server[random.nextInt(Math.min(whole.length, 12))] = (byte) random.nextInt(256);
                    }
                    byte[] lengths = new byte[random.nextInt(8) + 1];
                    random.nextBytes(lengths);
                    conversations.add(Arguments.of(server, lengths, i % 3 == 0, i % 2 == 0));
                }
            }
        }
        return conversations.stream();
    }

    private static List<byte[]> bounds() {
        return List.of(
                join(octets("01"), new byte[6]),
                join(octets("04"), repeat(0xFE, 18)),
                octets("03 00 00 50"),
                join(octets("03 7F"), repeat('n', 127), new byte[2]),
                join(octets("03 80"), repeat('n', 128), new byte[2]),
                join(octets("03 FF"), repeat(0xFF, 255), repeat(0xFF, 2)));
    }

    @MethodSource("conversations")
    @FuzzTest
    void conversation_anyOctetsInAnySplit_endsAsTheySay(
            byte @NotNull @WithLength(max = 300) [] server,
            byte @NotNull @WithLength(max = 8) [] lengths,
            boolean single,
            boolean exact) {
        String expected = judge(server, single);

        assertThat(drive(server, lengths, single, exact)).isEqualTo(expected);
        assertThat(drive(server, new byte[] {1}, single, exact)).isEqualTo(expected);
    }

    static Stream<Arguments> replies() {
        return bounds().stream()
                .flatMap(bound -> Stream.of(
                        Arguments.of(join(octets("05 00 00"), bound), 1),
                        Arguments.of(join(octets("05 00 FF"), bound, octets("05")), 5),
                        Arguments.of(join(octets("05 05 00"), bound), 3),
                        Arguments.of(join(octets("04 00 00"), bound), 300),
                        Arguments.of(octets("05 00 00 02 00 00 00 00 00 00"), 2),
                        Arguments.of(octets("05 00 00 03 05 61"), 2)));
    }

    @MethodSource("replies")
    @FuzzTest
    void reply_anyOctetsInAnySplit_isReadExactly(byte @NotNull @WithLength(max = 300) [] octets, int length) {
        List<String> results = new ArrayList<>();
        for (int step : new int[] {300, 1, Math.floorMod(length, 300) + 1}) {
            ByteBuffer source = ByteBuffer.wrap(octets);
            ReplyReader reader = new ReplyReader(ReplyReader.Which.ONLY);
            String result = "open";
            try {
                while (source.hasRemaining() && reader.reply() == null) {
                    int taken = Math.min(step, Math.min(reader.needed(), source.remaining()));
                    assertThat(taken).isPositive();
                    reader.input(ByteBuffer.wrap(octets, source.position(), taken));
                    source.position(source.position() + taken);
                }
                Reply reply = reader.reply();
                if (reply != null) {
                    assertThat(reader.needed()).isZero();
                    assertThat(encoded(reply.bound())).isEqualTo(Arrays.copyOfRange(octets, 3, source.position()));
                    assertThat(reply.bound().toString()).matches("\\P{Cntrl}*");
                    result = reply + " after " + source.position();
                }
            } catch (SocksException e) {
                result = e.getMessage();
            }
            results.add(result);
        }
        assertThat(results).containsOnly(results.get(0));
        assertThat(results.get(0).contains(" after "))
                .isEqualTo(judge(join(octets("05 00"), octets), false).startsWith("established"));
    }

    @CsvSource({
        "a.example, 80",
        "'', 1",
        "A.Example., 65535",
        "b\u00fccher.example, 0",
        "a\0b, 1",
        "\u3002, 1",
        "'a b', 1",
        "10.0.0.1, 65536",
        "h, -1"
    })
    @FuzzTest
    void address_anyNameAndPort_comesBackFromItsOctets(@NotNull @WithUtf8Length(max = 300) String host, int port) {
        Address address;
        try {
            address = Address.name(host, port);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(port).isBetween(0, 65535);
        assertThat(address.host()).isNotEmpty().doesNotContain("\0").matches("\\p{ASCII}{1,255}");
        byte[] octets = encoded(address);
        assertThat(octets).hasSize(address.encodedLength());
        assertThat(Address.lengthAfterType(AddressType.DOMAINNAME, octets[1] & 0xFF))
                .isEqualTo(octets.length - 1);
        assertThat(Address.getFrom(
                        AddressType.DOMAINNAME, ByteBuffer.wrap(octets).position(1)))
                .isEqualTo(address)
                .hasSameHashCodeAs(address);
        assertThat(Address.name(address.host(), port)).isEqualTo(address);
        if (host.equals(address.host())) {
            assertThat(Address.name(host.toUpperCase(Locale.ROOT), port).host()).isEqualToIgnoringCase(host);
        }
    }

    private static byte[] encoded(Address address) {
        ByteBuffer target = ByteBuffer.allocate(address.encodedLength());
        address.putTo(target);
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }

    /** What the octets of a whole stream say. */
    private static String judge(byte[] server, boolean single) {
        int[] s = new int[server.length];
        for (int i = 0; i < s.length; i++) {
            s[i] = server[i] & 0xFF;
        }
        if (s.length < 2) {
            return "open";
        }
        if (s[0] != 5) {
            return "METHOD MALFORMED -1";
        }
        if (s[1] != 2 && (single || s[1] != 0)) {
            return "METHOD NO_ACCEPTABLE_METHOD " + s[1];
        }
        int at = 2;
        if (s[1] == 2) {
            if (s.length < 4) {
                return "open";
            }
            if (s[2] != 1) {
                return "AUTHENTICATION MALFORMED -1";
            }
            if (s[3] != 0) {
                return "AUTHENTICATION AUTHENTICATION_FAILED " + s[3];
            }
            at = 4;
        }
        if (s.length > at && s[at] != 5) {
            return "REQUEST MALFORMED -1";
        }
        if (s.length > at + 1 && s[at + 1] != 0) {
            return "REQUEST REPLY " + s[at + 1];
        }
        if (s.length < at + 4) {
            return "open";
        }
        int end;
        switch (s[at + 3]) {
            case 1 -> end = at + 10;
            case 4 -> end = at + 22;
            case 3 -> end = s.length > at + 4 ? at + 7 + s[at + 4] : Integer.MAX_VALUE;
            default -> {
                return "REQUEST MALFORMED -1";
            }
        }
        return s.length >= end ? "established after " + end : "open";
    }

    /**
     * Feeds the octets in pieces of these lengths, in exact mode never more than are needed, and tells how that ended.
     *
     * @param single whether all goes out in one flight; only the password is offered then
     */
    private static String drive(byte[] server, byte[] lengths, boolean single, boolean exact) {
        Handshake handshake = Handshake.of(
                Command.CONNECT,
                Address.name("a.example", 80),
                single ? List.of(BOB) : List.of(Authentication.NONE, BOB),
                single ? Handshake.Flight.SINGLE : Handshake.Flight.STEPWISE);
        int at = 0;
        int pieces = 0;
        try {
            while (at < server.length && !(handshake.state() instanceof State.Established)) {
                Wire.sent(handshake);
                int needed = handshake.needed();
                assertThat(needed).isPositive();
                int most = exact ? Math.min(needed, server.length - at) : server.length - at;
                int wish = lengths.length == 0 ? most : Math.max(1, lengths[pieces++ % lengths.length] & 0xFF);
                int length = Math.min(wish, most);
                ByteBuffer piece = ByteBuffer.wrap(server, at, length);
                handshake.input(piece);
                int taken = piece.position() - at;
                assertThat(taken).isGreaterThanOrEqualTo(Math.min(needed, length));
                assertThat(piece.limit()).isEqualTo(at + length);
                at += taken;
            }
        } catch (SocksException e) {
            assertThat(e).hasMessageNotContaining("pw");
            return e.stage() + " " + e.kind() + " " + e.code();
        }
        return handshake.state() instanceof State.Established ? "established after " + at : "open";
    }
}
