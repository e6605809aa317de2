// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.net.IDN;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An address as requests, replies and datagram headers carry it (RFC 1928 sections 4 to 7). Immutable.
 *
 * <pre>
 *   +------+-------------------------------+------+
 *   | ATYP | ADDR                          | PORT |
 *   +------+-------------------------------+------+
 *   |  01  | 4 octets, IPv4                |  2   |     PORT in network order
 *   |  03  | length octet, 1 to 255 octets |  2   |     a name, no NUL at its end
 *   |  04  | 16 octets, IPv6               |  2   |
 *   +------+-------------------------------+------+
 * </pre>
 */
public final class Address {
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;
    private static final int MAX_NAME_OCTETS = 255;
    private static final int MAX_PORT = 65535;

    private final AddressType type;
    private final byte[] octets;
    private final int port;

    private Address(AddressType type, byte[] octets, int port) {
        this.type = type;
        this.octets = octets;
        this.port = port;
    }

    /**
     * Returns the address of 4 octets (IPv4) or 16 (IPv6) with a port.
     *
     * @param octets in network order; copied
     * @throws IllegalArgumentException if there are not 4 or 16 octets, or the port is not 0 to 65535
     */
    public static Address ip(byte[] octets, int port) {
        if (octets.length != IPV4_OCTETS && octets.length != IPV6_OCTETS) {
            throw new IllegalArgumentException("IP address: " + octets.length + " octets (expected 4 or 16)");
        }
        AddressType type = octets.length == IPV4_OCTETS ? AddressType.IPV4 : AddressType.IPV6;
        return new Address(type, octets.clone(), checkedPort(port));
    }

    /**
     * Returns the address of a host name with a port. An ASCII name is taken as it is, another is converted with
     * {@link IDN}.
     *
     * @throws IllegalArgumentException if the name is empty, is longer than 255 octets after conversion, holds a NUL, or
     *     cannot be converted, or if the port is not 0 to 65535
     */
    public static Address name(String host, int port) {
        if (host.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("host name: holds a NUL, which a server may take for its end");
        }
        String ascii = isAscii(host) ? host : toAscii(host);
        int length = ascii.length();
        if (length < 1 || length > MAX_NAME_OCTETS) {
            throw new IllegalArgumentException(
                    "host name: " + length + " octets (expected 1 to " + MAX_NAME_OCTETS + ")");
        }
        byte[] octets = ascii.getBytes(StandardCharsets.ISO_8859_1);
        return new Address(AddressType.DOMAINNAME, octets, checkedPort(port));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static String toAscii(String host) {
        try {
            // a query may hold characters that are newer than the JDK's tables (RFC 3490 section 4)
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("host name: cannot be converted to ASCII: " + e.getMessage(), e);
        }
    }

    private static int checkedPort(int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected 0 to " + MAX_PORT + ")");
        }
        return port;
    }

    /**
     * Reads the ADDR and PORT that follow an ATYP, taking a name as it comes: of no octets, or of any.
     *
     * @throws java.nio.BufferUnderflowException if they are not all there
     */
    static Address getFrom(AddressType type, ByteBuffer source) {
        int length = switch (type) {
            case IPV4 -> IPV4_OCTETS;
            case IPV6 -> IPV6_OCTETS;
            case DOMAINNAME -> source.get() & 0xFF;
        };
        byte[] octets = new byte[length];
        source.get(octets);
        int port = ((source.get() & 0xFF) << 8) | (source.get() & 0xFF);
        return new Address(type, octets, port);
    }

    /** Returns how many octets ADDR and PORT take, given the ATYP and the octet that follows it. */
    static int lengthAfterType(AddressType type, int next) {
        return switch (type) {
            case IPV4 -> IPV4_OCTETS + 2;
            case IPV6 -> IPV6_OCTETS + 2;
            case DOMAINNAME -> 1 + next + 2;
        };
    }

    /** Returns the ATYP. */
    public AddressType type() {
        return type;
    }

    /** Returns a copy of ADDR, without the length octet of a name. */
    public byte[] octets() {
        return octets.clone();
    }

    /** Returns the name, in ASCII form, or the address as text: IPv6 as RFC 5952 has it, without brackets. */
    public String host() {
        return switch (type) {
            case IPV4 -> ipv4Text(octets, 0);
            case IPV6 -> ipv6Text(octets);
            // each octet its own character: whatever a server sends can be shown, and nothing is lost
            case DOMAINNAME -> new String(octets, StandardCharsets.ISO_8859_1);
        };
    }

    /** Returns the port, 0 to 65535. */
    public int port() {
        return port;
    }

    /** Returns how many octets {@link #putTo} writes, 7 to 259. */
    public int encodedLength() {
        int lengthOctet = type == AddressType.DOMAINNAME ? 1 : 0;
        return 1 + lengthOctet + octets.length + 2;
    }

    /**
     * Writes ATYP, ADDR and PORT at the buffer's position, whatever its byte order.
     *
     * @throws BufferOverflowException if there is no room for them; nothing is written then
     */
    public void putTo(ByteBuffer target) {
        if (target.remaining() < encodedLength()) {
            throw new BufferOverflowException();
        }
        target.put((byte) type.code());
        if (type == AddressType.DOMAINNAME) {
            target.put((byte) octets.length);
        }
        target.put(octets).put((byte) (port >> 8)).put((byte) port);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that
                && type == that.type
                && port == that.port
                && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.code() + port) + Arrays.hashCode(octets);
    }

    /** Returns {@code host:port} or {@code [v6]:port}, control characters of a server's name as {@code \x0A}. */
    @Override
    public String toString() {
        String host = host();
        return switch (type) {
            case IPV4 -> host + ":" + port;
            case IPV6 -> "[" + host + "]:" + port;
            case DOMAINNAME -> printable(host) + ":" + port;
        };
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
                text.append("\\x").append(Socks5.hex(c), 2, 4);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String ipv4Text(byte[] octets, int from) {
        return (octets[from] & 0xFF) + "." + (octets[from + 1] & 0xFF) + "." + (octets[from + 2] & 0xFF) + "."
                + (octets[from + 3] & 0xFF);
    }

    /** RFC 5952: no leading zeros, lower case, the first longest run of two or more zero groups as {@code ::}. */
    private static String ipv6Text(byte[] octets) {
        int groups = 8;
        int[] group = new int[groups];
        int runStart = -1;
        int runLength = 1;
        int zeros = 0;
        for (int i = 0; i < groups; i++) {
            group[i] = ((octets[2 * i] & 0xFF) << 8) | (octets[2 * i + 1] & 0xFF);
            zeros = group[i] == 0 ? zeros + 1 : 0;
            if (zeros > runLength) {
                runLength = zeros;
                runStart = i - zeros + 1;
            }
        }
        boolean ipv4Mapped = runStart == 0 && runLength == 5 && group[5] == 0xFFFF;
        if (ipv4Mapped) {
            return "::ffff:" + ipv4Text(octets, 12);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < groups; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group[i]));
        }
        return text.toString();
    }
}
