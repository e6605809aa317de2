// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A connect of a SocketChannel that blocks: what ends it, in a thread of either kind. */
final class ChannelBlockingCases {
    private static final int MANY = 200;

    private ChannelBlockingCases() {}

    static void addTo(Cases cases) {
        cases.addPending("channel's connect is pending without end", ChannelBlockingCases::withoutEnd);
        cases.addPending("channel interrupted while connecting", scene -> interrupted(scene, false));
        cases.addPending("channel interrupted before connect", scene -> interruptedBefore(scene, false));
        cases.addPending("channel closed while connecting", scene -> closed(scene, false));
        cases.addPending("channel's blocking mode while connecting", ChannelBlockingCases::mode);
        cases.addPending("channel connects while another thread connects", ChannelBlockingCases::concurrently);
        cases.addPending("channel's state while another thread connects", ChannelBlockingCases::state);
        cases.addPending("channel in a virtual thread interrupted while connecting", scene -> interrupted(scene, true));
        cases.addPending(
                "channel in a virtual thread interrupted before connect", scene -> interruptedBefore(scene, true));
        cases.addPending("channel in a virtual thread closed while connecting", scene -> closed(scene, true));
        cases.add("channel in a virtual thread", ChannelBlockingCases::virtual);
        cases.add("channel in a virtual thread refused", ChannelBlockingCases::virtualRefused);
        cases.add("channels in 200 virtual threads", ChannelBlockingCases::manyVirtual);
        cases.addPending("connecting channels do not hold virtual threads' carriers", ChannelBlockingCases::carriers);
        cases.add("closing a channel races its connect", ChannelBlockingCases::races);
        cases.add("failed channels leave no descriptor", ChannelBlockingCases::descriptors);
    }

    private static boolean available(Scene scene, boolean virtual) {
        if (virtual && !VirtualThreads.available()) {
            scene.say("not available");
            return false;
        }
        return true;
    }

    private static Background start(boolean virtual, Callable<?> body) {
        return virtual ? Background.virtual(body) : Background.platform("connecting", body);
    }

    /** The connect's end and the thread's interrupted status then. */
    private static Callable<String> connect(Scene scene, SocketChannel channel, String role) {
        return () -> {
            String outcome;
            try {
                outcome = String.valueOf(channel.connect(scene.at(role)));
            } catch (IOException e) {
                outcome = Words.of(e, scene.world().roles());
            }
            return outcome + (Thread.interrupted() ? " interrupted" : "");
        };
    }

    private static void withoutEnd(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background connect = start(false, connect(scene, channel, "stalled"));
        scene.say("pending", connect.runsFor(700));
        channel.close();
        scene.say("connect", connect.outcome());
    }

    private static void interrupted(Scene scene, boolean virtual) throws Exception {
        if (!available(scene, virtual)) {
            return;
        }
        SocketChannel channel = Channels.open(scene);
        Background connect = start(virtual, connect(scene, channel, "stalled"));
        connect.awaitBlockedIn("connect");
        connect.thread().interrupt();
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void interruptedBefore(Scene scene, boolean virtual) throws Exception {
        if (!available(scene, virtual)) {
            return;
        }
        SocketChannel channel = Channels.open(scene);
        Background connect = start(virtual, () -> {
            Thread.currentThread().interrupt();
            return connect(scene, channel, "stalled").call();
        });
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void closed(Scene scene, boolean virtual) throws Exception {
        if (!available(scene, virtual)) {
            return;
        }
        SocketChannel channel = Channels.open(scene);
        Background connect = start(virtual, connect(scene, channel, "stalled"));
        connect.awaitBlockedIn("connect");
        scene.timed("close", 0, channel::close);
        scene.say("connect", connect.outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void mode(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background connect = start(false, connect(scene, channel, "stalled"));
        connect.awaitBlockedIn("connect");
        Background mode = Background.platform("mode", () -> channel.configureBlocking(false));
        scene.say("mode waits", mode.runsFor(300));
        channel.close();
        scene.say("connect", connect.outcome());
        scene.say("mode", mode.outcome());
    }

    private static void concurrently(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background first = start(false, connect(scene, channel, "stalled"));
        first.awaitBlockedIn("connect");
        Background second = start(false, connect(scene, channel, "stalled"));
        scene.say("second waits", second.runsFor(300));
        channel.close();
        scene.say("first", first.outcome());
        scene.say("second", second.outcome());
    }

    private static void state(Scene scene) throws Exception {
        SocketChannel channel = Channels.open(scene);
        Background connect = start(false, connect(scene, channel, "stalled"));
        connect.awaitBlockedIn("connect");
        scene.of("remote", channel::getRemoteAddress);
        scene.say("channel" + Channels.flags(channel));
        scene.say("socket" + Sockets.flags(channel.socket()));
        channel.close();
        scene.say("connect", connect.outcome());
    }

    private static void virtual(Scene scene) throws Exception {
        if (!available(scene, true)) {
            return;
        }
        SocketChannel channel = Channels.open(scene);
        Background connect = start(true, () -> channel.connect(scene.at("echo")) + " " + Channels.ping(channel));
        scene.say("connect", connect.outcome());
        scene.say("blocking", channel.isBlocking());
        scene.of("remote", channel::getRemoteAddress);
        scene.say("echo in another thread", Channels.ping(channel));
    }

    private static void virtualRefused(Scene scene) throws Exception {
        if (!available(scene, true)) {
            return;
        }
        SocketChannel channel = Channels.open(scene);
        scene.say("connect", start(true, connect(scene, channel, "refused")).outcome());
        scene.say("channel" + Channels.flags(channel));
    }

    private static void manyVirtual(Scene scene) throws Exception {
        if (!available(scene, true)) {
            return;
        }
        CountDownLatch all = new CountDownLatch(MANY);
        CountDownLatch done = new CountDownLatch(MANY);
        AtomicInteger pings = new AtomicInteger();
        for (int i = 0; i < MANY; i++) {
            Background.virtual(() -> {
                try (SocketChannel channel = SocketChannel.open(scene.at("echo"))) {
                    all.countDown();
                    all.await();
                    pings.addAndGet(Channels.ping(channel).equals("ping") ? 1 : 0);
                } finally {
                    done.countDown();
                }
                return "";
            });
        }
        scene.say("all done", done.await(15, TimeUnit.SECONDS));
        scene.say("pings", pings.get());
    }

    /** More of them than there are carriers. */
    private static void carriers(Scene scene) throws Exception {
        if (!available(scene, true)) {
            return;
        }
        for (int i = 0; i < 20; i++) {
            Background waiting = start(true, connect(scene, Channels.open(scene), "stalled"));
            waiting.awaitBlockedIn("connect");
        }
        scene.say("another runs", Background.virtual(() -> "yes").outcome());
    }

    /** Whatever wins, the channel ends closed and the connect ends in one of three ways. */
    private static void races(Scene scene) throws Exception {
        int wrong = 0;
        for (int i = 0; i < 100; i++) {
            SocketChannel channel = SocketChannel.open();
            CountDownLatch go = new CountDownLatch(1);
            Background connect = Background.platform("connect", () -> {
                go.await();
                return channel.connect(scene.at("echo"));
            });
            go.countDown();
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            channel.close();
            String outcome = String.valueOf(connect.outcome());
            boolean expected = outcome.equals("true")
                    || outcome.equals("java.nio.channels.AsynchronousCloseException")
                    || outcome.equals("java.nio.channels.ClosedChannelException");
            if (!expected || channel.isOpen()) {
                wrong++;
                System.err.println("closing a channel races its connect: " + outcome);
            }
        }
        scene.say("wrong", wrong);
    }

    private static void descriptors(Scene scene) throws Exception {
        fail(scene, 3);
        int before = VolumeCases.openDescriptors();
        fail(scene, 60);
        VolumeCases.sayLeft(scene, before);
    }

    /** By refusal, in both modes, and by a close while the connect is pending. */
    private static void fail(Scene scene, int times) throws IOException {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(i % 2 == 0);
            if (i % 3 == 0) {
                channel.configureBlocking(false);
                channel.connect(scene.at("stalled"));
                channel.close();
                failed++;
                continue;
            }
            try {
                channel.connect(scene.at("refused"));
                Channels.finish(channel);
            } catch (ConnectException expected) {
                failed++;
            }
        }
        scene.say("failed", failed);
    }
}
