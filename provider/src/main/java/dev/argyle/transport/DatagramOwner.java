// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** The socket whose datagrams they are, as {@link Datagrams} see it. Called by any thread; must not make it wait. */
public interface DatagramOwner {
    /** Whether it can send to an IPv6 address. */
    boolean supportsIPv6();

    /** Returns what it is bound to, or null if it is not, or closed. */
    @Nullable
    InetSocketAddress localAddress();

    /** Returns the JDK's own provider, which makes the control connections. */
    SelectorProvider provider();

    /** Makes a peer of what has been decided. */
    default Peer newPeer(Peer.Decision decision) {
        return new Peer(decision);
    }

    /** Is told that an association stands or has failed: who waits for it shall look again. */
    void changed();

    /**
     * Is told that the association of the connected peer is gone: whoever receives or sends next shall get, once, what he
     * would get if a direct peer had gone away.
     */
    void lost();
}
