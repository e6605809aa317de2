// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the other side does to a connection: end of stream, reset, urgent data; and what it sees of ours. */
final class PeerCases {
    private PeerCases() {}

    static void addTo(Cases cases) {
        cases.add("end of stream", PeerCases::endOfStream);
        cases.add("reset seen by the reader", PeerCases::reset);
        cases.add("reset seen by a blocked reader", PeerCases::resetBlocked);
        cases.add("write after the peer closed", PeerCases::writeAfterClose);
        cases.add("linger 0 close seen by the peer", PeerCases::lingerZero);
        cases.add("linger 5 close delivers all", scene -> closeDelivers(scene, 5));
        cases.add("close without linger delivers all", scene -> closeDelivers(scene, -1));
        cases.add("close seen by the peer as end of stream", PeerCases::closeSeen);
        cases.add("urgent data sent", PeerCases::urgentSent);
        cases.add("urgent data seen inline by the peer", PeerCases::urgentSeen);
        cases.add("urgent data received", PeerCases::urgentReceived);
        cases.add("urgent data in the wrong state", PeerCases::urgentWrong);
    }

    private static void endOfStream(Scene scene) throws Exception {
        Socket socket = scene.connected(scene.listen(Socket::close));
        scene.of("read", () -> socket.getInputStream().read());
        scene.of("again", () -> socket.getInputStream().read(new byte[9]));
        scene.of("available", () -> socket.getInputStream().available());
        scene.of("skip", () -> socket.getInputStream().skip(5));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void reset(Scene scene) throws Exception {
        Socket socket = scene.connected(scene.listen(peer -> {
            peer.setSoLinger(true, 0);
            // not before the connect is over
            Sockets.read(peer, 1);
            peer.close();
        }));
        Sockets.write(socket, "x");
        scene.of("read", () -> socket.getInputStream().read());
        scene.of("again", () -> socket.getInputStream().read());
        scene.of("available", () -> socket.getInputStream().available());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void resetBlocked(Scene scene) throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> {
            peer.setSoLinger(true, 0);
            now.await();
            peer.close();
        }));
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        reader.awaitBlockedIn("read");
        now.countDown();
        scene.say("read", reader.outcome());
    }

    private static void writeAfterClose(Scene scene) throws Exception {
        Socket socket = scene.connected(scene.listen(Socket::close));
        scene.of("read", () -> socket.getInputStream().read());
        OutputStream out = socket.getOutputStream();
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < endNanos) {
            try {
                out.write(new byte[1_000]);
            } catch (java.io.IOException e) {
                scene.say("write", Words.ofBroken(e));
                return;
            }
        }
        scene.say("never failed");
    }

    private static void lingerZero(Scene scene) throws Exception {
        Observed seen = new Observed();
        Socket socket = scene.connected(scene.listen(peer -> seen.read(peer)));
        Sockets.write(socket, "x");
        seen.awaitFirst();
        socket.setSoLinger(true, 0);
        socket.close();
        scene.say("peer", seen.end());
    }

    private static void closeDelivers(Scene scene, int lingerSeconds) throws Exception {
        Observed seen = new Observed();
        Socket socket = scene.connected(scene.listen(peer -> seen.read(peer)));
        socket.setSoLinger(lingerSeconds >= 0, Math.max(lingerSeconds, 0));
        socket.getOutputStream().write(new byte[1_000_000]);
        socket.close();
        scene.say("peer", seen.end());
        scene.say("bytes", seen.bytes());
    }

    private static void closeSeen(Scene scene) throws Exception {
        Observed seen = new Observed();
        Socket socket = scene.connected(scene.listen(peer -> seen.read(peer)));
        socket.close();
        scene.say("peer", seen.end());
        scene.say("bytes", seen.bytes());
    }

    private static void urgentSent(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        scene.does("send", () -> socket.sendUrgentData('!'));
        scene.say("echo", Sockets.ping(socket));
        scene.does("send a large value", () -> socket.sendUrgentData(0x1234));
        scene.say("echo", Sockets.ping(socket));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void urgentSeen(Scene scene) throws Exception {
        Background[] peers = new Background[1];
        CountDownLatch ready = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> {
            peer.setOOBInline(true);
            peers[0] = Background.platform("peer", () -> Sockets.readAll(peer));
            ready.countDown();
        }));
        ready.await();
        Sockets.write(socket, "a");
        socket.sendUrgentData('!');
        Sockets.write(socket, "b");
        socket.shutdownOutput();
        scene.say("peer", peers[0].outcome());
    }

    private static void urgentReceived(Scene scene) throws Exception {
        for (boolean inline : new boolean[] {false, true}) {
            CountDownLatch ready = new CountDownLatch(1);
            Socket socket = scene.connected(scene.listen(peer -> {
                ready.await();
                Sockets.write(peer, "a");
                peer.sendUrgentData('!');
                Sockets.write(peer, "b");
                peer.close();
            }));
            socket.setOOBInline(inline);
            ready.countDown();
            scene.say(inline ? "inline" : "not inline", Sockets.readAll(socket));
        }
    }

    private static void urgentWrong(Scene scene) throws Exception {
        Socket socket = scene.socket();
        scene.does("new", () -> socket.sendUrgentData(1));
        socket.connect(scene.at("echo"));
        socket.shutdownOutput();
        scene.does("output shut down", () -> socket.sendUrgentData(1));
        socket.close();
        scene.does("closed", () -> socket.sendUrgentData(1));
    }

    /** Reads to the end and keeps how it came. */
    private static final class Observed {
        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile String end = "";
        private volatile long bytes;

        void read(Socket peer) {
            try {
                byte[] buffer = new byte[10_000];
                long count = 0;
                for (int n = peer.getInputStream().read(buffer);
                        n >= 0;
                        n = peer.getInputStream().read(buffer)) {
                    count += n;
                    first.countDown();
                }
                bytes = count;
                end = "end of stream";
            } catch (java.io.IOException e) {
                end = e.toString();
            }
            ended.countDown();
        }

        void awaitFirst() throws InterruptedException {
            first.await(10, TimeUnit.SECONDS);
        }

        String end() throws InterruptedException {
            return ended.await(10, TimeUnit.SECONDS) ? end : "still open";
        }

        long bytes() {
            return bytes;
        }
    }
}
