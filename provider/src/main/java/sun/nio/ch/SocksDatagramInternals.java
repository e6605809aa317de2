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

/** What is private in the JDK's datagram channels. Stateless. */
final class SocksDatagramInternals {
    private static final MethodHandle SEND;
    private static final MethodHandle RECEIVE;
    private static final MethodHandle SOURCE;
    private static final MethodHandle DISCONNECT;
    private static final MethodHandle FAMILY;

    static {
        Class<DatagramChannelImpl> type = DatagramChannelImpl.class;
        try {
            MethodHandles.Lookup channel = SocksInternals.of(type);
            SEND = channel.findVirtual(
                    type,
                    "send",
                    MethodType.methodType(int.class, FileDescriptor.class, ByteBuffer.class, InetSocketAddress.class));
            RECEIVE = channel.findVirtual(
                    type,
                    "receiveIntoNativeBuffer",
                    MethodType.methodType(int.class, ByteBuffer.class, int.class, int.class, boolean.class));
            SOURCE = channel.findVirtual(type, "sourceSocketAddress", MethodType.methodType(InetSocketAddress.class));
            DISCONNECT = channel.findStatic(
                    type, "disconnect0", MethodType.methodType(void.class, FileDescriptor.class, boolean.class));
            FAMILY = channel.findGetter(type, "family", ProtocolFamily.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private SocksDatagramInternals() {}

    static int send(DatagramChannelImpl channel, FileDescriptor fd, ByteBuffer src, InetSocketAddress target)
            throws IOException {
        try {
            return (int) SEND.invokeExact(channel, fd, src, target);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }

    static int receive(DatagramChannelImpl channel, ByteBuffer direct, int octets, int position, boolean connected)
            throws IOException {
        try {
            return (int) RECEIVE.invokeExact(channel, direct, octets, position, connected);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }

    /** Where the datagram that was received last is from. */
    static InetSocketAddress source(DatagramChannelImpl channel) throws IOException {
        try {
            return (InetSocketAddress) SOURCE.invokeExact(channel);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }

    /** Dissolves the connection of a descriptor. */
    static void disconnect(FileDescriptor fd, boolean isIPv6) throws IOException {
        try {
            DISCONNECT.invokeExact(fd, isIPv6);
        } catch (Throwable e) {
            throw SocksInternals.thrown(e);
        }
    }

    static ProtocolFamily family(DatagramChannelImpl channel) {
        try {
            return (ProtocolFamily) FAMILY.invokeExact(channel);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
