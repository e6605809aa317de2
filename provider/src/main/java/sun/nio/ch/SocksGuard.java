// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the hooked places call where something leaves that is not carried: {@link SocksSeam} for them. The engine lets it go or
 * refuses it, before the JDK has changed anything. Stateless.
 */
public final class SocksGuard {
    private SocksGuard() {}

    /** Decides on a group. What is no group is left to the JDK. */
    public static void join(InetAddress group) throws IOException {
        if (group.isMulticastAddress()) {
            SocksSeam.engine().join(group);
        }
    }

    // ---- the sockets of before, AbstractPlainSocketImpl and AbstractPlainDatagramSocketImpl of Java 17

    /** At the head of {@code doConnect}. */
    public static void plainSocket(InetAddress address, int port) throws IOException {
        SocksSeam.engine()
                .requireDirect(new InetSocketAddress(address, port), false, "a socket of jdk.net.usePlainSocketImpl");
    }

    /** At the head of {@code send}: what is sent, in place of what was given. */
    public static DatagramPacket packet(DatagramPacket packet) throws IOException {
        InetSocketAddress target = (InetSocketAddress) packet.getSocketAddress();
        InetSocketAddress real = SocksSeam.engine().uncarriedDatagram(target);
        return real.equals(target)
                ? packet
                : new DatagramPacket(packet.getData(), packet.getOffset(), packet.getLength(), real);
    }

    /** At the head of {@code joinGroup}. What is no group is left to the JDK. */
    public static void joinGroup(@Nullable SocketAddress group) throws IOException {
        if (group instanceof InetSocketAddress address && !address.isUnresolved()) {
            join(address.getAddress());
        }
    }

    // ---- the constructors of channels

    /** Of {@code SocketChannel}. */
    public static void socketChannel(@Nullable SelectorProvider provider) {
        provided(provider, "a socket channel of ");
    }

    /** Of {@code DatagramChannel}. */
    public static void datagramChannel(@Nullable SelectorProvider provider) {
        provided(provider, "a datagram channel of ");
    }

    /** Of {@code AsynchronousSocketChannel}. */
    public static void asynchronousSocketChannel(@Nullable AsynchronousChannelProvider provider) {
        provided(provider, "an asynchronous socket channel of ");
    }

    /** What the JDK's own providers make is hooked. A constructor cannot throw what says it best. */
    private static void provided(@Nullable Object provider, String what) {
        if (provider == null || provider.getClass().getClassLoader() == null) {
            return;
        }
        try {
            boolean datagrams = what.startsWith("a datagram");
            SocksSeam.engine()
                    .requireDirect(null, datagrams, what + provider.getClass().getName());
        } catch (IOException e) {
            throw new UnsupportedOperationException(e.getMessage(), e);
        }
    }

    // ---- jdk.sctp

    /** At the head of {@code SctpChannelImpl.connect} and of {@code SctpMultiChannelImpl.send}. */
    public static void sctp(@Nullable SocketAddress target) throws IOException {
        if (target instanceof InetSocketAddress address && !address.isUnresolved()) {
            SocksSeam.engine().requireDirect(address, false, "an SCTP channel");
        }
    }
}
