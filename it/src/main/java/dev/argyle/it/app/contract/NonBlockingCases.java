// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** SocketChannel in non-blocking mode without a selector: the connect's states, and who ends it. */
@SuppressWarnings("AddressSelection")
final class NonBlockingCases {
    private NonBlockingCases() {}

    static void addTo(Cases cases) {
        cases.add("non-blocking connect", NonBlockingCases::connects);
        cases.addPending("non-blocking connect's state while pending", NonBlockingCases::pending);
        cases.addPending("non-blocking connect's socket while pending", NonBlockingCases::socketWhilePending);
        cases.addPending("non-blocking connect is pending without end", NonBlockingCases::withoutEnd);
        cases.addPending("read and write while pending", NonBlockingCases::notYetConnected);
        cases.addPending("second connect while pending", NonBlockingCases::second);
        cases.addPending("bind while pending", NonBlockingCases::bindWhilePending);
        cases.addPending("close while pending", NonBlockingCases::close);
        cases.addPending(
                "finishConnect in blocking mode closed by another thread", scene -> finishBlocks(scene, false));
        cases.addPending("finishConnect in blocking mode interrupted", scene -> finishBlocks(scene, true));
        cases.addPending("interrupted thread and a non-blocking connect", NonBlockingCases::interrupted);
        cases.add("finishConnect before connect", NonBlockingCases::finishBefore);
        cases.add("finishConnect by another thread", NonBlockingCases::finishByAnother);
        cases.add("finishConnect by many threads", NonBlockingCases::finishByMany);
        cases.add("finishConnect again", NonBlockingCases::finishAgain);
        cases.add("non-blocking connect refused", NonBlockingCases::refused);
        cases.add("non-blocking connect refused after bind", NonBlockingCases::refusedAfterBind);
        cases.add("non-blocking connect after bind", NonBlockingCases::bound);
        cases.add("options set while the connect is pending", NonBlockingCases::options);
        cases.add("switch to blocking mode while pending", scene -> switches(scene, 1));
        cases.add("switch to blocking mode and back while pending", scene -> switches(scene, 2));
        cases.add("switch the blocking mode often while pending", scene -> switches(scene, 21));
        cases.add("switch to blocking mode while pending, refused", NonBlockingCases::switchRefused);
        cases.add("switch to non-blocking mode before connect", NonBlockingCases::switchBefore);
        cases.add("non-blocking connect to a target that speaks first", NonBlockingCases::speaksFirst);
        cases.add("non-blocking connect to a target that closes at once", NonBlockingCases::closesAtOnce);
        cases.add("closing a channel races its finishConnect", NonBlockingCases::races);
    }

    private static void connects(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        boolean atOnce = channel.connect(scene.at("echo"));
        scene.say("consistent", atOnce == channel.isConnected() && atOnce != channel.isConnectionPending());
        scene.of("remote", channel::getRemoteAddress);
        scene.say("finished", Channels.finish(channel));
        scene.say("channel" + Channels.flags(channel));
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.of("remote", channel::getRemoteAddress);
        scene.of("local", channel::getLocalAddress);
        scene.of("nothing to read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.say("echo", Channels.ping(channel));
    }

    private static void pending(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.of("connect", () -> channel.connect(scene.at("stalled")));
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
        scene.of("remote", channel::getRemoteAddress);
        // bound or not, the address is the route's
        scene.of("local is known", () -> channel.getLocalAddress() != null);
        scene.say("text names the target", channel.toString().contains("connection-pending"));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void socketWhilePending(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.say("address", channel.socket().getInetAddress());
        scene.say("port", channel.socket().getPort());
        scene.say("remote", channel.socket().getRemoteSocketAddress());
        scene.of("input", () -> channel.socket().getInputStream());
        scene.of("output", () -> channel.socket().getOutputStream());
        scene.does("connect", () -> channel.socket().connect(scene.at("echo"), 500));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void withoutEnd(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        Background finish = Background.platform("finish", () -> Channels.finish(channel));
        scene.say("pending", finish.runsFor(700));
        channel.close();
        scene.say("finish", finish.outcome());
    }

    private static void notYetConnected(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.of("scattering", () -> channel.read(buffers));
        scene.of("gathering", () -> channel.write(buffers));
        scene.of("shutdownInput", channel::shutdownInput);
        scene.of("shutdownOutput", channel::shutdownOutput);
        scene.of("finish", channel::finishConnect);
        scene.say("channel" + Channels.flags(channel));
    }

    private static void second(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        scene.of("the same", () -> channel.connect(scene.at("stalled")));
        scene.of("another", () -> channel.connect(scene.at("echo")));
        scene.of("null", () -> channel.connect(null));
        channel.configureBlocking(true);
        scene.of("in blocking mode", () -> channel.connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
        scene.say("channel" + Channels.flags(channel));
    }

    private static void bindWhilePending(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        scene.of("bind", () -> channel.bind(new InetSocketAddress("127.0.0.3", 0)));
        scene.does("of the socket", () -> channel.socket().bind(null));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void close(Scene scene) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        scene.timed("close", 0, channel::close);
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
        scene.say("socket" + Sockets.flags(channel.socket()));
    }

    private static void finishBlocks(Scene scene, boolean interrupt) throws Exception {
        SocketChannel channel = Channels.pending(scene);
        channel.configureBlocking(true);
        Background finish = Background.platform("finish", channel::finishConnect);
        finish.awaitBlockedIn("finishConnect");
        scene.say("blocks", finish.runsFor(300));
        if (interrupt) {
            finish.thread().interrupt();
        } else {
            channel.close();
        }
        scene.say("finish", finish.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    /** Only what blocks looks at the status. */
    private static void interrupted(Scene scene) throws Exception {
        Thread.currentThread().interrupt();
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.of("connect", () -> channel.connect(scene.at("stalled")));
        scene.of("finish", channel::finishConnect);
        scene.say("status", Thread.interrupted());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void finishBefore(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.of("non-blocking", channel::finishConnect);
        channel.configureBlocking(true);
        scene.of("blocking", channel::finishConnect);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        scene.say("echo", Channels.ping(channel));
    }

    private static void finishByAnother(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        Background finish = Background.platform("finish", () -> Channels.finish(channel));
        scene.say("finish", finish.outcome());
        scene.say("channel" + Channels.flags(channel));
        scene.say("echo", Channels.ping(channel));
    }

    private static void finishByMany(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        Background[] threads = new Background[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Background.platform("finish", () -> Channels.finish(channel));
        }
        for (Background finish : threads) {
            scene.say("finish", finish.outcome());
        }
        scene.say("echo", Channels.ping(channel));
    }

    private static void finishAgain(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        scene.say("finish", Channels.finish(channel));
        scene.of("again", channel::finishConnect);
        channel.configureBlocking(true);
        scene.of("blocking", channel::finishConnect);
        channel.close();
        scene.of("closed", channel::finishConnect);
    }

    private static void refused(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.of("connect and finish", () -> {
            channel.connect(scene.at("refused"));
            return Channels.finish(channel);
        });
        scene.say("channel" + Channels.flags(channel));
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.of("finish again", channel::finishConnect);
        scene.of("connect again", () -> channel.connect(scene.at("echo")));
        scene.of("remote", channel::getRemoteAddress);
    }

    private static void refusedAfterBind(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        channel.bind(new InetSocketAddress("127.0.0.3", 0));
        scene.of("connect and finish", () -> {
            channel.connect(scene.at("refused"));
            return Channels.finish(channel);
        });
        scene.say("channel" + Channels.flags(channel));
    }

    private static void bound(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        channel.bind(new InetSocketAddress("127.0.0.3", 0));
        int port = channel.socket().getLocalPort();
        channel.connect(scene.at("echo"));
        scene.say("port while pending", port == channel.socket().getLocalPort());
        scene.say("finish", Channels.finish(channel));
        scene.say("port kept", port == channel.socket().getLocalPort());
        scene.of("local", channel::getLocalAddress);
        scene.say("echo", Channels.ping(channel));
    }

    private static void options(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 9);
        scene.say("finish", Channels.finish(channel));
        scene.say("no delay", channel.getOption(StandardSocketOptions.TCP_NODELAY));
        scene.say("keep alive", channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        scene.say("linger", channel.getOption(StandardSocketOptions.SO_LINGER));
        scene.say("echo", Channels.ping(channel));
    }

    private static void switches(Scene scene, int times) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        for (int i = 0; i < times; i++) {
            channel.configureBlocking(i % 2 == 0);
        }
        scene.say("blocking", channel.isBlocking());
        scene.say("finish", Channels.finish(channel));
        scene.say("channel" + Channels.flags(channel));
        scene.say("echo", Channels.ping(channel));
    }

    private static void switchRefused(Scene scene) throws Exception {
        SocketChannel channel = Channels.nonBlocking(scene);
        scene.of("connect and finish", () -> {
            channel.connect(scene.at("refused"));
            channel.configureBlocking(true);
            return channel.finishConnect();
        });
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish again", channel::finishConnect);
    }

    private static void switchBefore(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        channel.configureBlocking(false);
        channel.configureBlocking(true);
        scene.of("connect", () -> channel.connect(scene.at("echo")));
        channel.configureBlocking(false);
        scene.of("finish", channel::finishConnect);
        scene.say("echo", Channels.ping(channel));
    }

    private static void speaksFirst(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.listen(peer -> {
            Sockets.write(peer, "hello\n");
            Sockets.echo(peer);
        }));
        scene.say("finish", Channels.finish(channel));
        scene.say("read", Channels.read(channel, 6));
        scene.say("echo", Channels.ping(channel));
    }

    private static void closesAtOnce(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.listen(peer -> peer.close()));
        scene.say("finish", Channels.finish(channel));
        scene.say("read", Channels.read(channel, 1).isEmpty());
        scene.say("channel" + Channels.flags(channel));
    }

    /** Whatever wins, the channel ends closed and finishConnect ends in one of three ways. */
    private static void races(Scene scene) throws Exception {
        int wrong = 0;
        for (int i = 0; i < 100; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(scene.at("echo"));
            channel.configureBlocking(i % 2 == 0);
            Background finish = Background.platform("finish", () -> Channels.finish(channel));
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            channel.close();
            String outcome = String.valueOf(finish.outcome());
            boolean expected = outcome.equals("true")
                    || outcome.equals("java.nio.channels.AsynchronousCloseException")
                    || outcome.equals("java.nio.channels.ClosedChannelException");
            if (!expected || channel.isOpen()) {
                wrong++;
                System.err.println("closing a channel races its finishConnect: " + outcome);
            }
        }
        scene.say("wrong", wrong);
    }
}
