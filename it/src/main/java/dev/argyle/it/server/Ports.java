// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that no connecting socket gets by chance, since they are below those that systems give out: who tells a service by
 * its port must not take another socket for it, at whatever address of this machine. Safe for use by any thread.
 */
final class Ports {
    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 100;

    /** A port is not given out again at another address before so many others were. */
    private static final int APART = 1_000;

    private static final Set<Integer> GIVEN = new LinkedHashSet<>(); // guarded by itself

    private Ports() {}

    /** Binds something to an address. */
    @FunctionalInterface
    interface Binding<T> {
        T bind(InetSocketAddress address) throws IOException;
    }

    /** Binds to the first free port that is found, of those that have not been given out lately. */
    static <T> T bind(InetAddress address, Binding<T> binding) throws IOException {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return binding.bind(new InetSocketAddress(address, next()));
            } catch (BindException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private static int next() {
        synchronized (GIVEN) {
            int port;
            do {
                port = ThreadLocalRandom.current().nextInt(FIRST, END);
            } while (!GIVEN.add(port));
            if (GIVEN.size() > APART) {
                GIVEN.remove(GIVEN.iterator().next());
            }
            return port;
        }
    }
}
