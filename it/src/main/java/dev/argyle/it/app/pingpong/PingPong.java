// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.pingpong;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures datagrams of {@value Messages#OCTETS} octets whenever it is told to, so that several of these can take turns.
 *
 * <p>Arguments: {@code address echoPort sinkPort}, of a service that sends back what it gets and of one that takes it, and
 * the address and port of a SOCKS server if there is one to go through by hand. Each line of standard input is a
 * measurement, on a socket of its own; {@code kind} is one of {@link Messages#open}, or {@code by-hand}. It is answered by
 * lines {@code figure number} and, when it is the nth, by {@code done n}; an empty line ends the program:
 *
 * <pre>
 * ping kind n            p50 and p99, the microseconds in which a datagram is there and back, of n one after the other;
 *                        cpu, the microseconds of CPU that the process spends on one, there and back, in the kernel too
 * flood kind millis      sent, the datagrams a second that are sent so long without a pause; cpu, as above, of one sent
 * exchange kind n        nothing but n datagrams there and back, for who watches
 * allocation kind n      octets, of heap that is allocated for one datagram there and back, of n
 * </pre>
 */
public final class PingPong {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** No measurement takes as long, unless a datagram is lost. */
    private static final long LIMIT_SECONDS = 30;

    private static final int WARM_UP = 20;

    private final InetSocketAddress echo;
    private final InetSocketAddress sink;
    private final @Nullable InetSocketAddress server;
    private final ScheduledExecutorService limits = Executors.newSingleThreadScheduledExecutor(PingPong::daemon);

    private PingPong(String[] args) {
        echo = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        sink = new InetSocketAddress(args[0], Integer.parseInt(args[2]));
        server = args.length == 3 ? null : new InetSocketAddress(args[3], Integer.parseInt(args[4]));
    }

    private static Thread daemon(Runnable limit) {
        Thread thread = new Thread(limit, "limit");
        thread.setDaemon(true);
        return thread;
    }

    /** Measures until standard input ends. */
    public static void main(String[] args) throws IOException {
        PingPong program = new PingPong(args);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        int measurements = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            String[] words = line.split(" ", -1);
            int amount = Integer.parseInt(words[2]);
            switch (words[0]) {
                case "ping" -> program.ping(words[1], amount);
                case "flood" -> program.flood(words[1], amount);
                case "exchange" -> program.exchange(words[1], amount);
                case "allocation" -> program.allocation(words[1], amount);
                default -> throw new IllegalArgumentException(line);
            }
            measurements++;
            System.out.println("done " + measurements);
        }
    }

    private Messages open(String kind, InetSocketAddress target) throws IOException {
        return kind.equals("by-hand") && server != null
                ? new MessagesByHand(target, server)
                : Messages.open(kind, target);
    }

    /** Ends with an exception what waits for a datagram that was lost. */
    private Future<?> limit(Messages messages) {
        return limits.schedule(
                () -> {
                    messages.close();
                    return true;
                },
                LIMIT_SECONDS,
                TimeUnit.SECONDS);
    }

    private static void there(Messages messages, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            messages.send();
            if (messages.receive() != Messages.OCTETS) {
                throw new IOException("not the datagram that was sent");
            }
        }
    }

    private void ping(String kind, int count) throws IOException {
        long[] nanos = new long[count];
        long cpuNanos;
        try (Messages messages = open(kind, echo)) {
            Future<?> limit = limit(messages);
            there(messages, WARM_UP);
            cpuNanos = -cpuNanos();
            for (int i = 0; i < count; i++) {
                long begin = System.nanoTime();
                there(messages, 1);
                nanos[i] = System.nanoTime() - begin;
            }
            cpuNanos += cpuNanos();
            limit.cancel(false);
        }
        Arrays.sort(nanos);
        say("p50", nanos[count / 2] / 1e3);
        say("p99", nanos[count * 99 / 100] / 1e3);
        say("cpu", cpuNanos / 1e3 / count);
    }

    private void flood(String kind, int millis) throws IOException {
        long sent = 0;
        long cpuNanos;
        long wallNanos;
        try (Messages messages = open(kind, sink)) {
            Future<?> limit = limit(messages);
            messages.send();
            cpuNanos = -cpuNanos();
            long begin = System.nanoTime();
            long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() - end < 0) {
                messages.send();
                sent++;
            }
            wallNanos = System.nanoTime() - begin;
            cpuNanos += cpuNanos();
            limit.cancel(false);
        }
        say("sent", sent * 1e9 / wallNanos);
        say("cpu", cpuNanos / 1e3 / sent);
    }

    private void exchange(String kind, int count) throws IOException {
        try (Messages messages = open(kind, echo)) {
            Future<?> limit = limit(messages);
            there(messages, count);
            limit.cancel(false);
        }
    }

    private void allocation(String kind, int count) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long octets;
        try (Messages messages = open(kind, echo)) {
            Future<?> limit = limit(messages);
            there(messages, count); // also so that what is measured is compiled
            octets = -threads.getThreadAllocatedBytes(self);
            there(messages, count);
            octets += threads.getThreadAllocatedBytes(self);
            limit.cancel(false);
        }
        say("octets", octets / (double) count);
    }

    /** What all threads of this process have run, of those that there still are: the first number of each (Linux). */
    private static long cpuNanos() throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                String times = Files.readString(task.resolve("schedstat"));
                nanos += Long.parseLong(times.substring(0, times.indexOf(' ')));
            }
        }
        return nanos;
    }

    private static void say(String figure, double number) {
        System.out.println(figure + " " + number);
    }
}
