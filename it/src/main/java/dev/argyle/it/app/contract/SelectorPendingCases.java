// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Selectors whose channel's connect never ends: they wait, idle, and hear of everything else. */
final class SelectorPendingCases {
    private SelectorPendingCases() {}

    static void addTo(Cases cases) {
        cases.addPending("pending connect is not ready", SelectorPendingCases::notReady);
        cases.addPending("select times out while pending", SelectorPendingCases::timesOut);
        cases.addPending("select wakes up while pending", SelectorPendingCases::wakesUp);
        cases.addPending("wakeup before select while pending", SelectorPendingCases::wokenBefore);
        cases.addPending("select interrupted while pending", SelectorPendingCases::interrupted);
        cases.addPending("selector is idle while pending", SelectorPendingCases::idle);
        cases.addPending("no interest while pending", SelectorPendingCases::noInterest);
        cases.addPending("interest changed while another thread selects", SelectorPendingCases::interestChanged);
        cases.addPending("key cancelled while pending", SelectorPendingCases::cancelled);
        cases.addPending("key cancelled while another thread selects", SelectorPendingCases::cancelledInSelect);
        cases.addPending("channel closed while pending", SelectorPendingCases::closed);
        cases.addPending("channel closed while another thread selects", SelectorPendingCases::closedInSelect);
        cases.addPending("selector closed while another thread selects", SelectorPendingCases::selectorClosed);
        cases.addPending("selector closed while pending", SelectorPendingCases::selectorClosedBefore);
        cases.addPending("two selectors while pending", SelectorPendingCases::two);
        cases.addPending("pipe beside a pending connect", SelectorPendingCases::pipe);
        cases.addPending("registered while another thread selects", SelectorPendingCases::registeredInSelect);
        cases.addPending("finishConnect of a registered channel while pending", SelectorPendingCases::finish);
    }

    private static SelectionKey pending(Scene scene, int operations) throws Exception {
        return Channels.pending(scene).register(Channels.selector(scene), operations);
    }

    private static void notReady(Scene scene) throws Exception {
        for (int operations : new int[] {OP_CONNECT, OP_READ, OP_WRITE, OP_CONNECT | OP_READ | OP_WRITE}) {
            SelectionKey key = pending(scene, operations);
            scene.of("now", () -> key.selector().selectNow());
            scene.say(Channels.during(key.selector(), 200));
            scene.say("ready", key.readyOps());
        }
    }

    private static void timesOut(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT).selector();
        Channels.settle(selector);
        scene.timed("select", 400, 3_000, () -> scene.say("selected", selector.select(400)));
        scene.timed("consumer", 400, 3_000, () -> scene.say("selected", selector.select(key -> {}, 400)));
        scene.timed("now", 0, 1_000, () -> scene.say("selected", selector.selectNow()));
    }

    private static void wakesUp(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT | OP_READ).selector();
        Channels.settle(selector);
        Background select = Background.platform("select", () -> selector.select());
        select.awaitBlockedIn("select");
        scene.say("waits", select.runsFor(300));
        selector.wakeup();
        scene.say("selected", select.outcome());
        scene.timed("once", 300, 3_000, () -> scene.say("selected", selector.select(300)));
    }

    private static void wokenBefore(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT).selector();
        Channels.settle(selector);
        selector.wakeup();
        selector.wakeup();
        scene.timed("select", 0, 2_000, () -> scene.say("selected", selector.select()));
        scene.timed("once", 300, 3_000, () -> scene.say("selected", selector.select(300)));
        selector.wakeup();
        scene.of("taken by selectNow", selector::selectNow);
        scene.timed("select", 300, 3_000, () -> scene.say("selected", selector.select(300)));
    }

    private static void interrupted(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        Background select = Background.platform("select", () -> key.selector().select() + " " + Thread.interrupted());
        select.awaitBlockedIn("select");
        select.thread().interrupt();
        scene.say("selected, interrupted", select.outcome());
        scene.say("valid", key.isValid());
        scene.say("channel" + Channels.flags((SocketChannel) key.channel()));
    }

    private static void idle(Scene scene) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int operations : new int[] {OP_CONNECT, OP_READ, OP_CONNECT | OP_READ | OP_WRITE}) {
            Selector selector = pending(scene, operations).selector();
            Channels.settle(selector);
            long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
            long before = threads.getCurrentThreadCpuTime();
            int returns = 0;
            for (long left = 800; left > 0; left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())) {
                selector.select(left);
                returns++;
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(threads.getCurrentThreadCpuTime() - before);
            scene.say(returns < 5 ? "waits" : returns + " returns");
            scene.say(millis < 200 ? "idle" : millis + " ms of CPU");
        }
    }

    private static void noInterest(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        key.interestOps(0);
        scene.timed(
                "select", 300, 3_000, () -> scene.say("selected", key.selector().select(300)));
        key.interestOps(OP_CONNECT);
        scene.say("with interest", Channels.during(key.selector(), 200));
        scene.say("ready", key.readyOps());
    }

    private static void interestChanged(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        Background select = Background.platform("select", () -> key.selector().select());
        select.awaitBlockedIn("select");
        scene.timed("change", 0, 2_000, () -> key.interestOps(OP_READ | OP_CONNECT));
        scene.say("waits", select.runsFor(200));
        key.selector().wakeup();
        scene.say("selected", select.outcome());
    }

    private static void cancelled(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        SocketChannel channel = (SocketChannel) key.channel();
        Channels.settle(key.selector());
        key.cancel();
        scene.say("channel" + Channels.flags(channel));
        scene.of("interest", () -> key.interestOps(OP_READ));
        scene.of("select", () -> key.selector().selectNow());
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
        Selector other = Channels.selector(scene);
        channel.register(other, OP_CONNECT);
        scene.say("other", Channels.during(other, 200));
    }

    private static void cancelledInSelect(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        Background select = Background.platform("select", () -> key.selector().select(1_000));
        select.awaitBlockedIn("select");
        scene.timed("cancel", 0, 700, key::cancel);
        scene.say("selected", select.outcome());
        scene.say("keys", key.selector().keys().size());
        scene.say("channel" + Channels.flags((SocketChannel) key.channel()));
    }

    private static void closed(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        key.channel().close();
        scene.say("valid", key.isValid());
        scene.say("keys", key.selector().keys().size());
        scene.of("select", () -> key.selector().selectNow());
        scene.say("keys", key.selector().keys().size());
    }

    private static void closedInSelect(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        Background select = Background.platform("select", () -> key.selector().select(1_000));
        select.awaitBlockedIn("select");
        scene.timed("close", 0, 700, () -> key.channel().close());
        scene.say("selected", select.outcome());
        scene.say("valid", key.isValid());
        scene.say("keys", key.selector().keys().size());
    }

    private static void selectorClosed(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        SocketChannel channel = (SocketChannel) key.channel();
        Channels.settle(key.selector());
        Background select = Background.platform("select", () -> key.selector().select());
        select.awaitBlockedIn("select");
        scene.timed("close", 0, 2_000, () -> key.selector().close());
        scene.say("select", select.outcome());
        scene.say("valid", key.isValid());
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
    }

    private static void selectorClosedBefore(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        SocketChannel channel = (SocketChannel) key.channel();
        Channels.settle(key.selector());
        key.selector().close();
        scene.of("select", () -> key.selector().select());
        scene.say("channel" + Channels.flags(channel));
        scene.of("finish", channel::finishConnect);
        Selector other = Channels.selector(scene);
        channel.register(other, OP_CONNECT);
        scene.say("other", Channels.during(other, 200));
    }

    private static void two(Scene scene) throws Exception {
        Selector first = Channels.selector(scene);
        Selector second = Channels.selector(scene);
        SocketChannel channel = Channels.pending(scene);
        channel.register(first, OP_CONNECT);
        channel.register(second, OP_READ);
        Channels.settle(first);
        Channels.settle(second);
        scene.timed("first", 300, 3_000, () -> scene.say("selected", first.select(300)));
        scene.timed("second", 300, 3_000, () -> scene.say("selected", second.select(300)));
        channel.close();
        scene.of("first", first::selectNow);
        scene.of("second", second::selectNow);
        scene.say("keys", first.keys().size() + " " + second.keys().size());
    }

    private static void pipe(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT).selector();
        Pipe pipe = Pipe.open();
        Pipe.SourceChannel source = scene.closing(pipe.source());
        Pipe.SinkChannel sink = scene.closing(pipe.sink());
        source.configureBlocking(false);
        source.register(selector, OP_READ);
        Channels.settle(selector);
        Background select = Background.platform("select", () -> selector.select());
        select.awaitBlockedIn("select");
        sink.write(ByteBuffer.wrap(new byte[] {1}));
        scene.say("selected", select.outcome());
        scene.say("ready", Channels.next(selector));
    }

    private static void registeredInSelect(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        Background select = Background.platform("select", () -> selector.select());
        select.awaitBlockedIn("select");
        SocketChannel channel = Channels.pending(scene);
        scene.timed("register", 0, 2_000, () -> channel.register(selector, OP_CONNECT));
        scene.say("waits", select.runsFor(200));
        selector.wakeup();
        scene.say("selected", select.outcome());
        scene.say("then", Channels.during(selector, 200));
        scene.say("keys", selector.keys().size());
    }

    private static void finish(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        SocketChannel channel = (SocketChannel) key.channel();
        for (int i = 0; i < 3; i++) {
            scene.of("finish", channel::finishConnect);
            scene.say(Channels.during(key.selector(), 100));
        }
        scene.say("channel" + Channels.flags(channel));
        scene.say("interest", Channels.operations(key.interestOps()));
    }
}
