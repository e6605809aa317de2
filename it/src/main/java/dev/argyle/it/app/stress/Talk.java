// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What is said on a connection once it stands: it must be with the target, and nothing may be lost. */
final class Talk {
    /** What a target says that speaks first. */
    static final String GREETING = "hello";

    private static final int BUFFER_OCTETS = 64;

    /** Waits until there may be something to read. */
    @FunctionalInterface
    interface Reading {
        void await() throws Exception;
    }

    private Talk() {}

    /** Waits no longer than it takes to look again; right in either mode. */
    static void polling() {
        Round.poll();
    }

    /** Talks, and ends the round. */
    static void talk(Round round, SocketChannel channel, Reading readable) throws Exception {
        round.now("talking");
        switch (round.role()) {
            case FIRST -> {
                hear(round, channel, readable, GREETING + "\n");
                ping(round, channel, readable);
            }
            case ECHO -> ping(round, channel, readable);
            case CLOSER -> hearTheEnd(round, channel, readable);
            case REFUSED -> throw new Wrong("connected to a port at which nothing listens");
        }
        round.ends("connected");
    }

    private static void ping(Round round, SocketChannel channel, Reading readable) throws Exception {
        say(round, channel);
        hear(round, channel, readable, round.word());
    }

    /** Sends the round's word. */
    static void say(Round round, SocketChannel channel) throws IOException {
        ByteBuffer octets = US_ASCII.encode(round.word());
        while (octets.hasRemaining()) {
            channel.write(octets);
            round.checkTime();
        }
    }

    /** Reads that text and nothing else. */
    static void hear(Round round, SocketChannel channel, Reading readable, String expected) throws Exception {
        round.now("reading " + expected.trim());
        ByteBuffer heard = ByteBuffer.allocate(expected.length());
        while (heard.hasRemaining()) {
            readable.await();
            round.checkTime();
            if (channel.read(heard) < 0) {
                throw new Wrong("the end instead of " + expected.trim() + " after " + text(heard));
            }
        }
        check(expected, heard);
    }

    /** Fails unless a buffer was filled with that text. */
    static void check(String expected, ByteBuffer heard) {
        if (!text(heard).equals(expected)) {
            throw new Wrong("\"" + text(heard) + "\" instead of \"" + expected + "\"");
        }
    }

    private static String text(ByteBuffer filled) {
        return US_ASCII.decode(filled.duplicate().flip()).toString();
    }

    private static void hearTheEnd(Round round, SocketChannel channel, Reading readable) throws Exception {
        round.now("reading the end");
        ByteBuffer heard = ByteBuffer.allocate(BUFFER_OCTETS);
        int count = 0;
        while (count == 0) {
            readable.await();
            round.checkTime();
            try {
                count = channel.read(heard);
            } catch (IOException reset) {
                return;
            }
        }
        if (count > 0) {
            throw new Wrong("\"" + text(heard) + "\" of one that says nothing");
        }
    }
}
