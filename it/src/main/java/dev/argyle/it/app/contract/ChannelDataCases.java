// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a connected SocketChannel carries, and how it ends. */
final class ChannelDataCases {
    private static final int MEBIBYTE = 1 << 20;

    private ChannelDataCases() {}

    static void addTo(Cases cases) {
        cases.add("channel carries 1 MiB both ways", scene -> volume(scene, false));
        cases.add("channel carries 1 MiB both ways, direct buffers", scene -> volume(scene, true));
        cases.add("channel carries 1 MiB both ways by a selector", ChannelDataCases::bySelector);
        cases.add("channel scatters and gathers", ChannelDataCases::scatters);
        cases.add("channel sends and gets a file", ChannelDataCases::file);
        cases.add("channel half closed, the rest is read", ChannelDataCases::halfCloses);
        cases.add("channel half closed by the peer", ChannelDataCases::peerHalfCloses);
        cases.add("channel's input shut down", ChannelDataCases::input);
        cases.add("channel's input shut down while reading", ChannelDataCases::inputWhileReading);
        cases.add("channel closed while reading", scene -> endsRead(scene, false));
        cases.add("channel interrupted while reading", scene -> endsRead(scene, true));
        cases.add("channel reset seen by the reader", ChannelDataCases::reset);
        cases.add("channel closed with linger 0 seen by the peer", ChannelDataCases::lingerZero);
        cases.add("channel not writable until the peer reads", ChannelDataCases::backPressure);
    }

    private static byte[] octets() {
        byte[] octets = new byte[MEBIBYTE];
        new Random(7).nextBytes(octets);
        return octets;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(byte[] octets) {
        return HexFormat.of().formatHex(sha256().digest(octets));
    }

    private static void volume(Scene scene, boolean direct) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        byte[] sent = octets();
        Background writer = Background.platform("writer", () -> {
            ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(MEBIBYTE) : ByteBuffer.allocate(MEBIBYTE);
            buffer.put(sent).flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.shutdownOutput();
            return "written";
        });
        MessageDigest received = sha256();
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(64 << 10) : ByteBuffer.allocate(64 << 10);
        while (channel.read(buffer.clear()) >= 0) {
            received.update(buffer.flip());
        }
        scene.say("writer", writer.outcome());
        scene.say("the same", HexFormat.of().formatHex(received.digest()).equals(digest(sent)));
    }

    private static void bySelector(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        byte[] sent = octets();
        ByteBuffer toSend = ByteBuffer.wrap(sent);
        ByteBuffer received = ByteBuffer.allocate(2 * MEBIBYTE);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        for (boolean ended = false; !ended && System.nanoTime() - endNanos < 0; ) {
            selector.select(1_000);
            if (!selector.selectedKeys().remove(key)) {
                continue;
            }
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                continue;
            }
            if (key.isWritable()) {
                channel.write(toSend);
                if (!toSend.hasRemaining()) {
                    channel.shutdownOutput();
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            if (key.isReadable()) {
                ended = channel.read(received) < 0;
            }
        }
        byte[] all = new byte[received.flip().remaining()];
        received.get(all);
        scene.say("bytes", all.length);
        scene.say("the same", digest(all).equals(digest(sent)));
    }

    private static void scatters(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        ByteBuffer[] sent = {
            US_ASCII.encode("one "), US_ASCII.encode(""), US_ASCII.encode("two "), US_ASCII.encode("end")
        };
        scene.say("written", channel.write(sent, 0, 3) + channel.write(sent, 3, 1));
        channel.shutdownOutput();
        ByteBuffer[] received = {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4), ByteBuffer.allocate(9)};
        long count = 0;
        for (long each = channel.read(received); each >= 0; each = channel.read(received)) {
            count += each;
        }
        scene.say("read", count);
        for (ByteBuffer buffer : received) {
            scene.say(Channels.text(buffer));
        }
    }

    private static void file(Scene scene) throws Exception {
        byte[] sent = octets();
        Path from = Files.createTempFile("contract", "from");
        scene.closing(() -> Files.delete(from));
        Path to = Files.createTempFile("contract", "to");
        scene.closing(() -> Files.delete(to));
        Files.write(from, sent);
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        Background writer = Background.platform("writer", () -> {
            try (FileChannel file = FileChannel.open(from)) {
                for (long at = 0; at < MEBIBYTE; ) {
                    at += file.transferTo(at, MEBIBYTE - at, channel);
                }
            }
            channel.shutdownOutput();
            return "written";
        });
        try (FileChannel file = FileChannel.open(to, StandardOpenOption.WRITE)) {
            for (long at = 0, count = 1; count > 0; at += count) {
                count = file.transferFrom(channel, at, MEBIBYTE);
            }
        }
        scene.say("writer", writer.outcome());
        scene.say("the same", digest(Files.readAllBytes(to)).equals(digest(sent)));
    }

    private static void halfCloses(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        Channels.write(channel, "the rest");
        channel.shutdownOutput();
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.say("read", Channels.read(channel, 99));
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.say("text", channel);
    }

    private static void peerHalfCloses(Scene scene) throws Exception {
        Background[] peers = new Background[1];
        CountDownLatch ready = new CountDownLatch(1);
        SocketChannel channel = Channels.connected(scene, scene.listen(peer -> {
            Sockets.write(peer, "bye\n");
            peer.shutdownOutput();
            peers[0] = Background.platform("peer", () -> Sockets.readAll(peer));
            ready.countDown();
        }));
        scene.say("read", Channels.read(channel, 99));
        Channels.write(channel, "after ");
        Channels.write(channel, "the end");
        channel.shutdownOutput();
        ready.await();
        scene.say("peer", peers[0].outcome());
    }

    private static void input(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("echo"));
        channel.shutdownInput();
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.say("socket" + Sockets.flags(channel.socket()));
        scene.say("text", channel);
    }

    private static Background reader(SocketChannel channel) throws Exception {
        Background reader = Background.platform("reader", () -> channel.read(ByteBuffer.allocate(1)));
        reader.awaitBlockedIn("read");
        return reader;
    }

    private static void inputWhileReading(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("silent"));
        Background reader = reader(channel);
        channel.shutdownInput();
        scene.say("read", reader.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void endsRead(Scene scene, boolean interrupt) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.at("silent"));
        Background reader = reader(channel);
        if (interrupt) {
            reader.thread().interrupt();
        } else {
            channel.close();
        }
        scene.say("read", reader.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void reset(Scene scene) throws Exception {
        SocketChannel channel = Channels.connected(scene, scene.listen(peer -> {
            peer.setSoLinger(true, 0);
            // not before the connect is over
            Sockets.read(peer, 1);
            peer.close();
        }));
        Channels.write(channel, "x");
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("again", () -> channel.read(ByteBuffer.allocate(1)));
        scene.say("channel" + Channels.flags(channel));
    }

    private static void lingerZero(Scene scene) throws Exception {
        Background[] peers = new Background[1];
        CountDownLatch ready = new CountDownLatch(1);
        InetSocketAddress target = scene.listen(peer -> {
            Sockets.read(peer, 1);
            peers[0] = Background.platform("peer", () -> peer.getInputStream().read());
            ready.countDown();
        });
        SocketChannel channel = Channels.connected(scene, target);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        Channels.write(channel, "x");
        ready.await();
        channel.close();
        scene.say("peer", peers[0].outcome());
    }

    private static void backPressure(Scene scene) throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.listen(peer -> {
            now.await();
            Sockets.readAll(peer);
        }));
        Channels.finish(channel);
        channel.register(selector, SelectionKey.OP_WRITE);
        scene.say("full", fill(selector, channel));
        now.countDown();
        scene.say("then", Channels.next(selector));
    }

    /** Writes until nothing is taken for a while. */
    private static boolean fill(Selector selector, SocketChannel channel) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        ByteBuffer buffer = ByteBuffer.allocate(MEBIBYTE);
        while (System.nanoTime() - endNanos < 0) {
            channel.write(buffer.clear());
            if (Channels.during(selector, 300).equals("nothing")) {
                return true;
            }
        }
        return false;
    }
}
