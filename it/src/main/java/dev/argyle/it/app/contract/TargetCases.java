// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.Optional;

/** Targets of every kind of address, those that cannot be reached too. */
final class TargetCases {
    private TargetCases() {}

    static void addTo(Cases cases) {
        cases.add("wildcard target 0.0.0.0", scene -> wildcard(scene, new byte[4]));
        cases.add("wildcard target ::", scene -> wildcard(scene, new byte[16]));
        cases.add("wildcard target without an address", scene -> {
            int port = listenEverywhere(scene);
            connects(scene, new InetSocketAddress(port));
        });
        cases.add("wildcard target, the listener at this machine's address", TargetCases::wildcardLocalHost);
        cases.add("IPv4-mapped IPv6 target", TargetCases::mapped);
        cases.add("IPv6 loopback target", TargetCases::ipv6Loopback);
        cases.add("IPv6 loopback target with a scope", TargetCases::scopedLoopback);
        cases.add("loopback target 127.0.0.1", TargetCases::loopback);
        cases.add("address of this machine", TargetCases::thisMachine);
        cases.add(
                "multicast target", scene -> fails(scene, InetAddress.getByAddress(new byte[] {(byte) 224, 0, 0, 1})));
        cases.add(
                "limited broadcast target",
                scene -> fails(scene, InetAddress.getByAddress(new byte[] {-1, -1, -1, -1})));
        cases.add("unreachable target, a network's broadcast address", TargetCases::unreachable);
        cases.add("port 0", scene -> {
            Socket socket = scene.socket();
            scene.does(
                    "connect",
                    () -> socket.connect(new InetSocketAddress(scene.world().address(), 0), Scene.PATIENCE_MILLIS));
            scene.say("flags" + Sockets.flags(socket));
        });
    }

    /** The port of an echo service at all of this machine's addresses. */
    static int listenEverywhere(Scene scene) throws IOException {
        ServerSocket server = scene.closing(new ServerSocket(scene.ownPort()));
        Background.platform("listener", () -> {
            while (true) {
                Socket visitor = scene.closing(server.accept());
                scene.visited(visitor.getInetAddress());
                Background.platform("peer", () -> {
                    Sockets.echo(visitor);
                    return "";
                });
            }
        });
        return server.getLocalPort();
    }

    private static void connects(Scene scene, InetSocketAddress target) throws IOException {
        Socket socket = scene.connected(target);
        // not the local address: it is the route's to the server where there is one
        scene.say(socket);
        scene.say("address", socket.getInetAddress());
        scene.say("remote", socket.getRemoteSocketAddress());
        scene.say("local is the wildcard", socket.getLocalAddress().isAnyLocalAddress());
        scene.say("flags" + Sockets.flags(socket));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void wildcard(Scene scene, byte[] address) throws IOException {
        connects(scene, new InetSocketAddress(InetAddress.getByAddress(address), listenEverywhere(scene)));
    }

    private static void wildcardLocalHost(Scene scene) throws IOException {
        int port = scene.listen(InetAddress.getLocalHost(), Sockets::echo).getPort();
        connects(scene, new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
        connects(scene, new InetSocketAddress(InetAddress.getByAddress(new byte[16]), port));
    }

    private static void mapped(Scene scene) throws IOException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(scene.world().address().getAddress(), 0, mapped, 12, 4);
        InetAddress address = InetAddress.getByAddress(mapped);
        scene.say(address.getClass().getSimpleName());
        connects(scene, new InetSocketAddress(address, scene.port("echo")));
    }

    private static void ipv6Loopback(Scene scene) throws IOException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        InetAddress address = InetAddress.getByAddress(loopback);
        if (NetworkInterface.getByInetAddress(address) == null) {
            scene.say("not available");
            return;
        }
        connects(scene, scene.listen(address, Sockets::echo));
    }

    private static void scopedLoopback(Scene scene) throws IOException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        NetworkInterface lo = NetworkInterface.getByInetAddress(InetAddress.getByAddress(loopback));
        if (lo == null) {
            scene.say("not available");
            return;
        }
        InetAddress scoped = java.net.Inet6Address.getByAddress(null, loopback, lo.getIndex());
        int port =
                scene.listen(InetAddress.getByAddress(loopback), Sockets::echo).getPort();
        connects(scene, new InetSocketAddress(scoped, port));
    }

    private static void loopback(Scene scene) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        connects(scene, scene.listen(loopback, Sockets::echo));
    }

    private static void thisMachine(Scene scene) throws IOException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    connects(scene, new InetSocketAddress(address, listenEverywhere(scene)));
                    return;
                }
            }
        }
        scene.say("not available");
    }

    /** An address to which no connection can be made, where this machine has a network that knows one. */
    static Optional<InetAddress> networkBroadcast() throws IOException {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress address : each.getInterfaceAddresses()) {
                if (address.getBroadcast() != null && !each.isLoopback() && each.isUp()) {
                    return Optional.of(address.getBroadcast());
                }
            }
        }
        return Optional.empty();
    }

    private static void unreachable(Scene scene) throws IOException {
        Optional<InetAddress> target = networkBroadcast();
        if (target.isEmpty()) {
            scene.say("not available");
        } else {
            fails(scene, target.get());
        }
    }

    private static void fails(Scene scene, InetAddress address) {
        Socket socket = scene.socket();
        scene.does("connect", () -> socket.connect(new InetSocketAddress(address, 9), Scene.PATIENCE_MILLIS));
        scene.say("flags" + Sockets.flags(socket));
        Socket patient = scene.socket();
        scene.does("connect without a timeout", () -> patient.connect(new InetSocketAddress(address, 9)));
    }
}
