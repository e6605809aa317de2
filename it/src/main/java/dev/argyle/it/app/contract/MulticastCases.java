// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;

/** Groups and broadcasts on the loopback interface, which no server has a part in. */
@SuppressWarnings("AddressSelection")
final class MulticastCases {
    private static final String BROADCAST = "127.255.255.255";

    private MulticastCases() {}

    static void addTo(Cases cases) {
        cases.add("MulticastSocket, group joined and left", MulticastCases::group);
        cases.add("MulticastSocket, group and routed peer on one socket", MulticastCases::groupAndPeer);
        cases.add("MulticastSocket, groups that cannot be joined", MulticastCases::wrongGroups);
        cases.add("MulticastSocket, settings", MulticastCases::settings);
        cases.add("MulticastSocket, deprecated calls", MulticastCases::deprecated);
        cases.add("DatagramSocket, group joined and left", MulticastCases::bySocket);
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", broadcast", scene -> broadcast(scene, kind));
            cases.add(kind + ", in a group, hears everybody", scene -> hearsAll(scene, kind, true));
            cases.add(kind + ", has sent to a group, hears everybody", scene -> hearsAll(scene, kind, false));
        }
        cases.add("DatagramChannel, group joined and left", MulticastCases::byChannel);
        cases.add("DatagramChannel, broadcast", MulticastCases::broadcastByChannel);
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"));
    }

    private static InetAddress groupAddress() throws IOException {
        return InetAddress.getByName("239.255.77.7");
    }

    private static void group(Scene scene) throws IOException {
        MulticastSocket socket = scene.closing(new MulticastSocket());
        socket.setNetworkInterface(loopback());
        own(scene, socket);
    }

    private static void bySocket(Scene scene) throws IOException {
        DatagramSocket socket = scene.closing(new DatagramSocket());
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
        own(scene, socket);
    }

    /** What is sent to the group comes back while the socket is a member. */
    private static void own(Scene scene, DatagramSocket socket) throws IOException {
        InetSocketAddress group = new InetSocketAddress(groupAddress(), socket.getLocalPort());
        scene.does("join", () -> socket.joinGroup(group, loopback()));
        scene.does("join again", () -> socket.joinGroup(group, loopback()));
        scene.of("member", () -> Datagrams.ask(socket, group, "to all"));
        scene.does("leave", () -> socket.leaveGroup(group, loopback()));
        scene.does("leave again", () -> socket.leaveGroup(group, loopback()));
        scene.does("send", () -> Datagrams.send(socket, group, "to others"));
        scene.say(Datagrams.nothing(socket));
    }

    private static void groupAndPeer(Scene scene) throws IOException {
        MulticastSocket socket = scene.closing(new MulticastSocket());
        socket.setNetworkInterface(loopback());
        InetSocketAddress group = new InetSocketAddress(groupAddress(), socket.getLocalPort());
        scene.does("join", () -> socket.joinGroup(group, loopback()));
        for (int i = 0; i < 2; i++) {
            scene.of("group", () -> Datagrams.ask(socket, group, "to all"));
            scene.of("peer", () -> Datagrams.ask(socket, scene.at("echo"), "to one"));
        }
        socket.connect(scene.at("echo"));
        scene.of("connected", () -> Datagrams.ask(socket, null, "to one"));
        socket.disconnect();
        scene.of("group", () -> Datagrams.ask(socket, group, "to all"));
        scene.does("leave", () -> socket.leaveGroup(group, loopback()));
    }

    /** A neighbour answers what was sent to a group past any server, whatever else is talked about on the socket. */
    private static void hearsAll(Scene scene, DatagramKind kind, boolean member) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(Datagrams.TRY_MILLIS);
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
        InetSocketAddress group = new InetSocketAddress(groupAddress(), socket.getLocalPort());
        scene.of("peer", () -> Datagrams.ask(socket, scene.at("echo"), "to one"));
        if (member) {
            scene.does("join", () -> socket.joinGroup(group, loopback()));
        } else {
            scene.does("send", () -> Datagrams.send(socket, group, "to others"));
        }
        DatagramSocket neighbour = scene.closing(new DatagramSocket(new InetSocketAddress("127.0.0.3", 0)));
        Datagrams.send(neighbour, new InetSocketAddress("127.0.0.1", socket.getLocalPort()), "here");
        scene.of("neighbour", () -> Datagrams.receive(socket).getAddress());
        scene.of("peer", () -> Datagrams.ask(socket, scene.at("echo"), "to one"));
    }

    private static void wrongGroups(Scene scene) throws IOException {
        MulticastSocket socket = scene.closing(new MulticastSocket());
        scene.does("no group", () -> socket.joinGroup(scene.at("echo"), loopback()));
        scene.does("null", () -> socket.joinGroup(null, loopback()));
        scene.does("of another kind", () -> socket.joinGroup(new DatagramStateCases.OtherAddress(), loopback()));
        scene.does("never joined", () -> socket.leaveGroup(new InetSocketAddress(groupAddress(), 0), loopback()));
        socket.close();
        scene.does("closed", () -> socket.joinGroup(new InetSocketAddress(groupAddress(), 0), loopback()));
    }

    private static void settings(Scene scene) throws IOException {
        MulticastSocket socket = scene.closing(new MulticastSocket());
        scene.of("time to live", socket::getTimeToLive);
        scene.does("set", () -> socket.setTimeToLive(7));
        scene.of("time to live", socket::getTimeToLive);
        scene.does("too long", () -> socket.setTimeToLive(256));
        scene.does("interface", () -> socket.setNetworkInterface(loopback()));
        scene.of("interface", () -> socket.getNetworkInterface().getName());
        scene.of("loop", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        scene.of("time to live", socket::getTimeToLive);
        socket.close();
        scene.of("closed", socket::getTimeToLive);
    }

    @SuppressWarnings("deprecation") // programs call it still
    private static void deprecated(Scene scene) throws IOException {
        MulticastSocket socket = scene.closing(new MulticastSocket());
        scene.does("set interface", () -> socket.setInterface(InetAddress.getByName("127.0.0.1")));
        scene.of("interface", socket::getInterface);
        scene.does("set loopback mode", () -> socket.setLoopbackMode(false));
        scene.of("loopback mode", socket::getLoopbackMode);
        scene.does("join", () -> socket.joinGroup(groupAddress()));
        InetSocketAddress group = new InetSocketAddress(groupAddress(), socket.getLocalPort());
        scene.of("member", () -> Datagrams.ask(socket, group, "to all"));
        scene.does("leave", () -> socket.leaveGroup(groupAddress()));
    }

    private static void broadcast(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket receiver = scene.closing(new DatagramSocket());
        receiver.setSoTimeout(Datagrams.TRY_MILLIS);
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress all = new InetSocketAddress(BROADCAST, receiver.getLocalPort());
        for (boolean permitted : new boolean[] {true, false}) {
            socket.setBroadcast(permitted);
            scene.does("send", () -> Datagrams.send(socket, all, "to all"));
            scene.does("connect", () -> socket.connect(all));
            socket.disconnect();
        }
        scene.of("received", () -> Datagrams.told(Datagrams.receive(receiver)));
    }

    private static void byChannel(Scene scene) throws IOException {
        DatagramChannel channel = scene.closing(DatagramChannel.open(StandardProtocolFamily.INET));
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback());
        channel.bind(new InetSocketAddress(0));
        InetSocketAddress group =
                new InetSocketAddress(groupAddress(), ((InetSocketAddress) channel.getLocalAddress()).getPort());
        MembershipKey key = channel.join(groupAddress(), loopback());
        scene.say("valid", key.isValid() && key.channel() == channel);
        scene.of("member", () -> DatagramChannels.ask(channel, group, "to all"));
        scene.of("peer", () -> DatagramChannels.ask(channel, scene.at("echo"), "to one"));
        key.drop();
        scene.say("valid", key.isValid());
        scene.of("again", () -> channel.join(groupAddress(), loopback()).isValid());
        scene.of("of one source", () -> channel.join(scene.world().address(), loopback()));
        scene.of("member", () -> DatagramChannels.ask(channel, group, "to all"));
    }

    private static void broadcastByChannel(Scene scene) throws IOException {
        DatagramSocket receiver = scene.closing(new DatagramSocket());
        receiver.setSoTimeout(Datagrams.TRY_MILLIS);
        DatagramChannel channel = scene.closing(DatagramChannel.open());
        InetSocketAddress all = new InetSocketAddress(BROADCAST, receiver.getLocalPort());
        scene.of("send", () -> channel.send(ByteBuffer.allocate(1), all));
        channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
        scene.of("permitted", () -> channel.send(ByteBuffer.allocate(3), all));
        scene.of("received", () -> Datagrams.receive(receiver).getLength());
    }
}
