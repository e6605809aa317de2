// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;

/**
 * One routed connect under way. {@link #advance} is called by the thread that connects, {@link #closing} by any.
 */
public interface SocksConnect {
    /**
     * Goes as far as it can without waiting.
     *
     * @return whether the connection to the target stands
     * @throws IOException if the connect has failed; the descriptor is of no further use
     */
    boolean advance() throws IOException;

    /** Whether the next step waits for the descriptor to become readable; otherwise it waits for writable. */
    boolean awaitsReadable();

    /** How long the next step may wait, at least 1. */
    long remainingNanos();

    /** Says that the application closes the descriptor: what fails from now on is no server's fault. */
    void closing();
}
