// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;

/** What is private in the JDK's datagram channels. Stateless. */
final class SocksDatagramInternals implements PrivilegedExceptionAction<MethodHandle[]> {
    private static final MethodHandle SEND;
    private static final MethodHandle RECEIVE;
    private static final MethodHandle SOURCE;
    private static final MethodHandle DISCONNECT;
    private static final MethodHandle FAMILY;

    static {
        MethodHandle[] handles = handles();
        SEND = handles[0];
        RECEIVE = handles[1];
        SOURCE = handles[2];
        DISCONNECT = handles[3];
        FAMILY = handles[4];
    }

    private SocksDatagramInternals() {}

    /** The program's own frames are below, and a policy may grant them less (up to Java 23). */
    @SuppressWarnings("removal")
    private static MethodHandle[] handles() {
        SocksDatagramInternals action = new SocksDatagramInternals();
        try {
            return System.getSecurityManager() == null ? action.run() : AccessController.doPrivileged(action);
        } catch (ReflectiveOperationException | PrivilegedActionException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public MethodHandle[] run() throws ReflectiveOperationException {
        Class<DatagramChannelImpl> type = DatagramChannelImpl.class;
        MethodHandles.Lookup channel = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        return new MethodHandle[] {
            channel.findVirtual(
                    type,
                    "send",
                    MethodType.methodType(int.class, FileDescriptor.class, ByteBuffer.class, InetSocketAddress.class)),
            channel.findVirtual(
                    type,
                    "receiveIntoNativeBuffer",
                    MethodType.methodType(int.class, ByteBuffer.class, int.class, int.class, boolean.class)),
            channel.findVirtual(type, "sourceSocketAddress", MethodType.methodType(InetSocketAddress.class)),
            channel.findStatic(
                    type, "disconnect0", MethodType.methodType(void.class, FileDescriptor.class, boolean.class)),
            channel.findGetter(type, "family", ProtocolFamily.class)
        };
    }

    static int send(DatagramChannelImpl channel, FileDescriptor fd, ByteBuffer src, InetSocketAddress target)
            throws IOException {
        try {
            return (int) SEND.invokeExact(channel, fd, src, target);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    static int receive(DatagramChannelImpl channel, ByteBuffer direct, int octets, int position, boolean connected)
            throws IOException {
        try {
            return (int) RECEIVE.invokeExact(channel, direct, octets, position, connected);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /** Where the datagram that was received last is from. */
    static InetSocketAddress source(DatagramChannelImpl channel) throws IOException {
        try {
            return (InetSocketAddress) SOURCE.invokeExact(channel);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    static void disconnect(FileDescriptor fd, boolean isIPv6) throws IOException {
        try {
            DISCONNECT.invokeExact(fd, isIPv6);
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    static ProtocolFamily family(DatagramChannelImpl channel) {
        try {
            return (ProtocolFamily) FAMILY.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static IOException thrown(Throwable e) {
        if (e instanceof IOException io) {
            return io;
        }
        if (e instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        throw new AssertionError(e);
    }
}
