// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a thread has said of the sockets that it opens to listen: that they are to be opened at a server, for this peer. Each
 * thread has its own, and none passes it on to those that it starts. Safe for use by any thread.
 */
public final class BindScope {
    private static final ThreadLocal<@Nullable InetSocketAddress> EXPECTED_PEER = new ThreadLocal<>();

    /** To ask a thread-local leaves an entry in each thread, which a program without scopes need not have. */
    private static volatile boolean used;

    private BindScope() {}

    /** Returns the peer that this thread's scope expects; null outside of any scope. */
    public static @Nullable InetSocketAddress get() {
        return used ? EXPECTED_PEER.get() : null;
    }

    /**
     * Sets this thread's scope.
     *
     * @param expectedPeer null for none
     * @return the scope that it had, to be set again afterwards; null for none
     */
    public static @Nullable InetSocketAddress set(@Nullable InetSocketAddress expectedPeer) {
        InetSocketAddress before = get();
        if (expectedPeer == null) {
            EXPECTED_PEER.remove();
        } else {
            used = true;
            EXPECTED_PEER.set(expectedPeer);
        }
        return before;
    }
}
