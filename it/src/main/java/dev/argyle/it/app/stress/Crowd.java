// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Very many channels on one selector: all begin to connect, and when all are connected, each sends its number to a target
 * that sends it back.
 *
 * <p>Arguments: {@code host port channels}. Prints {@code begun} when all have begun to connect, {@code connected <number>
 * threads=<number>} when all are connected, {@code heard <number>} when each has heard its own number, {@code heap=<MiB>} that
 * are in use then, and {@code end}; and {@code stuck ...} with the same counts if that does not happen in 240 seconds.
 */
public final class Crowd {
    private static final long LIMIT_SECONDS = 240;
    private static final long SELECT_MILLIS = 1_000;

    /** So many connects at once fit into any queue of those that are to be accepted. */
    private static final int IN_A_ROW = 200;

    private static final long PAUSE_MILLIS = 10;
    private static final int FAILED = 2;

    private final List<SocketChannel> channels = new ArrayList<>();
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    private int connected;
    private int heard;

    private Crowd() {}

    /** Runs, and ends the JVM with status 2 if it fails. */
    public static void main(String[] args) throws IOException {
        new Crowd().run(new InetSocketAddress(args[0], Integer.parseInt(args[1])), Integer.parseInt(args[2]));
    }

    /** A channel's number, and what has come back of it. */
    private record Member(ByteBuffer sent, ByteBuffer heard) {
        Member(int number) {
            this(ByteBuffer.allocate(Integer.BYTES).putInt(0, number), ByteBuffer.allocate(Integer.BYTES));
        }
    }

    private void run(InetSocketAddress target, int count) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.connect(target);
                channel.register(selector, OP_CONNECT, new Member(i));
                if (i % IN_A_ROW == 0) {
                    selector.select(this::connects, PAUSE_MILLIS);
                }
            }
            say("begun");
            while (connected < count) {
                selector.select(this::connects, SELECT_MILLIS);
                checkTime(selector);
            }
            say("connected " + connected + " threads="
                    + ManagementFactory.getThreadMXBean().getThreadCount());
            for (SocketChannel channel : channels) {
                SelectionKey key = channel.keyFor(selector);
                channel.write(((Member) key.attachment()).sent);
                key.interestOps(OP_READ);
            }
            while (heard < count) {
                selector.select(this::hears, SELECT_MILLIS);
                checkTime(selector);
            }
            say("heard " + heard);
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            say("heap=" + ((runtime.totalMemory() - runtime.freeMemory()) >> 20));
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
        say("end");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private void connects(SelectionKey key) {
        try {
            if (((SocketChannel) key.channel()).finishConnect()) {
                key.interestOps(0);
                connected++;
            }
        } catch (IOException failure) {
            throw new Wrong("connect " + connected, failure);
        }
    }

    private void hears(SelectionKey key) {
        Member member = (Member) key.attachment();
        try {
            if (((SocketChannel) key.channel()).read(member.heard) < 0) {
                throw new Wrong("the end instead of " + member.sent.getInt(0));
            }
        } catch (IOException failure) {
            throw new Wrong("read " + heard, failure);
        }
        if (!member.heard.hasRemaining()) {
            if (member.heard.getInt(0) != member.sent.getInt(0)) {
                throw new Wrong(member.heard.getInt(0) + " instead of " + member.sent.getInt(0));
            }
            key.interestOps(0);
            heard++;
        }
    }

    private void checkTime(Selector selector) {
        if (System.nanoTime() - endNanos > 0) {
            say("stuck connected=" + connected + " heard=" + heard + " keys="
                    + selector.keys().size());
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
