// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Datagram sockets that are made in other ways, and the factory that replaces those of the whole JVM: it comes last. */
@SuppressWarnings({"AddressSelection", "InlineMeSuggester"})
final class DatagramFactoryCases {
    private DatagramFactoryCases() {}

    static void addTo(Cases cases) {
        cases.add("DatagramSocket, constructors", DatagramFactoryCases::constructors);
        cases.add("MulticastSocket, constructors", DatagramFactoryCases::multicastConstructors);
        cases.add("DatagramSocket, a subclass", DatagramFactoryCases::subclass);
        cases.add("DatagramSocket, own DatagramSocketImpl", DatagramFactoryCases::ownImpl);
        cases.add("Socket of datagrams", DatagramFactoryCases::ofSocket);
        cases.add("DatagramSocket, own DatagramSocketImplFactory", DatagramFactoryCases::ownFactory);
    }

    private static void constructors(Scene scene) throws IOException {
        use(scene, new DatagramSocket());
        use(scene, new DatagramSocket(0));
        use(scene, new DatagramSocket(0, InetAddress.getByName("127.0.0.1")));
        use(scene, new DatagramSocket(0, null));
        use(scene, new DatagramSocket(new InetSocketAddress("127.0.0.3", 0)));
        scene.of("port -1", () -> new DatagramSocket(-1));
        scene.of("address of another machine", () -> new DatagramSocket(0, InetAddress.getByName("192.0.2.1")));
        scene.of("address of another kind", () -> new DatagramSocket(new DatagramStateCases.OtherAddress()));
    }

    private static void multicastConstructors(Scene scene) throws IOException {
        use(scene, new MulticastSocket());
        use(scene, new MulticastSocket(0));
        use(scene, new MulticastSocket(new InetSocketAddress("127.0.0.1", 0)));
        scene.of("port -1", () -> new MulticastSocket(-1));
        scene.of("address of another machine", () -> {
            return new MulticastSocket(new InetSocketAddress("192.0.2.1", 0));
        });
    }

    private static void use(Scene scene, DatagramSocket socket) throws IOException {
        try (socket) {
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
            scene.say(Datagrams.state(socket));
        }
    }

    /** Its methods are called by no other than the program. */
    private static void subclass(Scene scene) throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (DatagramSocket socket = new DatagramSocket() {
            @Override
            public void send(DatagramPacket packet) throws IOException {
                calls.incrementAndGet();
                super.send(packet);
            }
        }) {
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "a"));
            scene.say("calls", calls.get() > 0);
        }
    }

    private static void ownImpl(Scene scene) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new MemoryImpl()) {}) {
            scene.does("bind", () -> socket.bind(null));
            socket.setSoTimeout(1_000);
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "kept"));
        }
    }

    /** Gone from later releases. */
    @SuppressWarnings("deprecation")
    private static void ofSocket(Scene scene) throws Exception {
        Socket socket;
        try {
            socket = scene.closing(new Socket(scene.host(), scene.port("echo"), false));
        } catch (IllegalArgumentException e) {
            scene.say(e);
            return;
        }
        scene.say("flags" + Sockets.flags(socket));
        scene.say("remote", socket.getRemoteSocketAddress());
        byte[] answer = new byte[100];
        Background reader = Background.platform("reader", () -> {
            int count = socket.getInputStream().read(answer);
            return new String(answer, 0, count, US_ASCII);
        });
        for (int left = Datagrams.TRIES; left > 0; left--) {
            scene.does("write", () -> Sockets.write(socket, "datagram"));
            if (reader.runsFor(Datagrams.TRY_MILLIS).equals("no")) {
                break;
            }
        }
        scene.say("read", reader.outcome());
        scene.does("close", socket::close);
        scene.say("flags" + Sockets.flags(socket));
    }

    @SuppressWarnings("deprecation") // programs call it still
    private static void ownFactory(Scene scene) throws IOException {
        AtomicInteger made = new AtomicInteger();
        scene.does(
                "set",
                () -> DatagramSocket.setDatagramSocketImplFactory(() -> {
                    made.incrementAndGet();
                    return new MemoryImpl();
                }));
        scene.does("set again", () -> DatagramSocket.setDatagramSocketImplFactory(MemoryImpl::new));
        scene.does("set null", () -> DatagramSocket.setDatagramSocketImplFactory(null));
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1_000);
            scene.of("echo", () -> Datagrams.ask(socket, scene.at("echo"), "kept"));
        }
        scene.say("made", made);
    }

    /** Gives back what was sent last, to whomever. */
    private static final class MemoryImpl extends DatagramSocketImpl {
        private byte[] kept = {};
        private @Nullable SocketAddress peer;

        @Override
        protected void create() {
            // there is nothing to make
        }

        @Override
        protected void bind(int port, InetAddress local) {
            localPort = port == 0 ? 7 : port;
        }

        @Override
        protected void send(DatagramPacket packet) {
            kept = Datagrams.content(packet);
            peer = packet.getSocketAddress();
        }

        @Override
        protected void receive(DatagramPacket packet) {
            System.arraycopy(kept, 0, packet.getData(), packet.getOffset(), kept.length);
            packet.setLength(kept.length);
            packet.setSocketAddress(peer);
        }

        @Override
        protected int peek(InetAddress address) throws IOException {
            throw new SocketException("not for this");
        }

        @Override
        protected int peekData(DatagramPacket packet) throws IOException {
            receive(packet);
            return packet.getPort();
        }

        @Override
        protected void setTimeToLive(int ttl) {
            // nothing goes anywhere
        }

        @Override
        protected int getTimeToLive() {
            return 1;
        }

        @Override
        @Deprecated
        protected void setTTL(byte ttl) {
            setTimeToLive(ttl);
        }

        @Override
        @Deprecated
        protected byte getTTL() {
            return 1;
        }

        @Override
        protected void join(InetAddress group) throws IOException {
            throw new SocketException("no groups");
        }

        @Override
        protected void leave(InetAddress group) throws IOException {
            throw new SocketException("no groups");
        }

        @Override
        protected void joinGroup(SocketAddress group, NetworkInterface by) throws IOException {
            throw new SocketException("no groups");
        }

        @Override
        protected void leaveGroup(SocketAddress group, NetworkInterface by) throws IOException {
            throw new SocketException("no groups");
        }

        @Override
        protected void close() {
            // nothing is held
        }

        @Override
        public void setOption(int id, Object value) {
            // none has an effect
        }

        @Override
        public Object getOption(int id) {
            return 0;
        }
    }
}
