// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Selectors that wait for visitors. */
final class ListenSelectorCases {
    private static final int IN_TURN = 10;

    private ListenSelectorCases() {}

    static void addTo(Cases cases) {
        cases.add("selector with OP_ACCEPT", ListenSelectorCases::accept);
        cases.add("selector with OP_ACCEPT, visited before it selects", ListenSelectorCases::visitedBefore);
        cases.add("selector with OP_ACCEPT, idle", ListenSelectorCases::idle);
        cases.add("selector with OP_ACCEPT, several listeners", ListenSelectorCases::several);
        cases.add("selector with OP_ACCEPT, again and again", ListenSelectorCases::again);
        cases.add("selector with OP_ACCEPT, until accepted", ListenSelectorCases::untilAccepted);
        cases.add("selector with OP_ACCEPT, the key stays selected", ListenSelectorCases::staysSelected);
        cases.add("selector with OP_ACCEPT, registered before bind", ListenSelectorCases::beforeBind);
        cases.add("selector with OP_ACCEPT, wrong registrations", ListenSelectorCases::wrong);
        cases.add("selector with OP_ACCEPT, select blocks", ListenSelectorCases::blocks);
        cases.add("selector with OP_ACCEPT, wakeup", ListenSelectorCases::wakeup);
        cases.add("selector with OP_ACCEPT, interest taken away and given", ListenSelectorCases::interest);
        cases.add("selector with OP_ACCEPT, selectNow in a loop", ListenSelectorCases::selectNow);
        cases.add("selector with OP_ACCEPT, select(Consumer)", ListenSelectorCases::consumer);
        cases.add("selector with OP_ACCEPT, channel closed while it selects", ListenSelectorCases::closed);
        cases.add("selector with OP_ACCEPT, key cancelled", ListenSelectorCases::cancelled);
        cases.add("selector with OP_ACCEPT, selector closed", ListenSelectorCases::selectorClosed);
        cases.add("selector with OP_ACCEPT, another selector", ListenSelectorCases::another);
        cases.add("selector with OP_ACCEPT, accept by another thread", ListenSelectorCases::byAnother);
        cases.add("selector with OP_ACCEPT, visitor that leaves before accept", ListenSelectorCases::leaves);
        cases.add("selector with OP_ACCEPT and what was accepted", ListenSelectorCases::eventLoop);
    }

    private static SelectionKey register(Selector selector, ServerSocketChannel server) throws IOException {
        return server.register(selector, OP_ACCEPT);
    }

    private static void accept(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        SelectionKey key = register(selector, server);
        scene.say("idle", Channels.during(selector, 50));
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        scene.say("acceptable", key.isAcceptable());
        SocketChannel accepted = scene.closing(server.accept());
        scene.say("from the visitor", visitor.address().equals(accepted.getRemoteAddress()));
        visitor.talk(scene, accepted.socket());
        scene.say("then", Channels.during(selector, 50));
        scene.say("nobody", server.accept());
    }

    private static void visitedBefore(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        register(selector, server);
        scene.say("ready", Channels.next(selector));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
        scene.say("then", Channels.during(selector, 50));
    }

    private static void idle(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        register(selector, Listeners.nonBlocking(scene));
        register(selector, Listeners.nonBlocking(scene));
        Channels.settle(selector);
        scene.timed("select", 200, () -> scene.say("keys", selector.select(200)));
        scene.say("now", selector.selectNow());
    }

    private static void several(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel[] servers = new ServerSocketChannel[4];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = Listeners.nonBlocking(scene);
            register(selector, servers[i]).attach("listener " + i);
        }
        for (int i : new int[] {2, 0, 3, 1, 2}) {
            Visitor visitor = Visitor.to(scene, servers[i].getLocalAddress());
            while (selector.selectedKeys().isEmpty()) {
                selector.select(Scene.PATIENCE_MILLIS);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                scene.say(key.attachment());
            }
            selector.selectedKeys().clear();
            visitor.talk(scene, scene.closing(Listeners.accepted(servers[i])).socket());
        }
        scene.say("then", Channels.during(selector, 50));
    }

    private static void again(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        int met = 0;
        for (int i = 0; i < IN_TURN; i++) {
            SocketAddress address = server.getLocalAddress();
            Visitor visitor = Visitor.to(scene, address);
            visitor.send("hello");
            if (Channels.next(selector).equals("accept")) {
                SocketChannel accepted = scene.closing(Listeners.accepted(server));
                met += Channels.read(accepted, 5).equals("hello")
                                && accepted.getLocalAddress().equals(address)
                        ? 1
                        : 0;
            }
        }
        scene.say("met", met);
        scene.say("then", Channels.during(selector, 50));
    }

    private static void untilAccepted(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        for (int i = 0; i < 3; i++) {
            scene.say("ready", Channels.next(selector));
        }
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
        scene.say("then", Channels.during(selector, 50));
    }

    private static void staysSelected(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        SelectionKey key = register(selector, server);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        while (selector.selectedKeys().isEmpty()) {
            selector.select(Scene.PATIENCE_MILLIS);
        }
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
        scene.say("changed", selector.selectNow());
        scene.say("still selected", selector.selectedKeys().contains(key) && key.isAcceptable());
        selector.selectedKeys().clear();
        Visitor next = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        next.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void beforeBind(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open());
        server.configureBlocking(false);
        SelectionKey key = server.register(selector, 0);
        scene.say("unbound", Channels.during(selector, 30));
        server.bind(Listeners.address(scene));
        key.interestOps(OP_ACCEPT);
        scene.say("bound", Channels.during(selector, 30));
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void wrong(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.channel(scene);
        scene.of("blocking mode", () -> server.register(selector, OP_ACCEPT));
        server.configureBlocking(false);
        scene.of("connect", () -> server.register(selector, OP_CONNECT));
        scene.of("read", () -> server.register(selector, OP_ACCEPT | OP_READ));
        scene.does("accept", () -> server.register(selector, OP_ACCEPT));
        scene.of("blocking mode with a key", () -> server.configureBlocking(true));
        scene.say("channel" + Listeners.flags(server));
    }

    private static void blocks(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Channels.settle(selector);
        Background select = Background.platform("select", () -> Channels.next(selector));
        select.awaitBlockedIn("select");
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("select", select.outcome());
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void wakeup(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Channels.settle(selector);
        Background select = Background.platform("select", selector::select);
        select.awaitBlockedIn("select");
        selector.wakeup();
        scene.say("select", select.outcome());
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void interest(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        SelectionKey key = register(selector, server);
        key.interestOps(0);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("without", Channels.during(selector, 50));
        key.interestOps(OP_ACCEPT);
        scene.say("with", Channels.next(selector));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void selectNow(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        scene.say("nobody", selector.selectNow());
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Scene.PATIENCE_MILLIS);
        int ready = 0;
        while (ready == 0 && System.nanoTime() - endNanos < 0) {
            ready = selector.selectNow();
        }
        scene.say("ready", ready);
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void consumer(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        for (int i = 0; i < 2; i++) {
            Visitor visitor = Visitor.to(scene, server.getLocalAddress());
            SocketChannel[] accepted = new SocketChannel[1];
            for (int left = 50; left > 0 && accepted[0] == null; left--) {
                selector.select(
                        key -> {
                            try {
                                accepted[0] = ((ServerSocketChannel) key.channel()).accept();
                            } catch (IOException e) {
                                scene.say("accept", e);
                            }
                        },
                        Scene.PATIENCE_MILLIS);
            }
            visitor.talk(scene, scene.closing(accepted[0]).socket());
        }
    }

    private static void closed(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        SelectionKey key = register(selector, server);
        SocketAddress address = server.getLocalAddress();
        Channels.settle(selector);
        Background select = Background.platform("select", () -> selector.select(300));
        select.awaitBlockedIn("select");
        scene.timed("close", 0, server::close);
        scene.say("select", select.outcome());
        scene.say("valid", key.isValid());
        selector.selectNow();
        scene.say("keys", selector.keys().size());
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void cancelled(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        SelectionKey key = register(selector, server);
        scene.say("idle", Channels.during(selector, 30));
        key.cancel();
        selector.selectNow();
        scene.say("channel" + Listeners.flags(server));
        server.configureBlocking(true);
        Listeners.meet(scene, server).talk(scene);
        server.configureBlocking(false);
        register(selector, server);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
    }

    private static void selectorClosed(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        selector.selectNow();
        selector.close();
        scene.say("channel" + Listeners.flags(server));
        Listeners.meet(scene, server).talk(scene);
    }

    private static void another(Scene scene) throws Exception {
        Selector first = Channels.selector(scene);
        Selector second = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(first, server);
        register(second, server);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("first", Channels.next(first));
        scene.say("second", Channels.next(second));
        visitor.talk(scene, scene.closing(Listeners.accepted(server)).socket());
        scene.say("first", Channels.during(first, 30));
        scene.say("second", Channels.during(second, 30));
    }

    private static void byAnother(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        scene.say("ready", Channels.next(selector));
        Background accept = Background.platform("accept", () -> scene.closing(Listeners.accepted(server)));
        visitor.talk(scene, Listeners.accepted(accept));
        scene.say("then", Channels.during(selector, 50));
    }

    private static void leaves(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Visitor.to(scene, server.getLocalAddress()).socket().close();
        scene.say("ready", Channels.next(selector));
        SocketChannel accepted = scene.closing(Listeners.accepted(server));
        scene.say("end", Channels.read(accepted, 1).isEmpty());
        scene.say("then", Channels.during(selector, 50));
        Listeners.meet(scene, server).talk(scene);
    }

    /** One selector accepts and echoes, as servers do. */
    private static void eventLoop(Scene scene) throws Exception {
        Selector selector = Channels.selector(scene);
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        register(selector, server);
        Background.platform("event loop", () -> {
            while (selector.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(scene, key);
                }
                selector.selectedKeys().clear();
            }
            return "";
        });
        Visitor[] visitors = new Visitor[IN_TURN];
        for (int i = 0; i < IN_TURN; i++) {
            visitors[i] = Visitor.to(scene, server.getLocalAddress());
            visitors[i].send("visitor " + i);
            scene.say(visitors[i].receive(9));
        }
        int served = 0;
        for (Visitor visitor : visitors) {
            visitor.send("once more");
            served += visitor.receive(9).equals("once more") ? 1 : 0;
        }
        scene.say("served", served);
    }

    private static void serve(Scene scene, SelectionKey key) throws IOException {
        if (key.channel() instanceof ServerSocketChannel server) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                scene.closing(accepted).configureBlocking(false);
                accepted.register(key.selector(), OP_READ);
            }
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(100);
        SocketChannel channel = (SocketChannel) key.channel();
        if (channel.read(buffer) < 0) {
            channel.close();
            return;
        }
        channel.write(buffer.flip());
    }
}
