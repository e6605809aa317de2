// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The system calls on descriptors of a program's measurements, of all its threads, as strace counts them.
 *
 * @param counts how often each was called
 */
record SystemCalls(Map<String, Integer> counts) {
    private static final Pattern CALL = Pattern.compile("\\d+ +(\\w+)\\((.*)");

    /** Has a descriptor, but it is memory that the JVM asks for, when it likes. */
    private static final String MEMORY = "mmap";

    /** How a measured program ends a measurement. */
    private static final String DONE = "\"done ";

    /** The command that writes to a file what a program calls. */
    static String[] trace(Path file) {
        return new String[] {
            "strace", "-f", "-qq", "-e", "trace=%desc,%network", "-e", "signal=none", "-o", file.toString()
        };
    }

    /** Reads the file: what was called up to the end of the first measurement, from there to that of the second, and so on. */
    static List<SystemCalls> read(Path file) throws IOException {
        List<SystemCalls> measurements = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            Matcher call = CALL.matcher(line);
            if (call.matches() && !call.group(1).equals(MEMORY)) {
                counts.merge(call.group(1), 1, Integer::sum);
                if (call.group(2).contains(DONE)) {
                    measurements.add(new SystemCalls(Map.copyOf(counts)));
                    counts.clear();
                }
            }
        }
        return measurements;
    }

    /** All of them for each of so many connects. */
    double each(int connects) {
        return counts.values().stream().mapToInt(Integer::intValue).sum() / (double) connects;
    }

    /** How often each was called in a connect, the most frequent first. */
    String kinds(int connects) {
        return counts.entrySet().stream()
                .filter(count -> count.getValue() * 20 >= connects)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .map(count -> {
                    String each = String.format(Locale.ROOT, "%.1f", count.getValue() / (double) connects);
                    return each.replace(".0", "") + " " + count.getKey();
                })
                .collect(Collectors.joining(", "));
    }
}
