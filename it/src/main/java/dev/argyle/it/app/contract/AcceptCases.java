// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import dev.argyle.it.app.contract.Listeners.Meeting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ServerSocket: what its accept waits for, and what ends it. */
final class AcceptCases {
    private static final int IN_TURN = 15;
    private static final int VIRTUAL = 8;

    private AcceptCases() {}

    static void addTo(Cases cases) {
        cases.add("ServerSocket, accept", AcceptCases::accept);
        cases.add("ServerSocket, visited before accept", AcceptCases::visitedBefore);
        cases.add("ServerSocket, two visitors before accept", AcceptCases::twoBefore);
        cases.add("ServerSocket, accept without bind", AcceptCases::unbound);
        cases.add("ServerSocket, accept again", AcceptCases::again);
        cases.add("ServerSocket, port after accept", AcceptCases::portAfter);
        cases.add("ServerSocket, address asked for while accepting", AcceptCases::askedWhileAccepting);
        cases.add("ServerSocket, accept often", AcceptCases::often);
        cases.add("ServerSocket, accept by two threads", AcceptCases::twoThreads);
        cases.add("ServerSocket, accept timeout", AcceptCases::timeout);
        cases.add("ServerSocket, accept after an accept timeout", AcceptCases::afterTimeout);
        cases.add("ServerSocket, visited within the accept timeout", AcceptCases::withinTimeout);
        cases.add("ServerSocket, closed while accepting", scene -> closed(scene, 0));
        cases.add("ServerSocket, closed while accepting with a timeout", scene -> closed(scene, 15_000));
        cases.add("ServerSocket, interrupted while accepting", AcceptCases::interrupted);
        cases.add("ServerSocket, interrupted before accept", AcceptCases::interruptedBefore);
        cases.addVirtual("ServerSocket, virtual thread accepts", AcceptCases::virtualAccept);
        cases.addVirtual("ServerSocket, virtual thread's accept timeout", AcceptCases::virtualTimeout);
        cases.addVirtual(
                "ServerSocket, virtual thread interrupted while accepting", scene -> virtualInterrupted(scene, 0));
        cases.addVirtual(
                "ServerSocket, virtual thread interrupted while accepting with a timeout",
                scene -> virtualInterrupted(scene, 15_000));
        cases.addVirtual("ServerSocket, closed while a virtual thread accepts", AcceptCases::virtualClosed);
        cases.addVirtual("ServerSocket, virtual threads that accept do not pin", AcceptCases::doesNotPin);
        cases.add("ServerSocket, at a connection's own address", AcceptCases::atOwnAddress);
        cases.add("ServerSocket, local address that no visitor knows", AcceptCases::local);
    }

    private static void accept(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress address = server.getLocalSocketAddress();
        Background accept = Background.platform("accept", () -> scene.closing(server.accept()));
        accept.awaitBlockedIn("accept");
        scene.say("accepts", accept.runsFor(100));
        Visitor visitor = Visitor.to(scene, address);
        Socket accepted = Listeners.accepted(accept);
        visitor.talk(scene, accepted);
        scene.say("class", accepted.getClass().getName());
        scene.say("accepted" + Sockets.flags(accepted));
        visitor.socket().close();
        scene.say("end", accepted.getInputStream().read());
    }

    private static void visitedBefore(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.addresses(scene);
        meeting.talk(scene);
    }

    private static void twoBefore(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress address = server.getLocalSocketAddress();
        Visitor first = Visitor.to(scene, address);
        scene.of("second", () -> {
            Visitor second = Visitor.to(scene, address);
            first.talk(scene, scene.closing(server.accept()));
            second.talk(scene, scene.closing(server.accept()));
            return "came";
        });
    }

    private static void unbound(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        scene.of("accept", server::accept);
        server.setSoTimeout(50);
        scene.of("accept with a timeout", server::accept);
        server.bind(Listeners.address(scene));
        server.setSoTimeout(0);
        Listeners.meet(scene, server).talk(scene);
    }

    private static void again(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        List<Meeting> meetings = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Meeting meeting = Listeners.meet(scene, server);
            meeting.addresses(scene);
            meetings.add(meeting);
        }
        for (Meeting meeting : meetings) {
            meeting.talk(scene);
        }
    }

    private static void portAfter(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        int port = server.getLocalPort();
        Listeners.meet(scene, server);
        scene.say("address", server.getInetAddress());
        scene.say("same port", server.getLocalPort() == port);
        scene.say("a port", server.getLocalPort() > 0);
        int next = server.getLocalPort();
        scene.say("stays", server.getLocalPort() == next);
    }

    private static void askedWhileAccepting(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        for (int i = 0; i < 2; i++) {
            Background accept = Background.platform("accept", () -> scene.closing(server.accept()));
            accept.awaitBlockedIn("accept");
            Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
            visitor.talk(scene, Listeners.accepted(accept));
        }
    }

    private static void often(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        int met = 0;
        for (int i = 0; i < IN_TURN; i++) {
            Meeting meeting = Listeners.meet(scene, server);
            meeting.visitor().send("visitor " + (char) ('a' + i));
            met += Sockets.read(meeting.accepted(), 9).equals("visitor " + (char) ('a' + i)) ? 1 : 0;
            meeting.accepted().close();
            meeting.visitor().socket().close();
        }
        scene.say("met", met);
    }

    private static void twoThreads(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        List<Background> accepts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            accepts.add(Background.platform("accept", () -> {
                Socket accepted = scene.closing(server.accept());
                return Sockets.read(accepted, 5);
            }));
        }
        for (Background accept : accepts) {
            accept.awaitBlockedIn("accept");
        }
        Visitor first = Visitor.to(scene, server.getLocalSocketAddress());
        first.send("hello");
        scene.say("one", awaitOne(accepts));
        Visitor.to(scene, server.getLocalSocketAddress()).send("hello");
        scene.say("both", accepts.get(0).outcome() + " " + accepts.get(1).outcome());
    }

    private static boolean awaitOne(List<Background> accepts) throws InterruptedException {
        for (int left = 500; left > 0; left--) {
            for (Background accept : accepts) {
                if (accept.ends(10, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void timeout(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.setSoTimeout(150);
        scene.timed("accept", 150, server::accept);
        scene.timed("again", 150, server::accept);
        scene.say("closed", server.isClosed());
        scene.say("timeout", server.getSoTimeout());
    }

    private static void afterTimeout(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress address = server.getLocalSocketAddress();
        server.setSoTimeout(50);
        scene.of("accept", server::accept);
        scene.say("address stays", address.equals(server.getLocalSocketAddress()));
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        Meeting meeting = Listeners.meet(scene, server);
        meeting.addresses(scene);
        meeting.talk(scene);
        server.setSoTimeout(50);
        scene.of("accept", server::accept);
    }

    private static void withinTimeout(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        SocketAddress address = server.getLocalSocketAddress();
        Background accept = Background.platform("accept", () -> scene.closing(server.accept()));
        accept.awaitBlockedIn("accept");
        Visitor visitor = Visitor.to(scene, address);
        visitor.talk(scene, Listeners.accepted(accept));
    }

    private static void closed(Scene scene, int timeoutMillis) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.setSoTimeout(timeoutMillis);
        SocketAddress address = server.getLocalSocketAddress();
        Background accept = Background.platform("accept", server::accept);
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server::close);
        scene.say("accept", accept.outcome());
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void interrupted(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress address = server.getLocalSocketAddress();
        Background accept = Background.platform("accept", () -> {
            Socket accepted = scene.closing(server.accept());
            return Sockets.read(accepted, 1) + " interrupted=" + Thread.interrupted();
        });
        accept.awaitBlockedIn("accept");
        accept.thread().interrupt();
        scene.say("accepts on", accept.runsFor(100));
        Visitor.to(scene, address).send("x");
        scene.say("accept", accept.outcome());
    }

    private static void interruptedBefore(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        Background accept = Background.platform("accept", () -> {
            Thread.currentThread().interrupt();
            Socket accepted = scene.closing(server.accept());
            return Sockets.read(accepted, 1) + " interrupted=" + Thread.interrupted();
        });
        visitor.send("x");
        scene.say("accept", accept.outcome());
    }

    private static void virtualAccept(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        for (int i = 0; i < 2; i++) {
            Background accept = Background.virtual(() -> scene.closing(server.accept()));
            accept.awaitBlockedIn("accept");
            Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
            visitor.talk(scene, Listeners.accepted(accept));
        }
    }

    private static void virtualTimeout(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.setSoTimeout(100);
        Background accept = Background.virtual(server::accept);
        scene.say("accept", accept.outcome());
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        Listeners.meet(scene, server).talk(scene);
    }

    private static void virtualInterrupted(Scene scene, int timeoutMillis) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.setSoTimeout(timeoutMillis);
        Background accept = Background.virtual(server::accept);
        accept.awaitBlockedIn("accept");
        accept.thread().interrupt();
        scene.say("accept", accept.outcome());
        scene.say("closed", server.isClosed());
    }

    private static void virtualClosed(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Background accept = Background.virtual(server::accept);
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server::close);
        scene.say("accept", accept.outcome());
    }

    private static void doesNotPin(Scene scene) throws Exception {
        List<ServerSocket> servers = new ArrayList<>();
        List<Background> accepts = new ArrayList<>();
        for (int i = 0; i < VIRTUAL; i++) {
            ServerSocket server = Listeners.socket(scene);
            servers.add(server);
            accepts.add(Background.virtual(server::accept));
        }
        for (Background accept : accepts) {
            accept.awaitBlockedIn("accept");
        }
        Background other = Background.virtual(() -> {
            try (Socket socket = scene.sockets().createSocket()) {
                socket.connect(scene.at("echo"), 5_000);
                return Sockets.ping(socket);
            }
        });
        scene.say("another virtual thread", other.outcome());
        int closed = 0;
        for (int i = 0; i < VIRTUAL; i++) {
            servers.get(i).close();
            closed += String.valueOf(accepts.get(i).outcome()).contains("Socket closed") ? 1 : 0;
        }
        scene.say("ended by close", closed);
    }

    /** As a client of FTP does, which tells its server where it waits for the data. */
    private static void atOwnAddress(Scene scene) throws Exception {
        Socket control = scene.connected("echo");
        ServerSocket server = scene.closing(new ServerSocket(0, 1, control.getLocalAddress()));
        scene.say("of the connection", control.getLocalAddress().equals(server.getInetAddress()));
        Meeting meeting = Listeners.meet(scene, server);
        meeting.addresses(scene);
        meeting.talk(scene);
        scene.say("control", Sockets.ping(control));
        scene.say(
                "one address",
                control.getLocalAddress().equals(meeting.accepted().getLocalAddress()));
    }

    /** No rule is for it, and a route to it is direct: nobody outside has any part in this. */
    private static void local(Scene scene) throws Exception {
        InetAddress address = InetAddress.getByName(scene.world().word("local"));
        ServerSocket server = scene.closing(new ServerSocket(0, 5, address));
        scene.say(Listeners.state(server));
        InetSocketAddress local = (InetSocketAddress) server.getLocalSocketAddress();
        Socket client = scene.connected(local);
        Socket accepted = scene.closing(server.accept());
        scene.say("from the client", client.getLocalSocketAddress().equals(accepted.getRemoteSocketAddress()));
        scene.say("to the listener", local.equals(accepted.getLocalSocketAddress()));
        Sockets.write(client, "x");
        scene.say("read", Sockets.read(accepted, 1));
    }
}
