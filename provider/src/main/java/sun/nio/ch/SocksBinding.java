// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What a listening socket that is opened at a server asks of the engine. Safe for use by any thread. */
public interface SocksBinding {
    /** Has the server asked to listen, unless it does or has been. Waits for nothing. */
    void begin();

    /**
     * Returns where the server listens, or did last; begins, and waits until it is known.
     *
     * @throws IOException if it has never listened: the reason; or if this is closed
     */
    InetSocketAddress bound() throws IOException;

    /** Says where this machine's socket listens: what comes of it is told by a connection to there. */
    void tellAt(InetSocketAddress loopback);

    /**
     * Takes what has come of it.
     *
     * @param from where a connection came from that this machine's socket has accepted
     * @return null if it was another's
     * @throws IOException if nothing came of it: the reason
     */
    @Nullable
    SocksAccepted take(InetSocketAddress from) throws IOException;

    /** Ends it. Who waits is told that the socket is closed. */
    void close();
}
