// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the datagrams between a client and its relay (RFC 1928 §7).
 *
 * <pre>
 * +-----+------+------+----------+----------+----------+
 * | RSV | FRAG | ATYP | DST.ADDR | DST.PORT |   DATA   |
 * +-----+------+------+----------+----------+----------+
 * |  2  |  1   |  1   | variable |    2     | variable |
 * +-----+------+------+----------+----------+----------+
 * </pre>
 */
public final class RelayOctets {
    /** The octets of the longest header: one with a name of 255 octets. */
    static final int LONGEST_HEADER = 4 + 1 + 255 + 2;

    /** In FRAG: the last fragment of its sequence. */
    static final int LAST_FRAGMENT = 0x80;

    private static final int PORT_OCTETS = 2;

    private RelayOctets() {}

    /** A whole datagram, with the address of its sender or receiver before its payload. */
    public static byte[] of(InetSocketAddress address, String payload) {
        return of(0, 0, address, payload);
    }

    /** A datagram with any RSV and FRAG. */
    public static byte[] of(int reserved, int fragment, InetSocketAddress address, String payload) {
        byte[] host = address.getAddress().getAddress();
        int addressType = host.length == Socks.IPV4_OCTETS ? Socks.IPV4 : Socks.IPV6;
        return of(reserved, fragment, addressType, new String(host, ISO_8859_1), address.getPort(), payload);
    }

    /** A datagram with a name of 0 to 255 octets before its payload. */
    public static byte[] of(String name, int port, String payload) {
        return of(0, 0, Socks.NAME, (char) name.length() + name, port, payload);
    }

    /** A datagram of any octets: the host as it is on the wire, a name's length included. */
    public static byte[] of(int reserved, int fragment, int addressType, String host, int port, String payload) {
        String header = new String(
                new char[] {(char) (reserved >> 8), (char) (reserved & 0xFF), (char) fragment, (char) addressType});
        return (header + host + (char) (port >> 8) + (char) (port & 0xFF) + payload).getBytes(ISO_8859_1);
    }

    /** Reads a header, up to its end; null, with the position anywhere, if it is too short or of an unknown ATYP. */
    static @Nullable Datagram read(ByteBuffer from) {
        if (from.remaining() < 4 + 1 + PORT_OCTETS) {
            return null;
        }
        int reserved = Short.toUnsignedInt(from.getShort());
        int fragment = Byte.toUnsignedInt(from.get());
        int addressType = Byte.toUnsignedInt(from.get());
        int hostOctets = switch (addressType) {
            case Socks.IPV4 -> Socks.IPV4_OCTETS;
            case Socks.IPV6 -> Socks.IPV6_OCTETS;
            case Socks.NAME -> Byte.toUnsignedInt(from.get());
            default -> 0;
        };
        if (hostOctets == 0 || from.remaining() < hostOctets + PORT_OCTETS) {
            return null;
        }
        byte[] octets = new byte[hostOctets];
        from.get(octets);
        String host = addressType == Socks.NAME ? new String(octets, UTF_8) : spelled(octets);
        int port = Short.toUnsignedInt(from.getShort());
        return new Datagram(reserved, fragment, addressType, host, port, from.remaining());
    }

    private static String spelled(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Puts a header with this address before a payload, whose buffer must have room there. */
    static void prepend(InetSocketAddress address, ByteBuffer payload) {
        byte[] host = address.getAddress().getAddress();
        int begin = payload.position() - 4 - host.length - PORT_OCTETS;
        payload.position(begin);
        payload.putShort((short) 0)
                .put((byte) 0)
                .put((byte) (host.length == Socks.IPV4_OCTETS ? Socks.IPV4 : Socks.IPV6))
                .put(host)
                .putShort((short) address.getPort())
                .position(begin);
    }
}
