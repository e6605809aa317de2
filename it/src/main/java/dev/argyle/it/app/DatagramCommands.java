// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Does with datagram sockets what it is told on standard input, by {@link SocketCommands}:
 *
 * <pre>
 *   open socket|multicast|channel|selector
 *   connect host port        connected
 *   disconnect               disconnected
 *   send text host port      sent
 *   write text               sent       to the peer that it is connected to
 *   size octets host port    sent       a datagram of so many octets
 *   receive millis           from address:port text, or nothing; address:port is "back" where that was sent to last
 *   close                    closed
 * </pre>
 */
public final class DatagramCommands {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int BUFFER_OCTETS = 70_000;

    private DatagramCommands() {}

    public static void main(String[] args) throws IOException {
        SocketCommands.obey("receive", DatagramCommands::open);
    }

    private static Endpoint open(String kind) throws IOException {
        return switch (kind) {
            case "socket" -> new SocketEndpoint(new DatagramSocket());
            case "multicast" -> new SocketEndpoint(MulticastSockets.open());
            case "channel" -> new ChannelEndpoint(DatagramChannel.open());
            case "selector" -> new SelectorEndpoint(DatagramChannel.open());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static InetSocketAddress address(String host, String port) {
        return new InetSocketAddress(host, Integer.parseInt(port));
    }

    /** One socket. */
    private abstract static class Endpoint extends SocketCommands.Commanded {
        private volatile InetSocketAddress last = new InetSocketAddress(0);

        @Override
        final String run(String command, String[] arguments) throws IOException {
            switch (command) {
                case "connect" -> {
                    connect(to(arguments[0], arguments[1]));
                    return "connected";
                }
                case "disconnect" -> {
                    disconnect();
                    return "disconnected";
                }
                case "send" -> {
                    send(arguments[0].getBytes(ISO_8859_1), to(arguments[1], arguments[2]));
                    return "sent";
                }
                case "write" -> {
                    write(arguments[0].getBytes(ISO_8859_1));
                    return "sent";
                }
                case "size" -> {
                    send(new byte[Integer.parseInt(arguments[0])], to(arguments[1], arguments[2]));
                    return "sent";
                }
                case "receive" -> {
                    return receive(Integer.parseInt(arguments[0]));
                }
                default -> throw new IllegalArgumentException(command);
            }
        }

        private InetSocketAddress to(String host, String port) {
            InetSocketAddress address = address(host, port);
            last = address;
            return address;
        }

        final String received(InetSocketAddress from, String text) {
            boolean isBack = from.equals(last);
            return "from " + (isBack ? "back" : from.getAddress().getHostAddress() + ":" + from.getPort()) + " "
                    + (text.length() > 100 ? text.length() + " octets" : text);
        }

        abstract void connect(InetSocketAddress address) throws IOException;

        abstract void disconnect() throws IOException;

        abstract void send(byte[] payload, InetSocketAddress address) throws IOException;

        abstract void write(byte[] payload) throws IOException;

        abstract String receive(int millis) throws IOException;
    }

    private static final class SocketEndpoint extends Endpoint {
        private final DatagramSocket socket;

        SocketEndpoint(DatagramSocket socket) {
            this.socket = socket;
        }

        @Override
        void connect(InetSocketAddress address) throws IOException {
            socket.connect(address);
        }

        @Override
        void disconnect() {
            socket.disconnect();
        }

        @Override
        void send(byte[] payload, InetSocketAddress address) throws IOException {
            socket.send(new DatagramPacket(payload, payload.length, address));
        }

        @Override
        void write(byte[] payload) throws IOException {
            socket.send(new DatagramPacket(payload, payload.length));
        }

        @Override
        String receive(int millis) throws IOException {
            socket.setSoTimeout(millis);
            DatagramPacket packet = new DatagramPacket(new byte[BUFFER_OCTETS], BUFFER_OCTETS);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException nothing) {
                return "nothing";
            }
            return received(
                    (InetSocketAddress) packet.getSocketAddress(),
                    new String(packet.getData(), 0, packet.getLength(), ISO_8859_1));
        }

        @Override
        void close() {
            socket.close();
        }
    }

    /** A blocking channel, whose waits end only with a datagram. */
    private static class ChannelEndpoint extends Endpoint {
        final DatagramChannel channel;
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);

        ChannelEndpoint(DatagramChannel channel) {
            this.channel = channel;
        }

        @Override
        void connect(InetSocketAddress address) throws IOException {
            channel.connect(address);
        }

        @Override
        void disconnect() throws IOException {
            channel.disconnect();
        }

        @Override
        void send(byte[] payload, InetSocketAddress address) throws IOException {
            require(channel.send(ByteBuffer.wrap(payload), address) == payload.length);
        }

        @Override
        void write(byte[] payload) throws IOException {
            require(channel.write(ByteBuffer.wrap(payload)) == payload.length);
        }

        static void require(boolean isWhole) throws IOException {
            if (!isWhole) {
                throw new IOException("not the whole datagram was sent");
            }
        }

        @Override
        String receive(int millis) throws IOException {
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
            return from == null
                    ? "nothing"
                    : received(from, ISO_8859_1.decode(buffer.flip()).toString());
        }

        @Override
        void close() throws IOException {
            channel.close();
        }
    }

    /** A channel that never blocks, with a selector for each direction. */
    private static final class SelectorEndpoint extends ChannelEndpoint {
        private final Selector writable = Selector.open();
        private final Selector readable = Selector.open();

        SelectorEndpoint(DatagramChannel channel) throws IOException {
            super(channel);
            channel.configureBlocking(false);
            channel.register(writable, SelectionKey.OP_WRITE);
            channel.register(readable, SelectionKey.OP_READ);
        }

        @Override
        void send(byte[] payload, InetSocketAddress address) throws IOException {
            ByteBuffer source = ByteBuffer.wrap(payload);
            long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
            while (channel.send(source, address) == 0 && payload.length > 0) {
                select(deadline);
            }
        }

        @Override
        void write(byte[] payload) throws IOException {
            ByteBuffer source = ByteBuffer.wrap(payload);
            long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
            while (channel.write(source) == 0 && payload.length > 0) {
                select(deadline);
            }
        }

        private void select(long deadline) throws IOException {
            long left = deadline - System.currentTimeMillis();
            if (left <= 0) {
                throw new IOException("not writable in " + PATIENCE_MILLIS + " ms");
            }
            writable.select(left);
            writable.selectedKeys().clear();
        }

        @Override
        String receive(int millis) throws IOException {
            long deadline = System.currentTimeMillis() + millis;
            while (true) {
                String received = super.receive(millis);
                long left = deadline - System.currentTimeMillis();
                if (!received.equals("nothing") || left <= 0) {
                    return received;
                }
                readable.select(left);
                readable.selectedKeys().clear();
            }
        }

        @Override
        void close() throws IOException {
            super.close();
            writable.close();
            readable.close();
        }
    }
}
