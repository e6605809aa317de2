// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Does with one datagram socket what it is told to, one line of standard input after the other, and prints a line for each:
 * {@code word outcome}.
 *
 * <p>Arguments: {@code host port}, of an echo service. The words: {@code connect}, {@code ping} (sends and receives), {@code
 * send}, {@code receive}, {@code timeout} (sets a short one), {@code begin} a thread that pings, {@code close} while it waits
 * and {@code end}, which prints how the thread has fared.
 */
public final class DatagramPings {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int TIMEOUT_MILLIS = 300;

    private final DatagramSocket socket;
    private final InetSocketAddress target;
    private CompletableFuture<String> begun = new CompletableFuture<>();

    private DatagramPings(DatagramSocket socket, InetSocketAddress target) {
        this.socket = socket;
        this.target = target;
    }

    /** Reads the words. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(args[0]), Integer.parseInt(args[1]));
        BufferedReader words = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            DatagramPings pings = new DatagramPings(socket, target);
            for (String word = words.readLine(); word != null; word = words.readLine()) {
                String each = word;
                System.out.println(word + " " + outcome(() -> pings.run(each)));
            }
        }
    }

    private static String outcome(Callable<String> step) {
        try {
            return step.call();
        } catch (Exception e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }

    private String run(String word) throws Exception {
        switch (word) {
            case "connect" -> socket.connect(target);
            case "ping" -> {
                return ping();
            }
            case "send" -> send();
            case "receive" -> {
                return receive();
            }
            case "timeout" -> socket.setSoTimeout(TIMEOUT_MILLIS);
            case "begin" -> {
                CompletableFuture<String> future = new CompletableFuture<>();
                begun = future;
                Thread thread = new Thread(() -> future.complete(outcome(this::ping)));
                thread.setDaemon(true);
                thread.start();
            }
            case "close" -> socket.close();
            case "end" -> {
                return begun.get();
            }
            default -> throw new IllegalArgumentException(word);
        }
        return "done";
    }

    private String ping() throws IOException {
        send();
        return receive();
    }

    private void send() throws IOException {
        socket.send(new DatagramPacket("ping".getBytes(US_ASCII), 4, target));
    }

    private String receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[10], 10);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII)
                + (packet.getSocketAddress().equals(target) ? " from it" : " from " + packet.getSocketAddress());
    }
}
