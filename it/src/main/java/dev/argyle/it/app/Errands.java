// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.Hashtable;
import java.util.concurrent.ExecutionException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Runs errands that use the network, or that only seem to, one after the other.
 *
 * <p>Arguments: {@code errand host port}, any number of times. For each a line {@code <errand> <host> <outcome>}: what was
 * asked for, {@code ok} when an echo or a page came back, or the simple name of the exception. The program always ends
 * with status 0.
 */
public final class Errands {
    private static final byte[] PING = "ping".getBytes(US_ASCII);
    private static final int PROBE_MILLIS = 500;

    /** Of all waits for an answer, each twice as long as the one before it, but one. */
    private static final int MOST_PROBE_MILLIS = 1000;

    private Errands() {}

    /** Runs the errands. */
    public static void main(String[] args) {
        for (int i = 0; i < args.length; i += 3) {
            String outcome;
            try {
                outcome = run(args[i], args[i + 1], Integer.parseInt(args[i + 2]));
            } catch (Exception e) {
                Throwable cause = e instanceof ExecutionException ? e.getCause() : null;
                outcome = (cause == null ? e : cause).getClass().getSimpleName();
            }
            System.out.println(args[i] + " " + args[i + 1] + " " + outcome);
        }
    }

    @SuppressWarnings("AddressSelection") // an application's usual calls
    private static String run(String errand, String host, int port) throws Exception {
        return switch (errand) {
            case "look-up" -> InetAddress.getAllByName(host).length > 0 ? "ok" : "none";
            case "name-of" -> nameOf(InetAddress.getByName(host));
            case "canonical-name" -> InetAddress.getByName(host).getCanonicalHostName();
            case "reachable" -> Boolean.toString(InetAddress.getByName(host).isReachable(PROBE_MILLIS));
            case "reachable-by-interface" -> Boolean.toString(reachableByInterface(InetAddress.getByName(host)));
            case "socket" -> echo(new Socket(host, port));
            case "socket-later" -> connectLater(new InetSocketAddress(host, port));
            case "socket-unresolved" -> connectLater(InetSocketAddress.createUnresolved(host, port));
            case "url" -> page(url(host, port).toURL().openStream());
            case "channel" -> echo(SocketChannel.open(new InetSocketAddress(host, port)));
            case "channel-unresolved" -> echo(SocketChannel.open(InetSocketAddress.createUnresolved(host, port)));
            case "selected-channel" -> select(new InetSocketAddress(host, port));
            case "asynchronous-channel" -> connectAsynchronously(new InetSocketAddress(host, port));
            case "datagram" -> send(new InetSocketAddress(host, port));
            case "datagram-connected" -> sendConnected(new InetSocketAddress(host, port));
            case "datagram-channel" -> sendByChannel(new InetSocketAddress(host, port));
            case "datagram-channel-connected" -> sendByConnectedChannel(new InetSocketAddress(host, port));
            case "jndi" -> lookUpByJndi(host);
            case "http-client" -> get(url(host, port));
            default -> throw new IllegalArgumentException(errand);
        };
    }

    /** The name of an address of which nothing but its octets is left. */
    private static String nameOf(InetAddress address) throws IOException {
        return InetAddress.getByAddress(address.getAddress()).getHostName();
    }

    private static boolean reachableByInterface(InetAddress address) throws IOException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!each.isLoopback() && address.isReachable(each, 0, PROBE_MILLIS)) {
                return true;
            }
        }
        return false;
    }

    private static URI url(String host, int port) {
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/");
    }

    private static String connectLater(InetSocketAddress target) throws IOException {
        Socket socket = new Socket();
        socket.connect(target);
        return echo(socket);
    }

    private static String echo(Socket connected) throws IOException {
        try (Socket socket = connected) {
            OutputStream out = socket.getOutputStream();
            out.write(PING);
            return outcome(socket.getInputStream().readNBytes(PING.length));
        }
    }

    private static String echo(SocketChannel connected) throws IOException {
        try (SocketChannel channel = connected) {
            channel.write(ByteBuffer.wrap(PING));
            ByteBuffer answer = ByteBuffer.allocate(PING.length);
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw new EOFException();
                }
            }
            return outcome(answer.array());
        }
    }

    private static String select(InetSocketAddress target) throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            if (!channel.connect(target)) {
                SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
                while (!channel.finishConnect()) {
                    selector.select();
                    selector.selectedKeys().clear();
                }
                key.cancel();
                selector.selectNow();
            }
            channel.configureBlocking(true);
            return echo(channel);
        }
    }

    private static String connectAsynchronously(InetSocketAddress target) throws Exception {
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            channel.connect(target).get();
            channel.write(ByteBuffer.wrap(PING)).get();
            ByteBuffer answer = ByteBuffer.allocate(PING.length);
            while (answer.hasRemaining()) {
                if (channel.read(answer).get() < 0) {
                    throw new EOFException();
                }
            }
            return outcome(answer.array());
        }
    }

    private static String send(InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            return echo(socket, new DatagramPacket(PING, PING.length, target));
        }
    }

    private static String sendConnected(InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(target);
            return echo(socket, new DatagramPacket(PING, PING.length));
        }
    }

    /** A datagram may be lost, and who is connected may be told so. */
    private static String echo(DatagramSocket socket, DatagramPacket ping) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[PING.length], PING.length);
        for (int millis = PROBE_MILLIS; ; millis *= 2) {
            socket.send(ping);
            socket.setSoTimeout(millis);
            try {
                socket.receive(answer);
                return outcome(answer.getData());
            } catch (SocketTimeoutException | PortUnreachableException e) {
                if (millis > MOST_PROBE_MILLIS) {
                    throw e;
                }
            }
        }
    }

    private static String sendByChannel(InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            return echo(channel, target);
        }
    }

    private static String sendByConnectedChannel(InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            return echo(channel.connect(target), target);
        }
    }

    /** Sends as one that may wait, and receives as one that may not. */
    private static String echo(DatagramChannel channel, InetSocketAddress target) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(PING.length);
        for (int millis = PROBE_MILLIS; millis <= 2 * MOST_PROBE_MILLIS; millis *= 2) {
            channel.configureBlocking(true);
            try {
                int unused = channel.isConnected()
                        ? channel.write(ByteBuffer.wrap(PING))
                        : channel.send(ByteBuffer.wrap(PING), target);
                channel.configureBlocking(false);
                try (Selector selector = Selector.open()) {
                    channel.register(selector, SelectionKey.OP_READ);
                    selector.select(millis);
                    if (channel.receive(answer) != null) {
                        return outcome(answer.array());
                    }
                }
            } catch (PortUnreachableException e) {
                channel.configureBlocking(false);
            }
        }
        throw new SocketTimeoutException();
    }

    /** The JDK's own DNS client asks the server of the system's configuration, by UDP. */
    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // addresses of the test's own server; JNDI takes a Hashtable
    private static String lookUpByJndi(String host) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", Integer.toString(PROBE_MILLIS));
        environment.put("com.sun.jndi.dns.timeout.retries", "3");
        DirContext context = new InitialDirContext(environment);
        try {
            return context.getAttributes(host, new String[] {"A"}).size() > 0 ? "ok" : "none";
        } finally {
            context.close();
        }
    }

    private static String get(URI url) throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
        return page(response.body());
    }

    private static String page(InputStream body) throws IOException {
        try (body) {
            return body.readAllBytes().length > 0 ? "ok" : "empty";
        }
    }

    private static String outcome(byte[] answer) {
        return Arrays.equals(answer, PING) ? "ok" : "wrong echo";
    }
}
