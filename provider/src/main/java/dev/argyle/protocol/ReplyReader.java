// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply and no octet more (RFC 1928 section 6).
 *
 * <pre>
 *   +-----+-----+-----+------+----------+----------+
 *   | VER | REP | RSV | ATYP | BND.ADDR | BND.PORT |
 *   +-----+-----+-----+------+----------+----------+
 *   |  1  |  1  |  1  |  1   | variable |    2     |     VER is 05, REP 00 is success
 *   +-----+-----+-----+------+----------+----------+
 *   |&lt;---- first 5 octets -----&gt;|&lt;--- the rest ---&gt;|
 * </pre>
 *
 * The fifth octet is the first of BND.ADDR: the length where that is a name. The shortest reply that can be has 7 octets,
 * so 5 never reach past it. Each octet is judged when it comes: a failure counts from REP on, whatever is behind it, since
 * servers break off there. RSV is not judged: servers put what they like.
 */
final class ReplyReader {
    /** How many octets tell the length of a reply. */
    static final int HEAD_OCTETS = 5;

    private static final int ATYP_INDEX = 3;
    private static final int MAX_OCTETS = 4 + 1 + 255 + 2;

    /** Which reply it is: what a REP means depends on it. */
    enum Which {
        /** The one of CONNECT or UDP ASSOCIATE. */
        ONLY,
        /** The first of BIND: nothing has been connected yet. */
        BOUND,
        /** The second of BIND. */
        ACCEPTED
    }

    private final Which which;
    private final ByteBuffer octets = ByteBuffer.allocate(MAX_OCTETS).limit(HEAD_OCTETS);
    private @Nullable Reply reply;

    ReplyReader(Which which) {
        this.which = which;
    }

    /** Returns how many octets are wanted next: first what tells the length, then the rest; 0 once the reply is there. */
    int needed() {
        return octets.remaining();
    }

    /** Returns the reply, or null until all of it has come. */
    @Nullable
    Reply reply() {
        return reply;
    }

    /**
     * Takes octets, no more than are needed.
     *
     * @throws SocksException if the version is not 5, REP is not 0, or ATYP is unknown
     */
    void input(ByteBuffer source) throws SocksException {
        int judged = octets.position();
        octets.put(source);
        for (; judged < Math.min(octets.position(), HEAD_OCTETS); judged++) {
            judge(judged, octets.get(judged) & 0xFF);
        }
        if (octets.hasRemaining()) {
            return;
        }
        AddressType type = type();
        int total = ATYP_INDEX + 1 + Address.lengthAfterType(type, octets.get(HEAD_OCTETS - 1) & 0xFF);
        if (octets.limit() < total) {
            octets.limit(total);
        } else {
            reply = new Reply(
                    ReplyCode.SUCCEEDED,
                    Address.getFrom(type, octets.duplicate().position(ATYP_INDEX + 1)));
        }
    }

    private void judge(int index, int octet) throws SocksException {
        if (index == 0 && octet != Socks5.VERSION) {
            throw malformed("unsupported version of the reply: " + Socks5.hex(octet) + " (expected "
                    + Socks5.hex(Socks5.VERSION) + ")");
        }
        if (index == 1 && octet != ReplyCode.SUCCEEDED) {
            throw new SocksException(
                    SocksException.Kind.REPLY,
                    Stage.REQUEST,
                    octet,
                    (which == Which.ACCEPTED ? "the server's second reply: " : "the server replied: ") + words(octet));
        }
        if (index == ATYP_INDEX && AddressType.of(octet) == null) {
            throw malformed(
                    "unknown address type of the reply: " + Socks5.hex(octet) + " (expected 0x01, 0x03 or 0x04)");
        }
    }

    private String words(int octet) {
        String code = " (" + Socks5.hex(octet);
        if (which == Which.BOUND && octet == ReplyCode.CONNECTION_REFUSED) {
            return "the address to listen at is in use" + code + ", S5_EADDRINUSE)";
        }
        String name = ReplyCode.aixName(octet);
        return ReplyCode.meaning(octet) + code + (name == null ? ")" : ", " + name + ")");
    }

    private AddressType type() {
        AddressType type = AddressType.of(octets.get(ATYP_INDEX) & 0xFF);
        if (type == null) {
            throw new IllegalStateException("the address type was judged before");
        }
        return type;
    }

    private static SocksException malformed(String message) {
        return new SocksException(SocksException.Kind.MALFORMED, Stage.REQUEST, -1, message);
    }
}
