// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.Future;

/** Connects without a selector: blocking ones, and finishConnect in a loop, with other threads that get in the way. */
final class Threads {
    private static final int MOST_SWITCHES = 12;

    private Threads() {}

    static void addTo(Map<String, Scenario> scenarios) {
        scenarios.put("blocking connect", Threads::blocking);
        scenarios.put("connect of the socket", Threads::ofTheSocket);
        scenarios.put("finishConnect in a loop", Threads::loop);
        scenarios.put("finishConnect by two threads", Threads::twoThreads);
        scenarios.put("blocking mode switched", Threads::switched);
        scenarios.put("closed while connecting", Threads::closed);
        scenarios.put("interrupted while connecting", Threads::interrupted);
    }

    private static void blocking(Round round) throws Exception {
        SocketChannel channel = round.channel();
        round.now("in connect");
        if (round.connects(channel, () -> channel.connect(round.target()))) {
            Talk.talk(round, channel, () -> {});
        }
    }

    /** With no timeout, one that may be too short, or a long one. */
    private static void ofTheSocket(Round round) throws Exception {
        SocketChannel channel = round.channel();
        int[] timeouts = {0, 1 + round.below(4), (int) round.leftMillis()};
        int timeoutMillis = timeouts[round.below(timeouts.length)];
        if (timeoutMillis > 0) {
            round.isTimed();
        }
        round.now("in the socket's connect with a timeout of " + timeoutMillis);
        boolean connected = round.connects(channel, () -> {
            channel.socket().connect(round.target(), timeoutMillis);
            return true;
        });
        if (connected) {
            Talk.talk(round, channel, () -> {});
        }
    }

    /** Asks until the connect is over; false if it is not in the round's time. */
    static boolean finishInALoop(Round round, SocketChannel channel) throws IOException {
        round.now("finishConnect in a loop");
        while (!channel.finishConnect()) {
            round.checkTime();
            Round.poll();
        }
        return true;
    }

    /** Finishes in blocking mode, and talks. */
    static void finishBlocking(Round round, SocketChannel channel) throws Exception {
        channel.configureBlocking(true);
        round.now("in a blocking finishConnect");
        if (round.connects(channel, channel::finishConnect)) {
            Talk.talk(round, channel, () -> {});
        }
    }

    private static void loop(Round round) throws Exception {
        SocketChannel channel = round.connecting();
        if (channel != null && round.connects(channel, () -> finishInALoop(round, channel))) {
            Talk.talk(round, channel, Talk::polling);
        }
    }

    /** The one that comes late finds the connect made, or the channel closed. */
    private static void twoThreads(Round round) throws Exception {
        SocketChannel channel = round.connecting();
        if (channel == null) {
            return;
        }
        round.interferes();
        Future<Boolean> other = round.fork(() -> round.connects(channel, () -> finishInALoop(round, channel)));
        boolean connected = round.connects(channel, () -> finishInALoop(round, channel));
        if (round.join(other) != connected) {
            throw new Wrong("connected for one thread: " + connected + ", and not for the other");
        }
        if (connected) {
            Talk.talk(round, channel, Talk::polling);
        }
    }

    private static void switched(Round round) throws Exception {
        SocketChannel channel = round.connecting();
        if (channel == null) {
            return;
        }
        int switches = 1 + round.below(MOST_SWITCHES);
        // a finishConnect that fails closes the channel under the one that switches
        round.interferes();
        Future<Boolean> switching = round.fork(() -> {
            for (int i = 0; i < switches; i++) {
                try {
                    channel.configureBlocking(i % 2 == 0);
                } catch (IOException closed) {
                    return false;
                }
                Round.poll();
            }
            return true;
        });
        boolean connected = round.connects(channel, () -> finishInALoop(round, channel));
        if (!round.join(switching) && connected) {
            throw new Wrong("the mode could not be switched");
        }
        if (connected) {
            Talk.talk(round, channel, Talk::polling);
        }
    }

    private interface Connecting {
        boolean connect() throws IOException;
    }

    /** A way to wait for a connect without a selector. */
    private static Connecting way(Round round, SocketChannel channel) throws Exception {
        switch (round.below(5)) {
            case 0 -> {
                return () -> channel.connect(round.target());
            }
            case 1 -> {
                return () -> {
                    channel.socket().connect(round.target());
                    return true;
                };
            }
            case 2 -> {
                return () -> {
                    channel.socket().connect(round.target(), (int) round.leftMillis());
                    return true;
                };
            }
            case 3 -> {
                channel.configureBlocking(false);
                return () -> {
                    channel.connect(round.target());
                    channel.configureBlocking(true);
                    return channel.finishConnect();
                };
            }
            default -> {
                channel.configureBlocking(false);
                return () -> {
                    channel.connect(round.target());
                    return finishInALoop(round, channel);
                };
            }
        }
    }

    /** Whoever wins. */
    private static void closed(Round round) throws Exception {
        SocketChannel channel = round.channel();
        Connecting way = way(round, channel);
        round.interferes();
        Future<String> closing = round.fork(() -> {
            round.pause();
            channel.close();
            return "";
        });
        round.now("connecting, to be closed");
        round.connects(channel, way::connect);
        round.join(closing);
        if (channel.isOpen() || channel.isConnectionPending()) {
            throw new Wrong("open after close");
        }
        round.ends("connected, then closed");
    }

    private static void interrupted(Round round) throws Exception {
        SocketChannel channel = round.channel();
        Connecting way = way(round, channel);
        round.interferes();
        Thread connecting = Thread.currentThread();
        Future<String> interrupting = round.fork(() -> {
            round.pause();
            connecting.interrupt();
            return "";
        });
        round.now("connecting, to be interrupted");
        boolean connected;
        try {
            connected = round.connects(channel, way::connect);
        } finally {
            // until it has come: it is this round's
            while (!interrupting.isDone()) {
                Thread.onSpinWait();
            }
            Thread.interrupted();
        }
        if (connected) {
            Talk.talk(round, channel, Talk::polling);
        }
    }
}
