// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/** Each constructor of Socket that connects, and the default SocketFactory. */
@SuppressWarnings("AddressSelection")
final class ConstructorCases {
    private ConstructorCases() {}

    static void addTo(Cases cases) {
        cases.add(
                "new Socket(host, port)",
                scene -> connects(scene, scene.sockets().createSocket(scene.host(), scene.port("echo"))));
        cases.add(
                "new Socket(address, port)",
                scene -> connects(
                        scene, scene.sockets().createSocket(scene.world().address(), scene.port("echo"))));
        cases.add(
                "new Socket(host, port, local, 0)",
                scene -> connects(scene, scene.sockets().createSocket(scene.host(), scene.port("echo"), local(), 0)));
        cases.add(
                "new Socket(address, port, local, 0)",
                scene -> connects(
                        scene, scene.sockets().createSocket(scene.world().address(), scene.port("echo"), local(), 0)));
        cases.add(
                "new Socket(address, port, null, 0)",
                scene -> connects(
                        scene, scene.sockets().createSocket(scene.world().address(), scene.port("echo"), null, 0)));
        cases.add("new Socket(host, port, true)", ConstructorCases::stream);
        cases.add("new Socket(host, port, false)", ConstructorCases::datagram);
        cases.add("new Socket(NO_PROXY)", ConstructorCases::noProxy);
        cases.add("new Socket(null host, port)", ConstructorCases::nullHost);
        cases.add("constructor to a refused port", ConstructorCases::refused);
        cases.add("constructor with bad arguments", ConstructorCases::badArguments);
        cases.add("a subclass of Socket", ConstructorCases::subclass);
        cases.add("SocketFactory.getDefault()", ConstructorCases::factory);
    }

    private static InetAddress local() throws IOException {
        return InetAddress.getByName("127.0.0.3");
    }

    private static void connects(Scene scene, Socket socket) throws IOException {
        scene.closing(socket);
        scene.state("connected", socket);
        scene.say("echo", Sockets.ping(socket));
    }

    @SuppressWarnings("deprecation")
    private static void stream(Scene scene) throws IOException {
        connects(scene, new Socket(scene.host(), scene.port("echo"), true));
        connects(scene, new Socket(scene.world().address(), scene.port("echo"), true));
    }

    /** Up to some release a Socket could send datagrams; later ones say that it cannot. */
    @SuppressWarnings("deprecation")
    private static void datagram(Scene scene) throws IOException {
        DatagramSocket receiver =
                scene.closing(new DatagramSocket(0, scene.world().address()));
        receiver.setSoTimeout(Scene.PATIENCE_MILLIS);
        Socket socket;
        try {
            socket = scene.closing(new Socket(scene.host(), receiver.getLocalPort(), false));
        } catch (IllegalArgumentException | SocketException e) {
            scene.say(e);
            return;
        }
        Sockets.write(socket, "datagram");
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        scene.does("receive", () -> receiver.receive(packet));
        scene.say("received", new String(packet.getData(), 0, packet.getLength(), US_ASCII).trim());
    }

    private static void noProxy(Scene scene) throws IOException {
        Socket socket = scene.closing(new Socket(Proxy.NO_PROXY));
        scene.state("new", socket);
        socket.connect(scene.at("echo"));
        connects(scene, socket);
    }

    private static void nullHost(Scene scene) throws IOException {
        int port = scene.listen(InetAddress.getByName(null), Sockets::echo).getPort();
        connects(scene, scene.sockets().createSocket((String) null, port));
    }

    private static void refused(Scene scene) {
        scene.of("by name", () -> scene.sockets().createSocket(scene.host(), scene.port("refused")));
        scene.of("by address", () -> scene.sockets().createSocket(scene.world().address(), scene.port("refused")));
        scene.of("with local", () -> scene.sockets().createSocket(scene.host(), scene.port("refused"), local(), 0));
    }

    private static void badArguments(Scene scene) {
        scene.of("null address", () -> scene.sockets().createSocket((InetAddress) null, 1));
        scene.of("port too large", () -> scene.sockets().createSocket(scene.host(), 65_536));
        scene.of("negative port", () -> scene.sockets().createSocket(scene.host(), -1));
        scene.of("null proxy", () -> new Socket((Proxy) null));
    }

    private static void subclass(Scene scene) throws IOException {
        StringBuilder called = new StringBuilder();
        Socket socket = new Socket() {
            @Override
            public void connect(java.net.SocketAddress endpoint, int timeout) throws IOException {
                called.append("connect ");
                super.connect(endpoint, timeout);
            }

            @Override
            public synchronized void close() throws IOException {
                called.append("close ");
                super.close();
            }
        };
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        connects(scene, socket);
        socket.close();
        scene.say("called", called.toString().trim());
        Socket failing = new Socket() {
            @Override
            public synchronized void close() throws IOException {
                called.append("closed on failure ");
                super.close();
            }
        };
        scene.does("refused", () -> failing.connect(scene.at("refused")));
        scene.say("called", called.toString().trim());
    }

    private static void factory(Scene scene) throws IOException {
        SocketFactory factory = SocketFactory.getDefault();
        scene.say(factory.getClass().getName());
        Socket socket = factory.createSocket();
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        connects(scene, socket);
        connects(scene, factory.createSocket(scene.host(), scene.port("echo")));
        connects(scene, factory.createSocket(scene.world().address(), scene.port("echo"), local(), 0));
        scene.of("refused", () -> factory.createSocket(scene.host(), scene.port("refused")));
    }
}
