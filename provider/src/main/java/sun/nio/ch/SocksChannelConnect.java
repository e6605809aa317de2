// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The routed connect of a channel, which many threads may move: selectors, whoever finishes the connect, the thread that
 * watches the deadlines. They take turns, and none waits for another: who comes while another is at it has that one go on
 * once more. Safe for use by any thread.
 */
abstract class SocksChannelConnect implements Runnable {
    /** What is awaited of the descriptor while a name is looked up. */
    static final int NOTHING = 0;

    private static final int UNDER_WAY = 0;
    private static final int CONNECTED = 1;
    private static final int FAILED = 2;

    final SocksDescriptor descriptor;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile int state = UNDER_WAY;
    private volatile int event = Net.POLLOUT;
    private volatile long endNanos = System.nanoTime() + SocksDeadlines.FAR_NANOS;
    private @Nullable IOException failure; // written before state

    /** Whether {@link #run} could not do its work, and shall be called again. */
    volatile boolean overdue;

    SocksChannelConnect(SocksDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Goes on as far as it can without waiting.
     *
     * @param by who calls, for {@link #moved}
     * @return false if another thread was at it and goes on once more instead
     */
    final boolean advance(@Nullable Object by) {
        if (calls.getAndIncrement() != 0) {
            return false;
        }
        int done = 1;
        do {
            step();
            try {
                moved(by);
            } catch (Throwable e) {
                fail(e);
            }
            done = calls.addAndGet(-done);
        } while (done != 0);
        return true;
    }

    private void step() {
        SocksConnect connect = descriptor.connect;
        if (connect == null || state != UNDER_WAY) {
            return;
        }
        try {
            if (connect.advance()) {
                state = CONNECTED;
                return;
            }
            event = connect.isLookingUp() ? NOTHING : connect.awaitsReadable() ? Net.POLLIN : Net.POLLOUT;
            endNanos = System.nanoTime() + connect.remainingNanos();
        } catch (Throwable e) {
            // whatever it is: it must not end the application's event loop
            fail(e);
        }
    }

    private void fail(Throwable e) {
        IOException reason;
        if (e instanceof IOException io) {
            reason = io;
        } else {
            reason = new SocketException("Argyle has failed: " + e);
            reason.initCause(e);
        }
        failure = reason;
        state = FAILED;
        descriptor.shutdown();
    }

    /** Tells those who wait for the descriptor what to wait for now. In a turn. */
    abstract void moved(@Nullable Object by);

    /** Goes on after a deadline or a look-up, if the application does not see to that, in a thread of ours. */
    @Override
    public abstract void run();

    /** Whether its outcome is known. */
    final boolean isEnded() {
        return state != UNDER_WAY;
    }

    final boolean isConnected() {
        return state == CONNECTED;
    }

    /** What is awaited of the descriptor: POLLIN, POLLOUT, or NOTHING. */
    final int event() {
        return event;
    }

    /** When the next step is overdue. */
    final long endNanos() {
        return endNanos;
    }

    /**
     * Hands the outcome over, if it is known. Where the application closes the channel, the JDK has its own words for that,
     * and a connect that has not ended is what it expects.
     */
    final boolean outcome() throws IOException {
        IOException e = state == FAILED && !descriptor.isClosing() ? failure : null;
        if (e != null) {
            e.fillInStackTrace();
            throw e;
        }
        return state == CONNECTED;
    }
}
