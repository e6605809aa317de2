// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The routed connect of a {@code SocketChannel}. Safe for use by any thread. */
final class SocksSelectableConnect extends SocksChannelConnect implements Consumer<SelectionKey> {
    private final SocketChannelImpl channel;

    /** Those that selectors have asked about; guarded by itself. */
    private final List<SelectionKeyImpl> keys = new ArrayList<>(1);

    private int toldOf = Net.POLLOUT; // in a turn

    /** Whether selectors leave the descriptor alone, until whoever has the turn tells them what to wait for. */
    private volatile boolean heldBack;

    SocksSelectableConnect(SocketChannelImpl channel, SocksDescriptor descriptor) {
        super(descriptor);
        this.channel = channel;
    }

    /** The connect has begun: keys from before wait for what a direct connect would do. */
    void begun() {
        if (channel.isRegistered()) {
            SocksChannelInternals.forEachKey(channel, this);
        }
    }

    @Override
    public void accept(SelectionKey key) {
        SelectionKeyImpl impl = (SelectionKeyImpl) key;
        if (impl.nioInterestOps() != 0) {
            add(impl);
            again(impl, true);
        }
    }

    private void add(SelectionKeyImpl key) {
        synchronized (keys) {
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
    }

    /**
     * What a selector is to wait for on behalf of a key. Whatever the interest: it is this that makes the connect go on,
     * and a failure is told to every interest.
     */
    int events(int ops, SelectionKeyImpl key) {
        add(key); // before a look at the state: who changes it looks at the keys afterwards
        if (isEnded()) {
            return channel.translateInterestOps(ops);
        }
        return heldBack ? NOTHING : event();
    }

    /** What a selector is told, in place of what the kernel has told it. */
    int ready(int ops, SelectionKeyImpl key) {
        if ((ops & Net.POLLNVAL) != 0) {
            return ops;
        }
        if (key.isValid() && !advance(key)) {
            holdBack(key);
        }
        if (!isEnded()) {
            return 0;
        }
        return isConnected() ? Net.POLLCONN : Net.POLLERR;
    }

    /**
     * Another has the turn and may have lost its processor, to this selector even, which would be told the same again and
     * again until then.
     */
    private void holdBack(SelectionKeyImpl key) {
        heldBack = true; // before the call that has the other go on once more, and tell what to wait for
        if (!advance(key)) {
            again(key, false);
        }
    }

    /**
     * Goes on, for a caller that has both locks of the channel.
     *
     * @param forcedNonBlocking whether the JDK keeps the descriptor non-blocking although the channel is blocking
     */
    boolean finish(boolean forcedNonBlocking) throws IOException {
        if (!isEnded()) {
            boolean blocking = channel.isBlocking();
            if (blocking && !forcedNonBlocking) {
                descriptor.acquireBlocking();
            }
            while (!advance(null) && blocking) {
                Thread.onSpinWait(); // the other makes system calls that do not wait
            }
        }
        return outcome();
    }

    @Override
    void moved(@Nullable Object by) {
        int now = isEnded() ? -1 : event();
        if (now >= 0 && !channel.isBlocking()) {
            SocksDeadlines.watch(endNanos());
        }
        boolean awaited = heldBack;
        if (now == toldOf && !awaited) {
            return;
        }
        if (awaited) {
            heldBack = false;
        }
        toldOf = now;
        SelectionKeyImpl[] all;
        synchronized (keys) {
            all = keys.toArray(new SelectionKeyImpl[0]);
        }
        for (SelectionKeyImpl key : all) {
            again(key, key != by);
        }
    }

    /** Has its selector ask again what to wait for; never in a lock, since selectors ask in one of theirs. */
    private static void again(SelectionKeyImpl key, boolean wakeUp) {
        try {
            if (key.isValid()) {
                SelectorImpl selector = (SelectorImpl) key.selector();
                selector.setEventOps(key);
                if (wakeUp) {
                    selector.wakeup();
                }
            }
        } catch (ClosedSelectorException e) {
            // nobody waits there any more
        }
    }

    @Override
    public void run() {
        // whoever finishes a connect that is blocking waits for it himself
        if (!channel.isBlocking() && !advanceLocked()) {
            SocksDeadlines.again(this);
        }
    }

    /**
     * While its locks are held, a channel that is not blocking cannot be closed, nor become blocking.
     *
     * @return false if somebody else had them, who may have looked too early
     */
    private boolean advanceLocked() {
        ReentrantLock readLock = SocksChannelInternals.readLock(channel);
        ReentrantLock writeLock = SocksChannelInternals.writeLock(channel);
        if (!readLock.tryLock()) {
            return false;
        }
        try {
            if (!writeLock.tryLock()) {
                return false;
            }
            try {
                if (channel.isOpen() && !channel.isBlocking()) {
                    advance(null);
                }
                return true;
            } finally {
                writeLock.unlock();
            }
        } finally {
            readLock.unlock();
        }
    }
}
