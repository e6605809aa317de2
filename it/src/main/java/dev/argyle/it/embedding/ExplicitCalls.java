// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.Argyle;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Datagrams;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Listener;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;

/**
 * Makes the calls of the explicit client in a JVM that is routed as a whole.
 *
 * <p>Arguments: {@code install} to install the system properties before, or {@code installed}; the server's URL, or {@code
 * installed} for the one that routes this JVM; host and port of an echo over TCP, host and port of one over UDP, port of a
 * visitor; an address that no server reaches. For each call one line.
 */
public final class ExplicitCalls {
    private static final Duration LONG = Duration.ofSeconds(20);

    private ExplicitCalls() {}

    /** Makes them one after the other. */
    public static void main(String[] args) throws IOException {
        if (args[0].equals("install")) {
            Argyle.install();
        }
        Socks5Client client = args[1].equals("installed") ? Socks5Client.installed() : Socks5Client.at(args[1]);
        InetSocketAddress echo = InetSocketAddress.createUnresolved(args[2], Integer.parseInt(args[3]));
        InetSocketAddress datagramEcho = InetSocketAddress.createUnresolved(args[4], Integer.parseInt(args[5]));
        InetSocketAddress visitor = InetSocketAddress.createUnresolved(args[4], Integer.parseInt(args[6]));
        System.out.println(
                "server " + Objects.requireNonNull(client.server(echo)).port());
        try (Socks5Connection connection = client.connect(echo, LONG)) {
            System.out.println("connect " + echoed(connection));
        }
        try (Socks5Connection connection = client.connect(looked(echo), LONG)) {
            System.out.println("connect to what was looked up " + echoed(connection));
        }
        try (SocketChannel channel = SocketChannel.open()) {
            System.out.println("connect by channel " + echoed(client.connect(channel, echo, LONG)));
        }
        System.out.println("bind " + visited(client, visitor));
        System.out.println("associate " + datagram(client, datagramEcho));
        InetSocketAddress namedEcho = InetSocketAddress.createUnresolved(args[8], datagramEcho.getPort());
        System.out.println("datagram to what was looked up " + datagram(client, looked(namedEcho)));
        if (!args[1].equals("installed")) {
            return; // a given server is for all targets
        }
        try {
            client.connect(new InetSocketAddress(args[7], 80), LONG).close();
        } catch (IOException e) {
            Socks5Exception failure = Objects.requireNonNull(Socks5Exception.of(e));
            System.out.println("no server " + e.getClass().getName() + " " + failure.code());
        }
    }

    /** As most programs do it. */
    @SuppressWarnings("AddressSelection")
    private static InetSocketAddress looked(InetSocketAddress name) {
        return new InetSocketAddress(name.getHostString(), name.getPort());
    }

    private static int echoed(Socks5Connection connection) throws IOException {
        connection.socket().getOutputStream().write(42);
        return connection.socket().getInputStream().read();
    }

    /** Has the visitor connect to where the server listens, and sends it an octet, which comes back by it. */
    private static int visited(Socks5Client client, InetSocketAddress visitor) throws IOException {
        try (Socks5Listener listener = client.bind(new InetSocketAddress("0.0.0.0", 0), LONG);
                Socks5Connection asked = client.connect(visitor, LONG)) {
            String where =
                    listener.bound().getHostString() + ":" + listener.bound().getPort() + "\n";
            asked.socket().getOutputStream().write(where.getBytes(US_ASCII));
            try (Socks5Connection accepted = listener.accept(LONG)) {
                InputStream answer = asked.socket().getInputStream();
                while (answer.read() != '\n') {
                    // what it has connected from
                }
                accepted.socket().getOutputStream().write(42);
                return answer.read();
            }
        }
    }

    private static byte datagram(Socks5Client client, InetSocketAddress target) throws IOException {
        try (Socks5Datagrams datagrams = client.associate(LONG)) {
            ByteBuffer octet = ByteBuffer.wrap(new byte[] {42});
            datagrams.send(octet, target);
            datagrams.receive(octet.clear(), LONG);
            return octet.get(0);
        }
    }
}
