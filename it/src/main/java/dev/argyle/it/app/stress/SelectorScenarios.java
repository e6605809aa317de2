// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Connects that selectors wait for. */
final class SelectorScenarios {
    /** For those whose event another thread may take away. */
    private static final long LOOK_MILLIS = 20;

    private SelectorScenarios() {}

    static void addTo(Map<String, Scenario> scenarios) {
        scenarios.put("one selector", SelectorScenarios::one);
        scenarios.put("two selectors, each finishes", SelectorScenarios::twoFinish);
        scenarios.put("two selectors, one reads on", SelectorScenarios::twoReadOn);
        scenarios.put("finishConnect by another thread", SelectorScenarios::foreignFinish);
        scenarios.put("interest changed by another thread", SelectorScenarios::foreignInterest);
        scenarios.put("key cancelled", SelectorScenarios::keyCancelled);
        scenarios.put("selector closed", SelectorScenarios::selectorClosed);
        scenarios.put("wakeups", SelectorScenarios::wakeups);
        scenarios.put("channel closed under a selector", SelectorScenarios::closed);
        scenarios.put("event loop", SelectorScenarios::eventLoop);
    }

    /** A new channel whose connect has begun, registered before or after; null if that has failed as it may. */
    private static @Nullable Selecting begin(Round round, int interest) throws Exception {
        SocketChannel channel = round.nonBlocking();
        Selector selector = round.selector();
        boolean before = round.either();
        if (before) {
            channel.register(selector, interest);
            if (round.either()) {
                selector.selectNow();
                selector.selectedKeys().clear();
            }
        }
        if (!round.begins(channel)) {
            return null;
        }
        if (!before) {
            channel.register(selector, interest);
        }
        return new Selecting(round, channel, selector);
    }

    private static void one(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.anyInterest(round));
        if (selecting != null) {
            finishAndTalk(round, selecting);
        }
    }

    private static void finishAndTalk(Round round, Selecting selecting) throws Exception {
        if (round.connects(selecting.channel(), selecting::finish)) {
            Talk.talk(round, selecting.channel(), selecting::awaitReadable);
        }
    }

    /** Both selectors are told of the connect, and both threads finish it. */
    private static void twoFinish(Round round) throws Exception {
        Selecting first = begin(round, Selecting.anyInterest(round));
        if (first == null) {
            return;
        }
        SocketChannel channel = first.channel();
        Selector other = round.selector();
        channel.register(other, Selecting.withConnect(round));
        Selecting second = new Selecting(round, channel, other);
        // who loses finds the channel closed by the other's failure
        AtomicBoolean failed = new AtomicBoolean();
        boolean untold = (first.key().interestOps() & OP_CONNECT) == 0;
        CyclicBarrier both = new CyclicBarrier(2);
        Future<Boolean> helper = round.fork(() -> {
            boolean connected = shared(round, second, false, failed, first.selector());
            both.await(Plan.LIMIT_SECONDS, TimeUnit.SECONDS);
            if (connected && round.role() == Role.FIRST) {
                second.awaitReadable();
                both.await(Plan.LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            return connected;
        });
        boolean connected = shared(round, first, untold, failed, other);
        both.await(Plan.LIMIT_SECONDS, TimeUnit.SECONDS);
        if (connected && round.role() == Role.FIRST) {
            first.awaitReadable();
            both.await(Plan.LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        if (round.join(helper) != connected) {
            throw new Wrong("connected for one thread: " + connected + ", and not for the other");
        }
        if (connected) {
            round.mayConnect();
            Talk.talk(round, channel, first::awaitReadable);
        }
    }

    private static boolean shared(
            Round round, Selecting selecting, boolean untold, AtomicBoolean failed, Selector other) throws Exception {
        try {
            // a failure that the other thread has seen cancels this one's key; a success takes its event away
            while (!selecting.channel().isConnected()) {
                round.checkTime();
                int ready = selecting.readyWithin(LOOK_MILLIS);
                if ((ready & OP_CONNECT) != 0 || untold) {
                    selecting.channel().finishConnect();
                }
                if (!selecting.channel().isOpen() && failed.get()) {
                    return false;
                }
            }
            return true;
        } catch (ClosedChannelException | CancelledKeyException late) {
            if (!failed.get() && !round.waitFor(failed::get)) {
                throw new Wrong("closed, and nobody has failed", late);
            }
            return false;
        } catch (IOException failure) {
            round.failed(failure, selecting.channel());
            failed.set(true);
            other.wakeup();
            return false;
        }
    }

    /** The other selector has an interest in reading from the start, which nobody touches. */
    private static void twoReadOn(Round round) throws Exception {
        Selecting first = begin(round, Selecting.anyInterest(round));
        if (first != null) {
            Selector other = round.selector();
            first.channel().register(other, round.either() ? OP_READ : OP_READ | OP_CONNECT);
            readOn(round, new Selecting(round, first.channel(), other), first::finish);
        }
    }

    private static void foreignFinish(Round round) throws Exception {
        Selecting selecting = begin(round, round.either() ? OP_READ : OP_READ | OP_CONNECT);
        if (selecting != null) {
            readOn(round, selecting, () -> Threads.finishInALoop(round, selecting.channel()));
        }
    }

    private interface Finish {
        boolean finish() throws IOException;
    }

    private static void readOn(Round round, Selecting reading, Finish finish) throws Exception {
        SocketChannel channel = reading.channel();
        Future<Boolean> finishing = round.fork(() -> {
            boolean connected = round.connects(channel, finish::finish);
            if (!connected) {
                reading.selector().wakeup();
            } else if (round.role() == Role.ECHO) {
                Talk.say(round, channel);
            }
            return connected;
        });
        boolean tooEarly = reading.awaitReadableOr(() -> !channel.isOpen()) && !channel.isConnected();
        if (!round.join(finishing)) {
            return;
        }
        if (tooEarly) {
            throw new Wrong("readable before it was connected");
        }
        switch (round.role()) {
            case ECHO -> {
                Talk.hear(round, channel, Talk::polling, round.word());
                round.ends("connected");
            }
            default -> Talk.talk(round, channel, reading::awaitReadableAsIs);
        }
    }

    /** While one thread selects, another changes what it selects for. */
    private static void foreignInterest(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.anyInterest(round));
        if (selecting == null) {
            return;
        }
        int[] interests = new int[1 + round.below(8)];
        for (int i = 0; i < interests.length; i++) {
            interests[i] = i == interests.length - 1 ? Selecting.withConnect(round) : Selecting.anyInterest(round);
        }
        boolean wakes = round.either();
        SelectionKey key = selecting.key();
        AtomicBoolean last = new AtomicBoolean();
        Future<String> changing = round.fork(() -> {
            for (int interest : interests) {
                key.interestOps(interest);
                if (wakes) {
                    selecting.selector().wakeup();
                }
                Round.poll();
            }
            last.set(true);
            selecting.selector().wakeup();
            return "";
        });
        boolean connected = round.connects(selecting.channel(), () -> {
            while (!last.get()) {
                round.checkTime();
                selecting.readyWithin(round.leftMillis());
            }
            return selecting.finish();
        });
        round.join(changing);
        if (connected) {
            Talk.talk(round, selecting.channel(), selecting::awaitReadable);
        }
    }

    /** A key goes during the handshake; another, or none, takes its place. */
    private static void keyCancelled(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.anyInterest(round));
        if (selecting == null) {
            return;
        }
        SocketChannel channel = selecting.channel();
        Selector selector = selecting.selector();
        if (round.either()) {
            selector.selectNow();
            selector.selectedKeys().clear();
        }
        round.pause();
        selecting.key().cancel();
        if (round.either()) {
            round.pause();
        }
        selector.selectNow();
        if (channel.isRegistered() || selector.selectedKeys().size() > 0) {
            throw new Wrong("registered after the key was cancelled");
        }
        switch (round.below(3)) {
            case 0 -> {
                channel.register(selector, Selecting.anyInterest(round));
                finishAndTalk(round, selecting);
            }
            case 1 -> {
                Selecting other = new Selecting(round, channel, round.selector());
                channel.register(other.selector(), Selecting.anyInterest(round));
                finishAndTalk(round, other);
            }
            default -> Threads.finishBlocking(round, channel);
        }
    }

    /** A selector goes during the handshake; another, or none, takes its place. */
    private static void selectorClosed(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.anyInterest(round));
        if (selecting == null) {
            return;
        }
        SocketChannel channel = selecting.channel();
        if (round.either()) {
            selecting.selector().selectNow();
        }
        round.pause();
        selecting.selector().close();
        if (round.either()) {
            Selecting other = new Selecting(round, channel, round.selector());
            channel.register(other.selector(), Selecting.anyInterest(round));
            finishAndTalk(round, other);
        } else {
            Threads.finishBlocking(round, channel);
        }
    }

    /** Each wakeup of another thread ends a select, whatever the connect does meanwhile. */
    private static void wakeups(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.withConnect(round));
        if (selecting == null) {
            return;
        }
        Selector selector = selecting.selector();
        SelectionKey key = selecting.key();
        int count = 1 + round.below(12);
        AtomicInteger given = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Future<String> waking = round.fork(() -> {
            for (int i = 1; i <= count; i++) {
                given.set(i);
                selector.wakeup();
                round.stress().score().wakeup();
                int due = i;
                if (!round.waitFor(() -> taken.get() >= due)) {
                    throw new Wrong("wakeup " + due + " has not ended a select");
                }
            }
            return "";
        });
        boolean connected = false;
        boolean readable = false;
        while (taken.get() < count || !(readable || !key.isValid())) {
            round.now("selecting, woken " + taken.get() + " times of " + count);
            // for ever: nothing but the connect and the wakeups ends it
            selector.select();
            taken.set(given.get());
            int ready = selecting.taken();
            if ((ready & OP_CONNECT) != 0 && !connected) {
                connected = round.connects(selecting.channel(), selecting.channel()::finishConnect);
                if (connected) {
                    key.interestOps(OP_READ);
                    if (round.role() == Role.ECHO) {
                        Talk.say(round, selecting.channel());
                    }
                }
            } else if ((ready & OP_READ) != 0 && connected) {
                readable = true;
                key.interestOps(0);
            }
        }
        round.join(waking);
        if (connected) {
            if (round.role() == Role.ECHO) {
                Talk.hear(round, selecting.channel(), selecting::awaitReadable, round.word());
                round.ends("connected");
            } else {
                Talk.talk(round, selecting.channel(), selecting::awaitReadable);
            }
        }
    }

    /** Another thread closes the channel while this one selects. */
    private static void closed(Round round) throws Exception {
        Selecting selecting = begin(round, Selecting.anyInterest(round));
        if (selecting == null) {
            return;
        }
        round.interferes();
        SocketChannel channel = selecting.channel();
        Selector selector = selecting.selector();
        Future<String> closing = round.fork(() -> {
            round.pause();
            channel.close();
            selector.wakeup();
            return "";
        });
        SelectionKey key = selecting.key();
        while (channel.isOpen()) {
            round.now("selecting until it is closed");
            round.checkTime();
            try {
                if ((selecting.readyWithin(round.leftMillis()) & OP_CONNECT) != 0 && channel.finishConnect()) {
                    key.interestOps(0);
                }
            } catch (CancelledKeyException gone) {
                round.ends("closed");
            } catch (IOException failure) {
                round.failed(failure, channel);
            }
        }
        round.join(closing);
        selector.selectNow();
        if (key.isValid() || !selector.keys().isEmpty()) {
            throw new Wrong("a key of a closed channel is left");
        }
        round.ends("closed");
    }

    /** Some connections at once on a loop that makes all of its threads' connections. */
    private static void eventLoop(Round round) throws Exception {
        EventLoop loop = round.stress().loop(round.below(Stress.LOOPS));
        SocketChannel channel = round.nonBlocking();
        round.join(loop.connect(round, channel, Selecting.withConnect(round)));
    }
}
