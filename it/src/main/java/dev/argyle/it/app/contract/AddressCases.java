// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What a socket says of its addresses and its state, at each point of its life. */
@SuppressWarnings("AddressSelection")
final class AddressCases {
    private AddressCases() {}

    static void addTo(Cases cases) {
        cases.add("state of a new socket", scene -> scene.state("new", scene.socket()));
        cases.add("state after connect", scene -> scene.state("connected", scene.connected("echo")));
        cases.add("state after close", AddressCases::afterClose);
        cases.add("state after a refused connect", AddressCases::afterRefused);
        cases.addPending("state after a connect timeout", AddressCases::afterTimeout);
        cases.add("state after close of a new socket", AddressCases::afterCloseOfNew);
        cases.add("state after bind", AddressCases::afterBind);
        cases.add("state after bind and connect", AddressCases::afterBindAndConnect);
        cases.add("state after shutdown of both directions", AddressCases::afterShutdown);
        cases.add("local port stays after bind, connect and data", AddressCases::localPortStays);
        cases.add("local port differs between sockets", AddressCases::localPortsDiffer);
        cases.add("two addresses of one socket are equal", AddressCases::equalAddresses);
        cases.add("address with a name of the program's own", AddressCases::ownName);
        cases.add("address given as a literal", AddressCases::literal);
        cases.add("accepted socket at the target", AddressCases::acceptedSide);
    }

    private static void afterClose(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.close();
        scene.state("closed", socket);
    }

    private static void afterRefused(Scene scene) {
        Socket socket = scene.socket();
        scene.does("connect", () -> socket.connect(scene.at("refused")));
        scene.state("refused", socket);
    }

    private static void afterTimeout(Scene scene) {
        Socket socket = scene.socket();
        scene.does("connect", () -> socket.connect(scene.at("stalled"), 200));
        scene.state("timed out", socket);
    }

    private static void afterCloseOfNew(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.close();
        scene.state("closed", socket);
    }

    private static void afterBind(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        scene.state("bound", socket);
        Socket wildcard = scene.socket();
        wildcard.bind(null);
        scene.state("bound to the wildcard", wildcard);
    }

    private static void afterBindAndConnect(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        scene.state("connected", socket);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void afterShutdown(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.shutdownOutput();
        socket.shutdownInput();
        scene.state("shut down", socket);
    }

    private static void localPortStays(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        int bound = socket.getLocalPort();
        socket.connect(scene.at("echo"));
        int connected = socket.getLocalPort();
        scene.say("echo", Sockets.ping(socket));
        scene.say("bound port kept", bound == connected && bound == socket.getLocalPort());
        scene.say("socket address agrees", ((InetSocketAddress) socket.getLocalSocketAddress()).getPort() == connected);
    }

    private static void localPortsDiffer(Scene scene) throws Exception {
        Socket one = scene.connected("echo");
        Socket other = scene.connected("echo");
        scene.say(one.getLocalPort() == other.getLocalPort() ? "the same" : "different");
    }

    private static void equalAddresses(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        scene.say("remote is the target", socket.getRemoteSocketAddress().equals(scene.at("echo")));
        scene.say(
                "address is the target's",
                socket.getInetAddress().equals(scene.at("echo").getAddress()));
        scene.say(
                "hash codes agree",
                socket.getRemoteSocketAddress().hashCode() == scene.at("echo").hashCode());
        scene.say("resolved", !((InetSocketAddress) socket.getRemoteSocketAddress()).isUnresolved());
    }

    private static void ownName(Scene scene) throws Exception {
        byte[] bytes = scene.world().address().getAddress();
        InetAddress named = InetAddress.getByAddress("name.of.its.own.test", bytes);
        Socket socket = scene.connected(new InetSocketAddress(named, scene.port("echo")));
        scene.state("connected", socket);
        scene.say("host name", socket.getInetAddress().getHostName());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void literal(Scene scene) throws Exception {
        Socket socket = scene.connected(new InetSocketAddress(scene.host(), scene.port("echo")));
        scene.say("remote", socket.getRemoteSocketAddress());
        scene.say("host string", ((InetSocketAddress) socket.getRemoteSocketAddress()).getHostString());
    }

    private static void acceptedSide(Scene scene) throws Exception {
        ServerSocket server = scene.closing(
                new ServerSocket(scene.ownPort(), 10, scene.world().address()));
        Socket socket = scene.connected((InetSocketAddress) server.getLocalSocketAddress());
        Socket accepted = scene.closing(server.accept());
        scene.visited(accepted.getInetAddress());
        scene.say("local", accepted.getLocalSocketAddress());
        scene.say("local address", accepted.getLocalAddress());
        scene.say("local port", "port=" + accepted.getLocalPort());
        scene.say("remote is loopback", accepted.getInetAddress().isLoopbackAddress());
        scene.say("flags" + Sockets.flags(accepted));
        Sockets.write(socket, "over");
        scene.say("read", Sockets.read(accepted, 4));
    }
}
