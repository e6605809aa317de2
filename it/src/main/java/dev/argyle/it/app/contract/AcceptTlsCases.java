// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import dev.argyle.it.app.contract.Listeners.Meeting;
import java.net.SocketAddress;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** SSLServerSocket, and TLS over sockets that were accepted. */
final class AcceptTlsCases {
    private AcceptTlsCases() {}

    static void addTo(Cases cases) {
        cases.add("SSLServerSocket, accept", AcceptTlsCases::accept);
        cases.add("SSLServerSocket, accept timeout", AcceptTlsCases::timeout);
        cases.add("SSLServerSocket, closed while accepting", AcceptTlsCases::closed);
        cases.add("TLS over an accepted socket", AcceptTlsCases::overAccepted);
    }

    private static SSLServerSocket listening(Scene scene) throws Exception {
        return (SSLServerSocket) scene.closing(TlsCases.context(scene.world())
                .getServerSocketFactory()
                .createServerSocket(0, 5, Listeners.address(scene).getAddress()));
    }

    private static void accept(Scene scene) throws Exception {
        SSLServerSocket server = listening(scene);
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

    private static void timeout(Scene scene) throws Exception {
        SSLServerSocket server = listening(scene);
        server.setSoTimeout(100);
        scene.timed("accept", 100, server::accept);
        server.setSoTimeout(Scene.PATIENCE_MILLIS);
        Visitor visitor = Visitor.to(scene, server.getLocalSocketAddress());
        SSLSocket accepted = (SSLSocket) scene.closing(server.accept());
        visitor.send("this is not TLS at all, whatever it is");
        scene.does("handshake", accepted::startHandshake);
    }

    private static void closed(Scene scene) throws Exception {
        SSLServerSocket server = listening(scene);
        Background accept = Background.platform("accept", server::accept);
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server::close);
        scene.say("accept", accept.outcome());
    }

    private static void overAccepted(Scene scene) throws Exception {
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
