// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The table of stand-in addresses: each routed name gets an address of blocks that are no host's. The address carries the
 * name, so that host name checks and SNI work as ever, and the table finds the name from the raw octets. Each JVM starts at
 * a place of its own, so that an address of another JVM's is known as foreign.
 *
 * <p>A name is, from when it is first asked for,
 *
 * <pre>
 * recent     for 10 minutes after it was last asked for or connected to
 * held       then, as long as the program holds an address of it
 * free       then, until another name gets its number
 * forgotten  in place of free, in a block of 2^25 numbers or more: no other name gets its number before all others
 * </pre>
 *
 * and recent again whenever it is asked for or connected to, with the same number unless it is forgotten or another has got
 * it. Numbers that no name ever had are given first, then the one that has been free for longest, then those of the other
 * family.
 *
 * <p>Safe for use by any thread. None waits for another, but for one that has the garbage collector run.
 */
public final class StandIns {
    /** For so long after its last use the number of a name that nobody holds stays that name's. */
    static final long QUARANTINE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** So many addresses that are held no more are seen to for one that is given: it catches up, and none waits long. */
    private static final int STEPS = 64;

    /** So long without another address from the collector means that it has found no more. */
    private static final long LAST_WAIT_MILLIS = 100;

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Family ipv4;
    private final Family ipv6;
    private final List<StandInBlock> blocks;
    private final FamilyPreference preference;
    private final BooleanSupplier ipv6Available;
    private final LongSupplier nanoClock;
    private final ReferenceQueue<InetAddress> released = new ReferenceQueue<>();

    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Boolean ipv6Usable; // written under asking

    private final ReentrantLock collecting = new ReentrantLock(); // before lock

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> entries = new HashMap<>(); // guarded by lock
    private final EntryList recent = new EntryList(); // guarded by lock
    private int heldLong; // entries in no list; guarded by lock
    private @Nullable Long collectedAtNanos; // guarded by lock

    /** A family's blocks, and its numbers that may pass to another name. */
    private static final class Family {
        final List<Numbers> blocks = new ArrayList<>();
        final EntryList free = new EntryList(); // guarded by lock
    }

    /**
     * Makes a table from which nothing is given out yet.
     *
     * @param blocks in the order in which they are used within their family
     * @param ipv6Available whether this machine has IPv6; asked once at most, when an IPv6 address is first wanted
     * @param seed chooses the place of each block at which this table starts; the time will do, whatever its unit
     * @param nanoClock as {@link System#nanoTime}
     * @throws IllegalArgumentException if there is no block, or two overlap
     */
    public StandIns(
            List<StandInBlock> blocks,
            FamilyPreference preference,
            BooleanSupplier ipv6Available,
            long seed,
            LongSupplier nanoClock) {
        this.blocks = List.copyOf(blocks);
        this.preference = preference;
        this.ipv6Available = ipv6Available;
        this.nanoClock = nanoClock;
        ipv4 = new Family();
        ipv6 = new Family();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("no block to take stand-in addresses from");
        }
        for (int i = 0; i < blocks.size(); i++) {
            StandInBlock block = blocks.get(i);
            for (int j = 0; j < i; j++) {
                if (block.overlaps(blocks.get(j))) {
                    throw new IllegalArgumentException(blocks.get(j) + " and " + block + " overlap; leave one out");
                }
            }
            (block.isIpv4() ? ipv4 : ipv6).blocks.add(new Numbers(block, seed));
        }
        if (preference == FamilyPreference.IPV4_ONLY || ipv6.blocks.isEmpty()) {
            ipv6Usable = false;
        }
    }

    /**
     * Makes a table as this JVM's properties and this machine's interfaces say.
     *
     * @param seed as for the constructor
     * @throws IllegalArgumentException as the constructor
     */
    public static StandIns ofThisJvm(List<StandInBlock> blocks, long seed) {
        return new StandIns(
                blocks, FamilyPreference.of(System.getProperties()), new Ipv6Interfaces(), seed, new NanoClock());
    }

    /**
     * Gets the stand-in of a name, the same each time as long as the name keeps its number. The name is compared without
     * regard to case, and the address carries it as it is written here.
     *
     * <p>May run the garbage collector, once in 10 minutes at most, before it fails: addresses that the program has long
     * dropped come back in no other way.
     *
     * @throws UnknownHostException if all stand-ins are given out and none is free
     */
    public InetAddress of(String host) throws UnknownHostException {
        boolean ipv6First = preference == FamilyPreference.IPV6_FIRST && isIpv6Usable();
        InetAddress given = give(host, ipv6First ? ipv6 : ipv4, STEPS);
        if (given == null) {
            given = giveOfEither(host, ipv6First);
        }
        if (given == null) {
            given = giveCollected(host, ipv6First);
        }
        if (given == null) {
            throw new UnknownHostException(exhausted(host));
        }
        return given;
    }

    private @Nullable InetAddress giveOfEither(String host, boolean ipv6First) throws UnknownHostException {
        InetAddress given = give(host, ipv6First ? ipv6 : ipv4, Integer.MAX_VALUE);
        if (given == null && isIpv6Usable()) {
            given = give(host, ipv6First ? ipv4 : ipv6, STEPS);
        }
        return given;
    }

    private boolean isIpv6Usable() {
        Boolean usable = ipv6Usable;
        if (usable == null) {
            asking.lock();
            try {
                usable = ipv6Usable;
                if (usable == null) {
                    usable = ipv6Available.getAsBoolean();
                    ipv6Usable = usable;
                }
            } finally {
                asking.unlock();
            }
        }
        return usable;
    }

    /** Gives the name its address, with a new number of this family if it has none; null if there is none to be had. */
    private @Nullable InetAddress give(String host, Family family, int steps) throws UnknownHostException {
        String key = host.toLowerCase(Locale.ROOT);
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            Entry entry = entries.get(key);
            if (entry != null) {
                use(entry, now);
            }
            tidy(now, steps);
            if (entry == null) {
                entry = newEntry(key, host, family);
                if (entry == null) {
                    return null;
                }
                entry.usedAtNanos = now;
                recent.add(entry);
            }
            InetAddress address = entry.address(host);
            if (address == null) {
                address = InetAddress.getByAddress(host, entry.numbers.block.octets(entry.number));
                entry.hold(address, host, released);
            }
            return address;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry newEntry(String key, String host, Family family) {
        for (Numbers numbers : family.blocks) {
            if (!numbers.isExhausted()) {
                return put(new Entry(key, host, numbers, numbers.take()));
            }
        }
        Entry before = family.free.first();
        if (before == null) {
            return null;
        }
        family.free.remove(before);
        entries.remove(before.key);
        return put(new Entry(key, host, before.numbers, before.number));
    }

    private Entry put(Entry entry) {
        entries.put(entry.key, entry);
        entry.numbers.put(entry);
        return entry;
    }

    private void use(Entry entry, long now) {
        if (entry.list == null) {
            heldLong--;
        } else {
            entry.list.remove(entry);
        }
        entry.usedAtNanos = now;
        recent.add(entry);
    }

    /** Moves entries on whose time has come, at most so many for each reason. */
    private void tidy(long now, int steps) {
        for (int i = 0; i < steps; i++) {
            Reference<?> reference = released.poll();
            if (reference == null) {
                break;
            }
            release((Entry.Held) reference);
        }
        for (int i = 0; i < steps; i++) {
            Entry oldest = recent.first();
            if (oldest == null || now - oldest.usedAtNanos < QUARANTINE_NANOS) {
                break;
            }
            recent.remove(oldest);
            if (oldest.isHeld()) {
                heldLong++;
            } else {
                free(oldest);
            }
        }
    }

    private void release(Entry.Held held) {
        held.release();
        Entry entry = held.entry;
        if (!entry.isHeld() && entry.list == null) {
            heldLong--;
            free(entry);
        }
    }

    private void free(Entry entry) {
        if (entry.numbers.endless) {
            entries.remove(entry.key);
            entry.numbers.forget(entry);
        } else {
            (entry.numbers.block.isIpv4() ? ipv4 : ipv6).free.add(entry);
        }
    }

    /** Has the garbage collector find the addresses that the program does not hold any more, one thread for all. */
    private @Nullable InetAddress giveCollected(String host, boolean ipv6First) throws UnknownHostException {
        collecting.lock();
        try {
            InetAddress given = giveOfEither(host, ipv6First); // another thread may have collected meanwhile
            if (given == null && mayCollect()) {
                System.gc();
                awaitReleased();
                given = giveOfEither(host, ipv6First);
            }
            return given;
        } finally {
            collecting.unlock();
        }
    }

    /** Only an entry that is held and was not used for long can be freed by a collection. */
    private boolean mayCollect() {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            Long last = collectedAtNanos;
            if (heldLong == 0 || last != null && now - last < QUARANTINE_NANOS) {
                return false;
            }
            collectedAtNanos = now;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The collector hands over what it found by a thread of its own. */
    private void awaitReleased() {
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        try {
            long wait = TimeUnit.NANOSECONDS.toMillis(LONGEST_WAIT_NANOS); // for the first, whose hand-over may be slow
            boolean more = true;
            while (more && System.nanoTime() - end < 0) {
                Reference<?> reference = released.remove(wait);
                more = reference != null && releaseAll((Entry.Held) reference);
                wait = LAST_WAIT_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a look-up does not end by an interrupt: it is kept for later
        }
    }

    /** Returns whether there may be more. */
    private boolean releaseAll(Entry.Held first) {
        lock.lock();
        try {
            release(first);
            tidy(nanoClock.getAsLong(), Integer.MAX_VALUE);
            return heldLong > 0;
        } finally {
            lock.unlock();
        }
    }

    private String exhausted(String host) {
        int given;
        lock.lock();
        try {
            given = entries.size();
        } finally {
            lock.unlock();
        }
        String ipv6Unused = "";
        if (!ipv6.blocks.isEmpty() && !isIpv6Usable()) {
            ipv6Unused = preference == FamilyPreference.IPV4_ONLY
                    ? ", and java.net.preferIPv4Stack=true rules out those of IPv6"
                    : ", and those of IPv6 cannot be used, since this machine has no IPv6 address";
        }
        return host + ": no stand-in address is left: all " + given + " of this JVM are given out" + ipv6Unused
                + "; the key names.range gives more, and a proxy of scheme socks5:// needs none";
    }

    /** Tells whether the address lies in a block that stand-ins are taken from, here or in another JVM. */
    public boolean isStandIn(InetAddress address) {
        byte[] octets = address.getAddress();
        for (StandInBlock block : blocks) {
            if (block.contains(octets)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the name behind a stand-in, as it was written when it got its number, or null for any other address: one
     * that this table never gave out, or whose name has lost it. What the address carries does not matter. The name then
     * keeps its number for another 10 minutes.
     */
    public @Nullable String name(InetAddress standIn) {
        byte[] octets = standIn.getAddress();
        Numbers numbers = numbers(octets);
        if (numbers == null) {
            return null;
        }
        lock.lock();
        try {
            Entry entry = numbers.get(octets);
            if (entry == null) {
                return null;
            }
            use(entry, nanoClock.getAsLong());
            return entry.name;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Numbers numbers(byte[] octets) {
        for (Numbers numbers : (octets.length == 4 ? ipv4 : ipv6).blocks) {
            if (numbers.block.contains(octets)) {
                return numbers;
            }
        }
        return null;
    }
}
