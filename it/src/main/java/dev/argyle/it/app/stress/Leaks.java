// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What is left behind: descriptors (of Linux) that were not there before, and threads. */
final class Leaks {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PATIENCE_SECONDS = 10;
    private static final long POLL_MILLIS = 20;

    private final Map<String, Integer> descriptors;

    private Leaks(Map<String, Integer> descriptors) {
        this.descriptors = descriptors;
    }

    static Leaks before() throws IOException {
        return new Leaks(descriptors());
    }

    private static int count(Map<String, Integer> descriptors) {
        return descriptors.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many there are of each kind: a socket, a pipe, a file. */
    private static Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path entry : entries) {
                try {
                    String link = Files.readSymbolicLink(entry).toString();
                    kinds.merge(link.startsWith("/") ? link : link.replaceAll(":\\[\\d+]", ""), 1, Integer::sum);
                } catch (IOException closed) {
                    // between the listing and now
                }
            }
        }
        return kinds;
    }

    /**
     * Prints {@code left descriptors <number> ...}, once there are no more than before or after some seconds, and
     * {@code left threads <name>, <name>...}, of all threads but this program's own.
     */
    void print(PrintStream out) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Map<String, Integer> now = descriptors();
        while (count(now) > count(descriptors) && System.nanoTime() - endNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            now = descriptors();
        }
        int left = Math.max(0, count(now) - count(descriptors));
        out.println("left descriptors " + left + (left == 0 ? "" : ": " + descriptors + " became " + now));
        List<String> others = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("stress "))
                .map(thread -> thread.getName() + (thread.isDaemon() ? "" : " (no daemon)"))
                .sorted()
                .toList();
        out.println("left threads " + String.join(", ", others));
    }
}
