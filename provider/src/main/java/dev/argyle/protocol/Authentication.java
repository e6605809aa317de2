// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A method that a client offers (RFC 1928 section 3) and the sub-negotiation that follows where the server chooses it.
 * Implementations are immutable: one may serve many handshakes.
 */
public interface Authentication {
    /** No authentication required, X'00': nothing is exchanged. */
    Authentication NONE = new NoAuthentication();

    /** Returns the METHOD octet, 0 to 254. */
    int method();

    /** Returns what the method is called in messages, such as {@code user/password}. */
    String name();

    /** Begins the exchange of one handshake. */
    Exchange begin();

    /**
     * Tells whether all that an exchange sends is known before the server has answered anything, with no task: what may go
     * out in one flight with the greeting and the request.
     */
    boolean knownInAdvance();

    /**
     * One sub-negotiation: bytes in, bytes out. Confined to the thread that drives its handshake, but for its tasks.
     *
     * <p>The handshake asks in this order, after the beginning, each input and each task: output, task, done, needed.
     */
    interface Exchange {
        /** Returns what is to be sent now, from its position to its limit; empty if nothing. Each octet is given once. */
        ByteBuffer output();

        /**
         * Returns the work without which the exchange cannot go on, or null if there is none. Once it has run, this gives
         * the next one or null.
         */
        default @Nullable Task task() {
            return null;
        }

        /** Tells whether the server has accepted. */
        boolean done();

        /** Returns how many octets are wanted next, exactly; 0 if a task is due or the exchange is done. */
        int needed();

        /**
         * Takes octets of the server, never more than are needed, and all of them.
         *
         * @throws SocksException if the server refuses, or sends what the method does not allow
         */
        void input(ByteBuffer source) throws SocksException;
    }

    /** Work that may block or call out, to a KDC or a token provider; run by whoever drives the handshake. */
    interface Task {
        /**
         * Does the work.
         *
         * @throws IOException if it failed; the handshake has then failed too
         */
        void run() throws IOException;
    }
}
