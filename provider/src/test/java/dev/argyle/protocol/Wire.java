// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Bytes by hand, and a driver that stands for the connection. */
final class Wire {
    private Wire() {}

    /** Returns the octets of text such as {@code "05 01 00"}. */
    static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static byte[] repeat(int octet, int times) {
        byte[] octets = new byte[times];
        Arrays.fill(octets, (byte) octet);
        return octets;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Takes all that the handshake has to send. */
    static byte[] sent(Handshake handshake) {
        ByteBuffer output = handshake.output();
        byte[] octets = new byte[output.remaining()];
        output.get(octets);
        return octets;
    }

    /** Returns every way to feed so many octets: whole, in two at each place, and one by one. */
    static List<int[]> splits(int length) {
        List<int[]> splits = new ArrayList<>();
        splits.add(new int[] {length});
        for (int i = 1; i < length; i++) {
            splits.add(new int[] {i, length});
        }
        int[] single = new int[length];
        for (int i = 0; i < length; i++) {
            single[i] = i + 1;
        }
        splits.add(single);
        return splits;
    }

    /** What a handshake did with a server's octets. */
    record Outcome(byte[] sent, int taken, State state) {}

    /**
     * Feeds the server's octets in pieces that end at the given places, sending all output before each, until the handshake
     * has ended or the octets are used up.
     */
    static Outcome drive(Handshake handshake, byte[] server, int... pieceEnds) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        int taken = 0;
        for (int end : pieceEnds) {
            int before;
            do {
                before = taken;
                sent.writeBytes(sent(handshake));
                ByteBuffer piece = ByteBuffer.wrap(server, taken, end - taken);
                try {
                    handshake.input(piece);
                } catch (SocksException e) {
                    assertThat(handshake.state()).isEqualTo(new State.Failed(e));
                    return new Outcome(sent.toByteArray(), piece.position(), handshake.state());
                }
                assertThat(piece.limit()).isEqualTo(end);
                taken = piece.position();
            } while (taken > before);
        }
        sent.writeBytes(sent(handshake));
        return new Outcome(sent.toByteArray(), taken, handshake.state());
    }

    /** Feeds the octets whole. */
    static Outcome drive(Handshake handshake, byte[] server) {
        return drive(handshake, server, server.length);
    }

    /** Feeds octets that end the handshake and returns the failure. */
    static SocksException failure(Handshake handshake, byte[] server) {
        State state = drive(handshake, server).state();
        assertThat(state).isInstanceOf(State.Failed.class);
        return ((State.Failed) state).failure();
    }
}
