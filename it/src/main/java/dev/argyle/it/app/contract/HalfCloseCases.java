// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Half close, both ways. */
final class HalfCloseCases {
    private HalfCloseCases() {}

    static void addTo(Cases cases) {
        cases.add("output shut down, the rest is read", HalfCloseCases::output);
        cases.add("output shut down and write", HalfCloseCases::writeAfter);
        cases.add("input shut down", HalfCloseCases::input);
        cases.add("input shut down while reading", HalfCloseCases::inputWhileReading);
        cases.add("input shut down with data waiting", HalfCloseCases::inputWithData);
        cases.add("both shut down", HalfCloseCases::both);
        cases.add("shut down in the wrong state", HalfCloseCases::wrongState);
        cases.add("the peer half closes and goes on reading", HalfCloseCases::peerHalfCloses);
        cases.add("the peer answers after our half close", HalfCloseCases::peerAnswers);
    }

    private static void output(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        Sockets.write(socket, "the rest");
        socket.shutdownOutput();
        scene.say("flags" + Sockets.flags(socket));
        scene.say("read", Sockets.readAll(socket));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void writeAfter(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        java.io.OutputStream out = socket.getOutputStream();
        socket.shutdownOutput();
        scene.of("stream", socket::getOutputStream);
        scene.say("write", writeOutcome(out));
    }

    private static String writeOutcome(java.io.OutputStream out) {
        try {
            out.write(1);
            return "written";
        } catch (java.io.IOException e) {
            return Words.ofBroken(e);
        }
    }

    private static void input(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        java.io.InputStream in = socket.getInputStream();
        socket.shutdownInput();
        scene.say("flags" + Sockets.flags(socket));
        scene.of("read", () -> in.read());
        scene.of("available", in::available);
        scene.of("stream", socket::getInputStream);
        scene.does("write goes on", () -> Sockets.write(socket, "x"));
    }

    private static void inputWhileReading(Scene scene) throws Exception {
        Socket socket = scene.connected("silent");
        Background reader =
                Background.platform("reader", () -> socket.getInputStream().read());
        reader.awaitBlockedIn("read");
        socket.shutdownInput();
        scene.say("read", reader.outcome());
    }

    private static void inputWithData(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        Sockets.write(socket, "ping\n");
        scene.say("first", socket.getInputStream().read());
        java.io.InputStream in = socket.getInputStream();
        socket.shutdownInput();
        scene.of("read", () -> in.read());
        scene.of("available", in::available);
    }

    private static void both(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.shutdownInput();
        socket.shutdownOutput();
        scene.say("flags" + Sockets.flags(socket));
        scene.does("input again", socket::shutdownInput);
        scene.does("output again", socket::shutdownOutput);
        socket.close();
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void wrongState(Scene scene) throws Exception {
        Socket socket = scene.socket();
        scene.does("new, input", socket::shutdownInput);
        scene.does("new, output", socket::shutdownOutput);
        socket.connect(scene.at("echo"));
        socket.close();
        scene.does("closed, input", socket::shutdownInput);
        scene.does("closed, output", socket::shutdownOutput);
    }

    private static void peerHalfCloses(Scene scene) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        Socket socket = scene.connected(scene.listen(peer -> {
            Sockets.write(peer, "bye\n");
            peer.shutdownOutput();
            heard.complete(Sockets.readAll(peer));
        }));
        scene.say("read", Sockets.readAll(socket).trim());
        scene.of("end", () -> socket.getInputStream().read());
        Sockets.write(socket, "after ");
        Sockets.write(socket, "the end");
        scene.say("flags" + Sockets.flags(socket));
        socket.shutdownOutput();
        scene.say("peer", heard.get(10, TimeUnit.SECONDS));
    }

    private static void peerAnswers(Scene scene) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Socket socket = scene.connected(scene.listen(peer -> {
            String question = Sockets.readAll(peer);
            ended.await();
            Sockets.write(peer, "you said " + question);
            peer.close();
        }));
        Sockets.write(socket, "hello");
        socket.shutdownOutput();
        ended.countDown();
        scene.say(Sockets.readAll(socket));
    }
}
