// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes socket channels that are not the JDK's: each is one of the JDK's inside, which it hands everything on to.
 *
 * <p>Arguments: {@code host port}. Makes one of a provider of its own, twice, and one of no provider, connects each and
 * prints a line for each: {@code ok}, or the exception.
 */
public final class OwnChannels {
    private OwnChannels() {}

    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) {
        SocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        SelectorProvider provider = new Provider();
        print(provider, target);
        print(provider, target);
        print(null, target);
    }

    private static void print(@Nullable SelectorProvider provider, SocketAddress target) {
        try (SocketChannel channel = provider == null ? new Channel(null) : provider.openSocketChannel()) {
            channel.connect(target);
            System.out.println("ok " + channel.getRemoteAddress());
        } catch (IOException | RuntimeException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage() + " <- " + e.getCause());
        }
    }

    private static final class Provider extends SelectorProvider {
        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return DatagramChannel.open();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return DatagramChannel.open(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return Pipe.open();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            return SelectorProvider.provider().openSelector();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return ServerSocketChannel.open();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return new Channel(this);
        }
    }

    private static final class Channel extends SocketChannel {
        private final SocketChannel inner;

        @SuppressWarnings("NullAway") // there need not be one
        Channel(@Nullable SelectorProvider provider) throws IOException {
            super(provider);
            inner = SocketChannel.open();
        }

        @Override
        public SocketChannel bind(SocketAddress local) throws IOException {
            inner.bind(local);
            return this;
        }

        @Override
        public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            inner.setOption(name, value);
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return inner.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return inner.supportedOptions();
        }

        @Override
        public SocketChannel shutdownInput() throws IOException {
            inner.shutdownInput();
            return this;
        }

        @Override
        public SocketChannel shutdownOutput() throws IOException {
            inner.shutdownOutput();
            return this;
        }

        @Override
        public Socket socket() {
            return inner.socket();
        }

        @Override
        public boolean isConnected() {
            return inner.isConnected();
        }

        @Override
        public boolean isConnectionPending() {
            return inner.isConnectionPending();
        }

        @Override
        public boolean connect(SocketAddress remote) throws IOException {
            return inner.connect(remote);
        }

        @Override
        public boolean finishConnect() throws IOException {
            return inner.finishConnect();
        }

        @Override
        public SocketAddress getRemoteAddress() throws IOException {
            return inner.getRemoteAddress();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return inner.getLocalAddress();
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            return inner.read(dst);
        }

        @Override
        public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
            return inner.read(dsts, offset, length);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            return inner.write(src);
        }

        @Override
        public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
            return inner.write(srcs, offset, length);
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            inner.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            inner.configureBlocking(block);
        }
    }
}
