// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Does with listening sockets what it is told on standard input, by {@link SocketCommands}:
 *
 * <pre>
 *   open socket|timed|adaptor|channel|selector|asynchronous
 *   bind host port           bound address:port
 *   address                  address:port, or none
 *   accept millis            from address:port to address:port, or nothing; socket and channel wait for ever
 *   read octets              text      what was sent to the socket that was accepted last
 *   write text               written
 *   close                    closed
 * </pre>
 */
public final class ListenCommands {
    private ListenCommands() {}

    public static void main(String[] args) throws IOException {
        SocketCommands.obey("accept", ListenCommands::open);
    }

    private static Endpoint open(String kind) throws IOException {
        return switch (kind) {
            case "socket" -> new SocketEndpoint(new ServerSocket(), false);
            case "timed" -> new SocketEndpoint(new ServerSocket(), true);
            case "adaptor" -> new SocketEndpoint(ServerSocketChannel.open().socket(), true);
            case "channel" -> new ChannelEndpoint(ServerSocketChannel.open());
            case "selector" -> new SelectorEndpoint(ServerSocketChannel.open());
            case "asynchronous" -> new AsynchronousEndpoint(AsynchronousServerSocketChannel.open());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static String spelled(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress ip ? ip.getAddress().getHostAddress() + ":" + ip.getPort() : "none";
    }

    /** One connection. */
    private record Accepted(
            @Nullable SocketAddress remote, @Nullable SocketAddress local, InputStream in, OutputStream out) {
        static Accepted of(Socket socket) throws IOException {
            return new Accepted(
                    socket.getRemoteSocketAddress(),
                    socket.getLocalSocketAddress(),
                    socket.getInputStream(),
                    socket.getOutputStream());
        }
    }

    /** One listening socket. */
    private abstract static class Endpoint extends SocketCommands.Commanded {
        private volatile @Nullable Accepted last;

        @Override
        final String run(String command, String[] arguments) throws IOException {
            switch (command) {
                case "bind" -> {
                    bind(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
                    return "bound " + spelled(address());
                }
                case "address" -> {
                    return spelled(address());
                }
                case "accept" -> {
                    Accepted accepted = accept(Integer.parseInt(arguments[0]));
                    if (accepted == null) {
                        return "nothing";
                    }
                    last = accepted;
                    return "from " + spelled(accepted.remote) + " to " + spelled(accepted.local);
                }
                case "read" -> {
                    return new String(accepted().in.readNBytes(Integer.parseInt(arguments[0])), ISO_8859_1);
                }
                case "write" -> {
                    accepted().out.write(arguments[0].getBytes(ISO_8859_1));
                    return "written";
                }
                default -> throw new IllegalArgumentException(command);
            }
        }

        private Accepted accepted() {
            return Objects.requireNonNull(last);
        }

        abstract void bind(InetSocketAddress address) throws IOException;

        abstract @Nullable SocketAddress address() throws IOException;

        abstract @Nullable Accepted accept(int millis) throws IOException;
    }

    private static final class SocketEndpoint extends Endpoint {
        private final ServerSocket socket;
        private final boolean isTimed;

        SocketEndpoint(ServerSocket socket, boolean isTimed) {
            this.socket = socket;
            this.isTimed = isTimed;
        }

        @Override
        void bind(InetSocketAddress address) throws IOException {
            socket.bind(address);
        }

        @Override
        @Nullable
        SocketAddress address() {
            return socket.getLocalSocketAddress();
        }

        @Override
        @Nullable
        Accepted accept(int millis) throws IOException {
            if (isTimed) {
                socket.setSoTimeout(millis);
            }
            try {
                return Accepted.of(socket.accept());
            } catch (SocketTimeoutException timeout) {
                return null;
            }
        }

        @Override
        void close() throws IOException {
            socket.close();
        }
    }

    private static class ChannelEndpoint extends Endpoint {
        final ServerSocketChannel channel;

        ChannelEndpoint(ServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        void bind(InetSocketAddress address) throws IOException {
            channel.bind(address);
        }

        @Override
        @Nullable
        SocketAddress address() throws IOException {
            return channel.getLocalAddress();
        }

        @Override
        @Nullable
        Accepted accept(int millis) throws IOException {
            SocketChannel accepted = channel.accept();
            return accepted == null ? null : Accepted.of(accepted.socket());
        }

        @Override
        void close() throws IOException {
            channel.close();
        }
    }

    /** A channel that never blocks. */
    private static final class SelectorEndpoint extends ChannelEndpoint {
        private final Selector selector = Selector.open();

        SelectorEndpoint(ServerSocketChannel channel) throws IOException {
            super(channel);
            channel.configureBlocking(false);
        }

        @Override
        void bind(InetSocketAddress address) throws IOException {
            super.bind(address);
            channel.register(selector, SelectionKey.OP_ACCEPT);
        }

        /** Tries only when it is told to. */
        @Override
        @Nullable
        Accepted accept(int millis) throws IOException {
            long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
                selector.select(left);
                boolean isReady = !selector.selectedKeys().isEmpty();
                selector.selectedKeys().clear();
                Accepted accepted = isReady ? super.accept(millis) : null;
                if (accepted != null) {
                    return accepted;
                }
            }
            return null;
        }

        @Override
        void close() throws IOException {
            super.close();
            selector.close();
        }
    }

    private static final class AsynchronousEndpoint extends Endpoint {
        private final AsynchronousServerSocketChannel channel;
        private @Nullable Future<AsynchronousSocketChannel> pending;

        AsynchronousEndpoint(AsynchronousServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        void bind(InetSocketAddress address) throws IOException {
            channel.bind(address);
        }

        @Override
        @Nullable
        SocketAddress address() throws IOException {
            return channel.getLocalAddress();
        }

        /** Where nobody comes in time, it is the same accept that goes on with the next command. */
        @Override
        @Nullable
        Accepted accept(int millis) throws IOException {
            Future<AsynchronousSocketChannel> accept = pending == null ? channel.accept() : pending;
            pending = accept;
            try {
                AsynchronousSocketChannel accepted = accept.get(millis, TimeUnit.MILLISECONDS);
                pending = null;
                return new Accepted(
                        accepted.getRemoteAddress(),
                        accepted.getLocalAddress(),
                        Channels.newInputStream(accepted),
                        Channels.newOutputStream(accepted));
            } catch (ExecutionException failure) {
                pending = null;
                if (failure.getCause() instanceof IOException reason) {
                    throw reason;
                }
                throw new IllegalStateException(failure);
            } catch (TimeoutException nobody) {
                return null;
            } catch (InterruptedException end) {
                throw new IllegalStateException(end);
            }
        }

        @Override
        void close() throws IOException {
            channel.close();
        }
    }
}
