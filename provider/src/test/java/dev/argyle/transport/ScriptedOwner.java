// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A socket that there is none of: it is bound as a test says, and counts what it is told. */
final class ScriptedOwner implements DatagramOwner {
    final AtomicInteger changed = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();
    volatile boolean supportsIPv6 = true;
    volatile Runnable told = () -> {};
    volatile Supplier<@Nullable InetSocketAddress> local = () -> new InetSocketAddress(5555);

    @Override
    public boolean supportsIPv6() {
        return supportsIPv6;
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return local.get();
    }

    @Override
    public SelectorProvider provider() {
        return SelectorProvider.provider();
    }

    @Override
    public void changed() {
        changed.incrementAndGet();
        told.run();
    }

    @Override
    public void lost() {
        lost.incrementAndGet();
    }
}
