// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.endurance;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What this process holds (Linux), once the collector has been asked to free what it can. */
final class Holdings {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int COLLECTIONS = 3;
    private static final long PAUSE_MILLIS = 30;

    private Holdings() {}

    static int descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(DESCRIPTORS)) {
            return (int) entries.count();
        }
    }

    /** Collects until there are no more descriptors than so many, or for so long; how many there are then. */
    static int descriptorsDownTo(int expected, long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int count = descriptors();
        while (count > expected && System.nanoTime() - end < 0) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            count = descriptors();
        }
        return count;
    }

    /** Octets. */
    static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Octets of direct buffers. */
    static long direct() {
        long octets = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            octets += pool.getMemoryUsed();
        }
        return octets;
    }

    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
