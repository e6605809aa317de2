// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/** What DatagramSocket and its like send and receive: sizes, truncation, sources. */
@SuppressWarnings("AddressSelection") // literals
final class DatagramEchoCases {
    private static final int[] SIZES = {0, 1, 1_472, 8_192, Datagrams.LARGEST_CARRIED};

    private DatagramEchoCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            for (int size : SIZES) {
                cases.add(kind + ", echo of " + size + " octets", scene -> echo(scene, kind, size, false));
            }
            cases.add(
                    kind + ", echo of the largest, connected",
                    scene -> echo(scene, kind, Datagrams.LARGEST_CARRIED, true));
            cases.add(kind + ", more than a datagram holds", scene -> tooLarge(scene, kind));
            cases.add(kind + ", truncated to the packet", scene -> truncated(scene, kind, false));
            cases.add(kind + ", truncated to the packet, connected", scene -> truncated(scene, kind, true));
            cases.add(kind + ", packet with an offset", scene -> offset(scene, kind));
            cases.add(kind + ", one packet for datagrams of several lengths", scene -> lengths(scene, kind));
            cases.add(kind + ", packet without room", scene -> noRoom(scene, kind));
            cases.add(kind + ", empty datagram received", scene -> empty(scene, kind));
            cases.add(kind + ", empty datagram sent, connected", scene -> emptySent(scene, kind));
            cases.add(kind + ", source of what is received", scene -> source(scene, kind));
            cases.add(kind + ", two peers on one socket", scene -> twoPeers(scene, kind));
            cases.add(kind + ", answer from another port", scene -> otherPort(scene, kind));
            cases.add(kind + ", several datagrams wait", scene -> series(scene, kind));
            cases.add(kind + ", direct peer", scene -> direct(scene, kind));
            cases.add(kind + ", direct and routed peers on one socket", scene -> directAndRouted(scene, kind));
            cases.add(kind + ", two sockets of this program", scene -> eachOther(scene, kind));
            cases.add(kind + ", peer of IPv6", scene -> ipv6(scene, kind));
            cases.add(kind + ", sent by an interrupted thread", scene -> sentInterrupted(scene, kind));
        }
    }

    private static void echo(Scene scene, DatagramKind kind, int size, boolean connected) throws IOException {
        DatagramSocket socket = kind.open(scene);
        SocketAddress to = scene.at("echo");
        if (connected) {
            socket.connect(to);
        }
        byte[] octets = Datagrams.octets(size);
        byte[] room = new byte[Datagrams.ROOM];
        DatagramPacket answer =
                Datagrams.ask(socket, connected ? null : to, octets, new DatagramPacket(room, room.length));
        scene.say("length", answer.getLength());
        scene.say("same", Arrays.equals(Datagrams.content(answer), octets));
        scene.say("from", answer.getSocketAddress());
    }

    private static void tooLarge(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (int size : new int[] {65_508, 70_000}) {
            scene.does("" + size, () -> socket.send(Datagrams.packet(new byte[size], scene.at("echo"))));
        }
        scene.of("goes on", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
    }

    private static void truncated(Scene scene, DatagramKind kind, boolean connected) throws IOException {
        DatagramSocket socket = kind.open(scene);
        SocketAddress to = scene.at("echo");
        if (connected) {
            socket.connect(to);
        }
        byte[] room = new byte[200];
        DatagramPacket answer = Datagrams.ask(
                socket, connected ? null : to, "!size 1000".getBytes(US_ASCII), new DatagramPacket(room, 100));
        scene.say("length", answer.getLength());
        scene.say("last", room[99]);
        scene.say("behind", room[100]);
        scene.say("from", answer.getSocketAddress());
        scene.of("next", () -> Datagrams.ask(socket, connected ? null : to, "next"));
    }

    private static void offset(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        byte[] question = ".....abc..".getBytes(US_ASCII);
        DatagramPacket sent = new DatagramPacket(question, 5, 3, scene.at("echo"));
        byte[] room = "----------".getBytes(US_ASCII);
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        DatagramPacket answer = new DatagramPacket(room, 4, 5);
        socket.send(sent);
        socket.receive(answer);
        scene.say("room", new String(room, US_ASCII));
        scene.say("offset", answer.getOffset());
        scene.say("length", answer.getLength());
        scene.say("sent", new String(question, US_ASCII) + " " + sent.getOffset() + " " + sent.getLength());
    }

    private static void lengths(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        for (String question : new String[] {"ab", "abcdef", "", "abcd"}) {
            Datagrams.ask(socket, scene.at("echo"), question.getBytes(US_ASCII), answer);
            scene.say("length", answer.getLength());
            scene.say("text", Datagrams.told(answer));
        }
    }

    private static void noRoom(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        DatagramPacket answer =
                Datagrams.ask(socket, scene.at("echo"), "lost".getBytes(US_ASCII), new DatagramPacket(new byte[0], 0));
        scene.say("length", answer.getLength());
        scene.say("from", answer.getSocketAddress());
        scene.of("next", () -> Datagrams.ask(socket, scene.at("echo"), "next"));
    }

    private static void empty(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("unconnected", () -> Datagrams.ask(socket, scene.at("echo"), "!empty"));
        socket.connect(scene.at("echo"));
        scene.of("connected", () -> Datagrams.ask(socket, null, "!empty"));
        scene.of("text", () -> Datagrams.ask(socket, null, "text"));
    }

    /** Whether it is sent at all shows in what comes first. */
    private static void emptySent(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("before", () -> Datagrams.ask(socket, null, "before"));
        scene.does("send", () -> Datagrams.send(socket, null, ""));
        scene.of("after", () -> Datagrams.ask(socket, null, "after"));
    }

    private static void source(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress target = scene.at("echo");
        DatagramPacket answer =
                Datagrams.ask(socket, target, "where".getBytes(US_ASCII), new DatagramPacket(new byte[100], 100));
        InetSocketAddress source = (InetSocketAddress) answer.getSocketAddress();
        scene.say("text", source);
        scene.say("class", source.getClass().getName());
        scene.say("address", answer.getAddress());
        scene.say("address's class", answer.getAddress().getClass().getName());
        scene.say("port", ":" + answer.getPort());
        scene.say("equal", source.equals(target) && target.equals(source));
        scene.say("hash", source.hashCode() == target.hashCode());
        scene.say("addresses equal", answer.getAddress().equals(target.getAddress()));
        scene.say("unresolved", source.isUnresolved());
        scene.say("host string", source.getHostString());
    }

    private static void twoPeers(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (int i = 0; i < 3; i++) {
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "to echo"));
            scene.of("second", () -> Datagrams.ask(socket, scene.at("second"), "to second"));
        }
    }

    private static void otherPort(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("answer", () -> Datagrams.ask(socket, scene.at("echo"), "!other hello"));
        scene.of("then", () -> Datagrams.ask(socket, scene.at("echo"), "echo"));
    }

    private static void series(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        Datagrams.send(socket, scene.at("echo"), "!series 5");
        for (int i = 0; i < 5; i++) {
            scene.of("got", () -> Datagrams.told(Datagrams.receive(socket)));
        }
        scene.say("then", Datagrams.nothing(socket));
    }

    private static void direct(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        SocketAddress direct = Datagrams.direct(scene, "directEcho");
        scene.of("unconnected", () -> Datagrams.ask(socket, direct, "a"));
        socket.connect(direct);
        scene.of("connected", () -> Datagrams.ask(socket, null, "b"));
        scene.say(Datagrams.state(socket));
        socket.disconnect();
        scene.of("disconnected", () -> Datagrams.ask(socket, direct, "c"));
    }

    private static void directAndRouted(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        SocketAddress direct = Datagrams.direct(scene, "directEcho");
        for (int i = 0; i < 3; i++) {
            scene.of("direct", () -> Datagrams.ask(socket, direct, "a"));
            scene.of("routed", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
        }
        for (SocketAddress peer : new SocketAddress[] {direct, scene.at("echo"), direct}) {
            socket.connect(peer);
            scene.of("connected", () -> Datagrams.ask(socket, null, "c"));
            socket.disconnect();
            scene.of("direct", () -> Datagrams.ask(socket, direct, "a"));
            scene.of("routed", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
        }
    }

    /** Neither has heard of a server. */
    private static void eachOther(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket one = kind.open(scene);
        DatagramSocket other = kind.open(scene);
        other.setSoTimeout(Scene.PATIENCE_MILLIS);
        one.setSoTimeout(Scene.PATIENCE_MILLIS);
        InetAddress here = InetAddress.getByName("127.0.0.1");
        Datagrams.send(one, new InetSocketAddress(here, other.getLocalPort()), "hello");
        DatagramPacket heard = Datagrams.receive(other);
        scene.say("heard", Datagrams.told(heard));
        scene.say("of the one", heard.getPort() == one.getLocalPort());
        Datagrams.send(other, heard.getSocketAddress(), "well met");
        scene.of("answer", () -> Datagrams.told(Datagrams.receive(one)));
    }

    private static void ipv6(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        InetSocketAddress echo = new InetSocketAddress(InetAddress.getByName("::1"), scene.port("echo6"));
        scene.of("unconnected", () -> Datagrams.ask(socket, echo, "six"));
        scene.of("of IPv4", () -> Datagrams.ask(socket, scene.at("echo"), "four"));
        socket.connect(echo);
        scene.of("connected", () -> Datagrams.ask(socket, null, "six"));
        scene.say("remote", socket.getRemoteSocketAddress());
    }

    private static void sentInterrupted(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        Thread.currentThread().interrupt();
        scene.does("send", () -> Datagrams.send(socket, scene.at("echo"), "interrupted"));
        scene.say("status", Thread.interrupted());
        scene.say("flags" + Datagrams.flags(socket));
    }
}
