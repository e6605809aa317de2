// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import dev.argyle.it.app.contract.Listeners.Meeting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** ServerSocket: what its accept waits for, what ends it, and the sockets that it gives. */
final class AcceptCases {
    private static final int IN_TURN = 15;
    private static final int VIRTUAL = 8;
    private static final int LARGE_OCTETS = 1 << 20;

    private AcceptCases() {}

    static void addTo(Cases cases) {
        cases.add("ServerSocket, accept", AcceptCases::accept);
        cases.add("ServerSocket, visited before accept", AcceptCases::visitedBefore);
        cases.add("ServerSocket, two visitors before accept", AcceptCases::twoBefore);
        cases.add("ServerSocket, accept without bind", AcceptCases::unbound);
        cases.add("ServerSocket, the accepted socket's addresses", AcceptCases::addresses);
        cases.add("ServerSocket, the accepted socket's options", AcceptCases::options);
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
        addVirtual(cases, "ServerSocket, virtual thread accepts", AcceptCases::virtualAccept);
        addVirtual(cases, "ServerSocket, virtual thread's accept timeout", AcceptCases::virtualTimeout);
        addVirtual(
                cases,
                "ServerSocket, virtual thread interrupted while accepting",
                scene -> virtualInterrupted(scene, 0));
        addVirtual(
                cases,
                "ServerSocket, virtual thread interrupted while accepting with a timeout",
                scene -> virtualInterrupted(scene, 15_000));
        addVirtual(cases, "ServerSocket, closed while a virtual thread accepts", AcceptCases::virtualClosed);
        addVirtual(cases, "ServerSocket, virtual threads that accept do not pin", AcceptCases::doesNotPin);
        cases.add("ServerSocket, implAccept(new Socket())", scene -> acceptInto(scene, new Socket()));
        cases.add(
                "ServerSocket, implAccept(new Socket(NO_PROXY))",
                scene -> acceptInto(scene, new Socket(java.net.Proxy.NO_PROXY)));
        cases.add("ServerSocket, implAccept into a subclass", AcceptCases::subclass);
        cases.add("ServerSocket, implAccept into a closed socket", AcceptCases::intoClosed);
        cases.add("ServerSocket, implAccept into a connected socket", AcceptCases::intoConnected);
        cases.add("ServerSocket, closed, and the accepted socket goes on", AcceptCases::outlives);
        cases.add("ServerSocket, visitor that sends at once", AcceptCases::sendsAtOnce);
        cases.add("ServerSocket, visitor that sends and closes at once", AcceptCases::sendsAndCloses);
        cases.add("ServerSocket, visitor that leaves before accept", AcceptCases::leaves);
        cases.add("ServerSocket, visitor that resets", AcceptCases::resets);
        cases.add("ServerSocket, visitor that half closes", AcceptCases::visitorHalfCloses);
        cases.add("ServerSocket, accepted socket half closed", AcceptCases::halfCloses);
        cases.add("ServerSocket, accepted socket closed", AcceptCases::closes);
        cases.add("ServerSocket, accepted socket's read timeout", AcceptCases::readTimeout);
        cases.add("ServerSocket, accepted socket closed while read", AcceptCases::closedWhileRead);
        cases.add("ServerSocket, large exchange", AcceptCases::large);
        cases.add("ServerSocket, at a connection's own address", AcceptCases::atOwnAddress);
        cases.add("ServerSocket, local address that no visitor knows", AcceptCases::local);
        cases.add("SSLServerSocket, accept", AcceptCases::tls);
        cases.add("SSLServerSocket, accept timeout", AcceptCases::tlsTimeout);
        cases.add("SSLServerSocket, closed while accepting", AcceptCases::tlsClosed);
        cases.add("TLS over an accepted socket", AcceptCases::tlsOver);
    }

    private static void addVirtual(Cases cases, String name, Case body) {
        cases.add(name, scene -> {
            if (VirtualThreads.available()) {
                body.run(scene);
            } else {
                scene.say("not available");
            }
        });
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
        accepts.get(VIRTUAL - 1).awaitBlockedIn("accept");
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

    /** A ServerSocket whose accept fills a socket that the program made. */
    private static final class OwnServer extends ServerSocket {
        private final Socket socket;

        OwnServer(Scene scene, Socket socket) throws IOException {
            super(0, 10, Listeners.address(scene).getAddress());
            this.socket = socket;
            scene.closing(this);
        }

        @Override
        public Socket accept() throws IOException {
            implAccept(socket);
            return socket;
        }
    }

    private static void acceptInto(Scene scene, Socket own) throws Exception {
        Meeting meeting = Listeners.meet(scene, new OwnServer(scene, own));
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
        OwnServer server = new OwnServer(scene, own);
        Visitor.to(scene, server.getLocalSocketAddress());
        scene.of("accept", () -> server.accept() == own);
        scene.say("flags" + Sockets.flags(own));
        scene.say("server closed", server.isClosed());
    }

    private static void intoConnected(Scene scene) throws Exception {
        Socket connected = scene.connected("echo");
        OwnServer server = new OwnServer(scene, connected);
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

    private static SSLServerSocket tlsServer(Scene scene) throws Exception {
        return (SSLServerSocket) scene.closing(TlsCases.context(scene.world())
                .getServerSocketFactory()
                .createServerSocket(0, 5, Listeners.address(scene).getAddress()));
    }

    private static void tls(Scene scene) throws Exception {
        SSLServerSocket server = tlsServer(scene);
        SSLSocketFactory clients = TlsCases.context(scene.world()).getSocketFactory();
        for (int i = 0; i < 2; i++) {
            SocketAddress address = server.getLocalSocketAddress();
            Visitor visitor = Visitor.to(scene, address);
            SSLSocket accepted = (SSLSocket) scene.closing(server.accept());
            Background serving = Background.platform("server", () -> {
                String read = Sockets.read(accepted, 5);
                Sockets.write(accepted, read);
                return read.trim() + Sockets.flags(accepted);
            });
            SSLSocket client = (SSLSocket) scene.closing(clients.createSocket(visitor.socket(), "visit", 1, true));
            scene.say("echo", Sockets.ping(client));
            scene.say("session", client.getSession().getProtocol());
            scene.say("server", serving.outcome());
            new Meeting(visitor, accepted, address).addresses(scene);
            // else each end of TLS would wait for the other's last word
            visitor.socket().close();
        }
    }

    private static void tlsTimeout(Scene scene) throws Exception {
        SSLServerSocket server = tlsServer(scene);
        server.setSoTimeout(100);
        scene.timed("accept", 100, server::accept);
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        SSLSocket accepted = (SSLSocket) scene.closing(server.accept());
        visitor.send("this is not TLS at all, whatever it is");
        scene.does("handshake", accepted::startHandshake);
    }

    private static void tlsClosed(Scene scene) throws Exception {
        SSLServerSocket server = tlsServer(scene);
        Background accept = Background.platform("accept", server::accept);
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server::close);
        scene.say("accept", accept.outcome());
    }

    private static void tlsOver(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.socket(scene));
        SSLSocketFactory factory = TlsCases.context(scene.world()).getSocketFactory();
        SSLSocket server = (SSLSocket) scene.closing(factory.createSocket(meeting.accepted(), null, true));
        server.setUseClientMode(false);
        Background.platform("echo", () -> {
            Sockets.echo(server);
            return "";
        });
        SSLSocket client =
                (SSLSocket) scene.closing(factory.createSocket(meeting.visitor().socket(), "visit", 1, true));
        scene.say("echo", Sockets.ping(client));
        meeting.visitor().socket().close();
    }
}
