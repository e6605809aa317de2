// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Connects that selectors see the end of: which operations become ready when, whatever was asked for. */
final class SelectorCases {
    private static final int CHANNELS = 50;
    private static final int ALL = OP_CONNECT | OP_READ | OP_WRITE;

    private SelectorCases() {}

    static void addTo(Cases cases) {
        cases.add("selector with OP_CONNECT", scene -> connects(scene, OP_CONNECT, false));
        cases.add("selector with OP_CONNECT|OP_READ", scene -> connects(scene, OP_CONNECT | OP_READ, false));
        cases.add("selector with all operations", scene -> connects(scene, ALL, false));
        cases.add("selector with OP_CONNECT before connect", scene -> connects(scene, OP_CONNECT, true));
        cases.add(
                "selector with OP_CONNECT|OP_READ before connect",
                scene -> connects(scene, OP_CONNECT | OP_READ, true));
        cases.add("selector with all operations before connect", scene -> connects(scene, ALL, true));
        cases.add("selector with OP_READ alone", scene -> alone(scene, OP_READ, false));
        cases.add("selector with OP_READ alone before connect", scene -> alone(scene, OP_READ, true));
        cases.add("selector with OP_WRITE alone", scene -> alone(scene, OP_WRITE, false));
        cases.add("selector without operations, finishConnect in a loop", scene -> alone(scene, 0, true));
        cases.add("selector and finishConnect by another thread", SelectorCases::finishByAnother);
        cases.add("selector with a channel that does not connect", SelectorCases::unconnected);
        cases.add("selector registered when connected", SelectorCases::registeredLate);
        cases.add("selector registered after finishConnect", SelectorCases::registeredAfter);
        cases.add("connectable until finished", SelectorCases::untilFinished);
        cases.add("connectable and the key stays selected", SelectorCases::staysSelected);
        cases.add("interest changed during connect", SelectorCases::interestChanged);
        cases.add("two selectors with one channel", SelectorCases::twoSelectors);
        cases.add("two selectors with one channel, refused", SelectorCases::twoRefused);
        cases.add("two selectors, two threads", SelectorCases::twoThreads);
        cases.add("selectNow in a loop", SelectorCases::selectNow);
        cases.add("select(Consumer)", SelectorCases::consumer);
        cases.add("key cancelled during connect", SelectorCases::cancelled);
        cases.add("selector closed during connect", SelectorCases::selectorClosed);
        cases.add("selector with a refused connect", scene -> refused(scene, OP_CONNECT));
        cases.add("selector with OP_READ alone and a refused connect", scene -> refused(scene, OP_READ));
        cases.add("selector with all operations and a refused connect", scene -> refused(scene, ALL));
        cases.add("refused connect and the key's other uses", SelectorCases::refusedKey);
        cases.add("selector and a target that speaks first", scene -> speaksFirst(scene, OP_CONNECT));
        cases.add("selector with OP_READ and a target that speaks first", scene -> speaksFirst(scene, OP_READ));
        cases.add("selector with all operations and a target that speaks first", scene -> speaksFirst(scene, ALL));
        cases.add("selector and a target that closes at once", SelectorCases::closesAtOnce);
        cases.add("selector with 50 channels", SelectorCases::many);
        cases.add("selector with channels of every fate", SelectorCases::everyFate);
        cases.add("selector and a channel in blocking mode", SelectorCases::blockingMode);
    }

    private static void connects(Scene scene, int operations, boolean before) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.nonBlocking(scene);
        if (before) {
            channel.register(selector, operations);
        }
        channel.connect(scene.at("echo"));
        if (!before) {
            channel.register(selector, operations);
        }
        SelectionKey key = channel.keyFor(selector);
        scene.say("ready", Channels.next(selector));
        scene.say("key", key.isConnectable() + " " + key.isReadable() + " " + key.isWritable());
        scene.of("finish", channel::finishConnect);
        key.interestOps(OP_WRITE);
        scene.say("then", Channels.next(selector));
        Channels.write(channel, "ping\n");
        key.interestOps(OP_READ);
        scene.say("then", Channels.next(selector));
        scene.say("read", Channels.read(channel, 5));
        scene.say("then", Channels.during(selector, 100));
    }

    /** Without OP_CONNECT the end of the connect is for finishConnect to see. */
    private static void alone(Scene scene, int operations, boolean before) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.nonBlocking(scene);
        if (before) {
            channel.register(selector, operations);
        }
        channel.connect(scene.at("echo"));
        if (!before) {
            channel.register(selector, operations);
        }
        boolean finished = false;
        String ready = "";
        for (int i = 0; i < 1_000 && !finished; i++) {
            selector.select(10);
            for (SelectionKey key : selector.selectedKeys()) {
                ready += Channels.operations(key.readyOps());
            }
            selector.selectedKeys().clear();
            finished = channel.finishConnect();
        }
        scene.say("ready before", ready);
        scene.say("finished", finished);
        Channels.write(channel, "ping\n");
        channel.keyFor(selector).interestOps(OP_READ);
        scene.say("ready", Channels.next(selector));
        scene.say("read", Channels.read(channel, 5));
    }

    private static void finishByAnother(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_READ);
        Background finish = Background.platform("finish", () -> {
            boolean finished = Channels.finish(channel);
            Channels.write(channel, "ping\n");
            return finished;
        });
        scene.say("ready", Channels.next(selector));
        scene.say("finish", finish.outcome());
        scene.say("read", Channels.read(channel, 5));
        scene.say("valid", key.isValid());
    }

    /** What Linux says of a socket that neither listens nor connects. */
    private static void unconnected(Scene scene) throws Exception {
        for (int operations : new int[] {OP_CONNECT, OP_READ, OP_WRITE, ALL, 0}) {
            Selector selector = Channels.selector(scene);
            SocketChannel channel = Channels.nonBlocking(scene);
            channel.register(selector, operations);
            scene.say(Channels.during(selector, 100));
            scene.of("finish", channel::finishConnect);
        }
    }

    private static void awaitConnected(Scene scene, SocketChannel channel) throws Exception {
        Selector first = Channels.selector(scene);
        channel.register(first, OP_CONNECT);
        scene.say("first", Channels.next(first));
    }

    private static void registeredLate(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        awaitConnected(scene, channel);
        Selector late = Channels.selector(scene);
        channel.register(late, OP_CONNECT);
        scene.say("late", Channels.next(late));
        scene.of("finish", channel::finishConnect);
        scene.say("echo", Channels.ping(channel));
    }

    private static void registeredAfter(Scene scene) throws Exception {
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        scene.say("finish", Channels.finish(channel));
        for (int operations : new int[] {OP_CONNECT, OP_READ, ALL}) {
            Selector selector = Channels.selector(scene);
            channel.register(selector, operations);
            scene.say(Channels.during(selector, 100));
        }
    }

    private static void untilFinished(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        scene.say("ready", Channels.next(selector));
        scene.of("at once", () -> {
            int count = selector.selectNow();
            selector.selectedKeys().clear();
            return count;
        });
        scene.say("again", Channels.next(selector));
        key.interestOps(0);
        scene.say("without interest", Channels.during(selector, 100));
        key.interestOps(OP_CONNECT);
        scene.say("with interest", Channels.next(selector));
        scene.of("finish", channel::finishConnect);
        scene.say("finished", Channels.during(selector, 100));
        scene.say("echo", Channels.ping(channel));
    }

    private static void staysSelected(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        for (int i = 0; i < 1_000 && selector.selectedKeys().isEmpty(); i++) {
            selector.select(10);
        }
        scene.of("no news", selector::selectNow);
        scene.of("finish", channel::finishConnect);
        Channels.write(channel, "ping\n");
        key.interestOps(OP_READ);
        for (int i = 0; i < 1_000 && !key.isReadable(); i++) {
            selector.select(10);
        }
        // what was ready stays until it is removed
        scene.say("ready", Channels.operations(key.readyOps()));
        scene.say("read", Channels.read(channel, 5));
    }

    private static void interestChanged(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        key.interestOps(0);
        selector.selectNow();
        selector.selectedKeys().clear();
        key.interestOps(OP_READ);
        selector.selectNow();
        selector.selectedKeys().clear();
        scene.of("interest", () -> Channels.operations(key.interestOpsOr(OP_CONNECT)));
        scene.say("ready", Channels.next(selector));
        scene.of("finish", channel::finishConnect);
        scene.of("interest", () -> Channels.operations(key.interestOpsAnd(~OP_CONNECT)));
        Channels.write(channel, "ping\n");
        scene.say("ready", Channels.next(selector));
        scene.say("read", Channels.read(channel, 5));
    }

    private static void twoSelectors(Scene scene) throws Exception {
        Selector first = Channels.selector(scene);
        Selector second = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        channel.register(first, OP_CONNECT);
        channel.register(second, OP_CONNECT | OP_READ);
        scene.say("first", Channels.next(first));
        scene.say("second", Channels.next(second));
        scene.of("finish", channel::finishConnect);
        Channels.write(channel, "ping\n");
        channel.keyFor(first).interestOps(OP_READ);
        scene.say("first", Channels.next(first));
        scene.say("second", Channels.next(second));
        scene.say("read", Channels.read(channel, 5));
    }

    private static void twoRefused(Scene scene) throws Exception {
        Selector first = Channels.selector(scene);
        Selector second = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("refused"));
        SelectionKey key = channel.register(first, OP_CONNECT);
        SelectionKey other = channel.register(second, OP_CONNECT);
        scene.say("first", Channels.next(first));
        scene.say("second", Channels.next(second));
        scene.of("finish", channel::finishConnect);
        scene.say("valid", key.isValid() + " " + other.isValid());
        scene.of("first", first::selectNow);
        scene.of("second", second::selectNow);
        scene.say("keys", first.keys().size() + " " + second.keys().size());
    }

    private static void twoThreads(Scene scene) throws Exception {
        Selector first = Channels.selector(scene);
        Selector second = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        channel.register(first, OP_CONNECT);
        channel.register(second, OP_READ);
        Background reader = Background.platform("reader", () -> {
            String ready = Channels.next(second);
            return ready + " " + Channels.read(channel, 5);
        });
        scene.say("connecting", Channels.next(first));
        scene.of("finish", channel::finishConnect);
        Channels.write(channel, "ping\n");
        scene.say("reading", reader.outcome());
    }

    private static void selectNow(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT | OP_READ);
        scene.say("ready", poll(selector, key));
        scene.of("finish", channel::finishConnect);
        Channels.write(channel, "ping\n");
        key.interestOps(OP_READ);
        scene.say("ready", poll(selector, key));
        scene.say("read", Channels.read(channel, 5));
    }

    private static String poll(Selector selector, SelectionKey key) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Scene.PATIENCE_MILLIS);
        while (selector.selectNow() == 0) {
            if (System.nanoTime() - endNanos > 0) {
                return "nothing";
            }
            Channels.pause();
        }
        selector.selectedKeys().clear();
        return Channels.operations(key.readyOps());
    }

    private static void consumer(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        List<String> ready = new ArrayList<>();
        for (int i = 0; i < 1_000 && ready.isEmpty(); i++) {
            selector.select(each -> ready.add(Channels.operations(each.readyOps())), 100);
        }
        scene.say("ready", ready);
        scene.say("selected keys", selector.selectedKeys().size());
        scene.of("at once", () -> selector.selectNow(each -> {}));
        scene.of("finish", channel::finishConnect);
        key.interestOps(OP_WRITE);
        scene.of("writable", () -> selector.select(each -> scene.say(Channels.operations(each.readyOps()))));
        scene.say("echo", Channels.ping(channel));
    }

    private static void cancelled(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        key.cancel();
        scene.of("registered before it is gone", () -> channel.register(selector, OP_CONNECT));
        selector.selectNow();
        scene.say("channel" + Channels.flags(channel).replace(" pending", ""));
        channel.register(selector, OP_CONNECT);
        scene.say("ready", Channels.next(selector));
        scene.of("finish", channel::finishConnect);
        channel.keyFor(selector).cancel();
        selector.selectNow();
        channel.configureBlocking(true);
        scene.say("echo", Channels.ping(channel));
    }

    private static void selectorClosed(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        selector.selectNow();
        selector.close();
        scene.say("valid", key.isValid());
        scene.say("open", channel.isOpen());
        Selector other = Channels.selector(scene);
        channel.register(other, OP_CONNECT);
        scene.say("other", Channels.next(other));
        scene.of("finish", channel::finishConnect);
        scene.say("echo", Channels.ping(channel));
    }

    private static void refused(Scene scene, int operations) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("refused"));
        SelectionKey key = channel.register(selector, operations);
        scene.say("ready", Channels.next(selector));
        scene.of("finish", channel::finishConnect);
        scene.say("valid", key.isValid());
        scene.say("open", channel.isOpen());
        scene.of("finish again", channel::finishConnect);
        scene.of("select", selector::selectNow);
        scene.say("keys", selector.keys().size());
    }

    private static void refusedKey(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, scene.at("refused"));
        SelectionKey key = channel.register(selector, OP_CONNECT, "attached");
        scene.say("ready", Channels.next(selector));
        scene.say("again", Channels.next(selector));
        scene.say("channel" + Channels.flags(channel));
        scene.say("attachment", key.attachment());
        scene.say("the same channel", key.channel() == channel);
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("finish", channel::finishConnect);
        scene.of("interest", () -> key.interestOps(OP_READ));
        scene.of("ready", key::readyOps);
    }

    private static void speaksFirst(Scene scene, int operations) throws Exception {
        InetSocketAddress target = scene.listen(peer -> {
            Sockets.write(peer, "hello\n");
            Sockets.echo(peer);
        });
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, target);
        SelectionKey key = channel.register(selector, operations);
        if ((operations & OP_CONNECT) != 0) {
            scene.say("ready", Channels.next(selector));
        }
        scene.say("finish", Channels.finish(channel));
        key.interestOps(OP_READ);
        scene.say("then", Channels.next(selector));
        scene.say("read", Channels.read(channel, 6));
        scene.say("echo", Channels.ping(channel));
    }

    private static void closesAtOnce(Scene scene) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        InetSocketAddress target = scene.listen(peer -> {
            peer.close();
            closed.countDown();
        });
        Selector selector = Channels.selector(scene);
        SocketChannel channel = Channels.connecting(scene, target);
        SelectionKey key = channel.register(selector, OP_CONNECT | OP_READ);
        scene.say("ready", Channels.next(selector));
        closed.await();
        scene.of("finish", channel::finishConnect);
        key.interestOps(OP_READ);
        scene.say("then", Channels.next(selector));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.say("still", Channels.next(selector));
    }

    /** Each connects, writes and reads as its operations become ready. */
    private static void many(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        for (int i = 0; i < CHANNELS; i++) {
            Channels.connecting(scene, scene.at("echo")).register(selector, OP_CONNECT);
        }
        int done = 0;
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (done < CHANNELS && System.nanoTime() - endNanos < 0) {
            selector.select(1_000);
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                SocketChannel channel = (SocketChannel) key.channel();
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(OP_WRITE);
                } else if (key.isWritable()) {
                    Channels.write(channel, "ping\n");
                    key.interestOps(OP_READ);
                } else if (key.isReadable()) {
                    done += Channels.read(channel, 5).equals("ping") ? 1 : 0;
                    key.cancel();
                }
            }
        }
        scene.say("done", done);
    }

    private static void everyFate(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        for (int i = 0; i < CHANNELS; i++) {
            String role = i % 5 == 0 ? "stalled" : i % 2 == 0 ? "refused" : "echo";
            Channels.connecting(scene, scene.at(role)).register(selector, OP_CONNECT);
        }
        int connected = 0;
        int refused = 0;
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (connected + refused < CHANNELS * 4 / 5 && System.nanoTime() - endNanos < 0) {
            selector.select(1_000);
            for (SelectionKey key : selector.selectedKeys()) {
                try {
                    connected += ((SocketChannel) key.channel()).finishConnect() ? 1 : 0;
                    key.interestOps(0);
                } catch (ConnectException e) {
                    refused++;
                }
            }
            selector.selectedKeys().clear();
        }
        scene.say("connected", connected);
        scene.say("refused", refused);
        scene.say("then", Channels.during(selector, 200));
        scene.say("keys", selector.keys().size());
    }

    private static void blockingMode(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        SocketChannel blocking = Channels.open(scene);
        scene.of("register", () -> blocking.register(selector, OP_CONNECT));
        SocketChannel channel = Channels.connecting(scene, scene.at("echo"));
        scene.of("of an acceptor", () -> channel.register(selector, SelectionKey.OP_ACCEPT));
        SelectionKey key = channel.register(selector, OP_CONNECT);
        scene.of("switch", () -> channel.configureBlocking(true));
        scene.say("ready", Channels.next(selector));
        key.cancel();
        selector.selectNow();
        channel.configureBlocking(true);
        scene.of("finish", channel::finishConnect);
        scene.say("echo", Channels.ping(channel));
    }
}
