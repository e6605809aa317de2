// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/**
 * Makes one socket in a way of its own and says what it reached.
 *
 * <p>Arguments: {@code way host port [proxyHost proxyPort]}, where the way is {@code proxy} (a SOCKS proxy of the program's
 * own), {@code noProxy}, {@code datagram} (UDP by another name) or {@code lookUp}.
 */
public final class OwnWays {
    private OwnWays() {}

    public static void main(String[] args) {
        try {
            System.out.println(run(args));
        } catch (IOException | RuntimeException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }

    private static String run(String[] args) throws IOException {
        String host = args[1];
        int port = Integer.parseInt(args[2]);
        return switch (args[0]) {
            case "proxy" -> connected(new Socket(proxy(args[3], Integer.parseInt(args[4]))), host, port);
            case "noProxy" -> connected(new Socket(Proxy.NO_PROXY), host, port);
            case "datagram" -> datagram(host, port);
            default -> {
                InetAddress address = InetAddress.getByName(host);
                yield address + " "
                        + InetAddress.getByAddress(address.getAddress()).getHostName();
            }
        };
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static Proxy proxy(String host, int port) {
        return new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(host, port));
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static String connected(Socket unconnected, String host, int port) throws IOException {
        try (Socket socket = unconnected) {
            socket.connect(new InetSocketAddress(host, port), 5000);
            socket.getOutputStream().write('x');
            return "ok " + (char) socket.getInputStream().read();
        }
    }

    @SuppressWarnings({"deprecation", "AddressSelection"})
    private static String datagram(String host, int port) throws IOException {
        try (Socket socket = new Socket(host, port, false)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write('x');
            return "ok " + (char) socket.getInputStream().read();
        }
    }
}
