// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.Argyle;
import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Installs the library by the system properties, and sends a datagram to a name that this machine does not know: unresolved,
 * then by the address that the library gives for it, first unconnected, then connected.
 *
 * <p>Arguments: {@code host port}, of an echo service. Prints a line for each.
 */
public final class DatagramByName {
    private static final int PATIENCE_MILLIS = 20_000;

    private DatagramByName() {}

    /** Sends and receives. */
    public static void main(String[] args) throws IOException {
        Argyle.install();
        String host = args[0];
        int port = Integer.parseInt(args[1]);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.connect(InetSocketAddress.createUnresolved(host, port));
            } catch (IOException e) {
                System.out.println(e);
            }
            InetAddress address = new Socks5SocketFactory().addresses(host)[0];
            InetSocketAddress target = new InetSocketAddress(address, port);
            System.out.println(ping(socket, target));
            socket.connect(target);
            System.out.println(ping(socket, target));
        }
    }

    private static String ping(DatagramSocket socket, InetSocketAddress target) throws IOException {
        socket.send(new DatagramPacket("ping".getBytes(US_ASCII), 4, target));
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII) + " from " + packet.getAddress()
                + (packet.getPort() == target.getPort() ? "" : " from another port");
    }
}
