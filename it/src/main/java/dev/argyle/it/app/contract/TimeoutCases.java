// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** SO_TIMEOUT on reads and on accept. */
final class TimeoutCases {
    private TimeoutCases() {}

    static void addTo(Cases cases) {
        cases.add("read timeout", TimeoutCases::readTimeout);
        cases.add("read timeout, then the read goes on", TimeoutCases::goesOn);
        cases.add("read timeout changed between reads", TimeoutCases::changed);
        cases.add("read timeout set while reading", TimeoutCases::setWhileReading);
        cases.add("read timeout does not end a read that gets data", TimeoutCases::dataInTime);
        cases.add("read timeout after a timed connect", TimeoutCases::afterTimedConnect);
        cases.add("writes after a read timeout", TimeoutCases::writesAfter);
        cases.add("accept timeout, then a connection", TimeoutCases::accept);
    }

    private static void readTimeout(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        socket.setSoTimeout(300);
        scene.timed("read", 300, () -> socket.getInputStream().read());
        scene.timed("again", 300, () -> socket.getInputStream().read(new byte[10]));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void goesOn(Scene scene) throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> {
            now.await();
            Sockets.write(peer, "late\n");
            Sockets.echo(peer);
        }));
        socket.setSoTimeout(150);
        scene.of("read", () -> socket.getInputStream().read());
        now.countDown();
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.say("read", Sockets.read(socket, 5).trim());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void changed(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        socket.setSoTimeout(100);
        scene.timed("read", 100, () -> socket.getInputStream().read());
        socket.setSoTimeout(400);
        scene.timed("longer", 400, () -> socket.getInputStream().read());
        socket.setSoTimeout(0);
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        scene.say("without end", reader.runsFor(600));
        socket.close();
        scene.say("read", reader.outcome());
    }

    private static void setWhileReading(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        reader.awaitBlockedIn("read");
        socket.setSoTimeout(50);
        scene.say("reads on", reader.runsFor(400));
        socket.close();
        scene.say("read", reader.outcome());
    }

    private static void dataInTime(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(socket));
        socket.shutdownOutput();
        scene.say("end", socket.getInputStream().read());
    }

    private static void afterTimedConnect(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.setSoTimeout(250);
        socket.connect(scene.at("silent"), 5_000);
        scene.timed("read", 250, () -> socket.getInputStream().read());
        socket.setSoTimeout(0);
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        scene.say("without end", reader.runsFor(400));
    }

    private static void writesAfter(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.setSoTimeout(100);
        scene.of("read", () -> socket.getInputStream().read());
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(socket));
        scene.say(StreamCases.exchange(socket, 1 << 20));
    }

    private static void accept(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0, 5, scene.world().address()));
        server.setSoTimeout(200);
        scene.timed("accept", 200, server::accept);
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        Socket socket = scene.connected((InetSocketAddress) server.getLocalSocketAddress());
        Socket accepted = scene.closing(server.accept());
        scene.visited(accepted.getInetAddress());
        scene.say("accepted timeout", accepted.getSoTimeout());
        Sockets.write(accepted, "welcome");
        scene.say("read", Sockets.read(socket, 7));
    }
}
