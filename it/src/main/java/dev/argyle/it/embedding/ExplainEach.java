// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import dev.argyle.Configuration;
import dev.argyle.Explanation;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Asks what would become of connections, and perhaps makes them.
 *
 * <p>Arguments: {@code installed} to ask what routes this JVM, {@code install} to install the system properties before, or a
 * configuration to ask; {@code connect}, {@code ask} or {@code datagram}; then a host and a port for each connection. For each one
 * line: outcome, port of the first server or 0, record and, of a connection that was made or a datagram that was sent, the class
 * of the exception or {@code ok}; or the exception's class and message where nothing can be asked.
 */
public final class ExplainEach {
    private ExplainEach() {}

    /** Asks for them one after the other. */
    public static void main(String[] args) {
        if (args[0].equals("install")) {
            Argyle.install();
        }
        for (int i = 2; i < args.length; i += 2) {
            int port = Integer.parseInt(args[i + 1]);
            try {
                boolean datagram = args[1].equals("datagram");
                Explanation explanation = args[0].startsWith("install")
                        ? datagram ? Argyle.explainDatagram(args[i], port) : Argyle.explain(args[i], port)
                        : Configuration.of(args[0]).explain(args[i], port);
                String end = args[1].equals("connect") ? " " + connect(args[i], port) : "";
                if (datagram) {
                    end = " " + send(args[i], port);
                }
                System.out.println(
                        explanation.outcome() + " " + serverPort(explanation) + " " + explanation.record() + end);
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getName() + ": " + e.getMessage());
            }
        }
    }

    private static String serverPort(Explanation explanation) {
        if (explanation.servers().isEmpty()) {
            return "0";
        }
        String url = explanation.servers().get(0);
        return url.substring(url.lastIndexOf(':') + 1);
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static String connect(String host, int port) {
        try (Socket socket = new Socket()) {
            InetSocketAddress resolved = new InetSocketAddress(host, port);
            if (resolved.isUnresolved()) {
                return "java.net.UnknownHostException";
            }
            socket.connect(resolved, 10_000);
            return "ok";
        } catch (IOException e) {
            return e.getClass().getName();
        }
    }

    /** Waits for an echo. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    private static String send(String host, int port) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress resolved = new InetSocketAddress(host, port);
            if (resolved.isUnresolved()) {
                return "java.net.UnknownHostException";
            }
            DatagramPacket packet = new DatagramPacket(new byte[1], 1, resolved);
            socket.send(packet);
            socket.setSoTimeout(10_000);
            socket.receive(packet);
            return "ok";
        } catch (IOException e) {
            return e.getClass().getName();
        }
    }
}
