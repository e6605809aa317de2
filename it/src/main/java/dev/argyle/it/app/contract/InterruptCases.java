// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts: a platform thread's are ignored by a socket, a virtual thread's close it. And virtual threads
 * that wait in a socket leave their carriers to others.
 */
final class InterruptCases {
    /** More than any scheduler of these tests has carriers. */
    private static final int WAITING = 40;

    private InterruptCases() {}

    static void addTo(Cases cases) {
        cases.add("platform thread interrupted while reading", InterruptCases::platformReading);
        cases.addPending("platform thread interrupted while connecting", scene -> platformConnecting(scene, 15_000));
        cases.addPending(
                "platform thread interrupted while connecting without a timeout",
                scene -> platformConnecting(scene, 0));
        cases.add("platform thread interrupted before connect", InterruptCases::platformBefore);
        cases.addVirtual("virtual thread connects and reads", InterruptCases::virtualEcho);
        cases.addPendingVirtual("virtual thread's connect timeout", InterruptCases::virtualTimeout);
        cases.addVirtual("virtual thread's refused connect", InterruptCases::virtualRefused);
        cases.addVirtual("virtual thread interrupted while reading", scene -> virtualReading(scene, 0));
        cases.addVirtual(
                "virtual thread interrupted while reading with a timeout", scene -> virtualReading(scene, 15_000));
        cases.addPendingVirtual("virtual thread interrupted while connecting", scene -> virtualConnecting(scene, 0));
        cases.addPendingVirtual(
                "virtual thread interrupted while connecting with a timeout",
                scene -> virtualConnecting(scene, 15_000));
        cases.addPendingVirtual("virtual thread interrupted before connect", InterruptCases::virtualBefore);
        cases.addVirtual("virtual thread interrupted before read", InterruptCases::virtualBeforeRead);
        cases.addVirtual("virtual thread interrupted while writing", InterruptCases::virtualWriting);
        cases.addVirtual("virtual thread interrupted while accepting", InterruptCases::virtualAccepting);
        cases.addPendingVirtual("close while a virtual thread connects", InterruptCases::closeConnecting);
        cases.addVirtual("close while a virtual thread reads", InterruptCases::closeReading);
        cases.addVirtual("virtual threads that connect do not pin", InterruptCases::connectDoesNotPin);
        cases.addVirtual("virtual threads that read do not pin", InterruptCases::readDoesNotPin);
    }

    private static void platformReading(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        Background reader = Background.platform("reader", () -> {
            int read = socket.getInputStream().read();
            return read + " interrupted=" + Thread.interrupted();
        });
        reader.awaitBlockedIn("read");
        reader.thread().interrupt();
        scene.say("reads on", reader.runsFor(200));
        Sockets.write(socket, "x");
        scene.say("read", reader.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void platformConnecting(Scene scene, int timeoutMillis) throws Exception {
        Socket socket = scene.socket();
        Background connect = Background.platform("connect", () -> {
            try {
                socket.connect(scene.at("stalled"), timeoutMillis);
                return "connected";
            } catch (java.io.IOException e) {
                return e + " interrupted=" + Thread.interrupted();
            }
        });
        connect.awaitBlockedIn("connect");
        connect.thread().interrupt();
        scene.say("connects on", connect.runsFor(200));
        socket.close();
        scene.say("connect", connect.outcome());
    }

    private static void platformBefore(Scene scene) throws Exception {
        for (int timeoutMillis : new int[] {0, 5_000}) {
            Socket socket = scene.socket();
            Background connect = Background.platform("connect", () -> {
                Thread.currentThread().interrupt();
                socket.connect(scene.at("echo"), timeoutMillis);
                String echo = Sockets.ping(socket);
                return echo + " interrupted=" + Thread.interrupted();
            });
            scene.say("connect", connect.outcome());
        }
    }

    private static void virtualEcho(Scene scene) throws Exception {
        for (int timeoutMillis : new int[] {0, 5_000}) {
            Socket socket = scene.socket();
            Background connect = Background.virtual(() -> {
                socket.connect(scene.at("echo"), timeoutMillis);
                return Sockets.ping(socket) + " " + StreamCases.exchange(socket, 1 << 20);
            });
            scene.say(connect.outcome());
            scene.state("after", socket);
        }
    }

    private static void virtualTimeout(Scene scene) throws Exception {
        Socket socket = scene.socket();
        Background connect = Background.virtual(() -> {
            socket.connect(scene.at("stalled"), 300);
            return "connected";
        });
        scene.timed("ends", 200, () -> connect.ends(10, TimeUnit.SECONDS));
        scene.say("connect", connect.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void virtualRefused(Scene scene) throws Exception {
        for (int timeoutMillis : new int[] {0, 5_000}) {
            Socket socket = scene.socket();
            Background connect = Background.virtual(() -> {
                socket.connect(scene.at("refused"), timeoutMillis);
                return "connected";
            });
            scene.say("connect", connect.outcome());
            scene.say("flags" + Sockets.flags(socket));
        }
    }

    private static void virtualReading(Scene scene, int timeoutMillis) throws Exception {
        Socket socket = scene.connected("silent");
        socket.setSoTimeout(timeoutMillis);
        Background reader = Background.virtual(() -> {
            try {
                return "" + socket.getInputStream().read();
            } catch (java.io.IOException e) {
                return e + " interrupted=" + Thread.interrupted();
            }
        });
        reader.awaitBlockedIn("read");
        reader.thread().interrupt();
        scene.say("read", reader.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void virtualConnecting(Scene scene, int timeoutMillis) throws Exception {
        Socket socket = scene.socket();
        Background connect = Background.virtual(() -> {
            try {
                socket.connect(scene.at("stalled"), timeoutMillis);
                return "connected";
            } catch (java.io.IOException e) {
                return e + " interrupted=" + Thread.interrupted();
            }
        });
        connect.awaitBlockedIn("connect");
        connect.thread().interrupt();
        scene.say("connect", connect.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void virtualBefore(Scene scene) throws Exception {
        for (int timeoutMillis : new int[] {0, 5_000}) {
            Socket socket = scene.socket();
            Background connect = Background.virtual(() -> {
                Thread.currentThread().interrupt();
                try {
                    socket.connect(scene.at("stalled"), timeoutMillis);
                    return "connected";
                } catch (java.io.IOException e) {
                    return e + " interrupted=" + Thread.interrupted();
                }
            });
            scene.say("connect", connect.outcome());
            scene.say("flags" + Sockets.flags(socket));
        }
    }

    private static void virtualBeforeRead(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        Background reader = Background.virtual(() -> {
            Thread.currentThread().interrupt();
            return socket.getInputStream().read();
        });
        scene.say("read", reader.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void virtualWriting(Scene scene) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> end.await()));
        Background writer = Background.virtual(() -> {
            while (true) {
                socket.getOutputStream().write(new byte[100_000]);
            }
        });
        writer.awaitBlockedIn("write");
        writer.thread().interrupt();
        scene.say("write", writer.outcome());
        scene.say("flags" + Sockets.flags(socket));
        end.countDown();
    }

    private static void virtualAccepting(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0, 5, scene.world().address()));
        Background accept = Background.virtual(server::accept);
        accept.awaitBlockedIn("accept");
        accept.thread().interrupt();
        scene.say("accept", accept.outcome());
        scene.say("closed", server.isClosed());
    }

    private static void closeConnecting(Scene scene) throws Exception {
        Socket socket = scene.socket();
        Background connect = Background.virtual(() -> {
            socket.connect(scene.at("stalled"));
            return "connected";
        });
        connect.awaitBlockedIn("connect");
        scene.timed("close", 0, socket::close);
        scene.timed("ends", 0, () -> connect.ends(10, TimeUnit.SECONDS));
        scene.say("connect", connect.outcome());
    }

    private static void closeReading(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        Background reader = Background.virtual(() -> socket.getInputStream().read());
        reader.awaitBlockedIn("read");
        scene.timed("close", 0, socket::close);
        scene.say("read", reader.outcome());
    }

    private static void connectDoesNotPin(Scene scene) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        List<Background> connects = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            Socket socket = scene.socket();
            int timeoutMillis = i % 2 == 0 ? 0 : 15_000;
            sockets.add(socket);
            connects.add(Background.virtual(() -> {
                socket.connect(scene.at("stalled"), timeoutMillis);
                return "connected";
            }));
        }
        othersProgress(scene, "connect", sockets, connects);
    }

    private static void readDoesNotPin(Scene scene) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        List<Background> reads = new ArrayList<>();
        InetSocketAddress silent = scene.at("silent");
        for (int i = 0; i < WAITING; i++) {
            Socket socket = scene.connected(silent);
            socket.setSoTimeout(i % 2 == 0 ? 0 : 15_000);
            sockets.add(socket);
            reads.add(Background.virtual(() -> socket.getInputStream().read()));
        }
        othersProgress(scene, "read", sockets, reads);
    }

    private static void othersProgress(Scene scene, String method, List<Socket> sockets, List<Background> waiting)
            throws Exception {
        for (Background each : waiting) {
            each.awaitBlockedIn(method);
        }
        Background other = Background.virtual(() -> {
            try (Socket socket = scene.sockets().createSocket()) {
                socket.connect(scene.at("echo"), 5_000);
                return Sockets.ping(socket);
            }
        });
        scene.say("another virtual thread", other.outcome());
        int pending = 0;
        for (Background each : waiting) {
            pending += each.ends(0, TimeUnit.MILLISECONDS) ? 0 : 1;
        }
        scene.say("waiting", pending);
        for (Socket socket : sockets) {
            socket.close();
        }
        int closed = 0;
        for (Background each : waiting) {
            closed += "java.net.SocketException: Socket closed".equals(String.valueOf(each.outcome())) ? 1 : 0;
        }
        scene.say("ended by close", closed);
    }
}
