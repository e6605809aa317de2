// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of stand-in addresses: each routed name gets an address of 198.18.0.0/15, the block that RFC 2544 sets aside
 * for benchmarks, and keeps it as long as the JVM lives. The address carries the name, so that host name checks and SNI
 * work as ever, and the table finds the name from the raw octets. Each JVM starts at a place of its own, so that an
 * address of another JVM's is known as foreign. Safe for use by any thread.
 */
public final class StandIns {
    private static final int CAPACITY = 1 << 17;
    private static final int BLOCK = 198 << 24 | 18 << 16;

    private final int start;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();

    /** @param seed chooses the place of the block at which this table starts; the time will do, whatever its unit */
    public StandIns(long seed) {
        start = (int) (seed * 0x9E3779B97F4A7C15L >>> 32)
                & CAPACITY - 1; // 2^64 by the golden ratio: spreads neighbours
    }

    /**
     * Gives the stand-in of a name, the same each time. The name is compared without regard to case, and the address
     * carries it as it is written here.
     *
     * @throws UnknownHostException if all stand-ins are given out
     */
    public synchronized InetAddress of(String host) throws UnknownHostException {
        String key = host.toLowerCase(Locale.ROOT);
        Integer number = numbers.get(key);
        if (number == null) {
            if (numbers.size() == CAPACITY) {
                throw new UnknownHostException(host + ": all " + CAPACITY
                        + " stand-in addresses of this JVM are given out; a proxy of scheme socks5:// needs none");
            }
            number = start + numbers.size() & CAPACITY - 1;
            numbers.put(key, number);
            names.put(number, host);
        }
        int address = BLOCK | number;
        return InetAddress.getByAddress(
                host,
                new byte[] {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address});
    }

    /** Tells whether the address lies in the block that stand-ins are taken from. */
    public static boolean isStandIn(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4 && (octets[0] & 0xFF) == 198 && (octets[1] & 0xFE) == 18;
    }

    /** Returns the name behind a stand-in, or null if this table never gave it out. */
    public @Nullable String name(InetAddress standIn) {
        byte[] octets = standIn.getAddress();
        int number = (octets[1] & 1) << 16 | (octets[2] & 0xFF) << 8 | octets[3] & 0xFF;
        synchronized (this) {
            return isStandIn(standIn) ? names.get(number) : null;
        }
    }
}
