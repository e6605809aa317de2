// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.DatagramHeader;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What one socket sends datagrams to, and how. Safe for use by any thread. */
public class Peer {
    /** What an IPv4 packet has room for: 65535 octets, less the headers of IP and UDP. */
    static final int MOST_OCTETS_IPV4 = 65507;

    /** IPv6 does not count its own header. */
    static final int MOST_OCTETS_IPV6 = 65527;

    private final InetSocketAddress target;
    private final @Nullable String name;
    private final @Nullable InetSocketAddress direct;
    private final byte[] header;
    private final @Nullable Association association;

    /**
     * @param how what has been decided
     */
    public Peer(Decision how) {
        target = how.target;
        name = how.name;
        direct = how.direct;
        header = how.header;
        association = how.association;
    }

    /**
     * What has been decided on a target.
     *
     * @param name the name that goes to the server, null for an address
     * @param direct where it goes if the route is direct
     * @param association what it goes through if it is routed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Decision(
            InetSocketAddress target,
            @Nullable String name,
            @Nullable InetSocketAddress direct,
            byte[] header,
            @Nullable Association association) {}

    /** Whether it is what has been decided on this very address: another may carry another name. */
    @SuppressWarnings("ReferenceEquality") // the name that an address carries has no part in its equality
    boolean isFor(InetSocketAddress address) {
        return address == target
                || (address.getPort() == target.getPort() && address.getAddress() == target.getAddress());
    }

    /** What the program has given. */
    InetSocketAddress target() {
        return target;
    }

    /** The name that goes to the server; null for an address. */
    @Nullable
    String name() {
        return name;
    }

    @Nullable
    Association association() {
        return association;
    }

    /** Returns where its datagrams go, if not through a server; null if they do. */
    public @Nullable InetSocketAddress direct() {
        return direct;
    }

    /** Returns what goes before the payload (RFC 1928 section 7); not to be written to. */
    public byte[] header() {
        return header;
    }

    /** Returns where datagrams go, header and all; null if the association does not stand. */
    protected final @Nullable InetSocketAddress standing() {
        return routed().standing();
    }

    /**
     * Returns where datagrams go, header and all; has the association opened if there is none.
     *
     * @return null while it is being opened
     * @throws IOException if there can be none; the next call tries again
     */
    public @Nullable InetSocketAddress relay() throws IOException {
        return routed().relay();
    }

    /** Waits until {@link #relay} has an answer, or the socket is closed. An interrupt does not end it: it is kept. */
    public void await() {
        routed().await();
    }

    /** Whether the association is being opened. */
    public boolean isOpening() {
        return routed().isOpening();
    }

    /** Is told that the relay has refused a datagram: whoever sends next has another association opened. */
    public void unreachable() {
        routed().dropped();
    }

    /** Returns an address of the server's, which the socket may be connected to before the relay is known; null if none is known. */
    public @Nullable InetSocketAddress server() {
        return routed().server();
    }

    private Association routed() {
        if (association == null) {
            throw new IllegalStateException("Not routed: " + target);
        }
        return association;
    }

    /**
     * Checks the size of a datagram.
     *
     * @param relay that it goes to
     * @param octets of the payload
     * @throws SocketException if it cannot carry so many
     */
    public void requireFits(InetSocketAddress relay, int octets) throws SocketException {
        int most = mostOctets(relay) - header.length;
        if (octets > most) {
            throw new SocketException("Message too long: " + octets + " octets to " + describe()
                    + " through the SOCKS relay "
                    + relay + ", which takes at most " + most + ": " + header.length + " go for the header (at most "
                    + DatagramHeader.MAX_OCTETS + ")");
        }
    }

    /** Returns how many octets a datagram to a relay has room for, with the header. */
    public static int mostOctets(InetSocketAddress relay) {
        return relay.getAddress() instanceof Inet6Address ? MOST_OCTETS_IPV6 : MOST_OCTETS_IPV4;
    }

    private String describe() {
        return name == null ? target.toString() : name + ":" + target.getPort();
    }
}
