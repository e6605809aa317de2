// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Connects to an echo service again and again, and tells each attempt as somebody would who looks for the reason.
 *
 * <p>Arguments: {@code host port timeoutMillis attempts}. For each attempt a line {@code attempt <number> <milliseconds>},
 * then {@code ok <lines>}, all that came up to the echo, joined by a bar; or {@code failed <class>: <message>} and a line
 * {@code cause <simple class name> <code, if it has one>: <message>} for each cause.
 */
public final class Attempts {
    private static final String PING = "ping";

    private Attempts() {}

    /** Makes the attempts one after the other. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) {
        int timeoutMillis = Integer.parseInt(args[2]);
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            long begin = System.nanoTime();
            String outcome;
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])), timeoutMillis);
                outcome = "ok " + speak(socket);
            } catch (IOException | RuntimeException e) {
                outcome = report(e);
            }
            System.out.println("attempt " + i + " " + (System.nanoTime() - begin) / 1_000_000 + "\n" + outcome);
        }
    }

    static String speak(Socket socket) throws IOException {
        socket.getOutputStream().write((PING + "\n").getBytes(ISO_8859_1));
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        StringBuilder lines = new StringBuilder();
        String line;
        do {
            line = reader.readLine();
            lines.append(lines.length() == 0 ? "" : "|").append(line);
        } while (line != null && !line.equals(PING));
        return lines.toString();
    }

    static String report(Throwable failure) {
        StringBuilder text =
                new StringBuilder("failed ").append(failure.getClass().getName());
        text.append(": ").append(failure.getMessage());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\ncause ").append(cause.getClass().getSimpleName()).append(code(cause));
            text.append(": ").append(cause.getMessage());
        }
        return text.toString();
    }

    private static String code(Throwable cause) {
        try {
            return " " + cause.getClass().getMethod("code").invoke(cause);
        } catch (NoSuchMethodException none) {
            return "";
        } catch (IllegalAccessException | InvocationTargetException e) {
            return " " + e;
        }
    }
}
