// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.Watchdog;
import dev.argyle.transport.Carrier;
import dev.argyle.transport.Connect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * A channel in the hands of the client, in the mode that it is in: its calls wait for as long as the connect allows, or not at
 * all. Used by the thread that connects, but for {@link #abort}.
 */
final class ChannelCarrier implements Carrier, Watchdog.Watched {
    private final @Nullable InetSocketAddress local;
    private final boolean fresh;
    private final boolean waits;
    private volatile SocketChannel channel;
    private boolean used;
    private boolean connected;
    private @Nullable ClosedChannelException closed;
    private @Nullable Connect connect;

    /** Takes a channel of the program's, which connects once. */
    ChannelCarrier(SocketChannel given) {
        channel = given;
        local = null;
        fresh = false;
        waits = given.isBlocking();
    }

    private ChannelCarrier(SocketChannel made, @Nullable InetSocketAddress local) {
        channel = made;
        this.local = local;
        fresh = true;
        waits = true;
    }

    /**
     * Makes a channel that nobody has seen, and another after each server that cannot be used.
     *
     * @param local what it is bound to; null for nothing in particular
     */
    static ChannelCarrier fresh(@Nullable InetSocketAddress local) throws IOException {
        return new ChannelCarrier(open(local), local);
    }

    private static SocketChannel open(@Nullable InetSocketAddress local) throws IOException {
        SocketChannel made = SocketChannel.open();
        boolean bound = false;
        try {
            made.setOption(
                    StandardSocketOptions.SO_KEEPALIVE, true); // nothing else tells of a server that has vanished
            if (local != null) {
                made.bind(local);
            }
            bound = true;
        } finally {
            if (!bound) {
                made.close();
            }
        }
        return made;
    }

    /** Says whose limits hold, before the connect is first advanced. */
    void belongTo(Connect begun) {
        connect = begun;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Returns how the channel was found closed, by whoever has closed it; null if it was not. */
    @Nullable
    ClosedChannelException closed() {
        return closed;
    }

    /** A call that may wait. */
    private interface Call {
        int run() throws IOException;
    }

    /** Returns 0 where the time is over. */
    private int limited(Call call) throws IOException {
        Watchdog.Watch watch = null;
        if (waits && connect != null) {
            watch = Watchdog.SHARED.watch(this, connect.remainingNanos());
        }
        try {
            int result = call.run();
            return watch != null && watch.end() ? 0 : result;
        } catch (ClosedChannelException e) {
            if (watch != null && watch.end()) {
                return 0;
            }
            closed = e;
            throw e;
        } finally {
            if (watch != null) {
                watch.end();
            }
        }
    }

    @Override
    public void abort() {
        SocketChannel open = channel;
        try {
            open.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // it is closed already
        }
        try {
            open.close();
        } catch (IOException e) {
            // nothing is left to be lost
        }
    }

    /** Only the connect to such an address tells. */
    @Override
    public boolean supportsIPv6() {
        return true;
    }

    @Override
    public boolean isClosing() {
        return closed != null;
    }

    @Override
    public void acquire() {
        // it is as the program has it, and nothing else uses it before it is connected
    }

    @Override
    public void release() {
        // it was never in another mode
    }

    @Override
    public boolean connect(InetSocketAddress address) throws IOException {
        try {
            used = true;
            connected = limited(() -> channel.connect(address) ? 1 : 0) > 0;
        } catch (UnsupportedAddressTypeException e) {
            used = false; // it is as it was
            ConnectException unsupported = new ConnectException("this channel has no IPv6");
            unsupported.initCause(e);
            throw unsupported;
        }
        return connected;
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (!connected && !waits) {
            connected = limited(() -> channel.finishConnect() ? 1 : 0) > 0;
        }
        return connected;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return limited(() -> channel.read(dst));
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return limited(() -> channel.write(src));
    }

    @Override
    public void disconnect() throws IOException {
        if (!used) {
            return;
        }
        if (!fresh) {
            throw new SocketException("this channel connects once, and no other server is tried with it");
        }
        abort();
        connected = false;
        channel = open(local);
    }
}
