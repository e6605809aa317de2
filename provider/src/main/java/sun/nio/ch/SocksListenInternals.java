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
import org.jspecify.annotations.Nullable;

/** What is private in the JDK's listening sockets. Safe for use by any thread. */
final class SocksListenInternals {
    private static final VarHandle DESCRIPTOR;
    private static final VarHandle ADDRESS;
    private static final VarHandle LOCAL_PORT;
    private static final VarHandle LOCAL_ADDRESS;

    static {
        Class<ServerSocketChannelImpl> type = ServerSocketChannelImpl.class;
        try {
            MethodHandles.Lookup impl = SocksInternals.of(SocketImpl.class);
            DESCRIPTOR = impl.findVarHandle(SocketImpl.class, "fd", FileDescriptor.class);
            ADDRESS = impl.findVarHandle(SocketImpl.class, "address", InetAddress.class);
            LOCAL_PORT = impl.findVarHandle(SocketImpl.class, "localport", int.class);
            LOCAL_ADDRESS = SocksInternals.of(type).findVarHandle(type, "localAddress", SocketAddress.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private SocksListenInternals() {}

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
