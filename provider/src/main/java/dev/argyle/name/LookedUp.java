// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that real look-ups of this JVM have given, and for which names: the objects themselves, held weakly, since
 * anybody can make an address that carries a name. Safe for use by any thread.
 */
public final class LookedUp {
    private final ConcurrentHashMap<Identity, String> names = new ConcurrentHashMap<>();
    private final ReferenceQueue<InetAddress> collected = new ReferenceQueue<>();

    /** Knows nothing yet. */
    public LookedUp() {}

    /** Remembers what a look-up has given. */
    public void add(String host, InetAddress[] addresses) {
        Reference<? extends InetAddress> gone = collected.poll();
        while (gone != null) {
            names.remove(gone);
            gone = collected.poll();
        }
        for (InetAddress address : addresses) {
            names.put(new Identity(address, collected), host);
        }
    }

    /** Returns whether a look-up of this name has given this very object. */
    public boolean gave(String host, InetAddress address) {
        return host.equalsIgnoreCase(names.get(new Identity(address, null)));
    }

    private static final class Identity extends WeakReference<InetAddress> {
        private final int hash;

        Identity(InetAddress address, @Nullable ReferenceQueue<InetAddress> queue) {
            super(address, queue);
            hash = System.identityHashCode(address);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            InetAddress address = get();
            return this == other
                    || (address != null && other instanceof Identity identity && identity.refersTo(address));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
