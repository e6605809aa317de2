// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that measures when a line of its standard input says so: it answers lines {@code figure number} and, the nth
 * time, {@code done n}. Confined to one thread; closing it ends the program.
 */
final class Measured implements AutoCloseable {
    private final JvmProcess process;
    private int measurements;
    private int linesRead;

    Measured(JvmProcess process) {
        this.process = process;
    }

    /**
     * Lets the program measure, and returns its figures.
     *
     * @throws AssertionError if it ends instead
     */
    Map<String, Double> measure(String measurement) throws IOException, InterruptedException {
        measurements++;
        process.say(measurement);
        process.awaitOut("done " + measurements + "\n");
        List<String> lines = process.out().lines().toList();
        Map<String, Double> figures = new HashMap<>();
        for (String line : lines.subList(linesRead, lines.size() - 1)) {
            int space = line.indexOf(' ');
            figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        }
        linesRead = lines.size();
        return figures;
    }

    /** Tells the program to end, by an empty line, and waits for it. */
    JvmResult end() throws IOException, InterruptedException {
        process.say("");
        return process.await();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
