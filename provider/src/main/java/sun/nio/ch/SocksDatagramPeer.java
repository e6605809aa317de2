// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What a socket sends datagrams to, and how. Used by any thread. */
public interface SocksDatagramPeer {
    /** Returns where its datagrams go, if not through a server; null if they do. */
    @Nullable
    InetSocketAddress direct();

    /** Returns what goes before the payload; not to be written to. */
    byte[] header();

    /**
     * Returns where datagrams go, header and all; has the association opened if there is none.
     *
     * @return null while it is being opened
     * @throws IOException if there can be none
     */
    @Nullable
    InetSocketAddress relay() throws IOException;

    /** Whether the association is being opened. */
    boolean isOpening();

    /** Waits while it is. */
    void await();

    /** Is told that the relay has refused a datagram. */
    void unreachable();

    /** Returns an address that the socket may be connected to before the relay is known; null if none is known. */
    @Nullable
    InetSocketAddress server();

    /** Checks the size of a datagram. */
    void requireFits(InetSocketAddress relay, int octets) throws SocketException;
}
