// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.join;
import static dev.argyle.protocol.Wire.octets;
import static dev.argyle.protocol.Wire.repeat;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with random faults, judged by a reader of whole streams that is written anew here. */
class HandshakeRandomTest {
    private static final int CONVERSATIONS = 4000;
    private static final UserPassword BOB = new UserPassword(new Credentials("bob", "pw"));

    @ParameterizedTest
    @ValueSource(longs = {1, 1928, 1929})
    void conversation_mutated_endsAsItsOctetsSay(long seed) {
        Random random = new Random(seed);
        int established = 0;
        int failed = 0;
        int open = 0;
        for (int i = 0; i < CONVERSATIONS; i++) {
            byte[] server = mutated(random, conversation(random));
            boolean single = random.nextInt(4) == 0;
            boolean exact = random.nextBoolean();
            List<Authentication> offered = single ? List.of(BOB) : List.of(Authentication.NONE, BOB);
            String expected = judge(server, single);

            String actual = drive(random, server, offered, single, exact);

            assertThat(actual)
                    .as("seed %d, conversation %d: %s", seed, i, Arrays.toString(server))
                    .isEqualTo(expected);
            if (actual.startsWith("established")) {
                established++;
            } else if (actual.equals("open")) {
                open++;
            } else {
                failed++;
            }
        }
        // a generator that reaches one kind of end only would prove little
        assertThat(List.of(established, failed, open)).allMatch(count -> count > CONVERSATIONS / 20);
    }

    private static byte[] conversation(Random random) {
        byte[] negotiation = octets(random.nextInt(3) == 0 ? "05 00" : "05 02 01 00");
        int length = random.nextInt(256);
        byte[] bound = switch (random.nextInt(3)) {
            case 0 -> join(octets("01"), new byte[6]);
            case 1 -> join(octets("04"), new byte[18]);
            default -> join(new byte[] {3, (byte) length}, repeat('n', length), new byte[2]);
        };
        return join(negotiation, octets("05 00 00"), bound, repeat('a', random.nextInt(20)));
    }

    private static byte[] mutated(Random random, byte[] octets) {
        byte[] result = octets;
        int mutations = random.nextInt(3);
        for (int i = 0; i < mutations; i++) {
            int at = random.nextInt(Math.min(result.length, 12));
            byte[] head = Arrays.copyOf(result, at);
            byte[] tail = Arrays.copyOfRange(result, at, result.length);
            result = switch (random.nextInt(4)) {
                case 0 -> join(head, new byte[] {(byte) random.nextInt(256)}, Arrays.copyOfRange(tail, 1, tail.length));
                case 1 -> join(head, new byte[] {(byte) random.nextInt(256)}, tail);
                case 2 -> join(head, Arrays.copyOfRange(tail, 1, tail.length));
                default -> Arrays.copyOf(result, random.nextInt(result.length) + 1);
            };
            if (result.length == 0) {
                return result;
            }
        }
        return result;
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

    /** Feeds the octets at random, in exact mode never more than are needed, and tells how that ended. */
    private static String drive(
            Random random, byte[] server, List<Authentication> offered, boolean single, boolean exact) {
        Handshake handshake = Handshake.of(
                Command.CONNECT,
                Address.name("a.example", 80),
                offered,
                single ? Handshake.Flight.SINGLE : Handshake.Flight.STEPWISE);
        int at = 0;
        try {
            while (at < server.length && !(handshake.state() instanceof State.Established)) {
                Wire.sent(handshake);
                int needed = handshake.needed();
                assertThat(needed).isPositive();
                int most = exact ? Math.min(needed, server.length - at) : server.length - at;
                int length = 1 + random.nextInt(most);
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
