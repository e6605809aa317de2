// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of datagrams together (RFC 1928 section 7): one queue and one timer, for one association.
 *
 * <pre>
 *   position, with or without the bit that ends      what becomes of the fragments before it   and of it
 *   1                                                abandoned                                 begins a sequence
 *   the next, of the same address, while the timer   kept                                      goes on with them
 *     runs, and no more than 65507 octets in all
 *   any other: lower, the same again, or a gap       abandoned                                 dropped
 *   none (FRAG 0), a datagram that stands alone      abandoned                                 given back
 * </pre>
 *
 * <p>The RFC abandons a sequence when a lower FRAG arrives. Here one that comes twice, or after a gap, does too: fragments
 * carry no number of their sequence, so that what follows it may belong to another. One that was lost or overtaken costs the
 * whole datagram, as it would below IP.
 *
 * <p>Holds one datagram at most, whatever arrives. Confined to one thread.
 */
public final class Reassembly {
    /** How long a sequence may take from its first fragment on; the RFC wants 5 s at least. */
    public static final long TIMER_NANOS = 5_000_000_000L;

    /** The longest payload, which is that of a datagram over IPv4. */
    static final int MAX_PAYLOAD_OCTETS = 65_507;

    private static final int END = 0x80;
    private static final byte[] NOTHING = {};

    /** The header of the sequence, with FRAG 0, and the payloads so far. */
    private byte[] queue = NOTHING;

    private int headerLength;
    private int length;
    /** The highest position processed; 0: no sequence has begun. */
    private int highest;

    private long begunNanos;

    /**
     * Takes what the relay sent.
     *
     * @param fragment copied; its position and limit stay as they are
     * @param nowNanos the time, as {@link System#nanoTime} has it
     * @return the datagram that this fragment makes whole, in a buffer of its own from position 0 to the limit, with the header
     *     of its fragments and FRAG 0; {@code fragment} itself, if it stands alone; null while some are missing, or if it was
     *     dropped or has no header
     */
    public @Nullable ByteBuffer add(ByteBuffer fragment, long nowNanos) {
        int header = DatagramHeader.length(fragment);
        if (header < 0) {
            return null;
        }
        int frag = DatagramHeader.fragment(fragment);
        int position = frag & ~END;
        boolean begins = position == 1;
        if (begins || !continues(fragment, header, position, nowNanos)) {
            abandon();
        }
        if (frag == 0) {
            return fragment;
        }
        int payload = fragment.remaining() - header;
        if ((!begins && highest == 0) || length - headerLength + payload > MAX_PAYLOAD_OCTETS) {
            abandon();
            return null;
        }
        if (begins) {
            begunNanos = nowNanos;
            headerLength = header;
            append(fragment, 0, header + payload);
            queue[DatagramHeader.FRAG_INDEX] = 0;
        } else {
            append(fragment, header, payload);
        }
        highest = position;
        return frag == position ? null : whole();
    }

    private boolean continues(ByteBuffer fragment, int header, int position, long nowNanos) {
        return highest != 0
                && position == highest + 1
                && nowNanos - begunNanos < TIMER_NANOS
                && isOfTheSequence(fragment, header);
    }

    private boolean isOfTheSequence(ByteBuffer fragment, int header) {
        if (header != headerLength) {
            return false;
        }
        for (int i = DatagramHeader.ATYP_INDEX; i < header; i++) {
            if (fragment.get(fragment.position() + i) != queue[i]) {
                return false;
            }
        }
        return true;
    }

    private void append(ByteBuffer fragment, int from, int octets) {
        int needed = length + octets;
        if (needed > queue.length) {
            int doubled = Math.min(2 * queue.length, headerLength + MAX_PAYLOAD_OCTETS);
            queue = Arrays.copyOf(queue, Math.max(needed, doubled));
        }
        fragment.get(fragment.position() + from, queue, length, octets);
        length = needed;
    }

    private ByteBuffer whole() {
        ByteBuffer whole = ByteBuffer.wrap(queue, 0, length);
        abandon();
        return whole;
    }

    private void abandon() {
        queue = NOTHING;
        headerLength = 0;
        length = 0;
        highest = 0;
    }
}
