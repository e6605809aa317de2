// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import org.jspecify.annotations.Nullable;

/** Entries in the order in which they came; each is in one list at most. Guarded by the table's lock. */
final class EntryList {
    private @Nullable Entry first;
    private @Nullable Entry last;

    @Nullable
    Entry first() {
        return first;
    }

    void add(Entry entry) {
        entry.list = this;
        entry.previous = last;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
    }

    void remove(Entry entry) {
        Entry previous = entry.previous;
        Entry next = entry.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.previous = previous;
        }
        entry.list = null;
        entry.previous = null;
        entry.next = null;
    }
}
