// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** SocketChannel in blocking mode: what it connects to, and what it says before and after. */
@SuppressWarnings("AddressSelection")
final class ChannelConnectCases {
    private ChannelConnectCases() {}

    static void addTo(Cases cases) {
        cases.add("channel connects", ChannelConnectCases::connects);
        cases.add("channel open(address)", ChannelConnectCases::openAddress);
        cases.add("channel open(address) refused", ChannelConnectCases::openRefused);
        cases.add("channel bound before connect", ChannelConnectCases::bound);
        cases.add("channel bound to the wildcard before connect", ChannelConnectCases::boundToWildcard);
        cases.add("channel options set before connect", ChannelConnectCases::options);
        cases.add("channel options set after connect", ChannelConnectCases::optionsAfter);
        cases.add("channel of the INET family", ChannelConnectCases::inet);
        cases.add("channel of the INET6 family", ChannelConnectCases::inet6);
        cases.add("IPv6 loopback target of a channel", ChannelConnectCases::ipv6);
        cases.add("channel of the UNIX family", ChannelConnectCases::unix);
        cases.add("channel of the UNIX family refused", ChannelConnectCases::unixRefused);
        cases.add("channel refused", ChannelConnectCases::refused);
        cases.add("channel refused after bind", ChannelConnectCases::refusedAfterBind);
        cases.add("channel's unreachable target, a network's broadcast address", ChannelConnectCases::unreachable);
        cases.add("channel's multicast target", ChannelConnectCases::multicast);
        cases.add("channel's wildcard target", ChannelConnectCases::wildcard);
        cases.add("channel connects twice", ChannelConnectCases::twice);
        cases.add("channel connects after close", ChannelConnectCases::afterClose);
        cases.add("channel with an unresolved address", ChannelConnectCases::unresolved);
        cases.add("channel with an unresolved address of an unknown name", ChannelConnectCases::unknown);
        cases.add("channel with bad addresses", ChannelConnectCases::badAddresses);
        cases.add("channel to port 0", ChannelConnectCases::portZero);
        cases.add("channel before connect", ChannelConnectCases::before);
        cases.add("channel to a target that never speaks", ChannelConnectCases::silent);
        cases.add("channel to a target that speaks first", ChannelConnectCases::speaksFirst);
        cases.add("channel to a target that closes at once", ChannelConnectCases::closesAtOnce);
        cases.add("channels one after the other", ChannelConnectCases::oneAfterTheOther);
    }

    /** All that a channel says of itself. */
    private static void state(Scene scene, String when, SocketChannel channel) {
        scene.of(when + " remote", channel::getRemoteAddress);
        scene.of(when + " local", channel::getLocalAddress);
        scene.say(when + Channels.flags(channel));
        scene.say(when + " " + channel);
        scene.state(when + " socket", channel.socket());
    }

    private static void connects(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        state(scene, "new", channel);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        state(scene, "connected", channel);
        scene.say("echo", Channels.ping(channel));
        channel.close();
        state(scene, "closed", channel);
    }

    private static void openAddress(Scene scene) throws Exception {
        SocketChannel channel = scene.closing(SocketChannel.open(scene.at("echo")));
        state(scene, "opened", channel);
        scene.say("echo", Channels.ping(channel));
    }

    private static void openRefused(Scene scene) {
        scene.of("open", () -> SocketChannel.open(scene.at("refused")));
        scene.of("null", () -> SocketChannel.open((SocketAddress) null));
    }

    private static void bound(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        channel.bind(new InetSocketAddress("127.0.0.3", 0));
        SocketAddress local = channel.getLocalAddress();
        scene.say("bound" + Sockets.flags(channel.socket()));
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.say("local address kept", local.equals(channel.getLocalAddress()));
        scene.of("bind again", () -> channel.bind(null));
        scene.say("echo", Channels.ping(channel));
    }

    private static void boundToWildcard(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        channel.bind(null);
        int port = channel.socket().getLocalPort();
        scene.say("local", channel.getLocalAddress());
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.say("port kept", port == channel.socket().getLocalPort());
        scene.say("local", channel.getLocalAddress());
        scene.say("echo", Channels.ping(channel));
    }

    private static void setOptions(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true)
                .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
                .setOption(StandardSocketOptions.SO_LINGER, 7)
                .setOption(StandardSocketOptions.SO_RCVBUF, 50_000)
                .setOption(StandardSocketOptions.SO_SNDBUF, 40_000)
                .setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }

    private static void sayOptions(Scene scene, String when, SocketChannel channel) throws IOException {
        scene.say(
                when,
                channel.getOption(StandardSocketOptions.TCP_NODELAY)
                        + " " + channel.getOption(StandardSocketOptions.SO_KEEPALIVE)
                        + " " + channel.getOption(StandardSocketOptions.SO_LINGER)
                        + " " + channel.getOption(StandardSocketOptions.SO_RCVBUF)
                        + " " + channel.getOption(StandardSocketOptions.SO_SNDBUF)
                        + " " + channel.getOption(StandardSocketOptions.SO_REUSEADDR));
    }

    private static void options(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        setOptions(channel);
        sayOptions(scene, "before", channel);
        channel.connect(scene.at("echo"));
        sayOptions(scene, "after", channel);
        scene.say("echo", Channels.ping(channel));
        channel.close();
        scene.of("closed", () -> channel.getOption(StandardSocketOptions.TCP_NODELAY));
    }

    private static void optionsAfter(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        scene.say("no delay", channel.getOption(StandardSocketOptions.TCP_NODELAY));
        scene.say("keep alive", channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        scene.say("linger", channel.getOption(StandardSocketOptions.SO_LINGER));
        setOptions(channel);
        sayOptions(scene, "set", channel);
        scene.say(
                "of the socket",
                channel.socket().getTcpNoDelay() + " " + channel.socket().getSoLinger());
    }

    private static void inet(Scene scene) throws Exception {
        SocketChannel channel = scene.closing(SocketChannel.open(StandardProtocolFamily.INET));
        scene.of("connect to IPv6", () -> channel.connect(new InetSocketAddress(loopback6(), scene.port("echo"))));
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
        scene.of("local", channel::getLocalAddress);
        scene.say("echo", Channels.ping(channel));
    }

    private static void inet6(Scene scene) throws Exception {
        if (NetworkInterface.getByInetAddress(loopback6()) == null) {
            scene.say("not available");
            return;
        }
        SocketChannel channel = scene.closing(SocketChannel.open(StandardProtocolFamily.INET6));
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
        scene.say("echo", Channels.ping(channel));
    }

    private static void ipv6(Scene scene) throws Exception {
        if (NetworkInterface.getByInetAddress(loopback6()) == null) {
            scene.say("not available");
            return;
        }
        InetSocketAddress target = scene.listen(loopback6(), Sockets::echo);
        SocketChannel channel = scene.closing(SocketChannel.open(StandardProtocolFamily.INET6));
        scene.of("connect", () -> channel.connect(target));
        scene.of("remote", channel::getRemoteAddress);
        scene.say("echo", Channels.ping(channel));
        SocketChannel other = Channels.connected(scene, target);
        scene.of("of no family", other::getRemoteAddress);
        scene.say("echo", Channels.ping(other));
    }

    private static InetAddress loopback6() throws IOException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        return InetAddress.getByAddress(loopback);
    }

    /** A path for a socket, in a directory of its own that goes at the end. */
    private static Path path(Scene scene) throws IOException {
        Path directory = Files.createTempDirectory("contract");
        scene.closing(() -> Files.deleteIfExists(directory));
        Path path = directory.resolve("socket");
        scene.closing(() -> Files.deleteIfExists(path));
        return path;
    }

    private static void unix(Scene scene) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path(scene));
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        server.bind(address);
        Background.platform("listener", () -> {
            while (true) {
                SocketChannel visitor = scene.closing(server.accept());
                Channels.write(visitor, Channels.read(visitor, 5) + "\n");
            }
        });
        SocketChannel channel = scene.closing(SocketChannel.open(StandardProtocolFamily.UNIX));
        scene.of("connect to IPv4", () -> channel.connect(scene.at("echo")));
        scene.of("connect", () -> channel.connect(address));
        scene.say("remote", address.equals(channel.getRemoteAddress()));
        scene.of("local", () -> channel.getLocalAddress().toString().isEmpty());
        scene.say("echo", Channels.ping(channel));
        SocketChannel opened = scene.closing(SocketChannel.open(address));
        scene.say("echo", Channels.ping(opened));
        SocketChannel nonBlocking = scene.closing(SocketChannel.open(StandardProtocolFamily.UNIX));
        nonBlocking.configureBlocking(false);
        scene.of("non-blocking", () -> nonBlocking.connect(address));
        scene.of("finish", nonBlocking::finishConnect);
        scene.say("echo", Channels.ping(nonBlocking));
    }

    private static void unixRefused(Scene scene) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path(scene));
        SocketChannel channel = scene.closing(SocketChannel.open(StandardProtocolFamily.UNIX));
        scene.of("no such file", () -> channel.connect(address));
        scene.say("channel" + Channels.flags(channel));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        SocketChannel other = scene.closing(SocketChannel.open(StandardProtocolFamily.UNIX));
        scene.of("nobody listens", () -> other.connect(address));
        scene.say("channel" + Channels.flags(other));
    }

    private static void refused(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        scene.timed("connect", 0, () -> channel.connect(scene.at("refused")));
        state(scene, "refused", channel);
        scene.of("again", () -> channel.connect(scene.at("echo")));
        scene.of("finish", channel::finishConnect);
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
    }

    private static void refusedAfterBind(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        channel.bind(new InetSocketAddress("127.0.0.3", 0));
        scene.of("connect", () -> channel.connect(scene.at("refused")));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void unreachable(Scene scene) throws Exception {
        Optional<InetAddress> target = TargetCases.networkBroadcast();
        if (target.isEmpty()) {
            scene.say("not available");
        } else {
            fails(scene, target.get());
        }
    }

    private static void multicast(Scene scene) throws Exception {
        fails(scene, InetAddress.getByAddress(new byte[] {(byte) 224, 0, 0, 1}));
    }

    private static void fails(Scene scene, InetAddress address) throws IOException {
        SocketChannel channel = Channels.open(scene);
        scene.of("connect", () -> channel.connect(new InetSocketAddress(address, 9)));
        scene.say("channel" + Channels.flags(channel));
        SocketChannel other = Channels.nonBlocking(scene);
        scene.of("non-blocking", () -> {
            other.connect(new InetSocketAddress(address, 9));
            return Channels.finish(other);
        });
        scene.say("channel" + Channels.flags(other));
    }

    private static void wildcard(Scene scene) throws Exception {
        int port = TargetCases.listenEverywhere(scene);
        InetAddress any = InetAddress.getByAddress(new byte[4]);
        SocketChannel channel = Channels.connected(scene, new InetSocketAddress(any, port));
        scene.say("remote", channel.getRemoteAddress());
        scene.say("echo", Channels.ping(channel));
        SocketChannel other = Channels.connecting(scene, new InetSocketAddress(port));
        scene.say("finished", Channels.finish(other));
        scene.say("remote", other.getRemoteAddress());
        scene.say("echo", Channels.ping(other));
    }

    private static void twice(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        scene.of("the same", () -> channel.connect(scene.at("echo")));
        scene.of("another", () -> channel.connect(scene.at("refused")));
        scene.of("finish", channel::finishConnect);
        scene.does("of the socket", () -> channel.socket().connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
        scene.say("echo", Channels.ping(channel));
    }

    private static void afterClose(Scene scene) throws Exception {
        SocketChannel fresh = Channels.open(scene);
        fresh.close();
        scene.of("new and closed", () -> fresh.connect(scene.at("echo")));
        scene.of("finish", fresh::finishConnect);
        scene.of("bind", () -> fresh.bind(null));
        SocketChannel used = Channels.connected(scene, scene.at("echo"));
        used.close();
        scene.of("used and closed", () -> used.connect(scene.at("echo")));
        scene.of("read", () -> used.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> used.write(ByteBuffer.allocate(1)));
    }

    private static void unresolved(Scene scene) throws Exception {
        InetSocketAddress target =
                InetSocketAddress.createUnresolved(scene.world().word("name"), scene.port("echo"));
        SocketChannel channel = Channels.open(scene);
        scene.of("connect", () -> channel.connect(target));
        scene.say("channel" + Channels.flags(channel));
        SocketChannel other = Channels.nonBlocking(scene);
        scene.of("non-blocking", () -> {
            other.connect(target);
            return Channels.finish(other);
        });
        scene.say("channel" + Channels.flags(other));
        scene.of("open", () -> scene.closing(SocketChannel.open(target)).isConnected());
        SocketChannel adapted = Channels.open(scene);
        scene.does("of the socket", () -> adapted.socket().connect(target, Scene.PATIENCE_MILLIS));
        scene.say("channel" + Channels.flags(adapted));
    }

    private static void unknown(Scene scene) throws Exception {
        InetSocketAddress target = InetSocketAddress.createUnresolved("no-such-host.invalid", 80);
        SocketChannel channel = Channels.open(scene);
        scene.of("connect", () -> channel.connect(target));
        scene.say("channel" + Channels.flags(channel));
    }

    /** A socket address that no channel knows. */
    private static final class ForeignAddress extends SocketAddress {
        private static final long serialVersionUID = 1;
    }

    private static void badAddresses(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        scene.of("null", () -> channel.connect(null));
        scene.of("foreign", () -> channel.connect(new ForeignAddress()));
        scene.of("UNIX", () -> channel.connect(UnixDomainSocketAddress.of("nowhere")));
        channel.configureBlocking(false);
        scene.of("null, non-blocking", () -> channel.connect(null));
        scene.of("foreign, non-blocking", () -> channel.connect(new ForeignAddress()));
        scene.say("channel" + Channels.flags(channel));
        channel.configureBlocking(true);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("null, connected", () -> channel.connect(null));
        scene.say("echo", Channels.ping(channel));
    }

    private static void portZero(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        scene.of(
                "connect",
                () -> channel.connect(new InetSocketAddress(scene.world().address(), 0)));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void before(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.of("gathering", () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        scene.of("shutdownInput", channel::shutdownInput);
        scene.of("shutdownOutput", channel::shutdownOutput);
        scene.of("finish", channel::finishConnect);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.say("echo", Channels.ping(channel));
    }

    private static void silent(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        scene.timed("connect", 0, () -> channel.connect(scene.at("silent")));
        channel.configureBlocking(false);
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void speaksFirst(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.listen(peer -> {
            Sockets.write(peer, "hello\n");
            Sockets.echo(peer);
        }));
        scene.say("read", Channels.read(channel, 6));
        scene.say("echo", Channels.ping(channel));
    }

    private static void closesAtOnce(Scene scene) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        SocketChannel channel = Channels.connected(scene, scene.listen(peer -> {
            peer.close();
            closed.countDown();
        }));
        closed.await();
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void oneAfterTheOther(Scene scene) throws Exception {
        int pings = 0;
        for (int i = 0; i < 100; i++) {
            try (SocketChannel channel = SocketChannel.open()) {
                channel.configureBlocking(i % 2 == 0);
                channel.connect(scene.at("echo"));
                pings += Channels.finish(channel) && Channels.ping(channel).equals("ping") ? 1 : 0;
            }
        }
        scene.say("pings", pings);
    }
}
