// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** AsynchronousServerSocketChannel: its accepts, by Future and by CompletionHandler, and what ends them. */
// futures are ignored where the call itself throws, or where a handler says the end
@SuppressWarnings("FutureReturnValueIgnored")
final class ListenAsynchronousCases {
    private static final int IN_TURN = 10;
    private static final String OWN_GROUP = "own-group";

    private ListenAsynchronousCases() {}

    static void addTo(Cases cases) {
        cases.add("AsynchronousServerSocketChannel, before bind, bound and closed", ListenAsynchronousCases::state);
        cases.add("AsynchronousServerSocketChannel, wrong addresses", ListenAsynchronousCases::wrongAddresses);
        cases.add("AsynchronousServerSocketChannel, bound to no address", ListenAsynchronousCases::boundToNothing);
        cases.add("AsynchronousServerSocketChannel, bind twice", ListenAsynchronousCases::twice);
        cases.add("AsynchronousServerSocketChannel, bind to a port in use", ListenAsynchronousCases::inUse);
        cases.add("AsynchronousServerSocketChannel, all options", ListenAsynchronousCases::options);
        cases.add("AsynchronousServerSocketChannel, accept by a future", ListenAsynchronousCases::future);
        cases.add("AsynchronousServerSocketChannel, accept by a handler", ListenAsynchronousCases::handler);
        cases.add("AsynchronousServerSocketChannel, visited before accept", ListenAsynchronousCases::visitedBefore);
        cases.add("AsynchronousServerSocketChannel, accept without bind", ListenAsynchronousCases::unbound);
        cases.add("AsynchronousServerSocketChannel, accept when closed", ListenAsynchronousCases::afterClose);
        cases.add("AsynchronousServerSocketChannel, accept while accepting", ListenAsynchronousCases::pending);
        cases.add("AsynchronousServerSocketChannel, closed while accepting", ListenAsynchronousCases::closed);
        cases.add(
                "AsynchronousServerSocketChannel, closed while a handler waits",
                ListenAsynchronousCases::closedByHandler);
        cases.add("AsynchronousServerSocketChannel, accept cancelled", scene -> cancelled(scene, false));
        cases.add(
                "AsynchronousServerSocketChannel, accept cancelled with an interrupt", scene -> cancelled(scene, true));
        cases.add("AsynchronousServerSocketChannel, accept again", ListenAsynchronousCases::again);
        cases.add("AsynchronousServerSocketChannel, a handler that accepts again", ListenAsynchronousCases::nested);
        cases.add("AsynchronousServerSocketChannel, the accepted channel", ListenAsynchronousCases::accepted);
        cases.add("AsynchronousServerSocketChannel, group of its own", ListenAsynchronousCases::ownGroup);
        cases.add(
                "AsynchronousServerSocketChannel, group shut down while accepting",
                ListenAsynchronousCases::groupShutDown);
        cases.add(
                "AsynchronousServerSocketChannel, group shut down at once while accepting",
                ListenAsynchronousCases::groupShutDownNow);
    }

    /** Completes a future, and says in which thread. */
    private static final class Handler extends CompletableFuture<AsynchronousSocketChannel>
            implements CompletionHandler<AsynchronousSocketChannel, String> {
        private final CompletableFuture<String> attachment = new CompletableFuture<>();

        @Override
        public void completed(AsynchronousSocketChannel channel, String attached) {
            attachment.complete(attached + " in " + Thread.currentThread().getName());
            complete(channel);
        }

        @Override
        public void failed(Throwable failure, String attached) {
            attachment.complete(attached + " in " + Thread.currentThread().getName());
            completeExceptionally(failure);
        }
    }

    /** The result or the failure. */
    private static @Nullable Object outcome(Future<?> future) throws InterruptedException {
        try {
            return future.get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS) == null ? "null" : "accepted";
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return "still running";
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static AsynchronousSocketChannel get(Scene scene, Future<AsynchronousSocketChannel> future)
            throws Exception {
        return scene.closing(future.get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    private static void talk(Scene scene, Visitor visitor, AsynchronousSocketChannel accepted) throws Exception {
        visitor.send("question");
        scene.say("asked", Channels.read(accepted, 8));
        ByteBuffer answer = US_ASCII.encode("answer");
        while (answer.hasRemaining()) {
            accepted.write(answer).get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        scene.say("answered", visitor.receive(6));
    }

    private static void say(Scene scene, String when, AsynchronousServerSocketChannel server) {
        scene.of(when, server::getLocalAddress);
        scene.say(server);
        scene.say("open", server.isOpen());
    }

    private static void state(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = scene.closing(AsynchronousServerSocketChannel.open());
        say(scene, "new", server);
        scene.say("itself", server.bind(Listeners.address(scene)) == server);
        say(scene, "bound", server);
        server.close();
        say(scene, "closed", server);
        scene.does("close", server::close);
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
    }

    private static void wrongAddresses(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = scene.closing(AsynchronousServerSocketChannel.open());
        scene.does("unresolved", () -> server.bind(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)));
        scene.does("of another family", () -> server.bind(UnixDomainSocketAddress.of("nowhere")));
        scene.of("unbound", server::getLocalAddress);
        server.bind(Listeners.address(scene), 3);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        talk(scene, visitor, get(scene, server.accept()));
    }

    private static void boundToNothing(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server =
                scene.closing(AsynchronousServerSocketChannel.open()).bind(null);
        scene.say("port", ((InetSocketAddress) server.getLocalAddress()).getPort() > 0);
    }

    private static void twice(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        SocketAddress before = server.getLocalAddress();
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
        scene.say("as before", before.equals(server.getLocalAddress()));
    }

    /** As with a ServerSocket. */
    private static void inUse(Scene scene) throws Exception {
        SocketAddress taken = Listeners.asynchronous(scene).getLocalAddress();
        AsynchronousServerSocketChannel second = scene.closing(AsynchronousServerSocketChannel.open());
        scene.does("bind", () -> second.bind(taken));
        say(scene, "unbound", second);
        scene.of("accept", () -> second.getLocalAddress() == null ? second.accept() : "waits");
        scene.does("bind to another", () -> second.bind(Listeners.address(scene)));
        scene.say("another", !taken.equals(second.getLocalAddress()));
    }

    private static void options(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        List<SocketOption<?>> options = server.supportedOptions().stream()
                .sorted(Comparator.comparing(SocketOption::name))
                .collect(Collectors.toList());
        for (SocketOption<?> option : options) {
            scene.of(option.name(), () -> server.getOption(option));
        }
        AsynchronousServerSocketChannel other = scene.closing(AsynchronousServerSocketChannel.open());
        other.setOption(StandardSocketOptions.SO_RCVBUF, 33_000);
        other.bind(Listeners.address(scene));
        scene.say("buffer", other.getOption(StandardSocketOptions.SO_RCVBUF));
        Visitor.to(scene, other.getLocalAddress());
        scene.say("accepted", get(scene, other.accept()).getOption(StandardSocketOptions.SO_RCVBUF));
    }

    private static void future(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        SocketAddress address = server.getLocalAddress();
        Future<AsynchronousSocketChannel> accept = server.accept();
        scene.say("done", accept.isDone());
        Visitor visitor = Visitor.to(scene, address);
        AsynchronousSocketChannel accepted = get(scene, accept);
        scene.say("from the visitor", visitor.address().equals(accepted.getRemoteAddress()));
        scene.say("to the listener", address.equals(accepted.getLocalAddress()));
        talk(scene, visitor, accepted);
    }

    private static void handler(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        SocketAddress address = server.getLocalAddress();
        Handler handler = new Handler();
        server.accept("attached", handler);
        Visitor visitor = Visitor.to(scene, address);
        talk(scene, visitor, get(scene, handler));
        scene.say(handler.attachment.get(5, TimeUnit.SECONDS).replaceFirst(" in .*", ""));
    }

    private static void visitedBefore(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        talk(scene, visitor, get(scene, server.accept()));
        Visitor next = Visitor.to(scene, server.getLocalAddress());
        Handler handler = new Handler();
        server.accept("attached", handler);
        talk(scene, next, get(scene, handler));
    }

    private static void unbound(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = scene.closing(AsynchronousServerSocketChannel.open());
        scene.of("accept", server::accept);
        scene.does("by a handler", () -> server.accept("attached", new Handler()));
        scene.does("by no handler", () -> server.accept("attached", null));
    }

    private static void afterClose(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        server.close();
        scene.say("accept", outcome(server.accept()));
        Handler handler = new Handler();
        scene.does("by a handler", () -> server.accept("attached", handler));
        scene.say("accept", outcome(handler));
    }

    private static void pending(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        Future<AsynchronousSocketChannel> accept = server.accept();
        scene.of("second", server::accept);
        scene.does("third", () -> server.accept("attached", new Handler()));
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        talk(scene, visitor, get(scene, accept));
    }

    private static void closed(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        SocketAddress address = server.getLocalAddress();
        Future<AsynchronousSocketChannel> accept = server.accept();
        scene.timed("close", 0, server::close);
        scene.say("accept", outcome(accept));
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void closedByHandler(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        Handler handler = new Handler();
        server.accept("attached", handler);
        scene.timed("close", 0, server::close);
        scene.say("accept", outcome(handler));
    }

    private static void cancelled(Scene scene, boolean interrupt) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        Future<AsynchronousSocketChannel> accept = server.accept();
        scene.say("cancelled", accept.cancel(interrupt));
        scene.say("accept", outcome(accept));
        scene.say("open", server.isOpen());
        scene.does("accept again", () -> server.accept());
    }

    private static void again(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        int met = 0;
        for (int i = 0; i < IN_TURN; i++) {
            SocketAddress address = server.getLocalAddress();
            Future<AsynchronousSocketChannel> accept = server.accept();
            Visitor visitor = Visitor.to(scene, address);
            visitor.send("visitor " + i);
            met += Channels.read(get(scene, accept), 9).equals("visitor " + i) ? 1 : 0;
        }
        scene.say("met", met);
    }

    /** Each visitor's handler begins the accept of the next, as servers do. */
    private static void nested(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        BlockingQueue<AsynchronousSocketChannel> accepted = new LinkedBlockingQueue<>();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        server.accept("attached", new CompletionHandler<AsynchronousSocketChannel, String>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, String attached) {
                accepted.add(scene.closing(channel));
                server.accept(attached, this);
            }

            @Override
            public void failed(Throwable failure, String attached) {
                end.complete(failure);
            }
        });
        int met = 0;
        for (int i = 0; i < IN_TURN; i++) {
            Visitor visitor = Visitor.to(scene, server.getLocalAddress());
            visitor.send("visitor " + i);
            AsynchronousSocketChannel channel = accepted.poll(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            met += channel != null && Channels.read(channel, 9).equals("visitor " + i) ? 1 : 0;
        }
        scene.say("met", met);
        server.close();
        // it may be that the handler has not begun the next accept yet
        scene.say("closed", end.get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS) instanceof ClosedChannelException);
    }

    private static void accepted(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = Listeners.asynchronous(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        visitor.send("a first word");
        AsynchronousSocketChannel accepted = get(scene, server.accept());
        scene.say(accepted);
        scene.say("read", Channels.read(accepted, 12));
        scene.does("connect", () -> accepted.connect(scene.at("echo")));
        scene.does("bind", () -> accepted.bind(null));
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        scene.say("no delay", accepted.getOption(StandardSocketOptions.TCP_NODELAY));
        server.close();
        talk(scene, visitor, accepted);
        accepted.shutdownOutput();
        scene.say("visitor's end", visitor.socket().getInputStream().read());
        visitor.socket().close();
        scene.say("end", accepted.read(ByteBuffer.allocate(1)).get(5, TimeUnit.SECONDS));
    }

    private static AsynchronousChannelGroup group(Scene scene) throws IOException {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, runnable -> {
            Thread thread = new Thread(runnable, OWN_GROUP);
            thread.setDaemon(true);
            return thread;
        });
        scene.closing(group::shutdownNow);
        return group;
    }

    private static AsynchronousServerSocketChannel open(Scene scene, AsynchronousChannelGroup group)
            throws IOException {
        return scene.closing(AsynchronousServerSocketChannel.open(group)).bind(Listeners.address(scene));
    }

    private static void ownGroup(Scene scene) throws Exception {
        AsynchronousServerSocketChannel server = open(scene, group(scene));
        for (int i = 0; i < 2; i++) {
            Handler handler = new Handler();
            SocketAddress address = server.getLocalAddress();
            server.accept("attached", handler);
            Visitor visitor = Visitor.to(scene, address);
            talk(scene, visitor, get(scene, handler));
            scene.say(handler.attachment.get(5, TimeUnit.SECONDS));
        }
    }

    private static void groupShutDown(Scene scene) throws Exception {
        AsynchronousChannelGroup group = group(scene);
        AsynchronousServerSocketChannel server = open(scene, group);
        SocketAddress address = server.getLocalAddress();
        Future<AsynchronousSocketChannel> accept = server.accept();
        group.shutdown();
        scene.say("shut down", group.isShutdown());
        scene.say("terminated", group.awaitTermination(50, TimeUnit.MILLISECONDS));
        Visitor.to(scene, address);
        scene.say("accept", outcome(accept));
        scene.does("close", server::close);
        scene.say("terminated", group.awaitTermination(5, TimeUnit.SECONDS));
    }

    private static void groupShutDownNow(Scene scene) throws Exception {
        AsynchronousChannelGroup group = group(scene);
        AsynchronousServerSocketChannel server = open(scene, group);
        Future<AsynchronousSocketChannel> accept = server.accept();
        group.shutdownNow();
        scene.say("terminated", group.awaitTermination(5, TimeUnit.SECONDS));
        scene.say("accept", outcome(accept));
        scene.say("open", server.isOpen());
    }
}
