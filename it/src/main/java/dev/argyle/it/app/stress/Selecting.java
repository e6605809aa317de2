// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import static java.nio.channels.SelectionKey.OP_CONNECT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/** A channel of a round and a selector for it, and the ways of waiting for it. Confined to one thread, but for wakeups. */
final class Selecting {
    private static final long SHORT_MILLIS = 3;

    private static final int[] WITH_CONNECT = {
        OP_CONNECT, OP_CONNECT, OP_CONNECT | OP_READ, OP_CONNECT | OP_WRITE, OP_CONNECT | OP_READ | OP_WRITE
    };
    private static final int[] WITHOUT = {OP_READ, OP_READ, OP_WRITE, OP_READ | OP_WRITE, 0};

    private final Round round;
    private final SocketChannel channel;
    private final Selector selector;
    private final int way;

    Selecting(Round round, SocketChannel channel, Selector selector) {
        this.round = round;
        this.channel = channel;
        this.selector = selector;
        way = round.below(5);
    }

    static int withConnect(Round round) {
        return WITH_CONNECT[round.below(WITH_CONNECT.length)];
    }

    static int anyInterest(Round round) {
        return round.below(3) > 0 ? withConnect(round) : WITHOUT[round.below(WITHOUT.length)];
    }

    SocketChannel channel() {
        return channel;
    }

    Selector selector() {
        return selector;
    }

    SelectionKey key() {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            throw new Wrong("there is no key");
        }
        return key;
    }

    /** Selects once, in this object's way, and tells what the key was said to be ready for. */
    private int ready(long longestMillis) throws IOException {
        int[] operations = new int[1];
        switch (way) {
            case 0 -> selector.select(longestMillis);
            case 1 -> selector.select(Math.min(longestMillis, SHORT_MILLIS));
            case 2 -> {
                if (selector.selectNow() == 0) {
                    Round.poll();
                }
            }
            case 3 -> {
                selector.select(key -> operations[0] |= of(key), longestMillis);
                return operations[0];
            }
            default -> selector.select();
        }
        return taken();
    }

    private int of(SelectionKey key) {
        return key.channel() == channel && key.isValid() ? key.readyOps() : 0;
    }

    /**
     * Selects until the connect has ended.
     *
     * @throws IOException if it has failed
     * @throws Wrong if it does not end in time, or is said to have when it has not
     */
    boolean finish() throws IOException {
        boolean untold = (key().interestOps() & OP_CONNECT) == 0;
        while (true) {
            round.now(untold ? "selecting, with finishConnect in a loop" : "selecting for connect");
            // nothing tells of the end where OP_CONNECT was not asked for
            int ready = untold ? readyWithin(SHORT_MILLIS) : ready(round.leftMillis());
            round.checkTime();
            if (!untold && ready != 0 && (ready & OP_CONNECT) == 0) {
                throw new Wrong("ready for " + ready + " before it is connected");
            }
            if (untold || (ready & OP_CONNECT) != 0) {
                round.now("finishing");
                if (channel.finishConnect()) {
                    return true;
                }
                if (!untold) {
                    throw new Wrong("connectable, and finishConnect says no");
                }
            }
        }
    }

    /** Selects once, for so long or until something is ready, and tells what the key is ready for. */
    int readyWithin(long longestMillis) throws IOException {
        selector.select(longestMillis);
        return taken();
    }

    /** Takes what is selected, and tells what the key is ready for. */
    int taken() {
        int operations = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            operations |= of(key);
        }
        selector.selectedKeys().clear();
        return operations;
    }

    /** Selects until there is something to read, whatever the interest was. */
    void awaitReadable() throws IOException {
        key().interestOps(OP_READ);
        awaitReadableAsIs();
    }

    /**
     * Selects until there is something to read, with the interest as it is.
     *
     * @throws Wrong if that is not said in time
     */
    void awaitReadableAsIs() throws IOException {
        awaitReadableOr(() -> false);
    }

    /**
     * The same, or until something else is the case; tells whether it may be read.
     *
     * @throws Wrong if that is not said in time
     */
    boolean awaitReadableOr(BooleanSupplier other) throws IOException {
        round.now("selecting for read");
        while (!other.getAsBoolean()) {
            if ((ready(round.leftMillis()) & OP_READ) != 0) {
                return true;
            }
            round.checkTime();
        }
        return false;
    }
}
