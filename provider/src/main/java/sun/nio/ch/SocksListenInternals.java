// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import org.jspecify.annotations.Nullable;

/** What is private in the JDK's listening sockets. Safe for use by any thread. */
final class SocksListenInternals implements PrivilegedExceptionAction<VarHandle[]> {
    private static final VarHandle DESCRIPTOR;
    private static final VarHandle ADDRESS;
    private static final VarHandle LOCAL_PORT;
    private static final VarHandle LOCAL_ADDRESS;

    static {
        VarHandle[] handles = handles();
        DESCRIPTOR = handles[0];
        ADDRESS = handles[1];
        LOCAL_PORT = handles[2];
        LOCAL_ADDRESS = handles[3];
    }

    private SocksListenInternals() {}

    /** The program's own frames are below, and a policy may grant them less (up to Java 23). */
    @SuppressWarnings("removal")
    private static VarHandle[] handles() {
        SocksListenInternals action = new SocksListenInternals();
        try {
            return System.getSecurityManager() == null ? action.run() : AccessController.doPrivileged(action);
        } catch (ReflectiveOperationException | PrivilegedActionException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public VarHandle[] run() throws ReflectiveOperationException {
        MethodHandles.Lookup impl = MethodHandles.privateLookupIn(SocketImpl.class, MethodHandles.lookup());
        MethodHandles.Lookup channel =
                MethodHandles.privateLookupIn(ServerSocketChannelImpl.class, MethodHandles.lookup());
        return new VarHandle[] {
            impl.findVarHandle(SocketImpl.class, "fd", FileDescriptor.class),
            impl.findVarHandle(SocketImpl.class, "address", InetAddress.class),
            impl.findVarHandle(SocketImpl.class, "localport", int.class),
            channel.findVarHandle(ServerSocketChannelImpl.class, "localAddress", SocketAddress.class)
        };
    }

    static @Nullable FileDescriptor descriptor(SocketImpl impl) {
        return (FileDescriptor) DESCRIPTOR.getVolatile(impl);
    }

    static void setLocal(SocketImpl impl, InetSocketAddress local) {
        ADDRESS.setVolatile(impl, local.getAddress());
        LOCAL_PORT.setVolatile(impl, local.getPort());
    }

    static void setLocal(ServerSocketChannelImpl channel, InetSocketAddress local) {
        LOCAL_ADDRESS.setVolatile(channel, (SocketAddress) local);
    }
}
