// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;

/** The socket of a SocketChannel, which connects by the channel. */
final class ChannelSocketCases {
    private ChannelSocketCases() {}

    static void addTo(Cases cases) {
        cases.add("channel's socket connects", scene -> connects(scene, 0));
        cases.add("channel's socket connects with a timeout", scene -> connects(scene, Scene.PATIENCE_MILLIS));
        cases.add("channel's socket refused", scene -> refused(scene, 0));
        cases.add("channel's socket refused with a timeout", scene -> refused(scene, 5_000));
        cases.addPending("channel's socket connect timeout", ChannelSocketCases::timeout);
        cases.addPending("channel's socket interrupted while connecting", scene -> interrupted(scene, 0));
        cases.addPending(
                "channel's socket interrupted while connecting with a timeout", scene -> interrupted(scene, 9_000));
        cases.addPending("channel's socket closed while connecting", scene -> closed(scene, 0));
        cases.addPending("channel's socket closed while connecting with a timeout", scene -> closed(scene, 9_000));
        cases.addPending("channel's socket in a virtual thread, connect timeout", ChannelSocketCases::virtualTimeout);
        cases.add("channel's socket read timeout", ChannelSocketCases::readTimeout);
        cases.add("channel's socket in non-blocking mode", ChannelSocketCases::nonBlocking);
        cases.add("channel's socket of a non-blocking connect", ChannelSocketCases::ofNonBlocking);
        cases.add("channel's socket with bad arguments", ChannelSocketCases::badArguments);
        cases.add("channel's socket bound before connect", ChannelSocketCases::bound);
        cases.add("channel's socket closes the channel", ChannelSocketCases::closes);
    }

    private static void connects(Scene scene, int timeoutMillis) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Socket socket = channel.socket();
        scene.say("before" + Sockets.flags(socket));
        scene.does("connect", () -> socket.connect(scene.at("echo"), timeoutMillis));
        scene.state("after", socket);
        scene.say("the same", socket.getChannel() == channel && channel.socket() == socket);
        scene.say("channel" + Channels.flags(channel));
        scene.say("echo", Sockets.ping(socket));
        scene.say("echo of the channel", Channels.ping(channel));
        socket.shutdownOutput();
        scene.say("after" + Sockets.flags(socket));
    }

    private static void refused(Scene scene, int timeoutMillis) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Socket socket = channel.socket();
        scene.timed("connect", 0, () -> socket.connect(scene.at("refused"), timeoutMillis));
        scene.say("socket" + Sockets.flags(socket));
        scene.say("channel" + Channels.flags(channel));
        scene.does("again", () -> socket.connect(scene.at("echo")));
    }

    private static void timeout(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Socket socket = channel.socket();
        scene.timed("connect", 300, () -> socket.connect(scene.at("stalled"), 300));
        scene.say("socket" + Sockets.flags(socket));
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
        scene.does("again", () -> socket.connect(scene.at("echo")));
    }

    private static Background connecting(Scene scene, Socket socket, int timeoutMillis) throws Exception {
        Background connect = Background.platform("connect", () -> {
            String outcome = "connected";
            try {
                socket.connect(scene.at("stalled"), timeoutMillis);
            } catch (IOException e) {
                outcome = Words.of(e, scene.world().roles());
            }
            return outcome + (Thread.interrupted() ? " interrupted" : "");
        });
        connect.awaitBlockedIn("connect");
        return connect;
    }

    private static void interrupted(Scene scene, int timeoutMillis) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background connect = connecting(scene, channel.socket(), timeoutMillis);
        connect.thread().interrupt();
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void closed(Scene scene, int timeoutMillis) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background connect = connecting(scene, channel.socket(), timeoutMillis);
        scene.timed("close", 0, () -> channel.socket().close());
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void virtualTimeout(Scene scene) throws Exception {
        if (!VirtualThreads.available()) {
            scene.say("not available");
            return;
        }
        SocketChannel channel = Channels.open(scene);
        Background connect = Background.virtual(() -> {
            channel.socket().connect(scene.at("stalled"), 300);
            return "connected";
        });
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void readTimeout(Scene scene) throws Exception {
        Socket socket = Channels.connected(scene, scene.at("silent")).socket();
        socket.setSoTimeout(300);
        InputStream in = socket.getInputStream();
        scene.timed("read", 300, () -> in.read());
        scene.of("available", in::available);
        scene.say("socket" + Sockets.flags(socket));
        scene.say("channel" + Channels.flags(socket.getChannel()));
    }

    private static void nonBlocking(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.does("connect", () -> channel.socket().connect(scene.at("echo")));
        scene.does("connect with a timeout", () -> channel.socket().connect(scene.at("echo"), Scene.PATIENCE_MILLIS));
        scene.say("channel" + Channels.flags(channel));
        channel.configureBlocking(true);
        scene.does("connect in blocking mode", () -> channel.socket().connect(scene.at("echo"), Scene.PATIENCE_MILLIS));
        InputStream in = channel.socket().getInputStream();
        channel.configureBlocking(false);
        scene.of("read", in::read);
        scene.does("write", () -> Sockets.write(channel.socket(), "x"));
        channel.configureBlocking(true);
        scene.say("echo", Sockets.ping(channel.socket()));
    }

    private static void ofNonBlocking(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        scene.say("finish", Channels.finish(channel));
        channel.configureBlocking(true);
        scene.state("finished", channel.socket());
        channel.socket().setSoTimeout(Scene.PATIENCE_MILLIS);
        scene.say("echo", Sockets.ping(channel.socket()));
    }

    private static void badArguments(Scene scene) throws Exception {
        Socket socket = Channels.open(scene).socket();
        scene.does("null", () -> socket.connect(null));
        scene.does("negative timeout", () -> socket.connect(scene.at("echo"), -1));
        scene.does(
                "unknown name", () -> socket.connect(InetSocketAddress.createUnresolved("no-such-host.invalid", 80)));
        scene.say("socket" + Sockets.flags(socket));
    }

    private static void bound(Scene scene) throws Exception {
        Socket socket = Channels.open(scene).socket();
        socket.bind(new InetSocketAddress("127.0.0.3", 0));
        int port = socket.getLocalPort();
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        scene.say("port kept", port == socket.getLocalPort());
        scene.say("local", socket.getLocalSocketAddress());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void closes(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        channel.socket().close();
        scene.say("channel" + Channels.flags(channel));
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.does("connect", () -> channel.socket().connect(scene.at("echo")));
    }
}
