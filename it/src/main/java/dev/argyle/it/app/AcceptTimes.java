// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Listens, and accepts some connections one after the other: of each it prints where it listens, who has come and what he
 * sends back.
 *
 * <p>Arguments: the local address to ask for, the port, and how many times to accept; then perhaps the host and the port of a
 * connection that is made before, whose own address is asked for instead. What fails is printed, and tried once more.
 */
public final class AcceptTimes {
    private static final int TIMEOUT_MILLIS = 20_000;

    private AcceptTimes() {}

    /** Listens, and accepts. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress asked = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        int times = Integer.parseInt(args[2]);
        if (args.length == 3) {
            accept(asked, times);
            return;
        }
        try (Socket control = new Socket(args[3], Integer.parseInt(args[4]))) {
            System.out.println("connection from " + control.getLocalSocketAddress());
            accept(new InetSocketAddress(control.getLocalAddress(), 0), times);
        }
    }

    private static void accept(InetSocketAddress asked, int times) throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.setSoTimeout(TIMEOUT_MILLIS);
            try {
                listener.bind(asked);
            } catch (IOException e) {
                System.out.println(e);
                listener.bind(asked);
            }
            for (int i = 0; i < times; i++) {
                System.out.println("listens at " + where(listener));
                try (Socket accepted = accept(listener)) {
                    accepted.getOutputStream().write('x');
                    int answer = accepted.getInputStream().read();
                    System.out.println("from " + accepted.getRemoteSocketAddress() + " at " + accepted.getLocalPort()
                            + ": " + (char) answer);
                }
            }
            System.out.println("timeout " + listener.getSoTimeout());
        }
    }

    /** All that tells it has to say the same, whichever is asked first. */
    private static String where(ServerSocket listener) {
        String text = listener.toString();
        String where = listener.getInetAddress() + " " + listener.getLocalPort();
        boolean same = text.equals("ServerSocket[addr=" + where.replace(" ", ",localport=") + "]");
        return same ? where : where + ", but is " + text;
    }

    private static Socket accept(ServerSocket listener) throws IOException {
        try {
            return listener.accept();
        } catch (IOException e) {
            System.out.println(e);
            System.out.println("listens at " + where(listener));
            return listener.accept();
        }
    }
}
