// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import javax.net.ServerSocketFactory;

/** ServerSocket: how it is made, bound and closed, and what it says of itself. */
final class ListenCases {
    private static final int OPENED = 40;

    private ListenCases() {}

    static void addTo(Cases cases) {
        cases.add("ServerSocket, before bind, bound and closed", ListenCases::state);
        cases.add("ServerSocket, made with an address", ListenCases::made);
        cases.add("ServerSocket, made without an address", ListenCases::madeWithoutAddress);
        cases.add("ServerSocket, bound to no address", ListenCases::boundToNothing);
        cases.add("ServerSocket, constructor with wrong arguments", ListenCases::wrongArguments);
        cases.add("ServerSocket, bind with wrong arguments", ListenCases::wrongAddresses);
        cases.add("ServerSocket, bind twice", ListenCases::twice);
        cases.add("ServerSocket, bind when closed", ListenCases::afterClose);
        cases.add("ServerSocket, bind to a port in use", ListenCases::inUse);
        cases.add("ServerSocket, bind with each backlog", ListenCases::backlogs);
        cases.add("ServerSocket, several at once", ListenCases::several);
        cases.add("ServerSocket, calls when closed", ListenCases::callsWhenClosed);
        cases.add("ServerSocket, closed twice", ListenCases::closedTwice);
        cases.add("ServerSocket, closed before bind", ListenCases::closedBeforeBind);
        cases.add("ServerSocket, all options", ListenCases::options);
        cases.add("ServerSocket, options set before bind", ListenCases::optionsBefore);
        cases.add("ServerSocket, timeouts to set", ListenCases::timeouts);
        cases.add("ServerSocket, opened and closed often", ListenCases::often);
        cases.add("ServerSocketFactory, all ways", ListenCases::factory);
    }

    private static void state(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        scene.say("new [" + Listeners.state(server) + "]");
        server.bind(Listeners.address(scene));
        scene.say("bound [" + Listeners.state(server) + "]");
        InetSocketAddress local = (InetSocketAddress) server.getLocalSocketAddress();
        scene.say("stays", local.equals(server.getLocalSocketAddress()));
        scene.say("one port", local.getPort() == server.getLocalPort());
        scene.say("channel", server.getChannel());
        server.close();
        scene.say("closed [" + Listeners.state(server) + "]");
    }

    private static void made(Scene scene) throws Exception {
        ServerSocket server =
                scene.closing(new ServerSocket(0, 1, Listeners.address(scene).getAddress()));
        scene.say(Listeners.state(server));
        Listeners.Meeting meeting = Listeners.meet(scene, server);
        meeting.addresses(scene);
        meeting.talk(scene);
    }

    private static void madeWithoutAddress(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0));
        scene.say(Listeners.state(server));
        ServerSocket other = scene.closing(new ServerSocket(0, 3, null));
        scene.say(Listeners.state(other));
        scene.say("two ports", server.getLocalPort() != other.getLocalPort());
    }

    private static void boundToNothing(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        server.bind(null);
        scene.say(Listeners.state(server));
        ServerSocket six = scene.closing(new ServerSocket());
        six.bind(new InetSocketAddress("::", 0), 2);
        scene.say("bound", six.isBound());
        scene.say("port", six.getLocalPort() > 0);
    }

    private static void wrongArguments(Scene scene) {
        InetAddress address = Listeners.address(scene).getAddress();
        scene.of("port -1", () -> new ServerSocket(-1));
        scene.of("port 65536", () -> new ServerSocket(65_536, 5));
        scene.of("port 70000", () -> new ServerSocket(70_000, 5, address));
    }

    /** Neither of java.net. */
    private static final class ForeignAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    private static void wrongAddresses(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        scene.does("unresolved", () -> server.bind(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)));
        scene.does("foreign", () -> server.bind(new ForeignAddress()));
        scene.say("bound", server.isBound());
        server.bind(Listeners.address(scene));
        scene.say("bound", server.isBound());
        Listeners.meet(scene, server).talk(scene);
    }

    private static void twice(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress before = server.getLocalSocketAddress();
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
        scene.does("bind to nothing", () -> server.bind(null, 3));
        scene.say("as before", before.equals(server.getLocalSocketAddress()));
        Listeners.meet(scene, server).talk(scene);
    }

    private static void afterClose(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        server.close();
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
        scene.say(Listeners.state(server));
    }

    /** A server may say of its port what this machine says of one in use: that is for the run to arrange. */
    private static void inUse(Scene scene) throws Exception {
        ServerSocket first = Listeners.socket(scene);
        InetSocketAddress taken = (InetSocketAddress) first.getLocalSocketAddress();
        ServerSocket second = scene.closing(new ServerSocket());
        scene.does("bind", () -> second.bind(taken));
        scene.say(Listeners.state(second));
        scene.of("accept", () -> second.isBound() ? "waits" : second.accept());
        scene.does("bind to another", () -> second.bind(Listeners.address(scene)));
        scene.say(Listeners.state(second));
        scene.say("another", second.getLocalPort() != first.getLocalPort());
    }

    private static void backlogs(Scene scene) throws Exception {
        for (int backlog : new int[] {-1, 0, 1, 5_000}) {
            ServerSocket server = scene.closing(new ServerSocket());
            server.bind(Listeners.address(scene), backlog);
            Listeners.meet(scene, server).talk(scene);
            server.close();
        }
    }

    private static void several(Scene scene) throws Exception {
        ServerSocket first = Listeners.socket(scene);
        ServerSocket second = Listeners.socket(scene);
        ServerSocket third = Listeners.socket(scene);
        Visitor ofThird = Visitor.to(scene, third.getLocalSocketAddress());
        Visitor ofFirst = Visitor.to(scene, first.getLocalSocketAddress());
        Visitor ofSecond = Visitor.to(scene, second.getLocalSocketAddress());
        Socket atSecond = scene.closing(second.accept());
        ofSecond.talk(scene, atSecond);
        ofFirst.talk(scene, scene.closing(first.accept()));
        ofThird.talk(scene, scene.closing(third.accept()));
        ofSecond.talk(scene, atSecond);
    }

    private static void callsWhenClosed(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        server.close();
        scene.of("accept", server::accept);
        scene.of("timeout", server::getSoTimeout);
        scene.does("set timeout", () -> server.setSoTimeout(5));
        scene.of("reuse", server::getReuseAddress);
        scene.of("buffer", server::getReceiveBufferSize);
        scene.of("option", () -> server.getOption(StandardSocketOptions.SO_RCVBUF));
        scene.of("address", server::getInetAddress);
        scene.say("port " + (server.getLocalPort() > 0));
    }

    private static void closedTwice(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        SocketAddress address = server.getLocalSocketAddress();
        server.close();
        scene.does("close", server::close);
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void closedBeforeBind(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        server.close();
        scene.say(Listeners.state(server));
        scene.of("accept", server::accept);
    }

    private static void options(Scene scene) throws Exception {
        ServerCases.options(scene, Listeners.socket(scene));
    }

    private static void optionsBefore(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        server.setReuseAddress(true);
        server.setReceiveBufferSize(33_000);
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        server.bind(Listeners.address(scene));
        scene.say("reuse", server.getReuseAddress());
        scene.say("buffer", server.getReceiveBufferSize());
        scene.say("timeout", server.getSoTimeout());
        Socket accepted = Listeners.meet(scene, server).accepted();
        scene.say("buffer", accepted.getReceiveBufferSize());
        scene.say("timeout", accepted.getSoTimeout());
        scene.say("no delay", accepted.getTcpNoDelay());
        scene.say("keep alive", accepted.getKeepAlive());
        scene.say("linger", accepted.getSoLinger());
    }

    private static void timeouts(Scene scene) throws Exception {
        ServerSocket server = Listeners.socket(scene);
        scene.say("timeout", server.getSoTimeout());
        scene.does("negative", () -> server.setSoTimeout(-1));
        server.setSoTimeout(30_000);
        scene.say("timeout", server.getSoTimeout());
        server.setSoTimeout(0);
        scene.say("timeout", server.getSoTimeout());
    }

    private static void often(Scene scene) throws Exception {
        open(scene, 3);
        int before = VolumeCases.openDescriptors();
        open(scene, OPENED);
        VolumeCases.sayLeft(scene, before);
    }

    private static void open(Scene scene, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (ServerSocket server = new ServerSocket()) {
                server.bind(Listeners.address(scene));
            }
        }
    }

    private static void factory(Scene scene) throws Exception {
        ServerSocketFactory factory = ServerSocketFactory.getDefault();
        ServerSocket unbound = scene.closing(factory.createServerSocket());
        scene.say(Listeners.state(unbound));
        unbound.bind(Listeners.address(scene));
        Listeners.meet(scene, unbound).talk(scene);
        ServerSocket bound = scene.closing(
                factory.createServerSocket(0, 3, Listeners.address(scene).getAddress()));
        scene.say(Listeners.state(bound));
        Listeners.meet(scene, bound).talk(scene);
        scene.say(
                "without an address",
                scene.closing(factory.createServerSocket(0)).isBound());
        scene.say(
                "with a backlog",
                scene.closing(factory.createServerSocket(0, 3)).isBound());
    }
}
