// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;

/**
 * Finds the largest datagram that a service sends back, as QUIC does: with datagrams that must not be put in fragments
 * where Java can ask for that, which it can from 19 on.
 *
 * <p>Arguments: host, port, the size that is sure to pass, and the largest to try. Prints each size that the system did
 * not take, then the largest that came back.
 */
public final class PathMtu {
    private static final int TIMEOUT_MILLIS = 20_000;

    private PathMtu() {}

    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws IOException {
        int passes = Integer.parseInt(args[2]);
        int fails = Integer.parseInt(args[3]) + 1;
        try (DatagramSocket socket = new DatagramSocket()) {
            for (SocketOption<?> option : socket.supportedOptions()) {
                if (option.name().equals("IP_DONTFRAGMENT")) {
                    set(socket, option);
                }
            }
            socket.connect(InetAddress.getByName(args[0]), Integer.parseInt(args[1]));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            while (fails - passes > 1) {
                int size = (passes + fails) >>> 1;
                if (probe(socket, size)) {
                    passes = size;
                } else {
                    fails = size;
                }
            }
        }
        System.out.println("largest " + passes);
    }

    @SuppressWarnings("unchecked") // what the name says
    private static void set(DatagramSocket socket, SocketOption<?> option) throws IOException {
        socket.setOption((SocketOption<Boolean>) option, true);
    }

    private static boolean probe(DatagramSocket socket, int size) throws IOException {
        try {
            socket.send(new DatagramPacket(new byte[size], size));
        } catch (IOException tooLong) {
            System.out.println(size + " " + tooLong);
            return false;
        }
        try {
            DatagramPacket echo = new DatagramPacket(new byte[size + 1], size + 1);
            socket.receive(echo);
            return echo.getLength() == size;
        } catch (SocketTimeoutException lost) {
            return false;
        }
    }
}
