// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/**
 * Measures connections whenever it is told to, so that several of these can take turns.
 *
 * <p>Arguments: {@code host echoPort sinkPort sourcePort}, of a service that sends back what it gets, of one that answers
 * the end of the stream, and of one that sends without end. Each line of standard input is a measurement, which is
 * answered by lines {@code figure number} and, when it is the nth, by {@code done n}:
 *
 * <pre>
 * connect     p50, the microseconds in which half of the connections are open, have carried an octet there and back, and
 *             are closed; cpu, the microseconds of CPU that the thread spends on one, in the kernel too
 * ping n      p50 and p99, the microseconds in which n octets go there and back
 * up, down    rate, megabytes a second
 * </pre>
 */
public final class Traffic {
    private static final int CONNECTIONS = 300;
    private static final int PINGS = 2_000;
    private static final int CHUNK_OCTETS = 64 * 1024;
    private static final int CHUNKS = 2_000;

    private final InetAddress host;
    private final int echo;
    private final int sink;
    private final int source;

    private Traffic(String[] args) throws IOException {
        host = InetAddress.getByName(args[0]);
        echo = Integer.parseInt(args[1]);
        sink = Integer.parseInt(args[2]);
        source = Integer.parseInt(args[3]);
    }

    /** Measures until standard input ends. */
    public static void main(String[] args) throws IOException {
        Traffic traffic = new Traffic(args);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        int measurements = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "connect" -> traffic.connect();
                case "up" -> traffic.up();
                case "down" -> traffic.down();
                default -> traffic.ping(Integer.parseInt(line.substring("ping ".length())));
            }
            measurements++;
            System.out.println("done " + measurements);
        }
    }

    private void connect() throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] nanos = new long[CONNECTIONS];
        long cpuNanos = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            long begin = System.nanoTime();
            try (Socket socket = new Socket(host, echo)) {
                socket.getOutputStream().write(1);
                if (socket.getInputStream().read() != 1) {
                    throw new IOException("no echo");
                }
            }
            nanos[i] = System.nanoTime() - begin;
        }
        cpuNanos = threads.getCurrentThreadCpuTime() - cpuNanos;
        Arrays.sort(nanos);
        say("p50", nanos[CONNECTIONS / 2] / 1e3);
        say("cpu", cpuNanos / 1e3 / CONNECTIONS);
    }

    private void ping(int octets) throws IOException {
        byte[] message = new byte[octets];
        long[] nanos = new long[PINGS];
        try (Socket socket = new Socket(host, echo)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            for (int i = 0; i < PINGS; i++) {
                long begin = System.nanoTime();
                out.write(message);
                if (in.readNBytes(message, 0, octets) < octets) {
                    throw new IOException("the echo has ended");
                }
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        say("p50", nanos[PINGS / 2] / 1e3);
        say("p99", nanos[PINGS / 100 * 99] / 1e3);
    }

    /** Counts until all has arrived, and so until the answer. */
    private void up() throws IOException {
        byte[] chunk = new byte[CHUNK_OCTETS];
        try (Socket socket = new Socket(host, sink)) {
            long begin = System.nanoTime();
            for (int i = 0; i < CHUNKS; i++) {
                socket.getOutputStream().write(chunk);
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the sink has not answered");
            }
            sayRate(begin);
        }
    }

    private void down() throws IOException {
        byte[] chunk = new byte[CHUNK_OCTETS];
        try (Socket socket = new Socket(host, source)) {
            long begin = System.nanoTime();
            for (int i = 0; i < CHUNKS; i++) {
                if (socket.getInputStream().readNBytes(chunk, 0, CHUNK_OCTETS) < CHUNK_OCTETS) {
                    throw new IOException("the source has ended");
                }
            }
            sayRate(begin);
        }
    }

    private static void sayRate(long beginNanos) {
        say("rate", (double) CHUNKS * CHUNK_OCTETS * 1e3 / (System.nanoTime() - beginNanos));
    }

    private static void say(String figure, double number) {
        System.out.println(figure + " " + number);
    }
}
