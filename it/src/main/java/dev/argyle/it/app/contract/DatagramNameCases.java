// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.StringJoiner;

/**
 * Peers by their names.
 *
 * <p>The addresses of names are not for comparison: a stand-in is another than the one that it stands for. What counts is
 * that a program finds the one that it has sent to.
 */
@SuppressWarnings("AddressSelection")
final class DatagramNameCases {
    private DatagramNameCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", peer by name", scene -> byName(scene, kind));
            cases.add(kind + ", peer by name, connected", scene -> connected(scene, kind));
            cases.add(kind + ", peer by name, connected again", scene -> again(scene, kind));
            cases.add(kind + ", peer by name, strangers dropped", scene -> strangers(scene, kind));
            cases.add(kind + ", two names on two ports", scene -> twoPorts(scene, kind));
            cases.add(kind + ", two names on one port, two sockets", scene -> twoSockets(scene, kind));
            cases.add(kind + ", two names on one port", scene -> onePort(scene, kind));
            cases.add(kind + ", name and address on one port", scene -> nameAndAddress(scene, kind));
            cases.add(kind + ", answer from another port of a name", scene -> otherPort(scene, kind));
            cases.add(kind + ", unresolved name", scene -> unresolved(scene, kind));
        }
        cases.add("DatagramChannel, peer by name", DatagramNameCases::byChannel);
        cases.add("DatagramChannel, unresolved name", DatagramNameCases::unresolvedByChannel);
    }

    private static InetSocketAddress name(Scene scene, String role) {
        return new InetSocketAddress(scene.world().word("name"), scene.port(role));
    }

    private static InetSocketAddress otherName(Scene scene, String role) {
        return new InetSocketAddress(scene.world().word("otherName"), scene.port(role));
    }

    /** Asks, and says which of some addresses the answer is from. */
    private static String ask(DatagramSocket socket, SocketAddress to, boolean connected, InetSocketAddress... known)
            throws IOException {
        DatagramPacket answer = Datagrams.ask(
                socket, connected ? null : to, "name".getBytes(US_ASCII), new DatagramPacket(new byte[100], 100));
        InetSocketAddress source = (InetSocketAddress) answer.getSocketAddress();
        String text = new String(Datagrams.content(answer), US_ASCII) + " from ";
        StringJoiner said = new StringJoiner(" ", text, "").setEmptyValue(text + "somebody else");
        for (int i = 0; i < known.length; i++) {
            if (source.equals(known[i]) && source.hashCode() == known[i].hashCode()) {
                said.add(Integer.toString(i));
            }
        }
        return said.toString();
    }

    private static void byName(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress target = name(scene, "echo");
        for (int i = 0; i < 3; i++) {
            scene.of("echo", () -> ask(socket, target, false, target));
        }
    }

    private static void connected(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress target = name(scene, "echo");
        socket.connect(target);
        for (int i = 0; i < 3; i++) {
            scene.of("echo", () -> ask(socket, target, true, target));
        }
        scene.say("remote", target.equals(socket.getRemoteSocketAddress()));
        scene.say("name", socket.getInetAddress().getHostName());
        scene.say("port", ":" + socket.getPort());
        scene.say("local", socket.getLocalSocketAddress());
        scene.of("send to the name", () -> ask(socket, target, false, target));
        DatagramPacket packet = new DatagramPacket(new byte[] {'a'}, 1);
        socket.send(packet);
        scene.say("packet's", target.equals(packet.getSocketAddress()));
    }

    private static void again(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (InetSocketAddress target :
                new InetSocketAddress[] {name(scene, "echo"), otherName(scene, "echo"), name(scene, "second")}) {
            socket.connect(target);
            scene.of("connected", () -> ask(socket, target, true, target));
            socket.disconnect();
            scene.of("disconnected", () -> ask(socket, scene.at("echo"), false).startsWith("name"));
        }
    }

    private static void strangers(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress target = name(scene, "echo");
        socket.connect(target);
        Datagrams.send(socket, null, "!other stranger");
        scene.of("echo", () -> ask(socket, target, true, target));
        scene.say(Datagrams.nothing(socket));
    }

    private static void twoPorts(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress one = name(scene, "echo");
        InetSocketAddress other = otherName(scene, "second");
        for (int i = 0; i < 2; i++) {
            scene.of("one", () -> ask(socket, one, false, one, other));
            scene.of("other", () -> ask(socket, other, false, one, other));
        }
    }

    private static void twoSockets(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket first = kind.open(scene);
        DatagramSocket second = kind.open(scene);
        InetSocketAddress one = name(scene, "echo");
        InetSocketAddress other = otherName(scene, "echo");
        for (int i = 0; i < 2; i++) {
            scene.of("one", () -> ask(first, one, false, one));
            scene.of("other", () -> ask(second, other, false, other));
        }
    }

    /** The names are of one address, so that nothing in an answer says which of them was meant. */
    private static void onePort(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress one = name(scene, "echo");
        InetSocketAddress other = otherName(scene, "echo");
        scene.of("one, before the other", () -> ask(socket, one, false, one));
        scene.of("other", () -> ask(socket, other, false, one, other, scene.at("echo")));
        scene.of("one", () -> ask(socket, one, false, one, other, scene.at("echo")));
    }

    private static void nameAndAddress(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress named = name(scene, "echo");
        scene.of("address", () -> ask(socket, scene.at("echo"), false, named, scene.at("echo")));
        scene.of("name", () -> ask(socket, named, false, named, scene.at("echo")));
    }

    private static void otherPort(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("answer", () -> Datagrams.ask(socket, name(scene, "echo"), "!other hello"));
    }

    private static void unresolved(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress target =
                InetSocketAddress.createUnresolved(scene.world().word("name"), scene.port("echo"));
        scene.does("send", () -> Datagrams.send(socket, target, "a"));
        scene.does("connect", () -> socket.connect(target));
        scene.say("flags" + Datagrams.flags(socket));
    }

    private static void byChannel(Scene scene) throws IOException {
        DatagramChannel channel = scene.closing(DatagramChannel.open());
        InetSocketAddress target = name(scene, "echo");
        ByteBuffer answer = ByteBuffer.allocate(100);
        SocketAddress source = DatagramChannels.ask(channel, target, US_ASCII.encode("a"), answer);
        scene.say("unconnected", Channels.text(answer) + " " + target.equals(source));
        channel.connect(target);
        answer.clear();
        source = DatagramChannels.ask(channel, target, US_ASCII.encode("b"), answer);
        scene.say("connected", Channels.text(answer) + " " + target.equals(source));
        scene.say("remote", target.equals(channel.getRemoteAddress()));
        channel.write(US_ASCII.encode("c"));
        channel.disconnect();
        answer.clear();
        DatagramChannels.ask(channel, otherName(scene, "second"), US_ASCII.encode("d"), answer);
        scene.say("disconnected", answer.position());
    }

    private static void unresolvedByChannel(Scene scene) throws IOException {
        DatagramChannel channel = scene.closing(DatagramChannel.open());
        InetSocketAddress target =
                InetSocketAddress.createUnresolved(scene.world().word("name"), scene.port("echo"));
        scene.of("send", () -> channel.send(ByteBuffer.allocate(1), target));
        scene.does("connect", () -> channel.connect(target));
        scene.say("connected", channel.isConnected());
    }
}
