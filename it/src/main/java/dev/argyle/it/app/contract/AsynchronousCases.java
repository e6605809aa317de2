// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** AsynchronousSocketChannel: its connects, by Future and by CompletionHandler, and what ends them. */
// futures are ignored where the call itself throws, or where a handler says the end
@SuppressWarnings({"AddressSelection", "FutureReturnValueIgnored"})
final class AsynchronousCases {
    private static final int CHANNELS = 50;
    private static final String OWN_GROUP = "own-group";

    private AsynchronousCases() {}

    static void addTo(Cases cases) {
        cases.add("asynchronous connect by a future", AsynchronousCases::future);
        cases.add("asynchronous connect by a handler", AsynchronousCases::handler);
        cases.add("asynchronous channel before connect", AsynchronousCases::before);
        cases.add("asynchronous connect refused", AsynchronousCases::refused);
        cases.add("asynchronous connect twice", AsynchronousCases::twice);
        cases.add("asynchronous connect after close", AsynchronousCases::afterClose);
        cases.add("asynchronous connect after bind", AsynchronousCases::bound);
        cases.add("asynchronous connect with options", AsynchronousCases::options);
        cases.add("asynchronous connect with bad addresses", AsynchronousCases::badAddresses);
        cases.add("asynchronous connect with an unresolved address", AsynchronousCases::unresolved);
        cases.addPending("asynchronous connect while pending", AsynchronousCases::pending);
        cases.addPending("asynchronous second connect while pending", AsynchronousCases::second);
        cases.addPending("asynchronous bind while pending", AsynchronousCases::bindWhilePending);
        cases.addPending("asynchronous connect cancelled", scene -> cancelled(scene, false));
        cases.addPending("asynchronous connect cancelled with an interrupt", scene -> cancelled(scene, true));
        cases.addPending("asynchronous channel closed while connecting", AsynchronousCases::closed);
        cases.addPending("asynchronous group shut down while connecting", AsynchronousCases::groupShutDown);
        cases.addPending("asynchronous group shut down at once while connecting", AsynchronousCases::groupShutDownNow);
        cases.add("asynchronous group of its own", AsynchronousCases::ownGroup);
        cases.add("asynchronous group with an executor", AsynchronousCases::executorGroup);
        cases.add("asynchronous connect by a handler of another", AsynchronousCases::nested);
        cases.add("asynchronous echo by handlers", AsynchronousCases::echo);
        cases.add("asynchronous read timeout", AsynchronousCases::readTimeout);
        cases.add("asynchronous read and write at once", AsynchronousCases::readPending);
        cases.add("asynchronous target that speaks first", AsynchronousCases::speaksFirst);
        cases.add("asynchronous target that closes at once", AsynchronousCases::closesAtOnce);
        cases.add("asynchronous half close", AsynchronousCases::halfCloses);
        cases.add("50 asynchronous channels at once", AsynchronousCases::many);
        cases.add("closing an asynchronous channel races its connect", AsynchronousCases::races);
    }

    /** Completes a future, and says in which thread. */
    private static final class Handler<V> extends CompletableFuture<V> implements CompletionHandler<V, String> {
        private final CompletableFuture<String> attachment = new CompletableFuture<>();
        private final CompletableFuture<String> thread = new CompletableFuture<>();

        private void end(String attached) {
            attachment.complete(attached);
            thread.complete(Thread.currentThread().getName());
        }

        @Override
        public void completed(V result, String attached) {
            end(attached);
            complete(result);
        }

        @Override
        public void failed(Throwable failure, String attached) {
            end(attached);
            completeExceptionally(failure);
        }
    }

    private static AsynchronousSocketChannel open(Scene scene) throws IOException {
        return scene.closing(AsynchronousSocketChannel.open());
    }

    private static AsynchronousSocketChannel connected(Scene scene, SocketAddress target) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.connect(target).get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return channel;
    }

    /** The result or the failure. */
    private static @Nullable Object outcome(Future<?> future) throws InterruptedException {
        try {
            return String.valueOf(future.get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return "still running";
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static String ping(AsynchronousSocketChannel channel) throws Exception {
        ByteBuffer sent = US_ASCII.encode("ping\n");
        while (sent.hasRemaining()) {
            channel.write(sent).get(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return Channels.read(channel, 5);
    }

    private static void state(Scene scene, String when, AsynchronousSocketChannel channel) {
        scene.of(when + " remote", channel::getRemoteAddress);
        scene.of(when + " local", channel::getLocalAddress);
        scene.say(when + " " + channel);
        scene.say(when + " open", channel.isOpen());
    }

    private static void future(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        state(scene, "new", channel);
        Future<Void> connect = channel.connect(scene.at("echo"));
        scene.say("connect", outcome(connect));
        scene.say("done", connect.isDone() + " " + connect.isCancelled() + " " + connect.cancel(true));
        state(scene, "connected", channel);
        scene.say("echo", ping(channel));
        channel.close();
        state(scene, "closed", channel);
    }

    private static void handler(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        Handler<Void> connect = new Handler<>();
        channel.connect(scene.at("echo"), "attached", connect);
        scene.say("connect", outcome(connect));
        scene.say("attachment", outcome(connect.attachment));
        state(scene, "connected", channel);
        scene.say("echo", ping(channel));
    }

    private static void before(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.of("shutdownInput", channel::shutdownInput);
        scene.of("shutdownOutput", channel::shutdownOutput);
        scene.say("connect", outcome(channel.connect(scene.at("echo"))));
        scene.say("echo", ping(channel));
    }

    private static void refused(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        scene.say("by a future", outcome(channel.connect(scene.at("refused"))));
        scene.say("open", channel.isOpen());
        scene.say("again", outcome(channel.connect(scene.at("echo"))));
        AsynchronousSocketChannel other = open(scene);
        Handler<Void> connect = new Handler<>();
        other.connect(scene.at("refused"), "attached", connect);
        scene.say("by a handler", outcome(connect));
        scene.say("attachment", outcome(connect.attachment));
        scene.say("open", other.isOpen());
        scene.of("remote", other::getRemoteAddress);
    }

    private static void twice(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.at("echo"));
        scene.of("by a future", () -> channel.connect(scene.at("echo")));
        scene.does("by a handler", () -> channel.connect(scene.at("echo"), "", new Handler<>()));
        scene.say("echo", ping(channel));
    }

    private static void afterClose(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.close();
        scene.say("by a future", outcome(channel.connect(scene.at("echo"))));
        Handler<Void> connect = new Handler<>();
        channel.connect(scene.at("echo"), "", connect);
        scene.say("by a handler", outcome(connect));
    }

    private static void bound(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.bind(new InetSocketAddress("127.0.0.3", 0));
        SocketAddress local = channel.getLocalAddress();
        scene.say("local", local);
        scene.say("connect", outcome(channel.connect(scene.at("echo"))));
        scene.say("kept", local.equals(channel.getLocalAddress()));
        scene.of("bind again", () -> channel.bind(null));
        scene.say("echo", ping(channel));
    }

    private static void options(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true)
                .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
                .setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
        scene.say("before", channel.getOption(StandardSocketOptions.SO_RCVBUF));
        scene.say("connect", outcome(channel.connect(scene.at("echo"))));
        scene.say("no delay", channel.getOption(StandardSocketOptions.TCP_NODELAY));
        scene.say("keep alive", channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
        scene.say("after", channel.getOption(StandardSocketOptions.SO_RCVBUF));
        scene.say("echo", ping(channel));
    }

    private static void badAddresses(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        scene.of("null", () -> channel.connect(null));
        scene.of("UNIX", () -> channel.connect(UnixDomainSocketAddress.of("nowhere")));
        scene.does("no handler", () -> channel.connect(scene.at("echo"), "", null));
        scene.say("connect", outcome(channel.connect(scene.at("echo"))));
        scene.say("echo", ping(channel));
    }

    private static void unresolved(Scene scene) throws Exception {
        InetSocketAddress target =
                InetSocketAddress.createUnresolved(scene.world().word("name"), scene.port("echo"));
        AsynchronousSocketChannel channel = open(scene);
        scene.of("by a future", () -> outcome(channel.connect(target)));
        AsynchronousSocketChannel other = open(scene);
        Handler<Void> connect = new Handler<>();
        scene.of("by a handler", () -> {
            other.connect(target, "", connect);
            return outcome(connect);
        });
        scene.say("open", channel.isOpen() + " " + other.isOpen());
    }

    private static void pending(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        Future<Void> connect = channel.connect(scene.at("stalled"));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
        scene.of("shutdownInput", channel::shutdownInput);
        scene.of("remote", channel::getRemoteAddress);
        scene.say("text", channel.toString().contains("connection-pending"));
        scene.of("get", () -> connect.get(400, TimeUnit.MILLISECONDS));
        scene.say("done", connect.isDone());
        scene.of("read later", () -> channel.read(ByteBuffer.allocate(1)));
        scene.of("remote later", channel::getRemoteAddress);
    }

    private static void second(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.connect(scene.at("stalled"));
        scene.of("by a future", () -> channel.connect(scene.at("echo")));
        scene.does("by a handler", () -> channel.connect(scene.at("echo"), "", new Handler<>()));
        scene.say("open", channel.isOpen());
    }

    private static void bindWhilePending(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        channel.connect(scene.at("stalled"));
        scene.of("bind", () -> channel.bind(new InetSocketAddress("127.0.0.3", 0)));
        scene.say("open", channel.isOpen());
    }

    private static void cancelled(Scene scene, boolean interrupt) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        Future<Void> connect = channel.connect(scene.at("stalled"));
        scene.of("cancel", () -> connect.cancel(interrupt));
        scene.say("cancelled", connect.isCancelled());
        scene.say("connect", outcome(connect));
        scene.say("open", channel.isOpen());
        scene.of("again", () -> outcome(channel.connect(scene.at("echo"))));
        scene.of("read", () -> outcome(channel.read(ByteBuffer.allocate(1))));
        scene.of("cancel again", () -> connect.cancel(true));
    }

    private static void closed(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        Future<Void> connect = channel.connect(scene.at("stalled"));
        AsynchronousSocketChannel other = open(scene);
        Handler<Void> handler = new Handler<>();
        other.connect(scene.at("stalled"), "attached", handler);
        scene.timed("close", 0, channel::close);
        scene.timed("close", 0, other::close);
        scene.say("by a future", outcome(connect));
        scene.say("by a handler", outcome(handler));
        scene.say("attachment", outcome(handler.attachment));
    }

    private static AsynchronousChannelGroup group(Scene scene) throws IOException {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(2, runnable -> {
            Thread thread = new Thread(runnable, OWN_GROUP);
            thread.setDaemon(true);
            return thread;
        });
        scene.closing(group::shutdownNow);
        return group;
    }

    /** With a future: the group ends with its last channel, and where no thread is left a handler is not called. */
    private static void groupShutDown(Scene scene) throws Exception {
        AsynchronousChannelGroup group = group(scene);
        AsynchronousSocketChannel channel = scene.closing(AsynchronousSocketChannel.open(group));
        Future<Void> connect = channel.connect(scene.at("stalled"));
        group.shutdown();
        scene.say("shut down", group.isShutdown() + " " + group.isTerminated());
        scene.of("open", () -> AsynchronousSocketChannel.open(group));
        scene.of("terminated", () -> group.awaitTermination(300, TimeUnit.MILLISECONDS));
        scene.say("pending", !connect.isDone());
        scene.does("close", channel::close);
        scene.say("connect", outcome(connect));
        scene.of("terminated", () -> group.awaitTermination(10, TimeUnit.SECONDS));
    }

    private static void groupShutDownNow(Scene scene) throws Exception {
        AsynchronousChannelGroup group = group(scene);
        AsynchronousSocketChannel channel = scene.closing(AsynchronousSocketChannel.open(group));
        Handler<Void> handler = new Handler<>();
        channel.connect(scene.at("stalled"), "", handler);
        Future<Void> future =
                scene.closing(AsynchronousSocketChannel.open(group)).connect(scene.at("stalled"));
        scene.timed("shut down", 0, group::shutdownNow);
        scene.say("by a handler", outcome(handler));
        scene.say("by a future", outcome(future));
        scene.say("open", channel.isOpen());
        scene.of("terminated", () -> group.awaitTermination(10, TimeUnit.SECONDS));
    }

    private static void ownGroup(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = scene.closing(AsynchronousSocketChannel.open(group(scene)));
        Handler<Void> connect = new Handler<>();
        channel.connect(scene.at("echo"), "", connect);
        scene.say("connect", outcome(connect));
        scene.say("thread", outcome(connect.thread));
        AsynchronousSocketChannel other = scene.closing(AsynchronousSocketChannel.open(group(scene)));
        Handler<Void> refused = new Handler<>();
        other.connect(scene.at("refused"), "", refused);
        scene.say("refused", outcome(refused));
        scene.say("thread", outcome(refused.thread));
        scene.say("echo", ping(channel));
    }

    private static void executorGroup(Scene scene) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable, OWN_GROUP);
            thread.setDaemon(true);
            return thread;
        });
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withCachedThreadPool(executor, 1);
        scene.closing(group::shutdownNow);
        AsynchronousSocketChannel channel = scene.closing(AsynchronousSocketChannel.open(group));
        Handler<Void> connect = new Handler<>();
        channel.connect(scene.at("echo"), "", connect);
        scene.say("connect", outcome(connect));
        scene.say("thread", outcome(connect.thread));
        scene.say("echo", ping(channel));
        channel.close();
        group.shutdown();
        scene.of("terminated", () -> group.awaitTermination(10, TimeUnit.SECONDS));
        scene.say("executor", executor.isShutdown());
    }

    /** A group of one thread, in which a handler connects. */
    private static void nested(Scene scene) throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withFixedThreadPool(1, runnable -> {
            Thread thread = new Thread(runnable, OWN_GROUP);
            thread.setDaemon(true);
            return thread;
        });
        scene.closing(group::shutdownNow);
        AsynchronousSocketChannel first = scene.closing(AsynchronousSocketChannel.open(group));
        AsynchronousSocketChannel second = scene.closing(AsynchronousSocketChannel.open(group));
        AsynchronousSocketChannel third = scene.closing(AsynchronousSocketChannel.open(group));
        Handler<Void> connect = new Handler<>();
        Handler<Void> inner = new Handler<>();
        Handler<Void> refused = new Handler<>();
        first.connect(scene.at("echo"), "", connect);
        connect.thenRun(() -> second.connect(scene.at("echo"), "", inner));
        inner.thenRun(() -> third.connect(scene.at("refused"), "", refused));
        scene.say("first", outcome(connect));
        scene.say("second", outcome(inner));
        scene.say("third", outcome(refused));
        scene.say("echo", ping(second));
    }

    private static void echo(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = open(scene);
        Handler<Void> connect = new Handler<>();
        Handler<Integer> write = new Handler<>();
        Handler<Integer> read = new Handler<>();
        ByteBuffer received = ByteBuffer.allocate(9);
        connect.thenRun(() -> channel.write(ByteBuffer.wrap(new byte[] {'!'}), "written", write));
        write.thenRun(() -> channel.read(received, "read", read));
        channel.connect(scene.at("echo"), "connected", connect);
        scene.say("connect", outcome(connect));
        scene.say("write", outcome(write));
        scene.say("read", outcome(read));
        scene.say(outcome(read.attachment));
        scene.say(Channels.text(received));
    }

    private static void readTimeout(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.at("silent"));
        Handler<Integer> read = new Handler<>();
        scene.timed("read", 300, () -> {
            channel.read(ByteBuffer.allocate(1), 300, TimeUnit.MILLISECONDS, "", read);
            scene.say(outcome(read));
        });
        scene.of("read again", () -> outcome(channel.read(ByteBuffer.allocate(1))));
        scene.say("open", channel.isOpen());
    }

    private static void readPending(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.at("echo"));
        ByteBuffer received = ByteBuffer.allocate(1);
        Future<Integer> read = channel.read(received);
        scene.of("second read", () -> outcome(channel.read(ByteBuffer.allocate(1))));
        scene.say("write", outcome(channel.write(ByteBuffer.wrap(new byte[] {'!'}))));
        scene.say("read", outcome(read));
        scene.say(Channels.text(received));
    }

    private static void speaksFirst(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.listen(peer -> {
            Sockets.write(peer, "hello\n");
            Sockets.echo(peer);
        }));
        scene.say("read", Channels.read(channel, 6));
        scene.say("echo", ping(channel));
    }

    private static void closesAtOnce(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.listen(peer -> peer.close()));
        scene.say("read", outcome(channel.read(ByteBuffer.allocate(1))));
        scene.say("open", channel.isOpen());
    }

    private static void halfCloses(Scene scene) throws Exception {
        AsynchronousSocketChannel channel = connected(scene, scene.at("echo"));
        scene.say("write", outcome(channel.write(ByteBuffer.wrap(new byte[] {'!'}))));
        channel.shutdownOutput();
        scene.of("write", () -> outcome(channel.write(ByteBuffer.allocate(1))));
        scene.say("read", Channels.read(channel, 9));
        channel.shutdownInput();
        scene.of("read", () -> outcome(channel.read(ByteBuffer.allocate(1))));
        scene.say("text", channel);
    }

    private static void many(Scene scene) throws Exception {
        List<AsynchronousSocketChannel> channels = new ArrayList<>();
        List<Handler<Void>> connects = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            AsynchronousSocketChannel channel = open(scene);
            Handler<Void> connect = new Handler<>();
            channel.connect(scene.at(i % 5 == 0 ? "refused" : "echo"), "", connect);
            channels.add(channel);
            connects.add(connect);
        }
        int pings = 0;
        int refused = 0;
        for (int i = 0; i < CHANNELS; i++) {
            Object outcome = outcome(connects.get(i));
            if (outcome instanceof ConnectException) {
                refused++;
            } else if (outcome instanceof Exception other) {
                throw other;
            } else {
                pings += ping(channels.get(i)).equals("ping") ? 1 : 0;
            }
        }
        scene.say("pings", pings);
        scene.say("refused", refused);
    }

    /** Whatever wins, the channel ends closed and the connect ends in one of three ways. */
    private static void races(Scene scene) throws Exception {
        int wrong = 0;
        for (int i = 0; i < 100; i++) {
            AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
            CountDownLatch go = new CountDownLatch(1);
            Background connect = Background.platform("connect", () -> {
                go.await();
                return outcome(channel.connect(scene.at("echo")));
            });
            go.countDown();
            for (int spin = 0; spin < i * 20; spin++) {
                Thread.onSpinWait();
            }
            channel.close();
            String outcome = String.valueOf(connect.outcome());
            boolean expected = outcome.equals("null")
                    || outcome.equals("java.nio.channels.AsynchronousCloseException")
                    || outcome.equals("java.nio.channels.ClosedChannelException");
            if (!expected || channel.isOpen()) {
                wrong++;
                System.err.println("closing an asynchronous channel races its connect: " + outcome);
            }
        }
        scene.say("wrong", wrong);
    }
}
