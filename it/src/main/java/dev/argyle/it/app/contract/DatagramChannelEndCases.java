// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** DatagramChannel with several threads: closed and interrupted, and in virtual threads. */
final class DatagramChannelEndCases {
    /** More than any scheduler of these tests has carriers. */
    private static final int WAITING = 6;

    private DatagramChannelEndCases() {}

    /** How a thread waits for datagrams. */
    @FunctionalInterface
    private interface Waits {
        Object in(DatagramChannel channel) throws IOException;
    }

    static void addTo(Cases cases) {
        Waits receives = channel -> channel.receive(ByteBuffer.allocate(10));
        Waits reads = channel -> channel.read(ByteBuffer.allocate(10));
        Waits scatters = channel -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(10)});
        add(cases, "closed while receiving", scene -> closed(scene, false, "receive", receives));
        add(cases, "closed while receiving, connected", scene -> closed(scene, true, "receive", receives));
        add(cases, "closed while reading", scene -> closed(scene, true, "read", reads));
        add(cases, "closed while scattering", scene -> closed(scene, true, "read", scatters));
        add(cases, "interrupted while receiving", scene -> interrupted(scene, false, "receive", receives));
        add(cases, "interrupted while reading", scene -> interrupted(scene, true, "read", reads));
        add(cases, "interrupted before it receives", DatagramChannelEndCases::interruptedBefore);
        add(cases, "interrupted before it sends", DatagramChannelEndCases::interruptedBeforeSend);
        add(cases, "interrupted before it writes", DatagramChannelEndCases::interruptedBeforeWrite);
        add(cases, "calls when closed", DatagramChannelEndCases::callsWhenClosed);
        add(cases, "closed while sending", DatagramChannelEndCases::whileSending);
        add(cases, "sent while another thread receives", DatagramChannelEndCases::meanwhile);
        add(cases, "two threads receive", DatagramChannelEndCases::twoReceive);
        add(cases, "mode changed while receiving", DatagramChannelEndCases::modeChanged);
        add(cases, "opened, used and closed", DatagramChannelEndCases::opened);
        addVirtual(cases, "virtual thread's exchange", DatagramChannelEndCases::virtualExchange);
        addVirtual(cases, "closed while a virtual thread receives", scene -> virtualEnds(scene, false));
        addVirtual(cases, "virtual thread interrupted while receiving", scene -> virtualEnds(scene, true));
        addVirtual(cases, "virtual threads that receive do not pin", DatagramChannelEndCases::doNotPin);
    }

    private static void add(Cases cases, String name, Case body) {
        cases.add("DatagramChannel, " + name, body);
    }

    private static void addVirtual(Cases cases, String name, Case body) {
        cases.addVirtual("DatagramChannel, " + name, body);
    }

    private static DatagramChannel used(Scene scene, boolean connected) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        if (connected) {
            channel.connect(scene.at("echo"));
        }
        return channel;
    }

    private static void closed(Scene scene, boolean connected, String method, Waits waits) throws Exception {
        DatagramChannel channel = used(scene, connected);
        Background waiting = Background.platform("waiting", () -> waits.in(channel));
        waiting.awaitBlockedIn(method);
        scene.timed("close", 0, channel::close);
        scene.say("ended", waiting.outcome());
    }

    private static void interrupted(Scene scene, boolean connected, String method, Waits waits) throws Exception {
        DatagramChannel channel = used(scene, connected);
        Background waiting = Background.platform("waiting", () -> withStatus(() -> waits.in(channel)));
        waiting.awaitBlockedIn(method);
        waiting.thread().interrupt();
        scene.say("ended", waiting.outcome());
        scene.say("open", channel.isOpen());
    }

    private static String withStatus(Callable<?> call) throws Exception {
        String outcome;
        try {
            outcome = String.valueOf(call.call());
        } catch (IOException e) {
            outcome = e.toString();
        }
        return outcome + " interrupted=" + Thread.interrupted();
    }

    private static void interruptedBefore(Scene scene) throws Exception {
        DatagramChannel channel = used(scene, false);
        Background waiting = Background.platform("waiting", () -> {
            Thread.currentThread().interrupt();
            return withStatus(() -> channel.receive(ByteBuffer.allocate(10)));
        });
        scene.say("ended", waiting.outcome());
        scene.say("open", channel.isOpen());
    }

    /** The first datagram may have to wait for its way. */
    private static void interruptedBeforeSend(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.open(scene);
        Background sender = Background.platform("sender", () -> {
            Thread.currentThread().interrupt();
            return withStatus(() -> channel.send(US_ASCII.encode("a"), scene.at("silent")));
        });
        scene.say("ended", sender.outcome());
        scene.say("open", channel.isOpen());
    }

    private static void interruptedBeforeWrite(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("silent"));
        Background sender = Background.platform("sender", () -> {
            Thread.currentThread().interrupt();
            return withStatus(() -> channel.write(US_ASCII.encode("a")));
        });
        scene.say("ended", sender.outcome());
        scene.say("open", channel.isOpen());
    }

    private static void callsWhenClosed(Scene scene) throws IOException {
        DatagramChannel channel = used(scene, true);
        scene.does("close", channel::close);
        scene.does("again", channel::close);
        scene.of("send", () -> channel.send(ByteBuffer.allocate(1), scene.at("echo")));
        scene.of("receive", () -> channel.receive(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.does("connect", () -> channel.connect(scene.at("echo")));
        scene.does("bind", () -> channel.bind(null));
        scene.does("blocking", () -> channel.configureBlocking(false));
        scene.does("address", channel::getLocalAddress);
        scene.say("socket" + Datagrams.flags(channel.socket()));
    }

    private static void whileSending(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.open(scene);
        Background sender = Background.platform("sender", () -> {
            while (true) {
                channel.send(US_ASCII.encode("a"), scene.at("silent"));
            }
        });
        scene.say("sends", sender.runsFor(30));
        channel.close();
        // in a call or between two
        Object outcome = sender.outcome();
        scene.say("closed", outcome instanceof ClosedChannelException ? "yes" : outcome);
    }

    private static void meanwhile(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.open(scene).bind(null);
        ByteBuffer answer = ByteBuffer.allocate(100);
        Background receiver = Background.platform("receiver", () -> channel.receive(answer));
        receiver.awaitBlockedIn("receive");
        scene.of("sent", () -> channel.send(US_ASCII.encode("a"), scene.at("echo")));
        for (int left = Datagrams.TRIES; left > 1; left--) {
            if (receiver.ends(Datagrams.TRY_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
            channel.send(US_ASCII.encode("a"), scene.at("echo"));
        }
        scene.say("from", receiver.outcome());
        scene.say("text", Channels.text(answer));
    }

    private static void twoReceive(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.open(scene).bind(null);
        List<Background> receivers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ByteBuffer answer = ByteBuffer.allocate(100);
            receivers.add(Background.platform("receiver", () -> {
                return channel.receive(answer) + " " + Channels.text(answer);
            }));
        }
        for (int i = 0; i < receivers.size(); i++) {
            channel.send(US_ASCII.encode("a"), scene.at("echo"));
        }
        for (Background receiver : receivers) {
            for (int left = Datagrams.TRIES; left > 0; left--) {
                if (receiver.ends(Datagrams.TRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
                channel.send(US_ASCII.encode("a"), scene.at("echo"));
            }
        }
        for (Background receiver : receivers) {
            scene.say("received", receiver.outcome());
        }
    }

    /** The mode is for the next call. */
    private static void modeChanged(Scene scene) throws Exception {
        DatagramChannel channel = used(scene, false);
        scene.does("non-blocking", () -> channel.configureBlocking(false));
        scene.of("nothing", () -> channel.receive(ByteBuffer.allocate(10)));
        scene.does("blocking", () -> channel.configureBlocking(true));
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
        channel.connect(scene.at("second"));
        channel.configureBlocking(false);
        scene.of("nothing", () -> channel.read(ByteBuffer.allocate(10)));
        channel.configureBlocking(true);
        scene.of("echo", () -> DatagramChannels.ask(channel, "c"));
    }

    private static void opened(Scene scene) throws IOException {
        int answers = 0;
        for (int i = 0; i < 30; i++) {
            try (DatagramChannel channel = DatagramChannel.open()) {
                answers += DatagramChannels.ask(channel, scene.at("echo"), "a").startsWith("a from") ? 1 : 0;
            }
        }
        scene.say("answers", answers);
    }

    private static void virtualExchange(Scene scene) throws Exception {
        DatagramChannel channel = DatagramChannels.open(scene);
        Background exchange = Background.virtual(() -> {
            ByteBuffer answer = ByteBuffer.allocate(10);
            channel.send(US_ASCII.encode("a"), scene.at("echo"));
            String unconnected = Channels.text(answer) + " from " + channel.receive(answer);
            channel.connect(scene.at("second"));
            channel.write(US_ASCII.encode("b"));
            return unconnected + ", " + channel.read(answer) + " " + Channels.text(answer);
        });
        scene.say(exchange.outcome());
    }

    private static void virtualEnds(Scene scene, boolean interrupts) throws Exception {
        DatagramChannel channel = used(scene, false);
        Background receiver = Background.virtual(() -> withStatus(() -> channel.receive(ByteBuffer.allocate(10))));
        receiver.awaitBlockedIn("receive");
        if (interrupts) {
            receiver.thread().interrupt();
        } else {
            channel.close();
        }
        scene.say("ended", receiver.outcome());
        scene.say("open", channel.isOpen());
    }

    private static void doNotPin(Scene scene) throws Exception {
        List<DatagramChannel> channels = new ArrayList<>();
        List<Background> receivers = new ArrayList<>();
        InetSocketAddress silent = scene.at("silent");
        for (int i = 0; i < WAITING; i++) {
            DatagramChannel channel = DatagramChannels.open(scene);
            channels.add(channel);
            receivers.add(Background.virtual(() -> {
                channel.send(US_ASCII.encode("a"), silent);
                return channel.receive(ByteBuffer.allocate(10));
            }));
        }
        for (Background receiver : receivers) {
            receiver.awaitBlockedIn("receive");
        }
        DatagramChannel other = DatagramChannels.open(scene);
        Background exchange = Background.virtual(() -> {
            ByteBuffer answer = ByteBuffer.allocate(10);
            other.send(US_ASCII.encode("a"), scene.at("echo"));
            return other.receive(answer);
        });
        scene.say("another virtual thread", exchange.outcome());
        int waiting = 0;
        for (Background receiver : receivers) {
            waiting += receiver.ends(0, TimeUnit.MILLISECONDS) ? 0 : 1;
        }
        scene.say("waiting", waiting);
        for (DatagramChannel channel : channels) {
            channel.close();
        }
        int ended = 0;
        for (Background receiver : receivers) {
            ended += receiver.outcome() instanceof IOException ? 1 : 0;
        }
        scene.say("ended by close", ended);
    }
}
