// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Does what the lines of connect(3SOCKET) are about, one after the other, as it is told on standard input.
 *
 * <p>A line is {@code <number> <what> <argument>...}, where the arguments are host and port unless a method says otherwise. It is
 * answered by {@code <number> <outcome>} and {@code <number> done}. An exception is told by its class and message. The program
 * ends with its input.
 */
@SuppressWarnings("AddressSelection") // an application's usual call
public final class ConnectPage {
    private static final int PATIENCE_MILLIS = 20_000;

    private ConnectPage() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            String outcome = of(() -> run(words[1], Arrays.copyOfRange(words, 2, words.length)));
            System.out.println(words[0] + " " + outcome.replace('\n', ' ') + "\n" + words[0] + " done");
        }
    }

    private static String of(Callable<?> call) {
        try {
            return String.valueOf(call.call());
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static String run(String what, String[] arguments) throws Exception {
        return switch (what) {
            case "unix" -> unix(arguments[0]);
            case "stream" -> stream(address(arguments));
            case "local" -> local(address(arguments));
            case "timeout" -> timeout(address(arguments), Integer.parseInt(arguments[2]));
            case "fails" -> fails(address(arguments));
            case "again" -> again(address(arguments));
            case "closed" -> closed(address(arguments));
            case "interrupted" -> interrupted(address(arguments));
            case "in-use" -> inUse(arguments[0]);
            case "foreign" -> foreign(arguments[0]);
            case "family" -> family(address(arguments));
            case "invalid" -> invalid();
            case "mode" -> mode(address(arguments));
            case "pending" -> pending(address(arguments));
            case "select" -> select(address(arguments));
            case "peer" -> peer(address(arguments));
            case "stranger" -> stranger(address(arguments));
            case "peers" ->
                peers(address(arguments), new InetSocketAddress(arguments[0], Integer.parseInt(arguments[2])));
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static InetSocketAddress address(String[] arguments) {
        return new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    }

    private static String echo(SocketChannel channel) throws IOException {
        channel.configureBlocking(true);
        channel.write(ByteBuffer.wrap("ping".getBytes(US_ASCII)));
        ByteBuffer buffer = ByteBuffer.allocate(4);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // the rest is on its way
        }
        return new String(buffer.array(), 0, buffer.position(), US_ASCII);
    }

    // ---- stream sockets

    private static String stream(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            boolean connected = channel.connect(target);
            return connected + " " + channel.getRemoteAddress() + " " + echo(channel);
        }
    }

    /** Whether there is a local address before, and after. */
    private static String local(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            boolean before = channel.getLocalAddress() != null;
            channel.connect(target);
            return before + " " + (channel.getLocalAddress() != null);
        }
    }

    /** With so many milliseconds. */
    private static String timeout(InetSocketAddress target, int millis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(target, millis);
            return "connected";
        } catch (SocketTimeoutException e) {
            return e.toString();
        }
    }

    /** The exceptions, and whether a socket and a channel are connected, and closed, after them. */
    private static String fails(InetSocketAddress target) throws IOException {
        try (Socket socket = new Socket();
                SocketChannel channel = SocketChannel.open()) {
            String ofSocket = of(() -> {
                socket.connect(target, PATIENCE_MILLIS);
                return "connected";
            });
            String ofChannel = of(() -> channel.connect(target));
            // isClosed() is of the release
            String again = of(() -> {
                socket.connect(target, PATIENCE_MILLIS);
                return "connected";
            });
            return ofSocket + " | " + ofChannel + " | connected " + socket.isConnected() + " " + channel.isConnected()
                    + ", closed " + again.contains("closed") + " " + !channel.isOpen();
        }
    }

    /** A second connect, of a socket and of a channel. */
    private static String again(InetSocketAddress target) throws IOException {
        try (Socket socket = new Socket();
                SocketChannel channel = SocketChannel.open(target)) {
            socket.connect(target);
            String ofSocket = of(() -> {
                socket.connect(target);
                return "connected";
            });
            return ofSocket + " | " + of(() -> channel.connect(target)) + " | " + echo(channel);
        }
    }

    private static String closed(InetSocketAddress target) throws IOException {
        Socket socket = new Socket();
        socket.close();
        SocketChannel channel = SocketChannel.open();
        channel.close();
        return of(() -> {
                    socket.connect(target);
                    return "connected";
                })
                + " | " + of(() -> channel.connect(target));
    }

    /** In a thread that was interrupted before: a socket, a blocking channel, and one that does not block. */
    private static String interrupted(InetSocketAddress target) throws Exception {
        try (Socket socket = new Socket();
                SocketChannel blocking = SocketChannel.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            Thread.currentThread().interrupt();
            String ofSocket = of(() -> {
                socket.connect(target);
                return "connected";
            });
            String ofBlocking = of(() -> blocking.connect(target));
            Thread.currentThread().interrupt();
            channel.connect(target);
            boolean kept = Thread.interrupted();
            return ofSocket + " | " + ofBlocking + " | " + kept + " " + finish(channel, target);
        }
    }

    /** With an address of this machine: a bind to a port that another socket has. */
    private static String inUse(String host) throws IOException {
        try (Socket first = new Socket();
                Socket second = new Socket()) {
            first.bind(new InetSocketAddress(host, 0));
            second.bind(first.getLocalSocketAddress());
            return "bound";
        }
    }

    /** With an address that is not this machine's. */
    private static String foreign(String host) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            return "" + channel.bind(new InetSocketAddress(host, 0));
        }
    }

    /** A channel for IPv4 alone, with an address of IPv6 and with one of the UNIX domain; the channel is of use after it. */
    private static String family(InetSocketAddress target) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
            channel.configureBlocking(false);
            InetSocketAddress other = new InetSocketAddress(InetAddress.getByName("::1"), target.getPort());
            return of(() -> channel.connect(other)) + " | "
                    + of(() -> channel.connect(UnixDomainSocketAddress.of("/nowhere"))) + " | "
                    + channel.isConnectionPending() + " | " + (channel.connect(target) || finish(channel, target));
        }
    }

    /** A port that is none, and no address at all. */
    @SuppressWarnings("NullAway") // what an application may do
    private static String invalid() throws IOException {
        try (Socket socket = new Socket();
                SocketChannel channel = SocketChannel.open()) {
            return of(() -> new InetSocketAddress("127.0.0.2", 65_536)) + " | "
                    + of(() -> {
                        socket.connect(null);
                        return "connected";
                    })
                    + " | " + of(() -> channel.connect(null));
        }
    }

    /** With the path of a socket of the UNIX domain. */
    private static String unix(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path)) + " " + echo(channel);
        }
    }

    // ---- non-blocking sockets

    private static String mode(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            boolean atFirst = channel.isBlocking();
            channel.configureBlocking(false);
            return atFirst + " " + channel.isBlocking() + " "
                    + of(() -> {
                        channel.socket().connect(target);
                        return "connected";
                    });
        }
    }

    /** A target that does not answer. */
    private static String pending(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            return channel.connect(target) + " " + channel.isConnectionPending() + " " + channel.finishConnect() + " | "
                    + of(() -> channel.connect(target)) + " | " + of(() -> channel.write(ByteBuffer.allocate(1)));
        }
    }

    /** Whether it is as connect says, then what finishConnect says once it is selected, then the echo where there is one. */
    private static String select(InetSocketAddress target) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            boolean atOnce = channel.connect(target);
            boolean consistent = atOnce == channel.isConnected() && atOnce != channel.isConnectionPending();
            return consistent + " " + (atOnce || finish(channel, target)) + " " + echo(channel);
        }
    }

    private static boolean finish(SocketChannel channel, InetSocketAddress target) throws IOException {
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            for (int i = 0; i < 10; i++) {
                selector.select(PATIENCE_MILLIS);
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(SelectionKey.OP_WRITE);
                    selector.selectedKeys().clear();
                    selector.select(PATIENCE_MILLIS);
                    return key.isWritable();
                }
                selector.selectedKeys().clear();
            }
        }
        throw new IOException("no connection to " + target);
    }

    // ---- datagram sockets

    private static String ping(DatagramSocket socket, String text) throws IOException {
        socket.send(new DatagramPacket(text.getBytes(US_ASCII), text.length()));
        return receive(socket);
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII) + " from " + packet.getPort();
    }

    private static DatagramSocket datagrams(int timeoutMillis) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout(timeoutMillis);
        return socket;
    }

    /** A datagram without a receiver of its own. */
    private static String peer(InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = datagrams(PATIENCE_MILLIS)) {
            socket.connect(target);
            return ping(socket, "ping");
        }
    }

    /** A service that answers from another port: connected to it, and not. */
    private static String stranger(InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = datagrams(500)) {
            socket.connect(target);
            String connected = of(() -> ping(socket, "ping"));
            socket.disconnect();
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.send(new DatagramPacket("pong".getBytes(US_ASCII), 4, target));
            String received = receive(socket);
            // the first answer may have been slower than the timeout
            return connected + " | "
                    + (received.startsWith("ping ") ? receive(socket) : received).startsWith("pong from ");
        }
    }

    /** With two ports: connected to the one, to the other, to none. */
    private static String peers(InetSocketAddress first, InetSocketAddress second) throws IOException {
        try (DatagramSocket socket = datagrams(PATIENCE_MILLIS)) {
            socket.connect(first);
            String one = ping(socket, "one");
            socket.connect(second);
            String two = ping(socket, "two");
            socket.disconnect();
            socket.send(new DatagramPacket("three".getBytes(US_ASCII), 5, first));
            return one + ", " + two + ", " + receive(socket) + ", connected " + socket.isConnected();
        }
    }
}
