// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.util.concurrent.Callable;

/**
 * What a program sees of datagram sockets that talk to echo services, one line for each step: {@code name: outcome}. Ports
 * are not printed.
 *
 * <p>Arguments: the addresses of two echo services and of one that does not answer, each as {@code host port}. A host may be
 * {@code name=address}, which no look-up is made for.
 */
public final class DatagramEchoes {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int TIMEOUT_MILLIS = 150;
    private static final int LONG = 60_000;

    private DatagramEchoes() {}

    /** Takes all steps. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress echo = address(args[0], args[1]);
        InetSocketAddress other = address(args[2], args[3]);
        InetSocketAddress silent = address(args[4], args[5]);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            unconnected(socket, echo, other);
            connected(socket, echo, other);
            timeouts(socket, silent, echo);
            tooLong(socket, echo);
        }
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            see("connect first", () -> {
                socket.connect(other);
                return socket.getLocalAddress().isAnyLocalAddress() + " "
                        + socket.getRemoteSocketAddress().equals(other);
            });
            see("then send", () -> sentAndReceived(socket, packet("first"), other));
        }
        try (MulticastSocket socket = new MulticastSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            see("multicast socket", () -> exchanged(socket, "one", echo, echo));
        }
    }

    private static InetSocketAddress address(String host, String port) throws IOException {
        int equals = host.indexOf('=');
        InetAddress address = equals < 0
                ? InetAddress.getByName(host)
                : InetAddress.getByAddress(
                        host.substring(0, equals),
                        InetAddress.getByName(host.substring(equals + 1)).getAddress());
        return new InetSocketAddress(address, Integer.parseInt(port));
    }

    private static void see(String name, Callable<?> step) {
        String outcome;
        try {
            outcome = String.valueOf(step.call());
        } catch (Exception e) {
            outcome = e.getClass().getName() + ": " + e.getMessage();
        }
        System.out.println(name + ": " + outcome);
    }

    private static DatagramPacket packet(String text) {
        return new DatagramPacket(text.getBytes(US_ASCII), text.length());
    }

    private static String exchanged(DatagramSocket socket, String text, InetSocketAddress to, InetSocketAddress from)
            throws IOException {
        DatagramPacket packet = packet(text);
        packet.setSocketAddress(to);
        return sentAndReceived(socket, packet, from);
    }

    /** The packet of a connected socket needs no address. */
    private static String sentAndReceived(DatagramSocket socket, DatagramPacket packet, InetSocketAddress from)
            throws IOException {
        socket.send(packet);
        return received(socket, 100, from);
    }

    private static String received(DatagramSocket socket, int room, InetSocketAddress from) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[room + 4], 2, room);
        socket.receive(packet);
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), US_ASCII)
                + (packet.getSocketAddress().equals(from) ? " from it" : " from " + packet.getSocketAddress());
    }

    private static void unconnected(DatagramSocket socket, InetSocketAddress echo, InetSocketAddress other) {
        see("one", () -> exchanged(socket, "one", echo, echo));
        see("another", () -> exchanged(socket, "two", other, other));
        see("the first again", () -> exchanged(socket, "three", echo, echo));
        see("empty", () -> exchanged(socket, "", echo, echo));
        see("truncated", () -> {
            socket.send(new DatagramPacket("truncated".getBytes(US_ASCII), 9, echo));
            return received(socket, 5, echo);
        });
        see("no room", () -> {
            socket.send(new DatagramPacket("truncated".getBytes(US_ASCII), 9, echo));
            return received(socket, 0, echo);
        });
        see("after them", () -> exchanged(socket, "four", other, other));
        see("long", () -> {
            byte[] octets = new byte[LONG];
            octets[LONG - 1] = 'z';
            socket.send(new DatagramPacket(octets, LONG, echo));
            DatagramPacket packet = new DatagramPacket(new byte[LONG], LONG);
            socket.receive(packet);
            return packet.getLength() + " " + (char) packet.getData()[LONG - 1];
        });
    }

    private static void connected(DatagramSocket socket, InetSocketAddress echo, InetSocketAddress other) {
        see("connect", () -> {
            socket.connect(echo);
            return socket.isConnected() + " " + socket.getRemoteSocketAddress().equals(echo);
        });
        see("without an address", () -> sentAndReceived(socket, packet("one"), echo));
        see("with its address", () -> exchanged(socket, "two", echo, echo));
        see("empty to the peer", () -> {
            socket.send(packet("")); // which the JDK does not send
            return sentAndReceived(socket, packet("three"), echo);
        });
        see("with another address", () -> exchanged(socket, "two", other, other));
        see("connect to another", () -> {
            socket.connect(other.getAddress(), other.getPort());
            return sentAndReceived(socket, packet("three"), other);
        });
        see("disconnect", () -> {
            socket.disconnect();
            return socket.isConnected() + " " + socket.getRemoteSocketAddress();
        });
        see("disconnected", () -> exchanged(socket, "four", echo, echo));
    }

    private static void timeouts(DatagramSocket socket, InetSocketAddress silent, InetSocketAddress echo)
            throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        long start = System.nanoTime();
        see("silent", () -> exchanged(socket, "one", silent, silent));
        see("waited", () -> System.nanoTime() - start >= TIMEOUT_MILLIS * 1_000_000L);
        see("timeout", socket::getSoTimeout);
        socket.setSoTimeout(PATIENCE_MILLIS);
        see("after a timeout", () -> exchanged(socket, "two", echo, echo));
    }

    private static void tooLong(DatagramSocket socket, InetSocketAddress echo) {
        int most = 65_507;
        see("too long", () -> {
            socket.send(new DatagramPacket(new byte[most + 1], most + 1, echo));
            return "sent";
        });
    }
}
