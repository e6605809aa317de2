// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Connects to programs that listen, when they ask for it over a connection of their own.
 *
 * <pre>
 *   request = host ":" port LF      (host: an address)
 *   answer  = address ":" port LF   (what it connected from)
 * </pre>
 *
 * <p>After the answer the two connections are one: the program plays its own visitor. Where nobody listens there is no
 * answer, and the program's connection is closed. Safe for use by several threads.
 */
final class Visitor {
    private final InetAddress from;
    private final Relay relay;

    Visitor(InetAddress from, Relay relay) {
        this.from = from;
        this.relay = relay;
    }

    /** Does what a program asks for. */
    void serve(SocketChannel program) throws IOException {
        String request = line(program);
        int colon = request.lastIndexOf(':');
        InetAddress host = InetAddress.getByName(request.substring(0, colon));
        int port = Integer.parseInt(request.substring(colon + 1));
        SocketChannel visiting = Outbound.connect(from, new InetSocketAddress(host, port));
        InetSocketAddress local = (InetSocketAddress) visiting.getLocalAddress();
        String answer = local.getAddress().getHostAddress() + ":" + local.getPort() + "\n";
        program.write(ByteBuffer.wrap(answer.getBytes(US_ASCII)));
        relay.join(program, visiting, new Tally());
    }

    /** Connects to somebody who listens, and sends back what it gets; tells from where. */
    InetSocketAddress visit(InetSocketAddress listening) throws IOException {
        SocketChannel visiting = Outbound.connect(from, listening);
        InetSocketAddress local = (InetSocketAddress) visiting.getLocalAddress();
        relay.echo(visiting, new Tally());
        return local;
    }

    /** Reads a line, and nothing of what is behind it. */
    private static String line(SocketChannel program) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer octet = ByteBuffer.allocate(1);
        while (program.read(octet.clear()) >= 0) {
            if (octet.get(0) == '\n') {
                return line.toString(US_ASCII);
            }
            line.write(octet.get(0));
        }
        throw new EOFException("no line");
    }
}
