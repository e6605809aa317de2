// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Selectors whose channel's connect never ends: they wait, idle, and hear of everything else. */
final class SelectorPendingCases {
    /** More than there are steps on the way to a server, and less than a selector makes that does not wait. */
    private static final int MOST_RETURNS = 30;

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

    /** One of a selector's selects, for so many milliseconds. */
    @FunctionalInterface
    private interface Select {
        int during(long millis) throws IOException;
    }

    /**
     * Selects for that long: a select may return early a few times, with nothing, where a server that the program knows
     * nothing of answers late.
     */
    private static String waits(Selector selector, long millis, Select select) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int selected = 0;
        int returns = 0;
        for (long left = millis; left > 0 && selected == 0; left = untilMillis(endNanos)) {
            selected = select.during(left);
            returns++;
        }
        if (selected > 0 || !selector.selectedKeys().isEmpty()) {
            return "selected " + selected;
        }
        return returns < MOST_RETURNS ? "waits" : returns + " returns";
    }

    /** A thread that selects without a limit, as {@link #waits}, until something is selected or somebody ends it. */
    private static Background selecting(Selector selector, AtomicBoolean woken) {
        return Background.platform("select", () -> {
            int selected = 0;
            boolean ended = false;
            for (int left = MOST_RETURNS; left > 0 && !ended; left--) {
                selected = selector.select();
                ended = selected > 0 || woken.get() || !selector.isOpen();
            }
            return ended ? selected : "returns often";
        });
    }

    private static long untilMillis(long endNanos) {
        return TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
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
        scene.timed("select", 200, () -> scene.say(waits(selector, 200, selector::select)));
        scene.timed("consumer", 200, () -> scene.say(waits(selector, 200, left -> selector.select(key -> {}, left))));
        scene.timed("now", 0, () -> scene.say("selected", selector.selectNow()));
    }

    private static void wakesUp(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT | OP_READ).selector();
        Channels.settle(selector);
        AtomicBoolean woken = new AtomicBoolean();
        Background select = selecting(selector, woken);
        select.awaitBlockedIn("select");
        scene.say("waits", select.runsFor(200));
        woken.set(true);
        selector.wakeup();
        scene.say("selected", select.outcome());
        scene.timed("once", 200, () -> scene.say(waits(selector, 200, selector::select)));
    }

    private static void wokenBefore(Scene scene) throws Exception {
        Selector selector = pending(scene, OP_CONNECT).selector();
        Channels.settle(selector);
        selector.wakeup();
        selector.wakeup();
        scene.timed("select", 0, () -> scene.say("selected", selector.select()));
        scene.timed("once", 200, () -> scene.say(waits(selector, 200, selector::select)));
        selector.wakeup();
        scene.of("taken by selectNow", selector::selectNow);
        scene.timed("select", 200, () -> scene.say(waits(selector, 200, selector::select)));
    }

    private static void interrupted(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        AtomicBoolean woken = new AtomicBoolean();
        Background select = Background.platform("select", () -> {
            int selected;
            do {
                selected = key.selector().select();
            } while (selected == 0 && !woken.get());
            return selected + " " + Thread.interrupted();
        });
        select.awaitBlockedIn("select");
        woken.set(true);
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
            long before = threads.getCurrentThreadCpuTime();
            scene.say(waits(selector, 500, selector::select));
            long millis = TimeUnit.NANOSECONDS.toMillis(threads.getCurrentThreadCpuTime() - before);
            scene.say(millis < 150 ? "idle" : millis + " ms of CPU");
        }
    }

    private static void noInterest(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Selector selector = key.selector();
        Channels.settle(selector);
        key.interestOps(0);
        scene.timed("select", 200, () -> scene.say(waits(selector, 200, selector::select)));
        key.interestOps(OP_CONNECT);
        scene.say("with interest", Channels.during(selector, 200));
        scene.say("ready", key.readyOps());
    }

    private static void interestChanged(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        Channels.settle(key.selector());
        AtomicBoolean woken = new AtomicBoolean();
        Background select = selecting(key.selector(), woken);
        select.awaitBlockedIn("select");
        scene.timed("change", 0, () -> key.interestOps(OP_READ | OP_CONNECT));
        scene.say("waits", select.runsFor(200));
        woken.set(true);
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
        AtomicBoolean woken = new AtomicBoolean();
        Background select = selecting(key.selector(), woken);
        select.awaitBlockedIn("select");
        scene.timed("cancel", 0, key::cancel);
        scene.say("waits", select.runsFor(100));
        woken.set(true);
        key.selector().wakeup();
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
        AtomicBoolean woken = new AtomicBoolean();
        Background select = selecting(key.selector(), woken);
        select.awaitBlockedIn("select");
        scene.timed("close", 0, () -> key.channel().close());
        scene.say("waits", select.runsFor(100));
        woken.set(true);
        key.selector().wakeup();
        scene.say("selected", select.outcome());
        scene.say("valid", key.isValid());
        scene.say("keys", key.selector().keys().size());
    }

    private static void selectorClosed(Scene scene) throws Exception {
        SelectionKey key = pending(scene, OP_CONNECT);
        SocketChannel channel = (SocketChannel) key.channel();
        Channels.settle(key.selector());
        Background select = selecting(key.selector(), new AtomicBoolean());
        select.awaitBlockedIn("select");
        scene.timed("close", 0, () -> key.selector().close());
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
        scene.timed("first", 200, () -> scene.say(waits(first, 200, first::select)));
        scene.timed("second", 200, () -> scene.say(waits(second, 200, second::select)));
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
        Background select = selecting(selector, new AtomicBoolean());
        select.awaitBlockedIn("select");
        sink.write(ByteBuffer.wrap(new byte[] {1}));
        scene.say("selected", select.outcome());
        scene.say("ready", Channels.next(selector));
    }

    private static void registeredInSelect(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        AtomicBoolean woken = new AtomicBoolean();
        Background select = selecting(selector, woken);
        select.awaitBlockedIn("select");
        SocketChannel channel = Channels.pending(scene);
        scene.timed("register", 0, () -> channel.register(selector, OP_CONNECT));
        scene.say("waits", select.runsFor(200));
        woken.set(true);
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
