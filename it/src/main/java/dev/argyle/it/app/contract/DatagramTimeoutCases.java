// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramSocket;

/** SO_TIMEOUT of DatagramSocket and its like. */
final class DatagramTimeoutCases {
    private DatagramTimeoutCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", timeout's values", scene -> values(scene, kind));
            cases.add(kind + ", timeout ends", scene -> ends(scene, kind, false));
            cases.add(kind + ", timeout ends, connected", scene -> ends(scene, kind, true));
            cases.add(kind + ", timeout of one millisecond", scene -> shortest(scene, kind));
            cases.add(kind + ", timeout ends while strangers send", scene -> strangers(scene, kind));
            cases.add(kind + ", datagram within the timeout", scene -> within(scene, kind));
            cases.add(kind + ", receive after a timeout", scene -> after(scene, kind));
            cases.add(kind + ", send while another thread receives with a timeout", scene -> meanwhile(scene, kind));
            cases.add(kind + ", timeout ends while another thread sends", scene -> timeoutMeanwhile(scene, kind));
        }
    }

    private static void values(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        scene.of("default", socket::getSoTimeout);
        scene.does("set", () -> socket.setSoTimeout(12_345));
        scene.of("get", socket::getSoTimeout);
        scene.does("negative", () -> socket.setSoTimeout(-1));
        scene.of("get", socket::getSoTimeout);
        scene.of("echo", () -> {
            Datagrams.send(socket, scene.at("echo"), "a");
            return Datagrams.told(Datagrams.receive(socket));
        });
        socket.connect(scene.at("echo"));
        scene.of("connected", socket::getSoTimeout);
        socket.disconnect();
        scene.of("disconnected", socket::getSoTimeout);
        socket.close();
        scene.of("closed", socket::getSoTimeout);
        scene.does("set closed", () -> socket.setSoTimeout(1));
    }

    private static void ends(Scene scene, DatagramKind kind, boolean connected) throws IOException {
        DatagramSocket socket = kind.open(scene);
        if (connected) {
            socket.connect(scene.at("silent"));
        }
        Datagrams.send(socket, scene.at("silent"), "a");
        socket.setSoTimeout(150);
        scene.timed("receive", 150, () -> Datagrams.receive(socket));
        scene.say("flags" + Datagrams.flags(socket));
        scene.of("get", socket::getSoTimeout);
    }

    private static void shortest(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(1);
        scene.timed("receive", 1, () -> Datagrams.receive(socket));
        Datagrams.send(socket, scene.at("silent"), "a");
        scene.timed("receive", 1, () -> Datagrams.receive(socket));
        socket.setSoTimeout(0);
        scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "b"));
    }

    /** What is dropped counts: it does not begin the time anew. */
    private static void strangers(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        socket.connect(scene.at("echo"));
        scene.of("echo", () -> Datagrams.ask(socket, null, "a"));
        // they go on for longer than the time that counts as in time
        Datagrams.send(socket, null, "!drip 200");
        socket.setSoTimeout(300);
        scene.timed("receive", 300, () -> Datagrams.receive(socket));
        // not to the port that another case may have after this one
        scene.of("no more", () -> Datagrams.ask(socket, null, "!dry"));
    }

    private static void within(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        Background receiver = Background.platform("receiver", () -> Datagrams.told(Datagrams.receive(socket)));
        receiver.awaitBlockedIn("receive");
        Datagrams.send(socket, scene.at("echo"), "a");
        scene.say("received", receiver.outcome());
    }

    private static void after(Scene scene, DatagramKind kind) throws IOException {
        DatagramSocket socket = kind.open(scene);
        for (int i = 0; i < 2; i++) {
            scene.say(Datagrams.nothing(socket));
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
        }
    }

    /** Who waits for datagrams keeps nobody from sending: the receiver waits longer than anybody does for the sender. */
    private static void meanwhile(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(3 * Scene.PATIENCE_MILLIS);
        Background receiver = Background.platform("receiver", () -> Datagrams.told(Datagrams.receive(socket)));
        receiver.awaitBlockedIn("receive");
        scene.say("sender", sendingOften(scene, socket).outcome());
        scene.say("still receiving", receiver.runsFor(0));
        Datagrams.send(socket, scene.at("echo"), "b");
        scene.say("receiver", receiver.outcome());
    }

    private static void timeoutMeanwhile(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        socket.setSoTimeout(200);
        Background receiver = Background.platform("receiver", () -> Datagrams.receive(socket));
        receiver.awaitBlockedIn("receive");
        scene.say("sender", sendingOften(scene, socket).outcome());
        scene.say("receiver", receiver.outcome());
    }

    private static Background sendingOften(Scene scene, DatagramSocket socket) {
        return Background.platform("sender", () -> {
            for (int i = 0; i < 5; i++) {
                Datagrams.send(socket, scene.at("silent"), "a");
            }
            return "sent";
        });
    }
}
