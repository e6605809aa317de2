// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Names: of the targets, of this machine, unknown ones, and addresses that nobody resolved. */
@SuppressWarnings("AddressSelection")
final class NameCases {
    /** Reserved by RFC 6761 never to exist. */
    private static final String UNKNOWN = "no-such-host.invalid";

    private NameCases() {}

    static void addTo(Cases cases) {
        cases.add("name in the constructor", NameCases::inConstructor);
        cases.add("name in an InetSocketAddress", NameCases::inSocketAddress);
        cases.add("name by InetAddress.getByName", NameCases::byName);
        cases.add("name's address as a literal", NameCases::addressAsLiteral);
        cases.add("name's address as bytes", NameCases::addressAsBytes);
        cases.add("name's address after serialization", NameCases::serialized);
        cases.add("names of many sockets at once", NameCases::concurrently);
        cases.add("name in other letters", scene -> {
            Socket socket = scene.closing(
                    scene.sockets().createSocket(upper(scene.world().word("name")), scene.port("echo")));
            scene.say("host name", socket.getInetAddress().getHostName());
            scene.say("echo", Sockets.ping(socket));
        });
        cases.add("name of a refused port", NameCases::refused);
        cases.addPending("name and a connect timeout", NameCases::timeout);
        cases.add("localhost", NameCases::localhost);
        cases.add("this machine's name", scene -> {
            scene.say("local host", InetAddress.getLocalHost());
            scene.say("loopback", InetAddress.getLoopbackAddress());
        });
        cases.add("literals resolve to themselves", NameCases::literals);
        cases.add(
                "unknown name in the constructor",
                scene -> scene.of("new", () -> scene.sockets().createSocket(UNKNOWN, 9)));
        cases.add("unknown name by InetAddress.getByName", NameCases::unknown);
        cases.add("malformed names", NameCases::malformed);
        cases.add("unresolved address of an unknown name", NameCases::unresolvedUnknown);
        cases.add("unresolved address of the target", NameCases::unresolvedTarget);
        cases.add("unresolved address of a literal", scene -> {
            Socket socket = scene.socket();
            scene.does(
                    "connect",
                    () -> socket.connect(InetSocketAddress.createUnresolved(scene.host(), scene.port("echo"))));
            scene.say("flags" + Sockets.flags(socket));
        });
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /** The address behind the name is a stand-in where names are resolved by the server. */
    private static String withoutAddress(Object text) {
        return String.valueOf(text)
                .replaceAll("/\\[?([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}]?", "/<address>")
                .replaceAll("/[0-9a-f.:]+?(?=[:,\\] ]|$)", "/<address>");
    }

    private static void inConstructor(Scene scene) throws Exception {
        String name = scene.world().word("name");
        Socket socket = scene.closing(scene.sockets().createSocket(name, scene.port("echo")));
        scene.say("state", withoutAddress(Sockets.state(socket)));
        scene.say("host name", socket.getInetAddress().getHostName());
        scene.say("host string", hostString(socket));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void inSocketAddress(Scene scene) throws Exception {
        InetSocketAddress target = new InetSocketAddress(scene.world().word("name"), scene.port("echo"));
        scene.say("unresolved", target.isUnresolved());
        scene.say("text", withoutAddress(target));
        Socket socket = scene.connected(target);
        scene.say("remote is the target", target.equals(socket.getRemoteSocketAddress()));
        scene.say("address is the target's", target.getAddress().equals(socket.getInetAddress()));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void byName(Scene scene) throws Exception {
        InetAddress address = InetAddress.getByName(scene.world().word("name"));
        scene.say("class", address.getClass().getSimpleName());
        scene.say("host name", address.getHostName());
        scene.say("canonical name", address.getCanonicalHostName());
        scene.say(
                "again the same",
                address.equals(InetAddress.getByName(scene.world().word("name"))));
        scene.say("all", InetAddress.getAllByName(scene.world().word("name")).length);
        scene.say("wildcard, multicast", address.isAnyLocalAddress() + " " + address.isMulticastAddress());
        Socket socket = scene.closing(scene.sockets().createSocket(address, scene.port("echo")));
        scene.say("echo", Sockets.ping(socket));
    }

    /** As programs do that keep an address as text. */
    private static void addressAsLiteral(Scene scene) throws Exception {
        String literal = InetAddress.getByName(scene.world().word("name")).getHostAddress();
        Socket socket = scene.closing(scene.sockets().createSocket(literal, scene.port("echo")));
        scene.say("host string is the literal", hostString(socket).equals(literal));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void addressAsBytes(Scene scene) throws Exception {
        InetAddress address = InetAddress.getByName(scene.world().word("name"));
        InetAddress bare = InetAddress.getByAddress(address.getAddress());
        scene.say("equal", address.equals(bare));
        Socket socket = scene.connected(new InetSocketAddress(bare, scene.port("echo")));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void serialized(Scene scene) throws Exception {
        InetSocketAddress target = new InetSocketAddress(scene.world().word("name"), scene.port("echo"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(target);
        }
        InetSocketAddress read;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            read = (InetSocketAddress) in.readObject();
        }
        scene.say("equal", target.equals(read));
        scene.say("host name", read.getHostName());
        scene.say("echo", Sockets.ping(scene.connected(read)));
    }

    private static void concurrently(Scene scene) throws Exception {
        List<Background> pings = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pings.add(Background.platform("by name", () -> {
                Socket socket =
                        scene.closing(scene.sockets().createSocket(scene.world().word("name"), scene.port("echo")));
                return hostString(socket) + " " + Sockets.ping(socket);
            }));
        }
        Set<String> outcomes = new TreeSet<>();
        for (Background ping : pings) {
            outcomes.add(String.valueOf(ping.outcome()));
        }
        scene.say(outcomes);
    }

    private static String hostString(Socket socket) {
        return ((InetSocketAddress) socket.getRemoteSocketAddress()).getHostString();
    }

    private static void refused(Scene scene) {
        Socket socket = scene.socket();
        scene.does(
                "connect",
                () -> socket.connect(new InetSocketAddress(scene.world().word("name"), scene.port("refused"))));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void timeout(Scene scene) {
        Socket socket = scene.socket();
        scene.timed(
                "connect",
                300,
                () -> socket.connect(new InetSocketAddress(scene.world().word("name"), scene.port("stalled")), 300));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void localhost(Scene scene) throws Exception {
        InetAddress address = InetAddress.getByName("localhost");
        scene.say("address", address);
        InetSocketAddress target = scene.listen(address, Sockets::echo);
        Socket socket = scene.closing(scene.sockets().createSocket("localhost", target.getPort()));
        scene.state("connected", socket);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void literals(Scene scene) {
        for (String literal : new String[] {
            "127.0.0.2", "127.2", "2130706434", "::1", "[::1]", "::ffff:127.0.0.2", "0.0.0.0", "255.255.255.255"
        }) {
            scene.of(literal, () -> InetAddress.getByName(literal));
        }
        scene.of("none", () -> InetAddress.getByName(null));
        scene.of("empty", () -> InetAddress.getByName(""));
    }

    /** The JDK's words are others when it knows the answer from before. */
    private static void unknown(Scene scene) {
        try {
            System.err.println("known from now on: " + InetAddress.getByName(UNKNOWN));
        } catch (UnknownHostException e) {
            System.err.println("known from now on: " + e);
        }
        scene.of("get", () -> InetAddress.getByName(UNKNOWN));
    }

    private static void malformed(Scene scene) {
        for (String malformed : new String[] {"[::1", "[127.0.0.1]", "::1::", "1:2"}) {
            scene.of(malformed, () -> InetAddress.getByName(malformed));
        }
    }

    private static void unresolvedUnknown(Scene scene) {
        for (int timeoutMillis : new int[] {0, 2_000}) {
            Socket socket = scene.socket();
            scene.does("connect", () -> socket.connect(InetSocketAddress.createUnresolved(UNKNOWN, 9), timeoutMillis));
            scene.say("flags" + Sockets.flags(socket));
        }
        Socket socket = scene.socket();
        scene.does("bind", () -> socket.bind(InetSocketAddress.createUnresolved(UNKNOWN, 0)));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void unresolvedTarget(Scene scene) {
        Socket socket = scene.socket();
        InetSocketAddress target =
                InetSocketAddress.createUnresolved(scene.world().word("name"), scene.port("echo"));
        scene.does("connect", () -> socket.connect(target, Scene.PATIENCE_MILLIS));
        scene.say("flags" + Sockets.flags(socket));
    }
}
