// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/** Connecting: its arguments, its order with bind and close, its timeout, its failures. */
@SuppressWarnings("AddressSelection")
final class ConnectCases {
    private ConnectCases() {}

    static void addTo(Cases cases) {
        cases.add("connect twice", ConnectCases::twice);
        cases.add("connect after a refused connect", scene -> again(scene, "refused", Scene.PATIENCE_MILLIS));
        cases.addPending("connect after a connect timeout", scene -> again(scene, "stalled", 200));
        cases.add("connect after close", ConnectCases::afterClose);
        cases.add("connect with bad arguments", ConnectCases::badArguments);
        cases.add("connect refused", ConnectCases::refused);
        cases.add("connect refused after bind", ConnectCases::refusedAfterBind);
        cases.addPending("connect timeout", scene -> timeout(scene, 300, 0));
        cases.addPending("connect timeout of one millisecond", ConnectCases::oneMilli);
        cases.addPending("connect timeout is not SO_TIMEOUT", scene -> timeout(scene, 600, 100));
        cases.addPending("connect timeout after bind", ConnectCases::timeoutAfterBind);
        cases.add("largest connect timeout", scene -> {
            Socket socket = scene.socket();
            socket.connect(scene.at("echo"), Integer.MAX_VALUE);
            scene.say("echo", Sockets.ping(socket));
        });
        cases.add("short SO_TIMEOUT set before connect", ConnectCases::shortSoTimeout);
        cases.add("connect to a target that never speaks", ConnectCases::silent);
        cases.add("bind before connect", ConnectCases::bind);
        cases.add("bind to an address of another machine", ConnectCases::bindForeign);
        cases.add("bind to a port in use", ConnectCases::bindInUse);
        cases.add("bind in the wrong state", ConnectCases::bindWrong);
        cases.addPending("connect while another thread connects", ConnectCases::concurrently);
        cases.add("many connects one after the other", ConnectCases::oneAfterTheOther);
    }

    private static void twice(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        scene.does("the same", () -> socket.connect(scene.at("echo")));
        scene.does("another, timed", () -> socket.connect(scene.at("silent"), 500));
        scene.say("remote", socket.getRemoteSocketAddress());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void again(Scene scene, String role, int timeoutMillis) {
        Socket socket = scene.socket();
        scene.does("first", () -> socket.connect(scene.at(role), timeoutMillis));
        scene.does("again", () -> socket.connect(scene.at("echo")));
        scene.does("bind", () -> socket.bind(null));
        scene.of("input", socket::getInputStream);
        scene.of("output", socket::getOutputStream);
    }

    private static void afterClose(Scene scene) throws Exception {
        Socket fresh = scene.socket();
        fresh.close();
        scene.does("new and closed", () -> fresh.connect(scene.at("echo")));
        Socket used = scene.connected("echo");
        used.close();
        scene.does("used and closed", () -> used.connect(scene.at("echo"), 500));
    }

    /** A socket address that no socket knows. */
    private static final class ForeignAddress extends SocketAddress {
        private static final long serialVersionUID = 1;
    }

    private static void badArguments(Scene scene) throws IOException {
        Socket socket = scene.socket();
        scene.does("null", () -> socket.connect(null));
        scene.does("null, timed", () -> socket.connect(null, 5));
        scene.does("negative timeout", () -> socket.connect(scene.at("echo"), -1));
        scene.does("foreign", () -> socket.connect(new ForeignAddress()));
        scene.does("foreign, timed", () -> socket.connect(new ForeignAddress(), 5));
        scene.say("flags" + Sockets.flags(socket));
        socket.connect(scene.at("echo"));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void refused(Scene scene) {
        Socket socket = scene.socket();
        scene.timed("untimed", 0, () -> socket.connect(scene.at("refused")));
        Socket timed = scene.socket();
        scene.timed("timed", 0, () -> timed.connect(scene.at("refused"), Scene.PATIENCE_MILLIS));
        scene.say("flags" + Sockets.flags(timed));
    }

    private static void refusedAfterBind(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        scene.does("connect", () -> socket.connect(scene.at("refused")));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void timeout(Scene scene, int millis, int soTimeoutMillis) throws Exception {
        Socket socket = scene.socket();
        socket.setSoTimeout(soTimeoutMillis);
        scene.timed("connect", millis, () -> socket.connect(scene.at("stalled"), millis));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void oneMilli(Scene scene) {
        Socket socket = scene.socket();
        // the JDK has two messages, by where the millisecond ends
        scene.of("connect", () -> {
            try {
                socket.connect(scene.at("stalled"), 1);
                return "connected";
            } catch (SocketTimeoutException e) {
                return "timed out";
            }
        });
    }

    private static void timeoutAfterBind(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        scene.timed("connect", 250, () -> socket.connect(scene.at("stalled"), 250));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void shortSoTimeout(Scene scene) throws Exception {
        for (int connectMillis : new int[] {0, 5_000}) {
            Socket socket = scene.socket();
            socket.setSoTimeout(1);
            scene.does("connect", () -> socket.connect(scene.at("echo"), connectMillis));
            scene.say("timeout kept", socket.getSoTimeout());
            scene.of("read", () -> socket.getInputStream().read());
        }
    }

    private static void silent(Scene scene) throws Exception {
        Socket socket = scene.socket();
        scene.timed("connect", 0, () -> socket.connect(scene.at("silent"), Scene.PATIENCE_MILLIS));
        scene.say("available", socket.getInputStream().available());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void bind(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {0, 0, 0, 0}), 0));
        int port = socket.getLocalPort();
        socket.connect(scene.at("echo"));
        scene.say("port kept", port == socket.getLocalPort());
        scene.say("local address", socket.getLocalAddress());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void bindForeign(Scene scene) throws Exception {
        Socket socket = scene.socket();
        // TEST-NET-3: nobody's
        InetAddress foreign = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 77});
        scene.does("bind", () -> socket.bind(new InetSocketAddress(foreign, 0)));
        scene.say("flags" + Sockets.flags(socket));
        scene.of("constructor", () -> scene.sockets().createSocket(scene.host(), scene.port("echo"), foreign, 0));
    }

    private static void bindInUse(Scene scene) throws Exception {
        Socket first = scene.socket();
        first.bind(new InetSocketAddress("127.0.0.3", 0));
        Socket second = scene.socket();
        scene.does("bind", () -> second.bind(first.getLocalSocketAddress()));
        scene.say("flags" + Sockets.flags(second));
    }

    private static void bindWrong(Scene scene) throws Exception {
        Socket bound = scene.socket();
        bound.bind(null);
        scene.does("twice", () -> bound.bind(null));
        Socket connected = scene.connected("echo");
        scene.does("connected", () -> connected.bind(null));
        connected.close();
        scene.does("closed", () -> connected.bind(null));
        scene.does("foreign", () -> scene.socket().bind(new ForeignAddress()));
    }

    private static void concurrently(Scene scene) throws Exception {
        Socket socket = scene.socket();
        Background first = Background.platform("first", () -> {
            socket.connect(scene.at("stalled"), 900);
            return "connected";
        });
        first.awaitBlockedIn("connect");
        Background second = Background.platform("second", () -> {
            socket.connect(scene.at("echo"), 5_000);
            return "connected";
        });
        scene.say("first", first.outcome());
        // the JDK closes after it has let the second in: that one meets either state, or comes late
        String outcome = String.valueOf(second.outcome());
        boolean expected = outcome.equals("java.net.SocketException: Socket closed")
                || outcome.equals("java.net.SocketException: Socket is closed")
                || outcome.equals("java.net.SocketException: Connection in progress");
        scene.say("second", expected ? "fails" : outcome);
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void oneAfterTheOther(Scene scene) throws Exception {
        int pings = 0;
        for (int i = 0; i < 100; i++) {
            try (Socket socket = scene.sockets().createSocket()) {
                socket.connect(scene.at("echo"), i % 2 == 0 ? 0 : Scene.PATIENCE_MILLIS);
                pings += Sockets.ping(socket).equals("ping") ? 1 : 0;
            }
        }
        scene.say("pings", pings);
    }
}
