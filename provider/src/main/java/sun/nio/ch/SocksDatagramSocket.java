// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one descriptor, and what the engine asks and tells about them. The kernel sends them to the relay,
 * and takes them from it. Sending is done with the JDK's lock for writing, receiving with the one for reading,
 * connecting with both; the rest by any thread.
 */
public final class SocksDatagramSocket implements Runnable {
    static final NativeDispatcher DISPATCHER = new DatagramDispatcher();

    private final FileDescriptor fd;
    private final ProtocolFamily family;
    private final @Nullable WeakReference<DatagramChannelImpl> channel;
    private final SocksDatagramEngine engine;
    private final SocksDatagramConnection connection;

    final SocksDatagramSender sender;
    final SocksDatagramReceiver receiver;

    /** @param channel null for the datagrams of a Socket */
    SocksDatagramSocket(FileDescriptor fd, ProtocolFamily family, @Nullable DatagramChannelImpl channel) {
        this.fd = fd;
        this.family = family;
        this.channel = channel == null ? null : new WeakReference<>(channel);
        connection = new SocksDatagramConnection(fd, family);
        engine = SocksSeam.engine().datagrams(this);
        sender = new SocksDatagramSender(fd, engine, connection);
        receiver = new SocksDatagramReceiver(fd, engine, connection);
    }

    SocksDatagramPeer peer(InetSocketAddress target) throws IOException {
        return engine.peer(target);
    }

    /** Whether it is connected to a peer behind a relay. */
    boolean isConnected() {
        return connection.peer() != null;
    }

    /** In place of the kernel's connect. */
    int connect(InetAddress address, int port) throws IOException {
        SocksDatagramPeer peer = engine.peer(new InetSocketAddress(address, port));
        InetSocketAddress direct = peer.direct();
        if (direct != null) {
            disconnected();
            return Net.connect(family, fd, direct.getAddress(), direct.getPort());
        }
        connection.connect(peer);
        engine.connected(peer);
        return 1;
    }

    void disconnected() {
        connection.disconnect();
        engine.connected(null);
    }

    /** It receives from a group. */
    void joined() {
        engine.joined();
    }

    /** The kernel has said, to the JDK's own code, that the peer is gone. */
    void unreachable() {
        connection.unreachable();
    }

    /** At the close, before the descriptor is closed; and when the channel has been collected. */
    void close() {
        connection.close();
        engine.close();
    }

    /** The channel has been collected. */
    @Override
    public void run() {
        SocksDatagrams.closed(fd);
    }

    // ---- what the engine asks and tells

    /**
     * Whom the descriptor belongs to, null if he has been collected: the number may be another's then. Whoever uses it
     * for the daemon holds him meanwhile.
     */
    private @Nullable Object owner() {
        return channel == null ? this : channel.get();
    }

    /** Whether it can send to an IPv6 address. */
    public boolean supportsIPv6() {
        return family != StandardProtocolFamily.INET && Net.isIPv6Available();
    }

    /** Returns what it is bound to, or null if that cannot be told. */
    public @Nullable InetSocketAddress localAddress() {
        Object owner = owner();
        try {
            return owner == null ? null : connection.localAddress();
        } catch (IOException e) {
            return null;
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    /** Returns the JDK's own provider. */
    public SelectorProvider provider() {
        return DefaultSelectorProvider.get();
    }

    /** The association that was awaited stands, or has failed. */
    public void changed() {
        Object owner = owner();
        try {
            if (owner != null) {
                connection.sendHeld();
            }
            if (owner instanceof DatagramChannelImpl selectable) {
                sender.tellSelectors(selectable);
            }
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    /** The association of the connected peer is gone. */
    public void lost() {
        Object owner = owner();
        try {
            if (owner != null) {
                connection.lose();
            }
        } finally {
            Reference.reachabilityFence(owner);
        }
    }
}
