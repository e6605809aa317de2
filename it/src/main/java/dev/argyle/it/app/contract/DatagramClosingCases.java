// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** DatagramSocket and its like closed, and their threads interrupted. */
final class DatagramClosingCases {
    /** More than any scheduler of these tests has carriers. */
    private static final int WAITING = 6;

    private DatagramClosingCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", calls when closed", scene -> closed(scene, kind));
            cases.add(kind + ", closed while receiving", scene -> whileReceiving(scene, kind, 0, false));
            cases.add(kind + ", closed while receiving with a timeout", scene -> {
                whileReceiving(scene, kind, 15_000, false);
            });
            cases.add(kind + ", closed while receiving, connected", scene -> whileReceiving(scene, kind, 0, true));
            cases.add(kind + ", closed while several receive", scene -> whileSeveral(scene, kind));
            cases.add(kind + ", closed while connecting", scene -> whileConnecting(scene, kind));
            cases.add(kind + ", closed while sending", scene -> whileSending(scene, kind));
            cases.add(kind + ", closed with datagrams unread", scene -> unread(scene, kind));
            cases.add(kind + ", the port is free when it is closed", scene -> free(scene, kind));
            cases.add(kind + ", interrupted while receiving", scene -> interrupted(scene, kind, 0));
            cases.add(kind + ", interrupted while receiving with a timeout", scene -> interrupted(scene, kind, 15_000));
            cases.addVirtual(kind + ", virtual thread's exchange", scene -> virtualExchange(scene, kind));
            cases.addVirtual(kind + ", virtual thread interrupted while receiving", scene -> {
                virtualInterrupted(scene, kind, 0);
            });
            cases.addVirtual(kind + ", virtual thread interrupted while receiving with a timeout", scene -> {
                virtualInterrupted(scene, kind, 15_000);
            });
            cases.addVirtual(kind + ", closed while a virtual thread receives", scene -> virtualClosed(scene, kind));
            cases.addVirtual(kind + ", virtual threads that receive do not pin", scene -> doNotPin(scene, kind));
        }
    }

    private static void closed(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        scene.does("close", socket::close);
        scene.does("again", socket::close);
        scene.does("send", () -> Datagrams.send(socket, scene.at("echo"), "a"));
        scene.does("receive", () -> Datagrams.receive(socket));
        scene.does("bind", () -> socket.bind(null));
        scene.does("connect", () -> socket.connect(scene.at("echo")));
        scene.does("connect to an address", () -> socket.connect(scene.world().address(), scene.port("echo")));
        scene.does("disconnect", socket::disconnect);
        scene.of("broadcast", socket::getBroadcast);
        scene.of("buffer", socket::getReceiveBufferSize);
        scene.of("option", () -> socket.getOption(StandardSocketOptions.SO_REUSEADDR));
        scene.of("options", () -> socket.supportedOptions().isEmpty());
        scene.say(Datagrams.state(socket));
        DatagramSocket connected = kind.open(scene);
        connected.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(connected, null, "b"));
        connected.close();
        scene.say("connected and closed", Datagrams.state(connected));
        scene.does("send", () -> Datagrams.send(connected, null, "a"));
    }

    private static void whileReceiving(Scene scene, DatagramKind kind, int timeoutMillis, boolean connected)
            throws Exception {
        DatagramSocket socket = kind.open(scene);
        if (connected) {
            socket.connect(scene.at("echo"));
        }
        scene.of("echo", () -> Datagrams.ask(socket, connected ? null : scene.at("echo"), "a"));
        socket.setSoTimeout(timeoutMillis);
        Background receiver = Background.platform("receiver", () -> Datagrams.told(Datagrams.receive(socket)));
        receiver.awaitBlockedIn("receive");
        scene.timed("close", 0, socket::close);
        scene.say("receive", receiver.outcome());
        scene.say("flags" + Datagrams.flags(socket));
    }

    private static void whileSeveral(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        Datagrams.send(socket, scene.at("silent"), "a");
        List<Background> receivers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            receivers.add(Background.platform("receiver", () -> Datagrams.told(Datagrams.receive(socket))));
        }
        for (Background receiver : receivers) {
            receiver.awaitBlockedIn("receive");
        }
        socket.close();
        for (Background receiver : receivers) {
            scene.say("receive", receiver.outcome());
        }
    }

    private static void whileSending(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        Background sender = Background.platform("sender", () -> {
            while (true) {
                Datagrams.send(socket, scene.at("silent"), "a");
            }
        });
        scene.say("sends", sender.runsFor(30));
        socket.close();
        scene.say("send", sender.outcome());
    }

    private static void whileConnecting(Scene scene, DatagramKind kind) throws Exception {
        new ClosingRace(scene, () -> {})
                .say(
                        400,
                        () -> kind.open(scene),
                        socket -> {
                            socket.connect(scene.at("echo"));
                            Datagrams.send(socket, scene.at("echo"), "a"); // which tells whether it was closed before
                        },
                        Set.of(
                                "done",
                                "java.net.SocketException: Socket closed",
                                "java.net.SocketException: Socket is closed"));
    }

    private static void unread(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        Datagrams.send(socket, scene.at("echo"), "!series 20");
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.of("first", () -> Datagrams.told(Datagrams.receive(socket)));
        socket.close();
        scene.does("receive", () -> Datagrams.receive(socket));
    }

    private static void free(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        int port = socket.getLocalPort();
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        socket.close();
        try (DatagramSocket next = new DatagramSocket(port)) {
            scene.of("echo", () -> Datagrams.ask(next, scene.at("echo"), "b"));
            scene.say("the same port", next.getLocalPort() == port);
        }
    }

    private static void interrupted(Scene scene, DatagramKind kind, int timeoutMillis) throws Exception {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        socket.setSoTimeout(timeoutMillis);
        Background receiver = Background.platform("receiver", () -> receivedAndStatus(socket));
        receiver.awaitBlockedIn("receive");
        receiver.thread().interrupt();
        scene.say("receives on", receiver.runsFor(60));
        scene.does("send", () -> Datagrams.send(socket, null, "b"));
        scene.say("receive", receiver.outcome());
        scene.say("flags" + Datagrams.flags(socket));
    }

    private static String receivedAndStatus(DatagramSocket socket) {
        String outcome;
        try {
            outcome = Datagrams.told(Datagrams.receive(socket));
        } catch (IOException e) {
            outcome = e.toString();
        }
        return outcome + " interrupted=" + Thread.interrupted();
    }

    private static void virtualExchange(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        Background exchange = Background.virtual(() -> {
            String unconnected = Datagrams.ask(socket, scene.at("echo"), "a");
            socket.connect(scene.at("echo"));
            return unconnected + ", " + Datagrams.ask(socket, null, "b");
        });
        scene.say(exchange.outcome());
        scene.say(Datagrams.state(socket));
    }

    private static void virtualInterrupted(Scene scene, DatagramKind kind, int timeoutMillis) throws Exception {
        DatagramSocket socket = kind.open(scene);
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        socket.setSoTimeout(timeoutMillis);
        Background receiver = Background.virtual(() -> receivedAndStatus(socket));
        receiver.awaitBlockedIn("receive");
        receiver.thread().interrupt();
        scene.say("receive", receiver.outcome());
        scene.say("flags" + Datagrams.flags(socket));
    }

    private static void virtualClosed(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        Datagrams.send(socket, scene.at("silent"), "a");
        Background receiver = Background.virtual(() -> Datagrams.told(Datagrams.receive(socket)));
        receiver.awaitBlockedIn("receive");
        scene.timed("close", 0, socket::close);
        scene.say("receive", receiver.outcome());
    }

    private static void doNotPin(Scene scene, DatagramKind kind) throws Exception {
        List<DatagramSocket> sockets = new ArrayList<>();
        List<Background> receivers = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            DatagramSocket socket = kind.open(scene);
            socket.setSoTimeout(i % 2 == 0 ? 0 : 15_000);
            sockets.add(socket);
            receivers.add(Background.virtual(() -> {
                Datagrams.send(socket, scene.at("silent"), "a");
                return Datagrams.told(Datagrams.receive(socket));
            }));
        }
        for (Background receiver : receivers) {
            receiver.awaitBlockedIn("receive");
        }
        Background other = Background.virtual(() -> {
            try (DatagramSocket socket = kind.bound()) {
                return Datagrams.ask(socket, scene.at("echo"), "a");
            }
        });
        scene.say("another virtual thread", other.outcome());
        int waiting = 0;
        for (Background receiver : receivers) {
            waiting += receiver.ends(0, TimeUnit.MILLISECONDS) ? 0 : 1;
        }
        scene.say("waiting", waiting);
        for (DatagramSocket socket : sockets) {
            socket.close();
        }
        int ended = 0;
        for (Background receiver : receivers) {
            ended += receiver.outcome() instanceof IOException ? 1 : 0;
        }
        scene.say("ended by close", ended);
    }
}
