// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What DatagramSocket and its like say of themselves, bound, connected, disconnected and closed. */
@SuppressWarnings("AddressSelection")
final class DatagramStateCases {
    private DatagramStateCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", state from the first to the last", scene -> states(scene, kind));
            cases.add(kind + ", connect binds", scene -> connectBinds(scene, kind));
            cases.add(kind + ", send binds", scene -> sendBinds(scene, kind));
            cases.add(kind + ", bind", scene -> bind(scene, kind));
            cases.add(kind + ", bound to one address", scene -> boundToOne(scene, kind));
            cases.add(kind + ", bind to a port in use", scene -> inUse(scene, kind));
            cases.add(kind + ", connected, hears its peer alone", scene -> peerAlone(scene, kind));
            cases.add(kind + ", connected again to another", scene -> another(scene, kind));
            cases.add(kind + ", connected again to the same", scene -> same(scene, kind));
            cases.add(kind + ", disconnected and connected again", scene -> again(scene, kind));
            cases.add(kind + ", disconnected, hears everybody", scene -> everybody(scene, kind));
            cases.add(kind + ", what waits when it is connected", scene -> waiting(scene, kind));
            cases.add(kind + ", send to another than the peer", scene -> notThePeer(scene, kind));
            cases.add(kind + ", send without an address", scene -> withoutAddress(scene, kind));
            cases.add(kind + ", connect after traffic", scene -> afterTraffic(scene, kind));
            cases.add(kind + ", nobody at the direct peer's port", scene -> deadDirectly(scene, kind));
            cases.add(kind + ", nobody at the peer's port", scene -> dead(scene, kind));
            cases.add(kind + ", nobody at the port, unconnected", scene -> deadUnconnected(scene, kind));
        }
    }

    private static void states(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        scene.say("new", Datagrams.state(socket));
        socket.bind(new InetSocketAddress(0));
        scene.say("bound", Datagrams.state(socket));
        int port = socket.getLocalPort();
        scene.say("text names no peer", !socket.toString().contains("echo"));
        socket.connect(scene.at("echo"));
        scene.say("connected", Datagrams.state(socket));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        scene.say("used", Datagrams.state(socket));
        scene.say("the same port", socket.getLocalPort() == port);
        socket.disconnect();
        scene.say("disconnected", Datagrams.state(socket));
        scene.say("the same port", socket.getLocalPort() == port);
        scene.does("disconnect again", socket::disconnect);
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
        scene.say("used", Datagrams.state(socket));
        socket.close();
        scene.say("closed", Datagrams.state(socket));
    }

    private static void connectBinds(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        socket.connect(scene.world().address(), scene.port("echo"));
        scene.say(Datagrams.state(socket));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        scene.does("bind", () -> socket.bind(null));
    }

    private static void sendBinds(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        scene.say(Datagrams.state(socket));
    }

    private static void bind(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = scene.closing(kind.unbound());
        scene.does("bind", () -> socket.bind(null));
        scene.does("again", () -> socket.bind(new InetSocketAddress(0)));
        scene.say(Datagrams.state(socket));
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        DatagramSocket unknown = scene.closing(kind.unbound());
        scene.does("unresolved", () -> unknown.bind(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)));
        scene.does("of another machine", () -> unknown.bind(new InetSocketAddress("192.0.2.1", 0)));
        scene.does("of another kind", () -> unknown.bind(new OtherAddress()));
        scene.say(Datagrams.flags(unknown));
    }

    private static void boundToOne(Scene scene, DatagramKind kind) throws IOException {
        for (String local : new String[] {"127.0.0.1", "127.0.0.3"}) {
            DatagramSocket socket = scene.closing(kind.unbound());
            socket.bind(new InetSocketAddress(local, 0));
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
            scene.say("bound", Datagrams.state(socket));
            socket.connect(scene.at("echo"));
            scene.of("echo", () -> Datagrams.ask(socket, null, "b"));
            scene.say("connected", Datagrams.state(socket));
            socket.disconnect();
            scene.say("disconnected", Datagrams.state(socket));
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "c"));
        }
    }

    /** A MulticastSocket shares its port with its like. */
    private static void inUse(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket first = scene.closing(kind.unbound());
        first.bind(new InetSocketAddress(0));
        DatagramSocket second = scene.closing(kind.unbound());
        scene.does("bind", () -> second.bind(new InetSocketAddress(first.getLocalPort())));
        scene.say(Datagrams.flags(second));
    }

    private static void peerAlone(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        Datagrams.send(socket, null, "!other stranger");
        scene.of("then", () -> Datagrams.ask(socket, null, "b"));
        scene.say("then", Datagrams.nothing(socket));
    }

    private static void another(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("first", () -> Datagrams.ask(socket, null, "a"));
        scene.does("connect", () -> socket.connect(scene.at("second")));
        scene.say("second", Datagrams.state(socket));
        scene.of("second", () -> Datagrams.ask(socket, null, "b"));
        scene.does("to the first", () -> Datagrams.send(socket, scene.at("echo"), "c"));
    }

    private static void same(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (int i = 0; i < 3; i++) {
            scene.does("connect", () -> socket.connect(scene.at("echo")));
            scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        }
        scene.say(Datagrams.state(socket));
    }

    private static void again(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (String role : new String[] {"echo", "second", "echo", "echo"}) {
            socket.connect(scene.at(role));
            scene.of(role, () -> Datagrams.ask(socket, null, role));
            scene.say(Datagrams.state(socket));
            socket.disconnect();
            scene.say(Datagrams.state(socket));
        }
    }

    private static void everybody(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("connected", () -> Datagrams.ask(socket, null, "a"));
        socket.disconnect();
        scene.of("second", () -> Datagrams.ask(socket, scene.at("second"), "b"));
        scene.of("other", () -> Datagrams.ask(socket, scene.at("echo"), "!other c"));
    }

    /** What came before from somebody else must not be taken for the peer's. */
    private static void waiting(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        // of two answers one is left, which has come when the next question's was seen to have come
        Datagrams.send(socket, scene.at("second"), "early");
        scene.of("early", () -> Datagrams.ask(socket, scene.at("second"), "early"));
        socket.connect(scene.at("echo"));
        scene.of("peer", () -> Datagrams.ask(socket, null, "late"));
        scene.say("then", Datagrams.nothing(socket));
    }

    private static void notThePeer(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.does("another port", () -> Datagrams.send(socket, scene.at("second"), "a"));
        scene.does(
                "another address",
                () -> Datagrams.send(socket, new InetSocketAddress("127.0.0.5", scene.port("echo")), "a"));
        scene.does("direct", () -> Datagrams.send(socket, Datagrams.direct(scene, "directEcho"), "a"));
        scene.of("the peer", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
    }

    private static void withoutAddress(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        DatagramPacket packet = new DatagramPacket(new byte[] {'a'}, 1);
        scene.does("unconnected", () -> socket.send(packet));
        socket.connect(scene.at("echo"));
        scene.does("connected", () -> socket.send(packet));
        scene.say("address", packet.getAddress() + " port:" + packet.getPort());
    }

    private static void afterTraffic(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        scene.of("second", () -> Datagrams.ask(socket, scene.at("second"), "b"));
        socket.connect(scene.at("second"));
        scene.of("connected", () -> Datagrams.ask(socket, null, "c"));
        scene.say(Datagrams.state(socket));
    }

    private static void deadDirectly(Scene scene, DatagramKind kind) throws IOException {
        nobody(scene, kind, Datagrams.direct(scene, "directDead"));
    }

    /** No server passes on that nobody is there. */
    private static void dead(Scene scene, DatagramKind kind) throws IOException {
        nobody(scene, kind, scene.at("dead"));
    }

    private static void nobody(Scene scene, DatagramKind kind, SocketAddress dead) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(dead);
        socket.setSoTimeout(150);
        scene.does("send", () -> Datagrams.send(socket, null, "a"));
        scene.does("receive", () -> Datagrams.receive(socket));
        scene.does("receive again", () -> Datagrams.receive(socket));
        scene.does("send", () -> Datagrams.send(socket, null, "b"));
        scene.say(Datagrams.state(socket));
    }

    private static void deadUnconnected(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.does("send", () -> Datagrams.send(socket, scene.at("dead"), "a"));
        scene.does("direct", () -> Datagrams.send(socket, Datagrams.direct(scene, "directDead"), "a"));
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
        scene.of("direct", () -> Datagrams.ask(socket, Datagrams.direct(scene, "directEcho"), "b"));
    }

    /** Of a family that no socket knows. */
    static final class OtherAddress extends SocketAddress {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "another kind of address";
        }
    }
}
