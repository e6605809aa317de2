// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import dev.argyle.it.server.Association;
import dev.argyle.it.server.Exchange;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the program, the server and the target saw of one connection.
 *
 * @param reported the program's line about it
 * @param exchanges what the server recorded with this request; one if all is well
 * @param visitors who came to the target; the server alone if all is well
 */
record Sighting(Connection connection, String reported, List<Exchange> exchanges, List<InetSocketAddress> visitors) {
    private static final String ANSWER = "answer ";

    /** Whether a line of the program's output is about a connection. */
    static boolean isReport(String line) {
        return line.startsWith(ANSWER) || line.startsWith("failed ");
    }

    /** Why it cannot be said that the connection went through the server; nothing if it can. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (exchanges.size() != 1) {
            doubts.add(
                    exchanges.isEmpty()
                            ? "the server was not asked for it"
                            : "the server was asked for it " + exchanges.size() + " times");
        }
        List<InetSocketAddress> expected =
                exchanges.stream().map(Sighting::outbound).toList();
        for (InetSocketAddress visitor : visitors) {
            if (!expected.contains(visitor)) {
                doubts.add("the target was reached DIRECTLY, from " + text(visitor));
            }
        }
        if (visitors.isEmpty()) {
            doubts.add("nobody came to the target");
        }
        if (!reported.equals(ANSWER + connection.answer())) {
            doubts.add("the program said: " + (reported.isEmpty() ? "nothing" : reported));
        }
        return doubts;
    }

    private static @Nullable InetSocketAddress outbound(Exchange exchange) {
        Association association = exchange.association();
        return association == null ? exchange.outbound() : association.outbound();
    }

    /** The request as the server saw it, or a dash. */
    String request() {
        return exchanges.isEmpty() ? "-" : Request.of(exchanges.get(0)).toString();
    }

    /** Octets from the program to the target, as the server counted them. */
    long up() {
        return exchanges.stream().mapToLong(Exchange::up).sum();
    }

    /** Octets from the target to the program, as the server counted them. */
    long down() {
        return exchanges.stream().mapToLong(Exchange::down).sum();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
