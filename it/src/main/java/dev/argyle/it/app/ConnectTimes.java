// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * How long a number of connects took, for programs that measure whenever they are told to.
 *
 * <p>Each line of standard input, {@code connects inFlight}, is a measurement, which is answered by lines {@code figure
 * number} and, when it is the nth, by {@code done n}; an empty line ends the program:
 *
 * <pre>
 * rate        connects a second, each closed before the next takes its place
 * p50, p99    the microseconds from before a connection is made to when it can be written to
 * cpu         the microseconds of CPU that the event loop's thread spends on one, its close and the kernel's part too
 * </pre>
 *
 * <p>Confined to the event loop's thread.
 */
final class ConnectTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long[] nanos;
    private final long beginNanos = System.nanoTime();
    private final long beginCpuNanos = THREADS.getCurrentThreadCpuTime();
    private int ended;

    private ConnectTimes(int connects) {
        nanos = new long[connects];
    }

    /** Begins to measure so many connects. */
    static ConnectTimes begin(int connects) {
        return new ConnectTimes(connects);
    }

    /** Takes what {@link System#nanoTime} was before a connection was made, which now is open and closed again. */
    void add(long begunNanos, long openNanos) {
        nanos[ended] = openNanos - begunNanos;
        ended++;
    }

    /** Whether all connections have been made. */
    boolean isComplete() {
        return ended == nanos.length;
    }

    /** Prints the figures. */
    void say() {
        long cpuNanos = THREADS.getCurrentThreadCpuTime() - beginCpuNanos;
        long wallNanos = System.nanoTime() - beginNanos;
        Arrays.sort(nanos);
        say("rate", nanos.length * 1e9 / wallNanos);
        say("p50", nanos[nanos.length / 2] / 1e3);
        say("p99", nanos[nanos.length * 99 / 100] / 1e3);
        say("cpu", cpuNanos / 1e3 / nanos.length);
    }

    private static void say(String figure, double number) {
        System.out.println(figure + " " + number);
    }

    /** What measures. */
    interface Measuring {
        /** Makes so many connections, of which never more than so many are in flight, and prints the figures. */
        void measure(int connects, int inFlight) throws IOException, InterruptedException;
    }

    /** Measures whenever standard input says so, until it ends. */
    static void whenTold(Measuring program) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        int measurements = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            int space = line.indexOf(' ');
            program.measure(Integer.parseInt(line.substring(0, space)), Integer.parseInt(line.substring(space + 1)));
            measurements++;
            System.out.println("done " + measurements);
        }
    }
}
