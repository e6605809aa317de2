// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A name and its number, and the addresses of it that the program may still hold. Guarded by the table's lock. */
final class Entry {
    final String key;
    final String name;
    final Numbers numbers;
    final long number;
    long usedAtNanos;

    private @Nullable Held held;

    /** Where it waits, and its neighbours there. */
    @Nullable
    EntryList list;

    @Nullable
    Entry previous;

    @Nullable
    Entry next;

    /**
     * @param key the name in lower case
     * @param name the name as it was written first
     */
    Entry(String key, String name, Numbers numbers, long number) {
        this.key = key;
        this.name = name;
        this.numbers = numbers;
        this.number = number;
    }

    /** Returns whether the program may still hold an address of this name. */
    boolean isHeld() {
        return held != null;
    }

    /** Returns an address that carries the name as it is written here and is still there, or null. */
    @Nullable
    InetAddress address(String written) {
        for (Held each = held; each != null; each = each.next) {
            InetAddress address = each.written.equals(written) ? each.get() : null;
            if (address != null) {
                return address;
            }
        }
        return null;
    }

    void hold(InetAddress address, String written, ReferenceQueue<InetAddress> queue) {
        held = new Held(address, written, queue, this, held);
    }

    private void release(Held gone) {
        if (held == gone) {
            held = gone.next;
            return;
        }
        for (Held each = held; each != null; each = each.next) {
            if (each.next == gone) {
                each.next = gone.next;
                return;
            }
        }
    }

    /** An address that was given out, as long as the program holds it. */
    static final class Held extends WeakReference<InetAddress> {
        final Entry entry;
        private final String written;
        private @Nullable Held next;

        Held(InetAddress address, String written, ReferenceQueue<InetAddress> queue, Entry entry, @Nullable Held next) {
            super(address, queue);
            this.written = written;
            this.entry = entry;
            this.next = next;
        }

        /** Forgets the address, which the program does not hold any more. */
        void release() {
            entry.release(this);
        }
    }
}
