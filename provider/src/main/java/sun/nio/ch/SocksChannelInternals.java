// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What is private in the JDK's channels. Safe for use by any thread. */
final class SocksChannelInternals {
    private static final MethodHandle READ_LOCK;
    private static final MethodHandle WRITE_LOCK;
    private static final MethodHandle FOR_EACH;

    static {
        Class<SocketChannelImpl> type = SocketChannelImpl.class;
        Class<AbstractSelectableChannel> parent = AbstractSelectableChannel.class;
        try {
            MethodHandles.Lookup channel = SocksInternals.of(type);
            READ_LOCK = channel.findGetter(type, "readLock", ReentrantLock.class);
            WRITE_LOCK = channel.findGetter(type, "writeLock", ReentrantLock.class);
            FOR_EACH = SocksInternals.of(parent)
                    .findVirtual(parent, "forEach", MethodType.methodType(void.class, Consumer.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private SocksChannelInternals() {}

    static ReentrantLock readLock(SocketChannelImpl channel) {
        try {
            return (ReentrantLock) READ_LOCK.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static ReentrantLock writeLock(SocketChannelImpl channel) {
        try {
            return (ReentrantLock) WRITE_LOCK.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Goes through the keys with which it is registered. */
    static void forEachKey(AbstractSelectableChannel channel, Consumer<SelectionKey> action) {
        try {
            FOR_EACH.invokeExact(channel, (Consumer<?>) action);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
