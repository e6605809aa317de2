// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What is private in the JDK's channels. Safe for use by any thread. */
final class SocksChannelInternals implements PrivilegedExceptionAction<MethodHandle[]> {
    private static final MethodHandle READ_LOCK;
    private static final MethodHandle WRITE_LOCK;
    private static final MethodHandle FOR_EACH;

    static {
        MethodHandle[] handles = handles();
        READ_LOCK = handles[0];
        WRITE_LOCK = handles[1];
        FOR_EACH = handles[2];
    }

    private SocksChannelInternals() {}

    /** The program's own frames are below, and a policy may grant them less (up to Java 23). */
    @SuppressWarnings("removal")
    private static MethodHandle[] handles() {
        SocksChannelInternals action = new SocksChannelInternals();
        try {
            return System.getSecurityManager() == null ? action.run() : AccessController.doPrivileged(action);
        } catch (ReflectiveOperationException | PrivilegedActionException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public MethodHandle[] run() throws ReflectiveOperationException {
        Class<SocketChannelImpl> type = SocketChannelImpl.class;
        MethodHandles.Lookup channel = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        MethodHandles.Lookup selectable =
                MethodHandles.privateLookupIn(AbstractSelectableChannel.class, MethodHandles.lookup());
        return new MethodHandle[] {
            channel.findGetter(type, "readLock", ReentrantLock.class),
            channel.findGetter(type, "writeLock", ReentrantLock.class),
            selectable.findVirtual(
                    AbstractSelectableChannel.class, "forEach", MethodType.methodType(void.class, Consumer.class))
        };
    }

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
