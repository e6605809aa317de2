// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Small things done with datagram channels in many cases; what is lost is asked again, some times. */
final class DatagramChannels {
    private DatagramChannels() {}

    /** A new channel, closed at the end of the case. */
    static DatagramChannel open(Scene scene) throws IOException {
        return scene.closing(DatagramChannel.open());
    }

    static DatagramChannel connected(Scene scene, SocketAddress peer) throws IOException {
        return open(scene).connect(peer);
    }

    static DatagramChannel nonBlocking(Scene scene) throws IOException {
        DatagramChannel channel = open(scene);
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends a question by a blocking channel, and receives what comes first. */
    static @Nullable SocketAddress ask(
            DatagramChannel channel, SocketAddress to, ByteBuffer question, ByteBuffer answer) throws IOException {
        return (SocketAddress) repeated(() -> channel.send(question.duplicate(), to), () -> channel.receive(answer));
    }

    /** Sends a text by a blocking channel, and says what comes back, from whom. */
    static String ask(DatagramChannel channel, SocketAddress to, String question) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(Datagrams.ROOM);
        SocketAddress source = ask(channel, to, US_ASCII.encode(question), answer);
        return Channels.text(answer) + " from " + source;
    }

    /** Writes a text by a blocking channel that is connected, and says what it reads. */
    static String ask(DatagramChannel channel, String question) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(Datagrams.ROOM);
        Object count = repeated(() -> channel.write(US_ASCII.encode(question)), () -> channel.read(answer));
        return Channels.text(answer) + " of " + count;
    }

    /** The result of a call that waits for the answer to what another sends. */
    static @Nullable Object repeated(Callable<?> question, Callable<?> answer) throws IOException {
        try {
            // first, so that nobody is left waiting where it throws
            question.call();
            Background receiver = Background.platform("receiver", answer);
            for (int left = Datagrams.TRIES; left > 0; left--, question.call()) {
                if (receiver.ends(Datagrams.TRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (receiver.outcome() instanceof IOException thrown) {
                        throw thrown;
                    }
                    return receiver.outcome();
                }
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        throw new SocketTimeoutException("no answer");
    }

    /** Sends by a channel in either mode, as often as it takes until it has gone out. */
    static void send(DatagramChannel channel, SocketAddress to, String text) throws IOException {
        int octets = text.length();
        untilOut(() -> octets == channel.send(US_ASCII.encode(text), to));
    }

    /** The same by one that is connected. */
    static void write(DatagramChannel channel, String text) throws IOException {
        int octets = text.length();
        untilOut(() -> octets == channel.write(US_ASCII.encode(text)));
    }

    /** Something that has to be done again until it says that it is done. */
    @FunctionalInterface
    interface Step {
        boolean done() throws IOException;
    }

    private static void untilOut(Step step) throws IOException {
        long startNanos = System.nanoTime();
        while (!step.done()) {
            if (System.nanoTime() - startNanos > TimeUnit.MILLISECONDS.toNanos(Scene.PATIENCE_MILLIS)) {
                throw new SocketTimeoutException("does not go out");
            }
            Channels.pause();
        }
    }

    /** Sends by a channel that does not block, waiting for its key to be writable; then waits for the answer. */
    static String ask(Selector selector, DatagramChannel channel, SocketAddress to, String question)
            throws IOException {
        SelectionKey key = channel.keyFor(selector);
        for (int left = Datagrams.TRIES; left > 0; left--) {
            key.interestOps(SelectionKey.OP_WRITE);
            while (channel.send(US_ASCII.encode(question), to) == 0) {
                if (Channels.next(selector).equals("nothing")) {
                    return "never writable";
                }
            }
            key.interestOps(SelectionKey.OP_READ);
            if (!Channels.during(selector, Datagrams.TRY_MILLIS).equals("nothing")) {
                ByteBuffer answer = ByteBuffer.allocate(Datagrams.ROOM);
                SocketAddress source = channel.receive(answer);
                return Channels.text(answer) + " from " + source;
            }
        }
        return "no answer";
    }

    /** What it says of its addresses, and its flags. */
    static String state(DatagramChannel channel) {
        return "[local=" + result(channel::getLocalAddress)
                + " remote=" + result(channel::getRemoteAddress)
                // a channel of datagrams has the text of any object
                + " text=" + channel.toString().startsWith("sun.nio.ch.DatagramChannelImpl@")
                + (channel.isOpen() ? " open" : " closed")
                + (channel.isBlocking() ? " blocking" : "")
                + (channel.isRegistered() ? " registered" : "")
                + (channel.isConnected() ? " connected" : "") + "]";
    }

    private static @Nullable Object result(Callable<?> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return e;
        }
    }
}
