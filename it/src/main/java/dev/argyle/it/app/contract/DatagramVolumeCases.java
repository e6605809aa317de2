// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Many datagrams, many sockets, many threads. */
final class DatagramVolumeCases {
    private static final int DATAGRAMS = 1_000;

    /** So few wait at once that no buffer is too small for them. */
    private static final int WINDOW = 20;

    private static final int SOCKETS = 16;
    private static final int EXCHANGES = 20;

    private DatagramVolumeCases() {}

    static void addTo(Cases cases) {
        for (DatagramKind kind : DatagramKind.values()) {
            cases.add(kind + ", a thousand datagrams in order", scene -> inOrder(scene, kind, false));
            cases.add(kind + ", a thousand datagrams in order, connected", scene -> inOrder(scene, kind, true));
            cases.add(kind + ", one thread sends, another receives", scene -> twoThreads(scene, kind));
            // sockets that may share their ports, as those of groups, would hear each other's answers
            if (kind != DatagramKind.MULTICAST) {
                cases.add(kind + ", sockets at the same time", scene -> sockets(scene, kind));
            }
            cases.add(kind + ", threads that send by one socket", scene -> oneSocket(scene, kind));
            cases.add(kind + ", opened, used and closed", scene -> opened(scene, kind));
        }
    }

    /** The answers to a window come in the order of its questions; a window of which one is lost is sent again. */
    private static void inOrder(Scene scene, DatagramKind kind, boolean connected) throws IOException {
        DatagramSocket socket = kind.open(scene);
        if (connected) {
            socket.connect(scene.at("echo"));
        }
        socket.setSoTimeout(Datagrams.TRY_MILLIS);
        int received = 0;
        int left = Datagrams.TRIES;
        while (received < DATAGRAMS) {
            try {
                for (int i = 0; i < WINDOW; i++) {
                    Datagrams.send(socket, connected ? null : scene.at("echo"), "datagram " + (received + i));
                }
                for (int i = 0; i < WINDOW; i++) {
                    String text = Datagrams.told(Datagrams.receive(socket));
                    if (!text.startsWith("datagram " + (received + i) + " from")) {
                        scene.say("not in order", text);
                        return;
                    }
                }
                received += WINDOW;
            } catch (SocketTimeoutException e) {
                if (--left == 0) {
                    throw e;
                }
            }
        }
        scene.say("received", received + " of " + DATAGRAMS);
    }

    private static void twoThreads(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        Background receiver = Background.platform("receiver", () -> {
            String last = "";
            while (!last.startsWith("last")) {
                last = Datagrams.told(Datagrams.receive(socket));
            }
            return last;
        });
        Background sender = Background.platform("sender", () -> {
            for (int i = 0; i < WINDOW; i++) {
                Datagrams.send(socket, scene.at("echo"), "datagram");
            }
            return "sent";
        });
        scene.say(sender.outcome());
        for (int left = Datagrams.TRIES; left > 0; left--) {
            Datagrams.send(socket, scene.at("echo"), "last");
            if (receiver.runsFor(Datagrams.TRY_MILLIS).equals("no")) {
                break;
            }
        }
        scene.say(receiver.outcome());
    }

    private static void sockets(Scene scene, DatagramKind kind) throws Exception {
        List<Background> running = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            String name = "socket " + i;
            boolean connected = i % 2 == 0;
            running.add(Background.platform(name, () -> {
                try (DatagramSocket socket = kind.bound()) {
                    if (connected) {
                        socket.connect(scene.at("echo"));
                    }
                    int own = 0;
                    for (int n = 0; n < EXCHANGES; n++) {
                        String answer = Datagrams.ask(socket, connected ? null : scene.at("echo"), name);
                        own += answer.startsWith(name + " from") ? 1 : 0;
                    }
                    return own;
                }
            }));
        }
        for (Background each : running) {
            scene.say(each.outcome());
        }
    }

    private static void oneSocket(Scene scene, DatagramKind kind) throws Exception {
        DatagramSocket socket = kind.open(scene);
        List<Background> running = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            running.add(Background.platform("sender", () -> {
                Datagrams.send(socket, scene.at("echo"), "a");
                return "sent";
            }));
        }
        for (Background each : running) {
            scene.say(each.outcome());
        }
        socket.setSoTimeout(Datagrams.TRY_MILLIS);
        int received = 0;
        int left = Datagrams.TRIES;
        while (received < SOCKETS && left > 0) {
            try {
                Datagrams.receive(socket);
                received++;
            } catch (SocketTimeoutException e) {
                left--;
                Datagrams.send(socket, scene.at("echo"), "again");
            }
        }
        scene.say("received", received);
    }

    private static void opened(Scene scene, DatagramKind kind) throws IOException {
        int answers = 0;
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        for (int i = 0; i < 50; i++) {
            try (DatagramSocket socket = kind.bound()) {
                Datagrams.ask(socket, scene.at("echo"), Datagrams.octets(10), answer);
                answers += answer.getLength() == 10 ? 1 : 0;
            }
        }
        scene.say("answers", answers);
    }
}
