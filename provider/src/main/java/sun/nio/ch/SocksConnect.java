// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;

/**
 * One routed connect under way. Used by one thread at a time.
 */
public interface SocksConnect {
    /**
     * Goes as far as it can without waiting.
     *
     * @return whether the connection to the target stands
     * @throws IOException if the connect has failed; the descriptor is of no further use
     */
    boolean advance() throws IOException;

    /** Whether the next step waits for a name that is being looked up, and for nothing of the descriptor. */
    boolean isLookingUp();

    /** Whether the next step waits for the descriptor to become readable; otherwise it waits for writable. */
    boolean awaitsReadable();

    /** How long the next step may wait, at least 1. */
    long remainingNanos();
}
