// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A program with a ProxySelector, a SOCKS server, a SocketImpl or a SocketImplFactory of its own. */
final class FactoryCases {
    private FactoryCases() {}

    static void addTo(Cases cases) {
        cases.add("own ProxySelector is asked", FactoryCases::selectorAsked);
        cases.add("own ProxySelector that names an HTTP proxy", FactoryCases::selectorHttp);
        cases.add("own ProxySelector that fails", FactoryCases::selectorFails);
        cases.add("no ProxySelector", FactoryCases::noSelector);
        cases.add("own SOCKS server by the constructor", FactoryCases::ownSocks);
        cases.add("own SOCKS server by the ProxySelector", FactoryCases::selectorSocks);
        cases.add("own SOCKS server that does not answer", FactoryCases::silentSocks);
        cases.add("HTTP proxy by the constructor", FactoryCases::httpProxy);
        cases.add("own SocketImpl by the constructor", FactoryCases::ownImpl);
        // from here on, for the rest of the JVM's life
        cases.add("own SocketImplFactory", FactoryCases::ownFactory);
        cases.add("own SocketImplFactory set twice", scene -> scene.does("set", () -> setFactory(new ArrayList<>())));
        cases.add("accept with an own SocketImplFactory", FactoryCases::acceptWithFactory);
    }

    /** Keeps what it was asked, and answers the same each time. */
    private static final class OwnSelector extends ProxySelector {
        private final List<String> asked = new ArrayList<>();
        private final List<Proxy> answer;

        OwnSelector(List<Proxy> answer) {
            this.answer = answer;
        }

        @Override
        public synchronized List<Proxy> select(URI uri) {
            asked.add(String.valueOf(uri));
            return answer;
        }

        @Override
        public synchronized void connectFailed(URI uri, SocketAddress address, IOException e) {
            asked.add("failed " + uri + " " + address);
        }
    }

    private static void with(ProxySelector selector, Scene.Action action) throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(selector);
        try {
            action.run();
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    private static void pings(Scene scene, OwnSelector selector) throws Exception {
        with(selector, () -> {
            Socket socket = scene.connected("echo");
            scene.say("echo", Sockets.ping(socket));
            scene.state("connected", socket);
        });
        for (String asked : selector.asked) {
            scene.say("asked", asked);
        }
    }

    private static void selectorAsked(Scene scene) throws Exception {
        pings(scene, new OwnSelector(List.of(Proxy.NO_PROXY)));
        pings(scene, new OwnSelector(List.of()));
    }

    private static void selectorHttp(Scene scene) throws Exception {
        pings(scene, new OwnSelector(List.of(new Proxy(Proxy.Type.HTTP, scene.at("refused")))));
    }

    private static void selectorFails(Scene scene) throws Exception {
        ProxySelector failing = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                throw new IllegalArgumentException("own failure");
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        };
        Socket socket = scene.socket();
        with(failing, () -> scene.does("connect", () -> socket.connect(scene.at("echo"))));
        scene.say("flags" + Sockets.flags(socket));
    }

    @SuppressWarnings("NullAway") // setDefault documents null: no selector
    private static void noSelector(Scene scene) throws Exception {
        with(null, () -> scene.say("echo", Sockets.ping(scene.connected("echo"))));
    }

    private static InetSocketAddress socksServer(Scene scene) throws IOException {
        return scene.listen(new OwnSocksServer());
    }

    private static void ownSocks(Scene scene) throws Exception {
        Socket socket = scene.closing(new Socket(new Proxy(Proxy.Type.SOCKS, socksServer(scene))));
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(socket));
        scene.say("remote", socket.getRemoteSocketAddress());
        scene.say("flags" + Sockets.flags(socket));
        Socket refused = scene.closing(new Socket(new Proxy(Proxy.Type.SOCKS, socksServer(scene))));
        scene.does("refused", () -> refused.connect(scene.at("refused"), Scene.PATIENCE_MILLIS));
    }

    private static void selectorSocks(Scene scene) throws Exception {
        OwnSelector selector = new OwnSelector(List.of(new Proxy(Proxy.Type.SOCKS, socksServer(scene))));
        with(selector, () -> {
            Socket socket = scene.connected("echo");
            scene.say("echo", Sockets.ping(socket));
            scene.say("remote", socket.getRemoteSocketAddress());
        });
        scene.say("asked", selector.asked.size() > 0);
    }

    private static void silentSocks(Scene scene) {
        Socket socket = scene.closing(new Socket(new Proxy(Proxy.Type.SOCKS, scene.at("silent"))));
        scene.timed("connect", 300, () -> socket.connect(scene.at("echo"), 300));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void httpProxy(Scene scene) throws Exception {
        InetSocketAddress proxy = scene.listen(peer -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) peer.getInputStream().read());
            }
            Sockets.write(peer, "HTTP/1.1 200 OK\r\n\r\n");
            Sockets.echo(peer);
        });
        Socket socket = scene.closing(new Socket(new Proxy(Proxy.Type.HTTP, proxy)));
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(socket));
    }

    /** A socket over an implementation that the program brings. */
    private static final class OwnSocket extends Socket {
        OwnSocket(SocketImpl impl) throws IOException {
            super(impl);
        }
    }

    private static void ownImpl(Scene scene) throws Exception {
        List<String> calls = new ArrayList<>();
        Socket socket = scene.closing(new OwnSocket(new MemorySocketImpl(calls)));
        socket.connect(scene.at("refused"), 1_000);
        scene.say("echo", Sockets.ping(socket));
        scene.say("calls", calls);
    }

    @SuppressWarnings("deprecation") // programs have it still
    private static void setFactory(List<String> calls) throws IOException {
        Socket.setSocketImplFactory(() -> new MemorySocketImpl(calls));
    }

    private static void ownFactory(Scene scene) throws Exception {
        List<String> calls = new ArrayList<>();
        try {
            setFactory(calls);
        } catch (IOException e) {
            scene.say("set", e);
            return;
        }
        Socket socket = scene.socket();
        socket.connect(scene.at("refused"), 1_000);
        scene.say("echo", Sockets.ping(socket));
        Socket constructed = scene.closing(new Socket(InetAddress.getLoopbackAddress(), 7));
        scene.say("remote", constructed.getRemoteSocketAddress());
        Socket noProxy = scene.closing(new Socket(Proxy.NO_PROXY));
        noProxy.connect(scene.at("stalled"), 1_000);
        scene.say("echo", Sockets.ping(noProxy));
        scene.say("calls", calls);
    }

    private static void acceptWithFactory(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0, 5, scene.world().address()));
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        java.nio.channels.SocketChannel client = scene.closing(java.nio.channels.SocketChannel.open());
        client.connect(server.getLocalSocketAddress());
        scene.of("accept", () -> server.accept().getClass());
    }
}
