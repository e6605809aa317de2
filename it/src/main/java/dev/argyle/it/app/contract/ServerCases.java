// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;

/** ServerSocket, which is not routed by default and has to go on as it was. */
final class ServerCases {
    private ServerCases() {}

    static void addTo(Cases cases) {
        cases.add("server socket's state", ServerCases::state);
        cases.add("server socket's options", ServerCases::options);
        cases.add("accept", ServerCases::accept);
        cases.add("connect before accept", ServerCases::connectBeforeAccept);
        cases.add("implAccept(new Socket())", ServerCases::implAccept);
        cases.add("implAccept into a subclass", ServerCases::implAcceptSubclass);
        cases.add("implAccept into a connected socket", ServerCases::implAcceptConnected);
        cases.add("accept in the wrong state", ServerCases::wrongState);
        cases.add("server bind to a port in use", ServerCases::inUse);
        cases.add("accepted sockets inherit the receive buffer", ServerCases::inheritance);
        cases.add("ServerSocketFactory.getDefault()", ServerCases::factory);
        cases.add("connect to a closed server socket", ServerCases::closed);
    }

    private static ServerSocket server(Scene scene) throws IOException {
        ServerSocket server = scene.closing(
                new ServerSocket(scene.ownPort(), 10, scene.world().address()));
        return server;
    }

    private static Socket connect(Scene scene, ServerSocket server) throws IOException {
        return scene.connected((InetSocketAddress) server.getLocalSocketAddress());
    }

    private static void talk(Scene scene, Socket socket, Socket accepted) throws IOException {
        scene.visited(accepted.getInetAddress());
        Sockets.write(socket, "question");
        scene.say("at the server", Sockets.read(accepted, 8));
        Sockets.write(accepted, "answer");
        scene.say("at the client", Sockets.read(socket, 6));
    }

    private static void state(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        say(scene, "new", server);
        server.bind(new InetSocketAddress(scene.world().address(), scene.ownPort()));
        say(scene, "bound", server);
        server.close();
        say(scene, "closed", server);
    }

    private static void say(Scene scene, String when, ServerSocket server) {
        scene.say(when + " [address=" + server.getInetAddress() + " getLocalPort=" + server.getLocalPort() + " local="
                + server.getLocalSocketAddress() + " toString=" + server + " bound=" + server.isBound() + " closed="
                + server.isClosed() + " channel=" + server.getChannel() + "]");
    }

    private static void options(Scene scene) throws Exception {
        options(scene, server(scene));
    }

    /** Those of a server socket that listens. */
    static void options(Scene scene, ServerSocket server) throws Exception {
        List<SocketOption<?>> options = server.supportedOptions().stream()
                .sorted(Comparator.comparing(SocketOption::name))
                .collect(Collectors.toList());
        for (SocketOption<?> option : options) {
            if (!option.name().equals("SO_INCOMING_NAPI_ID")) {
                scene.of(option.name(), () -> server.getOption(option));
            }
        }
        server.setOption(StandardSocketOptions.SO_RCVBUF, 45_000);
        server.setReuseAddress(false);
        server.setSoTimeout(77);
        server.setPerformancePreferences(1, 1, 1);
        scene.say("buffer", server.getReceiveBufferSize());
        scene.say("reuse", server.getReuseAddress());
        scene.say("timeout", server.getSoTimeout());
        scene.of("no delay", () -> server.setOption(StandardSocketOptions.TCP_NODELAY, true));
    }

    private static void accept(Scene scene) throws Exception {
        ServerSocket server = server(scene);
        CompletableFuture<Socket> accepting = new CompletableFuture<>();
        Background.platform("accept", () -> accepting.complete(server.accept()));
        Socket socket = connect(scene, server);
        Socket accepted = scene.closing(accepting.get(10, TimeUnit.SECONDS));
        talk(scene, socket, accepted);
        scene.say("class", accepted.getClass().getName());
        scene.say("accepted" + Sockets.flags(accepted));
        socket.close();
        scene.say("end", accepted.getInputStream().read());
    }

    private static void connectBeforeAccept(Scene scene) throws Exception {
        ServerSocket server = server(scene);
        Socket first = connect(scene, server);
        Socket second = connect(scene, server);
        Sockets.write(first, "1");
        Sockets.write(second, "2");
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            Socket accepted = scene.closing(server.accept());
            scene.visited(accepted.getInetAddress());
            read.append(Sockets.read(accepted, 1));
        }
        scene.say("read", read.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining()));
    }

    /** A ServerSocket whose accept fills a socket that the program made. */
    static final class OwnServer extends ServerSocket {
        private final Socket socket;

        OwnServer(Scene scene, int port, InetAddress address, Socket socket) throws IOException {
            super(port, 10, address);
            this.socket = socket;
            scene.closing(this);
        }

        @Override
        public Socket accept() throws IOException {
            implAccept(socket);
            return socket;
        }
    }

    private static void acceptInto(Scene scene, Socket own) throws IOException {
        ServerSocket server =
                new OwnServer(scene, scene.ownPort(), scene.world().address(), own);
        Socket socket = connect(scene, server);
        Socket accepted = scene.closing(server.accept());
        scene.say("the program's own", accepted == own);
        scene.say("local", accepted.getLocalSocketAddress());
        scene.say("flags" + Sockets.flags(accepted));
        talk(scene, socket, accepted);
        accepted.setSoTimeout(100);
        scene.of("timeout", () -> accepted.getInputStream().read());
    }

    private static void implAccept(Scene scene) throws Exception {
        acceptInto(scene, scene.socket());
        acceptInto(scene, new Socket(java.net.Proxy.NO_PROXY));
    }

    private static void implAcceptSubclass(Scene scene) throws Exception {
        acceptInto(scene, new Socket() {
            @Override
            public String toString() {
                return "own " + super.toString();
            }
        });
    }

    private static void implAcceptConnected(Scene scene) throws Exception {
        Socket connected = scene.connected("echo");
        ServerSocket server =
                new OwnServer(scene, scene.ownPort(), scene.world().address(), connected);
        Socket socket = connect(scene, server);
        scene.of("accept", () -> {
            Socket accepted = server.accept();
            return accepted == connected ? "accepted" : "another";
        });
        scene.say("flags" + Sockets.flags(connected));
        scene.say("client" + Sockets.flags(socket));
    }

    private static void wrongState(Scene scene) throws Exception {
        ServerSocket unbound = scene.closing(new ServerSocket());
        scene.of("unbound", unbound::accept);
        ServerSocket closed = server(scene);
        closed.close();
        scene.of("closed", closed::accept);
        scene.does("bind closed", () -> closed.bind(null));
        ServerSocket bound = server(scene);
        scene.does("bind twice", () -> bound.bind(null));
    }

    private static void inUse(Scene scene) throws Exception {
        ServerSocket first = server(scene);
        scene.of(
                "bind",
                () -> new ServerSocket(first.getLocalPort(), 5, scene.world().address()));
        scene.of(
                "bind foreign",
                () -> new ServerSocket(0, 5, java.net.InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 77})));
    }

    private static void inheritance(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket());
        server.setReceiveBufferSize(33_000);
        server.bind(new InetSocketAddress(scene.world().address(), 0));
        Socket socket = connect(scene, server);
        Socket accepted = scene.closing(server.accept());
        scene.visited(accepted.getInetAddress());
        scene.say("buffer", accepted.getReceiveBufferSize());
        scene.say("no delay", accepted.getTcpNoDelay());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void factory(Scene scene) throws Exception {
        ServerSocket server = scene.closing(ServerSocketFactory.getDefault()
                .createServerSocket(0, 5, scene.world().address()));
        Socket socket = connect(scene, server);
        talk(scene, socket, scene.closing(server.accept()));
    }

    private static void closed(Scene scene) throws Exception {
        ServerSocket server = server(scene);
        InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
        server.close();
        scene.does("connect", () -> scene.connected(address));
    }
}
