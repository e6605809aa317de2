// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Datagrams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Has a server relay a datagram to a target, which sends it back.
 *
 * <p>Arguments: {@code server-url host port}. Prints the rendezvous address, then what comes and where it comes from.
 */
public final class DatagramExample {
    private DatagramExample() {}

    /** Sends and receives. */
    public static void main(String[] args) throws IOException {
        Socks5Client client = Socks5Client.at(args[0]);
        InetSocketAddress target = InetSocketAddress.createUnresolved(args[1], Integer.parseInt(args[2]));

        try (Socks5Datagrams datagrams = client.associate(Duration.ofSeconds(10))) {
            System.out.println("rendezvous " + datagrams.rendezvous());
            datagrams.send(US_ASCII.encode("hello"), target);
            ByteBuffer buffer = ByteBuffer.allocate(1500);
            InetSocketAddress source = datagrams.receive(buffer, Duration.ofSeconds(10));
            System.out.println(US_ASCII.decode(buffer.flip()) + " from " + source);
        }
    }
}
