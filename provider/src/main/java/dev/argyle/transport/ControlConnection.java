// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection to a server that {@link Controls} carries and watches. Confined to the daemon. */
abstract class ControlConnection implements Carrier {
    private final Controlled owner;
    private final Selector selector;
    private final @Nullable InetSocketAddress local;
    private @Nullable SocketChannel channel;

    /** @param local what it is bound to before it is connected, but for the port; null or a wildcard for nothing */
    ControlConnection(Controlled owner, Selector selector, @Nullable InetSocketAddress local) {
        this.owner = owner;
        this.selector = selector;
        this.local = local;
    }

    /**
     * Goes on with a connect that it carries, and has the selector wait for what that waits for.
     *
     * @return whether it stands; the selector then waits for what the server says
     * @throws IOException if it cannot be had
     */
    final boolean advance(Connect connect) throws IOException {
        boolean stands = connect.advance();
        if (stands) {
            await(SelectionKey.OP_READ);
        } else if (channel != null) {
            int ops = channel.isConnectionPending()
                    ? SelectionKey.OP_CONNECT
                    : connect.awaitsReadable() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
            await(connect.isLookingUp() ? 0 : ops);
        }
        return stands;
    }

    private void await(int ops) {
        SelectionKey key = open().keyFor(selector);
        if (key != null && key.isValid()) {
            key.interestOps(ops);
        }
    }

    final SocketChannel open() {
        return Objects.requireNonNull(channel);
    }

    /** Gives the connection away: it is none of the daemon's from now on. */
    final SocketChannel detach() throws IOException {
        SocketChannel taken = open();
        SelectionKey key = taken.keyFor(selector);
        if (key != null) {
            key.cancel();
            selector.selectNow(); // which takes it out
        }
        taken.setOption(StandardSocketOptions.SO_KEEPALIVE, false);
        channel = null;
        return taken;
    }

    final void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // nothing is left to be lost
            }
        }
    }

    @Override
    public void acquire() {
        // there is nothing before the first connect
    }

    @Override
    public void release() {
        // it stays the daemon's
    }

    @Override
    public boolean connect(InetSocketAddress address) throws IOException {
        SocketChannel made = owner.provider().openSocketChannel();
        channel = made;
        made.configureBlocking(false);
        made.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // nothing else tells of a server that has vanished
        if (local != null && !local.getAddress().isAnyLocalAddress()) {
            // relays know clients by the address of this connection
            made.bind(new InetSocketAddress(local.getAddress(), 0));
        }
        boolean connected = made.connect(address);
        made.register(selector, 0, owner);
        return connected;
    }

    @Override
    public boolean finishConnect() throws IOException {
        return open().finishConnect();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return open().read(dst);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        return open().write(src);
    }

    @Override
    public void disconnect() {
        close();
    }
}
