// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is asked about the datagrams of one socket. One thread at a time sends, and one receives. */
public interface SocksDatagramEngine {
    /** What may come before the payload, at most. */
    int MOST_HEADER_OCTETS = 262;

    /**
     * Decides on a target.
     *
     * @throws IOException if nothing must be sent to it
     */
    SocksDatagramPeer peer(InetSocketAddress target) throws IOException;

    /** Is told of the peer that the socket is connected to from now on; null: of none, any more. */
    void connected(@Nullable SocksDatagramPeer peer);

    /** Is told that the socket receives from a group. */
    void joined();

    /**
     * Tells where a datagram is from, and leaves its payload.
     *
     * @return the same object for one that no relay has sent, and which is whole; null for one to be dropped
     */
    @Nullable
    InetSocketAddress source(ByteBuffer datagram, InetSocketAddress from);

    /** Ends the associations. */
    void close();
}
