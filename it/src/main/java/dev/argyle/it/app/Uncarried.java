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
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Does what no SOCKS server carries, or need carry, in ways of its own, one after the other.
 *
 * <p>Arguments: {@code "way host port"}, any number of them. The host may be {@code name=address}, which no look-up is made
 * for. Each datagram holds the way's name. Prints {@code way outcome} for each.
 */
public final class Uncarried {
    /** Much longer than a test waits, so that a probe that must not be is noticed. */
    private static final int PROBE_MILLIS = 50_000;

    private static final int TTL = 1;

    private Uncarried() {}

    /** Goes all ways. */
    public static void main(String[] args) {
        for (String arg : args) {
            String[] words = arg.split(" ", -1);
            String outcome;
            try {
                outcome = go(words[0], words[1], Integer.parseInt(words[2]));
            } catch (IOException | RuntimeException e) {
                outcome = e.getClass().getName() + ": " + e.getMessage();
            }
            System.out.println(words[0] + " " + outcome);
        }
    }

    private static InetAddress address(String host) throws IOException {
        int equals = host.indexOf('=');
        if (equals < 0) {
            return InetAddress.getByName(host);
        }
        byte[] octets = InetAddress.getByName(host.substring(equals + 1)).getAddress();
        return InetAddress.getByAddress(host.substring(0, equals), octets);
    }

    private static String go(String way, String host, int port) throws IOException {
        InetSocketAddress target = new InetSocketAddress(address(host), port);
        return switch (way) {
            case "socketSend" -> socketSend(way, target);
            case "socketConnect", "socketConnectToAddress" -> socketConnect(way, target);
            case "channelSend" -> channelSend(way, target);
            case "channelConnect", "channelConnectAndGather" -> channelConnect(way, target);
            case "adaptorSend" -> adaptorSend(way, target);
            case "multicastSend" -> multicastSend(way, target);
            case "multicastJoin" -> multicastJoin(target);
            case "channelJoin" -> channelJoin(target);
            case "datagramStream" -> datagramStream(way, target);
            case "reach" -> Boolean.toString(target.getAddress().isReachable(PROBE_MILLIS));
            case "reachOneHop" -> Boolean.toString(target.getAddress().isReachable(null, TTL, PROBE_MILLIS));
            case "reachInNoTime" -> Boolean.toString(target.getAddress().isReachable(-1));
            default -> throw new IllegalArgumentException(way);
        };
    }

    private static ByteBuffer buffer(String way) {
        return US_ASCII.encode(way);
    }

    private static DatagramPacket packet(String way) {
        return new DatagramPacket(way.getBytes(US_ASCII), way.length());
    }

    private static DatagramPacket packet(String way, InetSocketAddress target) {
        DatagramPacket packet = packet(way);
        packet.setSocketAddress(target);
        return packet;
    }

    private static String socketSend(String way, InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(packet(way, target));
            return "sent";
        }
    }

    private static String socketConnect(String way, InetSocketAddress target) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            try {
                if (way.equals("socketConnect")) {
                    socket.connect(target.getAddress(), target.getPort());
                } else {
                    socket.connect(target);
                }
            } catch (IOException | RuntimeException e) {
                return "connected " + socket.isConnected() + ", bound " + socket.isBound() + ": " + e;
            }
            socket.send(packet(way));
            return "sent";
        }
    }

    private static String channelSend(String way, InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.send(buffer(way), target);
            return "sent";
        }
    }

    private static String channelConnect(String way, InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            try {
                channel.connect(target);
            } catch (IOException e) {
                return "connected " + channel.isConnected() + ", bound " + (channel.getLocalAddress() != null) + ": "
                        + e;
            }
            if (way.equals("channelConnect")) {
                channel.write(buffer(way));
            } else {
                channel.write(new ByteBuffer[] {buffer(way.substring(0, 1)), buffer(way.substring(1))});
            }
            return "sent";
        }
    }

    private static String adaptorSend(String way, InetSocketAddress target) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.socket().send(packet(way, target));
            return "sent";
        }
    }

    private static String multicastSend(String way, InetSocketAddress target) throws IOException {
        try (MulticastSocket socket = new MulticastSocket()) {
            socket.setTimeToLive(TTL);
            socket.setNetworkInterface(loopback());
            socket.send(packet(way, target));
            return "sent";
        }
    }

    private static String multicastJoin(InetSocketAddress group) throws IOException {
        try (MulticastSocket socket = new MulticastSocket()) {
            socket.joinGroup(group, loopback());
            return "joined";
        }
    }

    private static String channelJoin(InetSocketAddress group) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            return channel.join(group.getAddress(), loopback()).isValid() ? "joined" : "not joined";
        }
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    @SuppressWarnings("deprecation") // programs still use it
    private static String datagramStream(String way, InetSocketAddress target) throws IOException {
        try (Socket socket = new Socket(target.getAddress(), target.getPort(), false)) {
            socket.getOutputStream().write(way.getBytes(US_ASCII));
            return "sent";
        }
    }
}
