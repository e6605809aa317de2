// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import dev.argyle.Configuration;
import dev.argyle.Socks5ProxySelector;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;

/**
 * Takes nothing of the library but the selector, then connects as programs do.
 *
 * <p>Arguments: {@code configuration}, an empty one for that of the system, then any number of {@code way target port}.
 * The ways: {@code new}, {@code unresolved}, {@code timeout} (of two seconds), {@code named} (127.0.0.2, under any
 * name), {@code get} (a URL, whatever the port), {@code install} (the engine of a configuration, which takes over). For
 * each a line: {@code ok}, or the exception's class and message.
 */
public final class BySelector {
    private BySelector() {}

    public static void main(String[] args) {
        try {
            ProxySelector.setDefault(
                    args[0].isEmpty() ? new Socks5ProxySelector() : new Socks5ProxySelector(Configuration.of(args[0])));
        } catch (IllegalArgumentException e) {
            System.out.println(e);
            return;
        }
        for (int i = 1; i < args.length; i += 3) {
            try {
                System.out.println(run(args[i], args[i + 1], Integer.parseInt(args[i + 2])));
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @SuppressWarnings("AddressSelection") // an application's usual calls
    private static String run(String way, String target, int port) throws IOException {
        return switch (way) {
            case "install" -> {
                Argyle.install(Configuration.of(target));
                yield "ok";
            }
            case "new" -> echo(new Socket(target, port));
            case "unresolved" -> echo(connected(InetSocketAddress.createUnresolved(target, port), 0));
            case "timeout" -> echo(connected(new InetSocketAddress(target, port), 2_000));
            case "named" -> {
                InetAddress named = InetAddress.getByAddress(target, new byte[] {127, 0, 0, 2});
                yield echo(connected(new InetSocketAddress(named, port), 0));
            }
            default -> get(target);
        };
    }

    private static String get(String url) throws IOException {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return in.read() < 0 ? "empty" : "ok";
        }
    }

    private static Socket connected(InetSocketAddress target, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(target, timeoutMillis);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private static String echo(Socket opened) throws IOException {
        try (Socket socket = opened) {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x' ? "ok" : "no echo";
        }
    }
}
