// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;

/**
 * The header of each datagram between client and relay (RFC 1928 section 7).
 *
 * <pre>
 *   +-----+------+------+----------+----------+----------+
 *   | RSV | FRAG | ATYP | DST.ADDR | DST.PORT |   DATA   |
 *   +-----+------+------+----------+----------+----------+
 *   |  2  |  1   |  1   | variable |    2     | variable |     RSV is 0000
 *   +-----+------+------+----------+----------+----------+
 *   |&lt;------ header, 8 to 262 octets ------&gt;|
 * </pre>
 *
 * DST is where a datagram goes to or, in one that the relay sends, where it comes from. FRAG 00 stands alone; of 01 to 7F the
 * value is the position in a sequence of fragments, and the high bit ends the sequence: see {@link Reassembly}.
 *
 * <p>Stateless. What reads a datagram does so between its position and its limit, changes neither, does not look at the
 * buffer's byte order, and allocates nothing but an {@link Address}.
 */
public final class DatagramHeader {
    /** The longest header, that of a name of 255 octets. */
    public static final int MAX_OCTETS = 4 + 1 + 255 + 2;

    static final int FRAG_INDEX = 2;
    static final int ATYP_INDEX = 3;

    private static final int NEXT_INDEX = ATYP_INDEX + 1;

    private DatagramHeader() {}

    /** Returns the header of a datagram that stands alone. */
    public static byte[] of(Address destination) {
        ByteBuffer header = ByteBuffer.allocate(ATYP_INDEX + destination.encodedLength());
        destination.putTo(header.position(ATYP_INDEX));
        return header.array();
    }

    /**
     * Returns how many octets the header has, or -1 if there is none: the datagram is too short, RSV is not 0, the ATYP is
     * unknown, or the name has no octets.
     */
    public static int length(ByteBuffer datagram) {
        int start = datagram.position();
        if (datagram.remaining() <= NEXT_INDEX || datagram.get(start) != 0 || datagram.get(start + 1) != 0) {
            return -1;
        }
        AddressType type = AddressType.of(datagram.get(start + ATYP_INDEX) & 0xFF);
        int next = datagram.get(start + NEXT_INDEX) & 0xFF;
        if (type == null || (type == AddressType.DOMAINNAME && next == 0)) {
            return -1;
        }
        int length = NEXT_INDEX + Address.lengthAfterType(type, next);
        return datagram.remaining() < length ? -1 : length;
    }

    /**
     * Returns the FRAG octet, 0 to 255.
     *
     * @throws IndexOutOfBoundsException if there are fewer than 3 octets
     */
    public static int fragment(ByteBuffer datagram) {
        return datagram.get(datagram.position() + FRAG_INDEX) & 0xFF;
    }

    /**
     * Returns the port, 0 to 65535.
     *
     * @param headerLength what {@link #length} has returned for the datagram, not -1
     */
    public static int port(ByteBuffer datagram, int headerLength) {
        int end = datagram.position() + headerLength;
        return ((datagram.get(end - 2) & 0xFF) << 8) | (datagram.get(end - 1) & 0xFF);
    }

    /**
     * Returns the address.
     *
     * @throws IllegalArgumentException if {@link #length} is -1
     */
    public static Address address(ByteBuffer datagram) {
        AddressType type = length(datagram) < 0 ? null : AddressType.of(datagram.get(datagram.position() + ATYP_INDEX));
        if (type == null) {
            throw new IllegalArgumentException("datagram: has no header");
        }
        return Address.getFrom(type, datagram.duplicate().position(datagram.position() + NEXT_INDEX));
    }
}
