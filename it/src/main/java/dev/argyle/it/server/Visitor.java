// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Scanner;

/**
 * Connects to programs that listen, when they ask for it over a connection of their own.
 *
 * <pre>
 *   request = host ":" port [ " say " text | " close" | " reset" ] LF   (host: an address)
 *   answer  = address ":" port LF      (what it connected from)
 *           | "failed " exception LF
 * </pre>
 *
 * <p>It sends the text, if there is one, and then back what it gets; or it closes or resets at once. The answer comes
 * after that. Safe for use by several threads.
 */
final class Visitor {
    private final InetAddress from;
    private final Relay relay;

    Visitor(InetAddress from, Relay relay) {
        this.from = from;
        this.relay = relay;
    }

    /** Does what a program asks for, until it ends its stream. */
    void serve(SocketChannel client) throws IOException {
        try (client;
                Scanner requests = new Scanner(Channels.newInputStream(client), UTF_8)) {
            while (requests.hasNextLine()) {
                String answer;
                try {
                    answer = spelled(visit(requests.nextLine()));
                } catch (IOException failure) {
                    answer = "failed " + failure;
                }
                write(client, answer + "\n");
            }
        }
    }

    private InetSocketAddress visit(String request) throws IOException {
        String[] words = request.split(" ", 3);
        int colon = words[0].lastIndexOf(':');
        InetAddress host = InetAddress.getByName(words[0].substring(0, colon));
        int port = Integer.parseInt(words[0].substring(colon + 1));
        return visit(
                new InetSocketAddress(host, port),
                words.length == 1 ? "" : words[1],
                words.length == 3 ? words[2] : "");
    }

    /** Visits a program, and tells from where. */
    InetSocketAddress visit(InetSocketAddress program, String deed, String text) throws IOException {
        SocketChannel channel = Outbound.connect(from, program);
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        switch (deed) {
            case "close" -> channel.close();
            case "reset" -> Relay.reset(channel);
            default -> {
                write(channel, text);
                relay.echo(channel, new Tally());
            }
        }
        return local;
    }

    private static String spelled(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static void write(SocketChannel to, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (octets.hasRemaining()) {
            to.write(octets);
        }
    }
}
