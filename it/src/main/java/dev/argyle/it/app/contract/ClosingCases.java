// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Close: by another thread while something blocks, twice, and by the garbage collector. */
final class ClosingCases {
    private static final int UNCLOSED = 40;

    private ClosingCases() {}

    static void addTo(Cases cases) {
        cases.add("close twice", ClosingCases::twice);
        cases.addPending("close while connecting", scene -> whileConnecting(scene, 0));
        cases.addPending("close while connecting with a timeout", scene -> whileConnecting(scene, 15_000));
        cases.addPending("close while connecting after bind", ClosingCases::whileConnectingBound);
        cases.add("close while reading", scene -> whileReading(scene, 0));
        cases.add("close while reading with a timeout", scene -> whileReading(scene, 15_000));
        cases.add("close while writing", ClosingCases::whileWriting);
        cases.add("close while several read", ClosingCases::whileSeveralRead);
        cases.add("close while reading and writing", ClosingCases::whileReadingAndWriting);
        cases.add("close while accepting", ClosingCases::whileAccepting);
        cases.add("close races connect", ClosingCases::races);
        cases.add("close races the end of connect", ClosingCases::racesItsEnd);
        cases.add("unclosed sockets after GC", ClosingCases::unclosed);
        cases.add("a socket in use after GC", ClosingCases::inUse);
    }

    private static void twice(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.close();
        scene.does("again", socket::close);
        scene.say("flags" + Sockets.flags(socket));
        Socket fresh = scene.socket();
        fresh.close();
        scene.does("again", fresh::close);
    }

    private static void whileConnecting(Scene scene, int timeoutMillis) throws Exception {
        Socket socket = scene.socket();
        Background connect = Background.platform("connect", () -> {
            socket.connect(scene.at("stalled"), timeoutMillis);
            return "connected";
        });
        connect.awaitBlockedIn("connect");
        scene.timed("close", 0, socket::close);
        scene.timed("ends", 0, () -> connect.ends(10, TimeUnit.SECONDS));
        scene.say("connect", connect.outcome());
        scene.state("after", socket);
    }

    private static void whileConnectingBound(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress(scene.world().address(), 0));
        Background connect = Background.platform("connect", () -> {
            socket.connect(scene.at("stalled"));
            return "connected";
        });
        connect.awaitBlockedIn("connect");
        socket.close();
        scene.say("connect", connect.outcome());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void whileReading(Scene scene, int timeoutMillis) throws Exception {
        Socket socket = scene.connected("silent");
        socket.setSoTimeout(timeoutMillis);
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        reader.awaitBlockedIn("read");
        scene.timed("close", 0, socket::close);
        scene.timed("ends", 0, () -> reader.ends(10, TimeUnit.SECONDS));
        scene.say("read", reader.outcome());
    }

    private static Background writer(Socket socket) {
        return Background.platform("writer", () -> {
            while (true) {
                socket.getOutputStream().write(new byte[100_000]);
            }
        });
    }

    private static void whileWriting(Scene scene) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> end.await()));
        Background writer = writer(socket);
        writer.awaitBlockedIn("write");
        scene.timed("close", 0, socket::close);
        scene.say("write", writer.outcome());
        end.countDown();
    }

    private static void whileSeveralRead(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        List<Background> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(
                    Background.platform("reader", () -> socket.getInputStream().read()));
        }
        for (Background reader : readers) {
            reader.awaitBlockedIn("read");
        }
        socket.close();
        for (Background reader : readers) {
            scene.say("read", reader.outcome());
        }
    }

    private static void whileReadingAndWriting(Scene scene) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> end.await()));
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        Background writer = writer(socket);
        reader.awaitBlockedIn("read");
        writer.awaitBlockedIn("write");
        socket.close();
        scene.say("read", reader.outcome());
        scene.say("write", writer.outcome());
        end.countDown();
    }

    private static void whileAccepting(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0, 5, scene.world().address()));
        Background accept = Background.platform("accept", server::accept);
        accept.awaitBlockedIn("accept");
        server.close();
        scene.say("accept", accept.outcome());
    }

    /** Whatever wins, the socket ends closed and the connect ends in one of two ways. */
    private static void races(Scene scene) throws Exception {
        int wrong = 0;
        for (int i = 0; i < 100; i++) {
            Socket socket = scene.socket();
            CountDownLatch go = new CountDownLatch(1);
            Background connect = Background.platform("connect", () -> {
                go.await();
                socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
                return "connected";
            });
            go.countDown();
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            socket.close();
            String outcome = Words.of(connect.outcome(), scene.world().roles());
            boolean expected = outcome.equals("connected")
                    || outcome.equals("java.net.SocketException: Socket closed")
                    || outcome.equals("java.net.SocketException: Socket is closed");
            if (!expected || !socket.isClosed()) {
                wrong++;
                System.err.println("close races connect: " + outcome);
            }
        }
        scene.say("wrong", wrong);
    }

    private static void racesItsEnd(Scene scene) throws Exception {
        ServerSocket target =
                scene.closing(new ServerSocket(scene.ownPort(), 5, scene.world().address()));
        new ClosingRace(scene, () -> target.accept().close())
                .say(
                        1_500,
                        scene::socket,
                        socket -> socket.connect(target.getLocalSocketAddress(), Scene.PATIENCE_MILLIS),
                        Set.of("done", "java.net.SocketException: Socket closed"));
    }

    private static void unclosed(Scene scene) throws Exception {
        CountDownLatch ended = new CountDownLatch(UNCLOSED);
        InetSocketAddress target = scene.listen(peer -> {
            Sockets.readAll(peer);
            ended.countDown();
        });
        int opened = openAndForget(scene, target);
        scene.say("opened", opened);
        boolean all = false;
        for (int i = 0; i < 50 && !all; i++) {
            System.gc();
            all = ended.await(200, TimeUnit.MILLISECONDS);
        }
        scene.say("all ended at the peer", all);
    }

    private static int openAndForget(Scene scene, InetSocketAddress target) throws Exception {
        int opened = 0;
        for (int i = 0; i < UNCLOSED; i++) {
            Socket socket = scene.sockets().createSocket();
            socket.connect(target, i % 2 == 0 ? 0 : Scene.PATIENCE_MILLIS);
            opened += socket.isConnected() ? 1 : 0;
        }
        return opened;
    }

    private static void inUse(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        Sockets.write(socket, "x");
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        scene.say("read", in.read());
    }
}
