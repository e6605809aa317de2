// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Connects to an echo service and says how it went.
 *
 * <p>Arguments: {@code host port [timeoutMillis] [connections]}. For each connection one line:
 * {@code ok <remote address>} when "ping" came back, or the exception's class and message, followed by
 * {@code caused by <class>} lines for its chain of causes. The program always ends with status 0.
 */
public final class ConnectOnce {
    private ConnectOnce() {}

    /** Runs the connections one after the other. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) {
        String host = args[0];
        int port = Integer.parseInt(args[1]);
        int timeoutMillis = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        int connections = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        for (int i = 0; i < connections; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), timeoutMillis);
                System.out.println(ping(socket));
            } catch (IOException | RuntimeException e) {
                System.out.println(e.getClass().getName() + ": " + e.getMessage());
                for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                    System.out.println("caused by " + cause.getClass().getName());
                }
            }
        }
    }

    private static String ping(Socket socket) throws IOException {
        socket.getOutputStream().write("ping\n".getBytes(US_ASCII));
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        String line = reader.readLine();
        return "ping".equals(line) ? "ok " + socket.getRemoteSocketAddress() : "wrong echo: " + line;
    }
}
