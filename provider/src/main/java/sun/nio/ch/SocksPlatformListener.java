// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import java.nio.channels.SocketChannel;
import jdk.internal.ref.CleanerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a listening platform socket, {@code NioSocketImpl}, whose code is not hooked, has at a server: its own socket
 * listens at a loopback address, and is connected to when a peer has come to the server. Safe for use by any thread.
 */
public final class SocksPlatformListener implements Runnable {
    private static final int ST_NEW = 0;
    private static final VarHandle STATE;

    static {
        try {
            Class<?> type = Class.forName("sun.nio.ch.NioSocketImpl", false, null);
            STATE = SocksInternals.of(type).findVarHandle(type, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SocksBinding binding;

    private SocksPlatformListener(SocksBinding binding) {
        this.binding = binding;
    }

    /**
     * Decides on a socket that a program binds to listen.
     *
     * @param asked the local address that the program asks for
     * @param port that it asks for, 0 for any
     * @return null if it listens here
     * @throws IOException if it must do neither
     */
    public static @Nullable SocksPlatformListener open(InetAddress asked, int port) throws IOException {
        SocksBinding binding =
                SocksSeam.engine().listen(asked, port, DefaultSelectorProvider.get(), Net.isIPv6Available());
        return binding == null ? null : new SocksPlatformListener(binding);
    }

    /**
     * Returns where the server listens, or did last; waits until it is known.
     *
     * @throws IOException if it has never listened: the reason; or if this is closed
     */
    public InetSocketAddress bound() throws IOException {
        return binding.bound();
    }

    /**
     * Says where this machine's socket listens.
     *
     * @param owner which ends this when it is collected
     */
    public void listens(Object owner, InetSocketAddress loopback) {
        binding.tellAt(loopback);
        CleanerFactory.cleaner().register(owner, this);
    }

    /** Has the server asked to listen, unless it does or has been. Waits for nothing. */
    public void begin() {
        binding.begin();
    }

    /**
     * Puts what the server has accepted in the place of a connection that this machine's socket has.
     *
     * @param from where that came from
     * @param fd its descriptor, blocking
     * @return what it is; null if the connection was somebody else's
     * @throws IOException if nothing came of it: the reason
     */
    public @Nullable SocksAccepted take(InetSocketAddress from, FileDescriptor fd) throws IOException {
        SocksAccepted accepted = binding.take(from);
        if (accepted == null) {
            return null;
        }
        try (SocketChannel channel = accepted.channel()) {
            new DatagramDispatcher().dup(((SelChImpl) channel).getFD(), fd);
        }
        IOUtil.configureBlocking(fd, true);
        return accepted;
    }

    /** Makes a platform socket that has accepted, and was closed, one that can accept again: nobody has had it yet. */
    public static void renew(SocketImpl closed) {
        STATE.setVolatile(closed, ST_NEW);
    }

    /** Ends it. */
    public void close() {
        binding.close();
    }

    @Override
    public void run() {
        close();
    }
}
