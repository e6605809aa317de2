// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The errors that a relayed connect inherits from connect(2), by their names, as far as Java has them, for sockets and both
 * kinds of channels: the JDK's own exceptions, and the state that is left. These are the cases that prove each:
 *
 * <pre>
 * EBADF          connect after close; channel connects after close; asynchronous connect after close;
 *                EBADF, closed after bind
 * ENOTSOCK       no object of Java's can be it
 * EADDRNOTAVAIL  bind to an address of another machine; EADDRNOTAVAIL, bind of channels;
 *                EADDRNOTAVAIL, the local address and target of another socket, and of another channel
 * EAFNOSUPPORT   connect with bad arguments; channel with bad addresses; asynchronous connect with bad addresses;
 *                EAFNOSUPPORT, socket; EAFNOSUPPORT, channels
 * EISCONN        connect twice; channel connects twice; asynchronous connect twice
 * EALREADY       connect while another thread connects; second connect while pending; asynchronous second connect ...
 * ETIMEDOUT      connect timeout; connect after a connect timeout; channel's socket connect timeout
 * ECONNREFUSED   connect refused; channel refused; non-blocking connect refused; asynchronous connect refused
 * ENETUNREACH    unreachable target ...; channel's unreachable target ...
 * EADDRINUSE     bind to a port in use; bind in the wrong state; EADDRINUSE, a listener's port; EADDRINUSE, bind of channels
 * EFAULT         no program of Java's can cause it
 * EINPROGRESS    non-blocking connect's state while pending
 * EINVAL         connect with bad arguments; constructor with bad arguments; EINVAL, ports
 * ENETDOWN       needs another network, and ENOSPC another kernel
 * ENOTCONN       streams before connect; shut down in the wrong state; channel before connect; read and write while pending;
 *                asynchronous channel before connect
 * </pre>
 */
final class ErrnoCases {
    private static final SocketAddress UNIX = UnixDomainSocketAddress.of("nowhere");

    private ErrnoCases() {}

    static void addTo(Cases cases) {
        cases.add("EBADF, closed after bind", ErrnoCases::closedAfterBind);
        cases.add("EADDRNOTAVAIL, the local address and target of another socket", ErrnoCases::sameAddresses);
        cases.add("EAFNOSUPPORT, socket", ErrnoCases::unsupported);
        cases.add("EADDRINUSE, a listener's port", ErrnoCases::listenersPort);
        cases.add("EINVAL, ports", ErrnoCases::ports);
    }

    static void addToChannels(Cases cases) {
        cases.add("EBADF, channels closed after bind", ErrnoCases::channelsClosedAfterBind);
        cases.add("EADDRNOTAVAIL, bind of channels", ErrnoCases::foreign);
        cases.add(
                "EADDRNOTAVAIL, the local address and target of another channel", ErrnoCases::sameAddressesOfChannels);
        cases.add("EAFNOSUPPORT, channels", ErrnoCases::unsupportedByChannels);
        cases.add("EADDRINUSE, bind of channels", ErrnoCases::inUse);
    }

    private static InetSocketAddress local() {
        return new InetSocketAddress("127.0.0.3", 0);
    }

    private static @Nullable Object connect(AsynchronousSocketChannel channel, SocketAddress target)
            throws IOException, InterruptedException {
        try {
            return channel.connect(target).get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (java.util.concurrent.TimeoutException e) {
            return e;
        }
    }

    private static void closedAfterBind(Scene scene) throws IOException {
        Socket socket = scene.socket();
        socket.bind(local());
        socket.close();
        scene.does("connect", () -> socket.connect(scene.at("echo")));
        scene.does("timed", () -> socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS));
        scene.does("bind", () -> socket.bind(null));
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void sameAddresses(Scene scene) throws IOException {
        Socket first = scene.socket();
        first.setReuseAddress(true);
        first.bind(local());
        first.connect(scene.at("echo"));
        Socket second = scene.socket();
        second.setReuseAddress(true);
        scene.does("bind", () -> second.bind(first.getLocalSocketAddress()));
        scene.does("connect", () -> second.connect(scene.at("echo")));
        scene.say("flags" + Sockets.flags(second));
        scene.say("echo", Sockets.ping(first));
        Socket third = scene.connected("echo");
        scene.say("another", Sockets.ping(third));
    }

    private static void unsupported(Scene scene) throws IOException {
        Socket socket = scene.socket();
        scene.does("connect", () -> socket.connect(UNIX));
        scene.does("timed", () -> socket.connect(UNIX, Scene.PATIENCE_MILLIS));
        scene.does("bind", () -> socket.bind(UNIX));
        scene.say("flags" + Sockets.flags(socket));
        socket.connect(scene.at("echo"));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void listenersPort(Scene scene) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, local().getAddress())) {
            Socket socket = scene.socket();
            scene.does("bind", () -> socket.bind(server.getLocalSocketAddress()));
            scene.say("flags" + Sockets.flags(socket));
            scene.does("to another", () -> socket.bind(local()));
            scene.does("connect", () -> socket.connect(scene.at("echo")));
            scene.say("echo", Sockets.ping(socket));
        }
    }

    private static void ports(Scene scene) {
        InetAddress target = scene.world().address();
        for (int port : new int[] {-1, 65_536}) {
            scene.of("target", () -> scene.sockets().createSocket(target, port));
            scene.of(
                    "local",
                    () -> scene.sockets().createSocket(target, scene.port("echo"), local().getAddress(), port));
        }
    }

    private static AsynchronousSocketChannel asynchronous(Scene scene) throws IOException {
        return scene.closing(AsynchronousSocketChannel.open());
    }

    private static void channelsClosedAfterBind(Scene scene) throws IOException {
        SocketChannel channel = Channels.open(scene).bind(local());
        channel.close();
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("finish", channel::finishConnect);
        SocketChannel pending = Channels.nonBlocking(scene).bind(local());
        pending.close();
        scene.of("non-blocking", () -> pending.connect(scene.at("echo")));
        AsynchronousSocketChannel other = asynchronous(scene).bind(local());
        other.close();
        scene.of("asynchronous", () -> connect(other, scene.at("echo")));
    }

    private static void foreign(Scene scene) throws IOException {
        // TEST-NET-3: nobody's
        SocketAddress foreign = new InetSocketAddress("203.0.113.77", 0);
        SocketChannel channel = Channels.open(scene);
        scene.of("bind", () -> channel.bind(foreign));
        scene.does("of the socket", () -> channel.socket().bind(foreign));
        scene.of("local", channel::getLocalAddress);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("echo", () -> Channels.ping(channel));
        AsynchronousSocketChannel other = asynchronous(scene);
        scene.of("asynchronous", () -> other.bind(foreign));
        scene.of("local", other::getLocalAddress);
        scene.of("connect", () -> connect(other, scene.at("echo")));
    }

    private static <T extends NetworkChannel> T reusing(T channel, @Nullable SocketAddress local) throws IOException {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(local);
        return channel;
    }

    private static void sameAddressesOfChannels(Scene scene) throws IOException {
        SocketChannel first = reusing(Channels.open(scene), local());
        first.connect(scene.at("echo"));
        SocketAddress used = first.getLocalAddress();
        SocketChannel second = reusing(Channels.open(scene), used);
        scene.of("connect", () -> second.connect(scene.at("echo")));
        scene.say("channel" + Channels.flags(second));
        SocketChannel third = reusing(Channels.nonBlocking(scene), used);
        scene.of("non-blocking", () -> third.connect(scene.at("echo")) || Channels.finish(third));
        scene.say("channel" + Channels.flags(third));
        AsynchronousSocketChannel fourth = reusing(asynchronous(scene), used);
        scene.of("asynchronous", () -> connect(fourth, scene.at("echo")));
        scene.say("open", fourth.isOpen());
        scene.of("echo", () -> Channels.ping(first));
    }

    private static void unsupportedByChannels(Scene scene) throws IOException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        InetAddress ipv6 = InetAddress.getByAddress(loopback);
        for (boolean blocking : new boolean[] {true, false}) {
            SocketChannel inet = scene.closing(SocketChannel.open(StandardProtocolFamily.INET));
            inet.configureBlocking(blocking);
            scene.of("IPv6", () -> inet.connect(new InetSocketAddress(ipv6, scene.port("echo"))));
            scene.of("UNIX", () -> inet.connect(UNIX));
            scene.of("bind to IPv6", () -> inet.bind(new InetSocketAddress(ipv6, 0)));
            scene.of("bind to UNIX", () -> inet.bind(UNIX));
            scene.say("channel" + Channels.flags(inet));
            scene.of("connect", () -> inet.connect(scene.at("echo")) || Channels.finish(inet));
            scene.of("echo", () -> Channels.ping(inet));
        }
        SocketChannel unix = scene.closing(SocketChannel.open(StandardProtocolFamily.UNIX));
        scene.of("IPv4", () -> unix.connect(scene.at("echo")));
        scene.of("bind to IPv4", () -> unix.bind(local()));
        scene.say("channel" + Channels.flags(unix));
        AsynchronousSocketChannel other = asynchronous(scene);
        scene.of("asynchronous", () -> connect(other, UNIX));
        scene.of("bind to UNIX", () -> other.bind(UNIX));
        scene.of("connect", () -> connect(other, scene.at("echo")));
    }

    private static void inUse(Scene scene) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, local().getAddress())) {
            SocketAddress used = server.getLocalSocketAddress();
            SocketChannel channel = Channels.open(scene);
            scene.of("bind", () -> channel.bind(used));
            scene.does("of the socket", () -> channel.socket().bind(used));
            scene.of("local", channel::getLocalAddress);
            scene.does("to another", () -> channel.bind(local()));
            scene.of("twice", () -> channel.bind(local()));
            scene.does("twice, of the socket", () -> channel.socket().bind(local()));
            scene.of("connect", () -> channel.connect(scene.at("echo")));
            scene.of("echo", () -> Channels.ping(channel));
            AsynchronousSocketChannel other = asynchronous(scene);
            scene.of("asynchronous", () -> other.bind(used));
            scene.does("to another", () -> other.bind(local()));
            scene.of("twice", () -> other.bind(local()));
            scene.of("connect", () -> connect(other, scene.at("echo")));
        }
    }
}
