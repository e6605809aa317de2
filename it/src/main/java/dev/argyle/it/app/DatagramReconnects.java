// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connects and disconnects a datagram socket, again and again, while another thread sends with it what is no header to
 * anybody. Arguments: host, port of an echo service, which is asked once before, port to send to, how often.
 */
public final class DatagramReconnects {
    private DatagramReconnects() {}

    /** Prints "reconnected". */
    public static void main(String[] args) throws Exception {
        InetAddress host = InetAddress.getByName(args[0]);
        InetSocketAddress target = new InetSocketAddress(host, Integer.parseInt(args[2]));
        AtomicBoolean ended = new AtomicBoolean();
        try (DatagramSocket socket = new DatagramSocket()) {
            send(socket, new InetSocketAddress(host, Integer.parseInt(args[1])));
            socket.receive(new DatagramPacket(new byte[1], 1));
            Thread sender = new Thread(() -> {
                while (!ended.get()) {
                    send(socket, target);
                }
            });
            sender.start();
            for (int left = Integer.parseInt(args[3]); left > 0; left--) {
                socket.connect(target);
                socket.disconnect();
            }
            ended.set(true);
            sender.join();
        }
        System.out.println("reconnected");
    }

    private static void send(DatagramSocket socket, InetSocketAddress target) {
        byte[] payload = new byte[64];
        Arrays.fill(payload, (byte) 0xFF);
        try {
            socket.send(new DatagramPacket(payload, payload.length, target));
        } catch (IOException | IllegalArgumentException e) {
            // the JDK's own, where its socket is between the two
        }
    }
}
