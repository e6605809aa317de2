// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Options of DatagramSocket and its like, and what they say to wrong arguments. */
@SuppressWarnings("AddressSelection")
final class DatagramOptionCases {
    private DatagramOptionCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", options of a new socket", scene -> scene.say(options(kind.open(scene))));
            cases.add(kind + ", options stay", scene -> stay(scene, kind));
            cases.add(kind + ", options by their setters", scene -> setters(scene, kind));
            cases.add(kind + ", options with wrong values", scene -> wrongValues(scene, kind));
            cases.add(kind + ", small buffers", scene -> smallBuffers(scene, kind));
            cases.add(kind + ", wrong addresses to send to", scene -> wrongTargets(scene, kind));
            cases.add(kind + ", wrong addresses to connect to", scene -> wrongPeers(scene, kind));
            cases.add(kind + ", wildcard address to send to", scene -> wildcard(scene, kind));
            cases.add(kind + ", null in the place of packets", scene -> nulls(scene, kind));
        }
    }

    /** All that the socket says it has, in the order of their names. */
    private static Map<String, Object> options(DatagramSocket socket) {
        Map<String, Object> values = new TreeMap<>();
        for (SocketOption<?> option : socket.supportedOptions()) {
            try {
                values.put(option.name(), String.valueOf(socket.getOption(option)));
            } catch (IOException | RuntimeException e) {
                values.put(option.name(), e);
            }
        }
        return values;
    }

    private static void stay(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 90_000);
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.setOption(StandardSocketOptions.SO_BROADCAST, false);
        socket.setOption(StandardSocketOptions.IP_TOS, 8);
        socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
        socket.bind(null);
        scene.say("bound", options(socket));
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        scene.say("used", options(socket));
        socket.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(socket, null, "b"));
        scene.say("connected", options(socket));
        socket.disconnect();
        scene.say("disconnected", options(socket));
    }

    private static void setters(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        scene.of("send buffer", socket::getSendBufferSize);
        scene.of("receive buffer", socket::getReceiveBufferSize);
        scene.of("broadcast", socket::getBroadcast);
        scene.of("reuse", socket::getReuseAddress);
        scene.of("traffic class", socket::getTrafficClass);
        socket.setSendBufferSize(70_000);
        socket.setReceiveBufferSize(80_000);
        socket.setBroadcast(false);
        socket.setReuseAddress(true);
        socket.setTrafficClass(16);
        scene.of("send buffer", socket::getSendBufferSize);
        scene.of("receive buffer", socket::getReceiveBufferSize);
        scene.of("broadcast", socket::getBroadcast);
        scene.of("reuse", socket::getReuseAddress);
        scene.of("traffic class", socket::getTrafficClass);
        scene.of("echo", () -> Datagrams.ask(socket, null, "b"));
    }

    private static void wrongValues(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.does("send buffer 0", () -> socket.setSendBufferSize(0));
        scene.does("receive buffer -1", () -> socket.setReceiveBufferSize(-1));
        scene.does("traffic class 256", () -> socket.setTrafficClass(256));
        scene.does("null", () -> socket.setOption(null, 1));
        scene.does("TCP_NODELAY", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
        scene.of("TCP_NODELAY", () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
    }

    private static void smallBuffers(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        socket.setSendBufferSize(5_000);
        socket.setReceiveBufferSize(5_000);
        socket.bind(null);
        scene.of(
                "echo",
                () -> Datagrams.ask(
                                socket,
                                scene.at("echo"),
                                Datagrams.octets(1_000),
                                new DatagramPacket(new byte[2_000], 2_000))
                        .getLength());
        scene.of("send buffer", socket::getSendBufferSize);
        scene.of("receive buffer", socket::getReceiveBufferSize);
        // what does not fit into the buffer is no datagram
        scene.does("send", () -> socket.send(Datagrams.packet(new byte[60_000], scene.at("silent"))));
    }

    private static void wrongTargets(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.does(
                "port 0",
                () -> Datagrams.send(socket, new InetSocketAddress(scene.world().address(), 0), "a"));
        scene.does("unresolved", () -> {
            Datagrams.send(socket, InetSocketAddress.createUnresolved("no-such-host.invalid", 7), "a");
        });
        scene.does("address without a port", () -> {
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            packet.setAddress(scene.world().address());
            socket.send(packet);
        });
        scene.does("port without an address", () -> {
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            packet.setPort(7);
            socket.send(packet);
        });
        scene.of("goes on", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
    }

    private static void wrongPeers(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.does("null", () -> socket.connect(null));
        scene.does("null address", () -> socket.connect((InetAddress) null, 7));
        scene.does("negative port", () -> socket.connect(scene.world().address(), -1));
        scene.does("large port", () -> socket.connect(scene.world().address(), 65_536));
        scene.does("of another kind", () -> socket.connect(new DatagramStateCases.OtherAddress()));
        scene.does("unresolved", () -> socket.connect(InetSocketAddress.createUnresolved("no-such-host.invalid", 7)));
        scene.say(Datagrams.state(socket));
        scene.does("port 0", () -> socket.connect(scene.world().address(), 0));
        scene.say(Datagrams.flags(socket));
    }

    /** The kernel takes it for this machine. */
    private static void wildcard(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        DatagramSocket own = scene.closing(new DatagramSocket(0, InetAddress.getByName("127.0.0.1")));
        own.setSoTimeout(500);
        scene.does("send", () -> {
            Datagrams.send(socket, new InetSocketAddress("0.0.0.0", own.getLocalPort()), "anybody");
        });
        scene.of("received", () -> new String(Datagrams.content(Datagrams.receive(own)), StandardCharsets.US_ASCII));
    }

    private static void nulls(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.does("send", () -> socket.send(null));
        scene.does("receive", () -> socket.receive(null));
        socket.connect(scene.at("echo"));
        scene.does("send", () -> socket.send(null));
        scene.of("goes on", () -> Datagrams.ask(socket, null, "a"));
    }
}
