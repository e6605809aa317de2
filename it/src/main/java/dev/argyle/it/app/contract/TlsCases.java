// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS sockets of the JDK: made connected, connected later, and layered over a connected socket. */
@SuppressWarnings("AddressSelection")
final class TlsCases {
    private static @Nullable SSLContext shared;

    private TlsCases() {}

    static void addTo(Cases cases) {
        cases.add("TLS createSocket(host, port)", TlsCases::byHost);
        cases.add("TLS createSocket() and connect", TlsCases::connectLater);
        cases.add("TLS createSocket() after close", TlsCases::state);
        cases.add("TLS over a connected socket, autoClose", scene -> layered(scene, true));
        cases.add("TLS over a connected socket, no autoClose", scene -> layered(scene, false));
        cases.add("TLS over a connected socket by name", TlsCases::layeredByName);
        cases.add("TLS over a socket that is not connected", TlsCases::notConnected);
        cases.add("TLS server over an accepted socket", TlsCases::serverOverAccepted);
        cases.add("TLS half close", TlsCases::halfClose);
        cases.add("TLS large exchange", TlsCases::large);
        cases.add("TLS refused", TlsCases::refused);
        cases.addPending("TLS connect timeout", TlsCases::connectTimeout);
        cases.add("TLS handshake with a silent target", TlsCases::silent);
        cases.add("TLS with a certificate that is not trusted", TlsCases::notTrusted);
        cases.add("TLS host name verified", TlsCases::hostName);
        cases.add("TLS host name that is not the certificate's", TlsCases::wrongHostName);
        cases.add("SSLServerSocket accept", TlsCases::serverSocket);
        cases.add("SSLServerSocket accept timeout", TlsCases::serverTimeout);
    }

    static synchronized SSLContext context(World world) throws Exception {
        SSLContext existing = shared;
        if (existing != null) {
            return existing;
        }
        char[] password = world.word("password").toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(world.word("keystore")))) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        shared = context;
        return context;
    }

    private static SSLSocketFactory clients(Scene scene) throws Exception {
        return context(scene.world()).getSocketFactory();
    }

    /** A TLS echo beside the targets. */
    private static InetSocketAddress echo(Scene scene) throws Exception {
        SSLSocketFactory factory = clients(scene);
        return scene.listen(peer -> {
            SSLSocket tls = (SSLSocket) factory.createSocket(peer, null, true);
            tls.setUseClientMode(false);
            Sockets.echo(tls);
        });
    }

    private static void talk(Scene scene, SSLSocket socket) throws Exception {
        scene.say("echo", Sockets.ping(socket));
        scene.say("session", socket.getSession().getProtocol());
        scene.say("peer", socket.getSession().getPeerPrincipal());
    }

    private static void byHost(Scene scene) throws Exception {
        InetSocketAddress target = echo(scene);
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket(scene.host(), target.getPort()));
        talk(scene, socket);
        scene.state("connected", socket);
        SSLSocket byAddress =
                (SSLSocket) scene.closing(clients(scene).createSocket(target.getAddress(), target.getPort()));
        talk(scene, byAddress);
    }

    private static void connectLater(Scene scene) throws Exception {
        InetSocketAddress target = echo(scene);
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        scene.state("new", socket);
        socket.setTcpNoDelay(true);
        socket.connect(target, Scene.PATIENCE_MILLIS);
        scene.state("connected", socket);
        scene.say("no delay", socket.getTcpNoDelay());
        talk(scene, socket);
        scene.does("connect again", () -> socket.connect(target));
    }

    private static void state(Scene scene) throws Exception {
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect(echo(scene));
        talk(scene, socket);
        socket.close();
        scene.say("flags" + Sockets.flags(socket));
        scene.of("read", () -> socket.getInputStream().read());
        scene.of("session", () -> socket.getSession().isValid());
    }

    private static void layered(Scene scene, boolean autoClose) throws Exception {
        InetSocketAddress target = echo(scene);
        Socket plain = scene.connected(target);
        SSLSocket socket = (SSLSocket)
                scene.closing(clients(scene).createSocket(plain, scene.host(), target.getPort(), autoClose));
        scene.state("layered", socket);
        talk(scene, socket);
        socket.setSoTimeout(150);
        scene.say("plain timeout", plain.getSoTimeout());
        scene.of("read timeout", () -> socket.getInputStream().read());
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(socket));
        socket.close();
        scene.say("TLS" + Sockets.flags(socket));
        scene.say("plain" + Sockets.flags(plain));
    }

    private static void layeredByName(Scene scene) throws Exception {
        InetSocketAddress target = echo(scene);
        String name = scene.world().word("name");
        Socket plain = scene.connected(new InetSocketAddress(name, target.getPort()));
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket(plain, name, target.getPort(), true));
        talk(scene, socket);
        scene.say("peer host", socket.getSession().getPeerHost());
    }

    private static void notConnected(Scene scene) {
        Socket plain = scene.socket();
        scene.of("create", () -> clients(scene).createSocket(plain, scene.host(), 9, true));
    }

    private static void serverOverAccepted(Scene scene) throws Exception {
        ServerSocket server = scene.closing(new ServerSocket(0, 5, scene.world().address()));
        Background serving = Background.platform("server", () -> {
            Socket accepted = scene.closing(server.accept());
            scene.visited(accepted.getInetAddress());
            SSLSocket tls = (SSLSocket) scene.closing(
                    clients(scene).createSocket(accepted, new java.io.ByteArrayInputStream(new byte[0]), true));
            String read = Sockets.read(tls, 5);
            Sockets.write(tls, read);
            return read.trim() + " client mode=" + tls.getUseClientMode();
        });
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect((InetSocketAddress) server.getLocalSocketAddress());
        talk(scene, socket);
        scene.say("server", serving.outcome());
    }

    private static void halfClose(Scene scene) throws Exception {
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect(echo(scene));
        Sockets.write(socket, "rest");
        scene.say("read", Sockets.read(socket, 4));
        socket.shutdownOutput();
        scene.say("flags" + Sockets.flags(socket));
        scene.say("end", Sockets.readAll(socket).length());
    }

    private static void large(Scene scene) throws Exception {
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect(echo(scene), Scene.PATIENCE_MILLIS);
        scene.say(StreamCases.exchange(socket, 2 << 20));
    }

    private static void refused(Scene scene) throws Exception {
        scene.of("constructor", () -> clients(scene).createSocket(scene.host(), scene.port("refused")));
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        scene.does("connect", () -> socket.connect(scene.at("refused"), Scene.PATIENCE_MILLIS));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void connectTimeout(Scene scene) throws Exception {
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        scene.timed("connect", 300, () -> socket.connect(scene.at("stalled"), 300));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void silent(Scene scene) throws Exception {
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect(scene.at("silent"), Scene.PATIENCE_MILLIS);
        socket.setSoTimeout(300);
        scene.timed("handshake", 300, socket::startHandshake);
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void notTrusted(Scene scene) throws Exception {
        InetSocketAddress target = echo(scene);
        SSLContext none = SSLContext.getInstance("TLS");
        none.init(null, null, null);
        SSLSocket socket = (SSLSocket) scene.closing(none.getSocketFactory().createSocket());
        socket.connect(target);
        scene.does("handshake", socket::startHandshake);
        scene.say("flags" + Sockets.flags(socket));
    }

    private static SSLSocket verifying(Scene scene, InetSocketAddress target, String name) throws Exception {
        Socket plain = scene.connected(target);
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket(plain, name, target.getPort(), true));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void hostName(Scene scene) throws Exception {
        InetSocketAddress target = echo(scene);
        talk(scene, verifying(scene, target, scene.world().word("name")));
        talk(scene, verifying(scene, target, scene.host()));
        SSLSocket connected = (SSLSocket)
                scene.closing(clients(scene).createSocket(scene.world().word("name"), target.getPort()));
        SSLParameters parameters = connected.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        connected.setSSLParameters(parameters);
        talk(scene, connected);
    }

    private static void wrongHostName(Scene scene) throws Exception {
        scene.does(
                "handshake", () -> verifying(scene, echo(scene), "another.test").startHandshake());
    }

    private static void serverSocket(Scene scene) throws Exception {
        SSLServerSocket server = (SSLServerSocket) scene.closing(context(scene.world())
                .getServerSocketFactory()
                .createServerSocket(scene.ownPort(), 5, scene.world().address()));
        Background serving = Background.platform("server", () -> {
            SSLSocket accepted = (SSLSocket) scene.closing(server.accept());
            scene.visited(accepted.getInetAddress());
            String read = Sockets.read(accepted, 5);
            Sockets.write(accepted, read);
            return read.trim() + " local=" + accepted.getLocalSocketAddress() + Sockets.flags(accepted);
        });
        SSLSocket socket = (SSLSocket) scene.closing(clients(scene).createSocket());
        socket.connect((InetSocketAddress) server.getLocalSocketAddress());
        talk(scene, socket);
        scene.say("server", serving.outcome());
    }

    private static void serverTimeout(Scene scene) throws Exception {
        SSLServerSocket server = (SSLServerSocket) scene.closing(context(scene.world())
                .getServerSocketFactory()
                .createServerSocket(0, 5, scene.world().address()));
        server.setSoTimeout(200);
        scene.timed("accept", 200, server::accept);
    }
}
