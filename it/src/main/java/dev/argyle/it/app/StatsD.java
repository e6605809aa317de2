// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends metrics as clients of StatsD do, each in a datagram that nobody answers: by a socket, then by a connected channel
 * that does not block, and that loses what is not taken.
 *
 * <p>Arguments: host, port, how many are to be sent by each, and how many may be lost. Prints how many were taken of each,
 * and keeps the sockets until it reads something.
 */
public final class StatsD {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private StatsD() {}

    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws IOException {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        int count = Integer.parseInt(args[2]);
        int losses = Integer.parseInt(args[3]);
        try (DatagramSocket socket = new DatagramSocket();
                DatagramChannel channel = DatagramChannel.open()) {
            for (int i = 0; i < count; i++) {
                byte[] metric = metric("socket", i);
                socket.send(new DatagramPacket(metric, metric.length, target));
            }
            System.out.println("socket " + count);

            channel.configureBlocking(false);
            channel.connect(target);
            int taken = 0;
            int lost = 0;
            while (taken < count && lost <= losses) {
                ByteBuffer metric = ByteBuffer.wrap(metric("channel", taken));
                if (channel.write(metric) > 0) {
                    taken++;
                } else {
                    lost++;
                    // what a program that measures does between its metrics
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            System.out.println("channel " + taken);
            System.in.read();
        }
    }

    private static byte[] metric(String name, int value) {
        return ("argyle." + name + ":" + value + "|g").getBytes(US_ASCII);
    }
}
