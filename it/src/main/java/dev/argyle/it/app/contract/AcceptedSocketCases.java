// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import dev.argyle.it.app.contract.Listeners.Meeting;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** The sockets that a ServerSocket gives: whom they are with, what they do, and those that the program made itself. */
final class AcceptedSocketCases {
    private static final int LARGE_OCTETS = 1 << 20;

    private AcceptedSocketCases() {}

    static void addTo(Cases cases) {
        cases.add("ServerSocket, the accepted socket's addresses", AcceptedSocketCases::addresses);
        cases.add("ServerSocket, the accepted socket's options", AcceptedSocketCases::options);
        cases.add("ServerSocket, implAccept(new Socket())", scene -> acceptInto(scene, new Socket()));
        cases.add(
                "ServerSocket, implAccept(new Socket(NO_PROXY))",
                scene -> acceptInto(scene, new Socket(java.net.Proxy.NO_PROXY)));
        cases.add("ServerSocket, implAccept into a subclass", AcceptedSocketCases::subclass);
        cases.add("ServerSocket, implAccept into a closed socket", AcceptedSocketCases::intoClosed);
        cases.add("ServerSocket, implAccept into a connected socket", AcceptedSocketCases::intoConnected);
        cases.add("ServerSocket, closed, and the accepted socket goes on", AcceptedSocketCases::outlives);
        cases.add("ServerSocket, visitor that sends at once", AcceptedSocketCases::sendsAtOnce);
        cases.add("ServerSocket, visitor that sends and closes at once", AcceptedSocketCases::sendsAndCloses);
        cases.add("ServerSocket, visitor that leaves before accept", AcceptedSocketCases::leaves);
        cases.add("ServerSocket, visitor that resets", AcceptedSocketCases::resets);
        cases.add("ServerSocket, visitor that half closes", AcceptedSocketCases::visitorHalfCloses);
        cases.add("ServerSocket, accepted socket half closed", AcceptedSocketCases::halfCloses);
        cases.add("ServerSocket, accepted socket closed", AcceptedSocketCases::closes);
        cases.add("ServerSocket, accepted socket's read timeout", AcceptedSocketCases::readTimeout);
        cases.add("ServerSocket, accepted socket closed while read", AcceptedSocketCases::closedWhileRead);
        cases.add("ServerSocket, large exchange", AcceptedSocketCases::large);
    }

    private static void addresses(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.addresses(scene);
        scene.state("accepted", meeting.accepted());
        meeting.accepted().close();
        scene.state("closed", meeting.accepted());
    }

    private static void options(Scene scene) throws Exception {
        Socket accepted = Listeners.meet(scene, Listeners.socket(scene)).accepted();
        accepted.setTcpNoDelay(true);
        accepted.setKeepAlive(true);
        accepted.setSoLinger(true, 7);
        accepted.setOOBInline(true);
        accepted.setSoTimeout(1_234);
        accepted.setReceiveBufferSize(40_000);
        accepted.setTrafficClass(16);
        scene.say("no delay", accepted.getTcpNoDelay());
        scene.say("keep alive", accepted.getKeepAlive());
        scene.say("linger", accepted.getSoLinger());
        scene.say("inline", accepted.getOOBInline());
        scene.say("timeout", accepted.getSoTimeout());
        scene.say("buffer", accepted.getReceiveBufferSize());
        scene.say("class", accepted.getTrafficClass());
        accepted.setSoLinger(false, 0);
        scene.does("bind", () -> accepted.bind(null));
        scene.does("connect", () -> accepted.connect(scene.at("echo"), 2_000));
    }

    private static ServerCases.OwnServer filling(Scene scene, Socket own) throws IOException {
        return new ServerCases.OwnServer(scene, 0, Listeners.address(scene).getAddress(), own);
    }

    private static void acceptInto(Scene scene, Socket own) throws Exception {
        Meeting meeting = Listeners.meet(scene, filling(scene, own));
        scene.say("the program's own", meeting.accepted() == own);
        meeting.addresses(scene);
        scene.say("flags" + Sockets.flags(own));
        meeting.talk(scene);
        own.setSoTimeout(50);
        scene.of("timeout", () -> own.getInputStream().read());
    }

    private static void subclass(Scene scene) throws Exception {
        acceptInto(scene, new Socket() {
            @Override
            public String toString() {
                return "own " + super.toString();
            }
        });
    }

    private static void intoClosed(Scene scene) throws Exception {
        Socket own = new Socket();
        own.close();
        ServerSocket server = filling(scene, own);
        Visitor.to(scene, server.getLocalSocketAddress());
        scene.of("accept", () -> server.accept() == own);
        scene.say("flags" + Sockets.flags(own));
        scene.say("server closed", server.isClosed());
    }

    private static void intoConnected(Scene scene) throws Exception {
        Socket connected = scene.connected("echo");
        ServerSocket server = filling(scene, connected);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        scene.of("accept", () -> server.accept() == connected);
        scene.say("flags" + Sockets.flags(connected));
        visitor.talk(scene, connected);
    }

    private static void outlives(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Meeting meeting = Listeners.meet(scene, server);
        server.close();
        meeting.talk(scene);
        meeting.addresses(scene);
    }

    private static void sendsAtOnce(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        visitor.send("a first word");
        Socket accepted = scene.closing(server.accept());
        scene.say("read", Sockets.read(accepted, 12));
        scene.say("available", accepted.getInputStream().available());
        visitor.talk(scene, accepted);
    }

    private static void sendsAndCloses(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        visitor.send("a first word and the last");
        visitor.socket().close();
        Socket accepted = scene.closing(server.accept());
        scene.say("read", Sockets.readAll(accepted));
        scene.say("flags" + Sockets.flags(accepted));
    }

    private static void leaves(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        Visitor.to(scene, server.getLocalSocketAddress()).socket().close();
        Socket accepted = scene.closing(server.accept());
        scene.say("read", accepted.getInputStream().read());
        Listeners.meet(scene, server).talk(scene);
    }

    private static void resets(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.talk(scene);
        meeting.visitor().reset();
        scene.of("read", () -> meeting.accepted().getInputStream().read());
        scene.say("flags" + Sockets.flags(meeting.accepted()));
    }

    private static void visitorHalfCloses(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.visitor().send("all");
        meeting.visitor().socket().shutdownOutput();
        scene.say("read", Sockets.readAll(meeting.accepted()));
        Sockets.write(meeting.accepted(), "still");
        meeting.accepted().close();
        scene.say("received", Sockets.readAll(meeting.visitor().socket()));
    }

    private static void halfCloses(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        Sockets.write(meeting.accepted(), "all");
        meeting.accepted().shutdownOutput();
        scene.say("received", Sockets.readAll(meeting.visitor().socket()));
        meeting.visitor().send("still");
        scene.say("read", Sockets.read(meeting.accepted(), 5));
        scene.say("flags" + Sockets.flags(meeting.accepted()));
        meeting.visitor().socket().close();
        scene.say("end", meeting.accepted().getInputStream().read());
    }

    private static void closes(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.talk(scene);
        meeting.accepted().close();
        scene.say("flags" + Sockets.flags(meeting.accepted()));
        scene.say("visitor's end", meeting.visitor().socket().getInputStream().read());
        scene.of("read", () -> meeting.accepted().getInputStream().read());
    }

    private static void readTimeout(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        meeting.accepted().setSoTimeout(100);
        scene.timed("read", 100, () -> meeting.accepted().getInputStream().read());
        meeting.accepted().setSoTimeout(Scene.PATIENCE_MILLIS);
        meeting.talk(scene);
    }

    private static void closedWhileRead(Scene scene) throws Exception {
        Socket accepted = Listeners.meet(scene, Listeners.socket(scene)).accepted();
        Background reader =
                Background.platform("reader", () -> accepted.getInputStream().read());
        reader.awaitBlockedIn("read");
        scene.timed("close", 0, accepted::close);
        scene.say("read", reader.outcome());
    }

    private static void large(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        Background.platform("echo", () -> {
            Sockets.echo(meeting.accepted());
            return "";
        });
        scene.say(StreamCases.exchange(meeting.visitor().socket(), LARGE_OCTETS));
    }
}
