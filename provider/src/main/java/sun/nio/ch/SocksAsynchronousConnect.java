// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The routed connect of an {@code AsynchronousSocketChannel}. Safe for use by any thread. */
final class SocksAsynchronousConnect extends SocksChannelConnect {
    /** The JDK's own connect, which goes on to poll for POLLOUT. */
    static final Object BEGIN = "begin";

    /** The handler of events, to which the JDK's own code hands the outcome. */
    static final Object EVENT = "event";

    private final UnixAsynchronousSocketChannelImpl channel;

    SocksAsynchronousConnect(UnixAsynchronousSocketChannelImpl channel, SocksDescriptor descriptor) {
        super(descriptor);
        this.channel = channel;
    }

    /** What the channel is told of an event: nothing before the outcome is known, then that it is writable. */
    int ready(int events) {
        try {
            channel.begin();
            return advance(EVENT) && isEnded() ? Net.POLLOUT : 0;
        } catch (IOException e) {
            return events; // closed
        } finally {
            channel.end();
        }
    }

    /** An event is told once. Another thread than the handler's brings an outcome there by one more of them. */
    @Override
    void moved(@Nullable Object by) {
        if (!isEnded()) {
            SocksDeadlines.watch(endNanos());
        }
        if (by == BEGIN || by == EVENT && isEnded()) {
            return;
        }
        int event = isEnded() ? Net.POLLOUT : event();
        if (event != NOTHING) {
            ((Port) channel.group()).startPoll(IOUtil.fdVal(channel.fd), event);
        }
    }

    @Override
    public void run() {
        try {
            channel.begin();
            advance(null);
        } catch (IOException e) {
            // closed
        } finally {
            channel.end();
        }
    }
}
