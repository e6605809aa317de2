// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.Argyle;
import dev.argyle.net.Installed;
import dev.argyle.net.Seam;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The engine that routes this JVM, where there is one: the client's own connections to that engine's servers are not to be
 * routed through them. Safe for use by any thread.
 */
final class Engine {
    private static volatile @Nullable Installed found;

    /** The last address that was found to be real: datagrams go to the same again and again, and an engine takes time to find. */
    private static volatile @Nullable InetAddress noStandIn;

    private Engine() {}

    /** Returns it; a program may install one at any time. Null if there is none. */
    static @Nullable Installed installed() {
        Installed engine = found;
        if (engine == null && Seam.isDefined()) {
            engine = Installed.find(Argyle.version());
            found = engine;
        }
        return engine;
    }

    /**
     * Puts the name in place of an address that this JVM has only as a stand-in for it: no server could reach that.
     *
     * @throws IOException if it is a stand-in that this JVM never gave out
     */
    @SuppressWarnings("ReferenceEquality") // addresses that are equal may have names that are not
    static @Nullable InetSocketAddress named(@Nullable InetSocketAddress target) throws IOException {
        if (target == null || target.isUnresolved() || target.getAddress() == noStandIn) {
            return target;
        }
        Installed engine = installed();
        InetSocketAddress named = engine == null ? target : engine.named(target);
        if (!named.isUnresolved()) {
            noStandIn = named.getAddress();
        }
        return named;
    }

    /** Marks this thread; returns whether it was marked before. */
    static boolean mark() {
        Installed engine = installed();
        return engine != null && engine.direct(true);
    }

    /** Gives this thread the mark that it had. */
    static void restore(boolean marked) {
        Installed engine = installed();
        if (engine != null) {
            boolean unused = engine.direct(marked);
        }
    }
}
