// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * DatagramChannel in non-blocking mode, alone and with selectors.
 *
 * <p>A send may say that nothing has gone out: then it is made again when the key is writable, as programs have to.
 */
final class DatagramSelectorCases {
    private static final int CHANNELS = 8;

    private DatagramSelectorCases() {}

    static void addTo(Cases cases) {
        add(cases, "non-blocking, nothing to receive", DatagramSelectorCases::nothing);
        add(cases, "non-blocking, sent until it goes out", DatagramSelectorCases::untilOut);
        add(cases, "non-blocking, written until it goes out", DatagramSelectorCases::writtenUntilOut);
        add(cases, "non-blocking, gathered until it goes out", DatagramSelectorCases::gatheredUntilOut);
        add(cases, "non-blocking, interrupted thread", DatagramSelectorCases::interruptedThread);
        add(cases, "selector, exchange", scene -> exchange(scene, false));
        add(cases, "selector, exchange when connected", scene -> exchange(scene, true));
        add(cases, "selector, writable from the beginning", DatagramSelectorCases::writable);
        add(cases, "selector, readable while datagrams wait", DatagramSelectorCases::readable);
        add(cases, "selector, no key readable for nothing", DatagramSelectorCases::notReadable);
        add(cases, "selector, strangers leave nothing to read", DatagramSelectorCases::strangers);
        add(cases, "selector, several keys", DatagramSelectorCases::several);
        add(cases, "selector, two selectors", DatagramSelectorCases::twoSelectors);
        add(cases, "selector, wakeup", DatagramSelectorCases::wakeup);
        add(cases, "selector, datagram ends a select", DatagramSelectorCases::endsSelect);
        add(cases, "selector, key cancelled", DatagramSelectorCases::cancelled);
        add(cases, "selector, channel closed", DatagramSelectorCases::closed);
        add(cases, "selector, closed while selecting", DatagramSelectorCases::closedWhileSelecting);
        add(cases, "selector, wrong calls", DatagramSelectorCases::wrongCalls);
        add(cases, "selector, direct and routed peers", DatagramSelectorCases::directAndRouted);
        add(cases, "selector, connected, disconnected and connected again", DatagramSelectorCases::again);
        add(cases, "selector, nobody at the direct peer's port", DatagramSelectorCases::nobody);
        add(cases, "selector, sends nothing while it waits", DatagramSelectorCases::idle);
        add(cases, "selector, a hundred exchanges", DatagramSelectorCases::hundred);
    }

    private static void add(Cases cases, String name, Case body) {
        cases.add("DatagramChannel, " + name, body);
    }

    private static void nothing(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        scene.of("unbound", () -> channel.receive(buffer));
        scene.does("bind", () -> channel.bind(null));
        scene.of("receive", () -> channel.receive(buffer));
        channel.connect(scene.at("silent"));
        scene.of("receive", () -> channel.receive(buffer));
        scene.of("read", () -> channel.read(buffer));
        scene.of("scatter", () -> channel.read(new ByteBuffer[] {buffer, ByteBuffer.allocateDirect(3)}));
        DatagramChannels.write(channel, "a");
        scene.of("read", () -> channel.read(buffer));
        scene.say("position", buffer.position());
    }

    private static void untilOut(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        ByteBuffer question = US_ASCII.encode("whole or not at all");
        int octets = question.remaining();
        scene.does("send", () -> {
            while (question.hasRemaining()) {
                int sent = channel.send(question, scene.at("echo"));
                if (sent != 0 && sent != octets || question.remaining() != octets - sent) {
                    throw new IllegalStateException("sent " + sent);
                }
                Channels.pause();
            }
        });
        scene.of("answer", () -> received(channel));
        scene.of("again", () -> channel.send(question.flip(), scene.at("echo")));
        scene.of("answer", () -> received(channel));
    }

    private static void writtenUntilOut(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.connect(scene.at("echo"));
        ByteBuffer question = ByteBuffer.allocateDirect(10)
                .put("0123456789".getBytes(US_ASCII))
                .flip();
        scene.does("write", () -> {
            while (question.hasRemaining()) {
                channel.write(question);
                Channels.pause();
            }
        });
        scene.of("answer", () -> received(channel));
        scene.of("again", () -> channel.write(question.flip()));
        scene.of("answer", () -> received(channel));
    }

    private static void gatheredUntilOut(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.connect(scene.at("echo"));
        ByteBuffer[] question = {US_ASCII.encode("one, "), US_ASCII.encode("two")};
        scene.does("write", () -> {
            while (question[1].hasRemaining()) {
                channel.write(question);
                Channels.pause();
            }
        });
        scene.say("left", question[0].remaining());
        scene.of("answer", () -> received(channel));
    }

    /** Of a channel in non-blocking mode, as soon as it comes; null if it does not. */
    private static String received(DatagramChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(Datagrams.ROOM);
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < TimeUnit.MILLISECONDS.toNanos(Scene.PATIENCE_MILLIS)) {
            SocketAddress source = channel.receive(answer);
            if (source != null) {
                return Channels.text(answer) + " from " + source;
            }
            Channels.pause();
        }
        return "nothing";
    }

    /** Only what blocks looks at the status. */
    private static void interruptedThread(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        Thread.currentThread().interrupt();
        scene.does("send", () -> DatagramChannels.send(channel, scene.at("echo"), "a"));
        scene.of("receive", () -> received(channel));
        scene.say("status", Thread.interrupted());
        scene.say("open", channel.isOpen());
    }

    private static void exchange(Scene scene, boolean connected) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        if (connected) {
            channel.connect(scene.at("echo"));
        }
        channel.register(selector, 0);
        for (int i = 0; i < 3; i++) {
            String question = "question " + i;
            scene.of("answer", () -> DatagramChannels.ask(selector, channel, scene.at("echo"), question));
        }
        scene.say(DatagramChannels.state(channel));
    }

    private static void writable(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        scene.say("new", Channels.next(selector));
        channel.connect(scene.at("echo"));
        scene.say("connected", Channels.next(selector));
        DatagramChannels.write(channel, "a");
        key.interestOps(SelectionKey.OP_READ);
        scene.say("answered", Channels.next(selector));
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        scene.say("both", Channels.next(selector));
        scene.of("read", () -> received(channel));
        scene.say("one", Channels.next(selector));
        key.interestOps(0);
        scene.say("none", Channels.during(selector, 50));
    }

    private static void readable(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.send(channel, scene.at("echo"), "!series 2");
        scene.say(Channels.next(selector));
        scene.say(Channels.next(selector));
        scene.of("first", () -> received(channel));
        scene.say(Channels.next(selector));
        scene.of("second", () -> received(channel));
        scene.say("now", Channels.during(selector, 50));
        scene.of("third", () -> channel.receive(ByteBuffer.allocate(10)));
        scene.say("ready", Channels.operations(key.readyOps()));
    }

    private static void notReadable(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.send(channel, scene.at("silent"), "a");
        scene.say(Channels.during(selector, 100));
        channel.connect(scene.at("silent"));
        DatagramChannels.write(channel, "a");
        scene.say(Channels.during(selector, 100));
    }

    /** A key may be readable for them, if no datagram can be told from another before it is read: then nothing is read. */
    private static void strangers(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.connect(scene.at("echo"));
        channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.write(channel, "!other stranger");
        DatagramChannels.write(channel, "!other stranger");
        DatagramChannels.write(channel, "friend");
        scene.of("first", () -> received(channel));
        scene.of("then", () -> channel.receive(ByteBuffer.allocate(10)));
        scene.say("now", Channels.during(selector, 50));
    }

    private static void several(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel[] channels = new DatagramChannel[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            channels[i] = DatagramChannels.nonBlocking(scene);
            if (i % 2 == 0) {
                channels[i].connect(scene.at("echo"));
            }
            channels[i].register(selector, SelectionKey.OP_READ, i);
            DatagramChannels.send(channels[i], scene.at("echo"), "channel " + i);
        }
        int answered = 0;
        for (int left = CHANNELS; left > 0 && answered < CHANNELS; left--) {
            if (selector.select(Scene.PATIENCE_MILLIS) == 0) {
                break;
            }
            for (SelectionKey key : selector.selectedKeys()) {
                int i = (Integer) key.attachment();
                answered += received(channels[i]).startsWith("channel " + i + " from") ? 1 : 0;
            }
            selector.selectedKeys().clear();
        }
        scene.say("answered", answered);
        scene.say("keys", selector.keys().size());
    }

    private static void twoSelectors(Scene scene) throws IOException {
        Selector readers = Channels.selector(scene);
        Selector writers = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(readers, SelectionKey.OP_READ);
        channel.register(writers, SelectionKey.OP_WRITE);
        scene.say("writable", Channels.next(writers));
        DatagramChannels.send(channel, scene.at("echo"), "a");
        scene.say("readable", Channels.next(readers));
        scene.say("writable", Channels.next(writers));
        scene.of("answer", () -> received(channel));
    }

    private static void wakeup(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.send(channel, scene.at("silent"), "a");
        Background select = Background.platform("select", selector::select);
        select.awaitBlockedIn("select");
        scene.say("waits", select.runsFor(50));
        selector.wakeup();
        scene.say("select", select.outcome());
    }

    private static void endsSelect(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, SelectionKey.OP_READ);
        Background select = Background.platform("select", selector::select);
        select.awaitBlockedIn("select");
        for (int left = Datagrams.TRIES; left > 0; left--) {
            DatagramChannels.send(channel, scene.at("echo"), "a");
            if (select.ends(Datagrams.TRY_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        scene.say("select", select.outcome());
        scene.of("answer", () -> received(channel));
    }

    private static void cancelled(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        scene.does("cancel", key::cancel);
        scene.of("select", selector::selectNow);
        scene.say("registered", channel.isRegistered());
        scene.does("blocking", () -> channel.configureBlocking(true));
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        channel.configureBlocking(false);
        channel.register(selector, 0);
        scene.of("answer", () -> DatagramChannels.ask(selector, channel, scene.at("echo"), "b"));
    }

    private static void closed(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.send(channel, scene.at("silent"), "a");
        channel.close();
        scene.say("valid", key.isValid());
        scene.of("select", selector::selectNow);
        scene.say("keys", selector.keys().size());
        scene.say(DatagramChannels.state(channel));
    }

    private static void closedWhileSelecting(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, SelectionKey.OP_READ);
        DatagramChannels.send(channel, scene.at("silent"), "a");
        Background select = Background.platform("select", selector::select);
        select.awaitBlockedIn("select");
        channel.close();
        selector.wakeup();
        scene.say("select", select.outcome());
        scene.of("after", selector::selectNow);
        scene.say("keys", selector.keys().size());
    }

    private static void wrongCalls(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel blocking = DatagramChannels.open(scene);
        scene.does("blocking mode", () -> blocking.register(selector, SelectionKey.OP_READ));
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        scene.does("connect", () -> channel.register(selector, SelectionKey.OP_CONNECT));
        channel.register(selector, SelectionKey.OP_READ);
        scene.does("to blocking", () -> channel.configureBlocking(true));
        scene.say("operations", channel.validOps());
    }

    private static void directAndRouted(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, 0);
        SocketAddress direct = Datagrams.direct(scene, "directEcho");
        for (int i = 0; i < 3; i++) {
            scene.of("direct", () -> DatagramChannels.ask(selector, channel, direct, "a"));
            scene.of("routed", () -> DatagramChannels.ask(selector, channel, scene.at("echo"), "b"));
        }
    }

    private static void again(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, 0);
        for (String role : new String[] {"echo", "second", "echo"}) {
            channel.connect(scene.at(role));
            scene.of("connected", () -> DatagramChannels.ask(selector, channel, scene.at(role), role));
            channel.disconnect();
            scene.of("disconnected", () -> DatagramChannels.ask(selector, channel, scene.at("echo"), "!other a"));
        }
    }

    private static void nobody(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.connect(Datagrams.direct(scene, "directDead"));
        channel.register(selector, SelectionKey.OP_READ);
        scene.of("write", () -> channel.write(US_ASCII.encode("a")));
        scene.say("selected", Channels.next(selector));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(10)));
        scene.of("read again", () -> channel.read(ByteBuffer.allocate(10)));
        scene.say("then", Channels.during(selector, 50));
    }

    /** A select that has nothing to tell does not come back, and costs next to nothing. */
    private static void idle(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.connect(scene.at("echo"));
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        int selects = 0;
        boolean written = false;
        while (!written && selects < 1_000) {
            written = channel.write(US_ASCII.encode("a")) > 0;
            if (!written) {
                selector.select(Scene.PATIENCE_MILLIS);
                selector.selectedKeys().clear();
                selects++;
            }
        }
        scene.say("written", written);
        // once or twice if it waits for its way
        scene.say("few selects", selects <= 5);
        key.interestOps(SelectionKey.OP_READ);
        scene.say(Channels.next(selector));
        scene.of("answer", () -> received(channel));
    }

    private static void hundred(Scene scene) throws IOException {
        Selector selector = Channels.selector(scene);
        DatagramChannel channel = DatagramChannels.nonBlocking(scene);
        channel.register(selector, 0);
        int answers = 0;
        for (int i = 0; i < 100; i++) {
            String question = "question " + i;
            answers += DatagramChannels.ask(selector, channel, scene.at("echo"), question)
                            .startsWith(question + " from")
                    ? 1
                    : 0;
        }
        scene.say("answers", answers);
    }
}
