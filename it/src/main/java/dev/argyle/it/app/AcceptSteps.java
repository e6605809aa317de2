// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can happen to an accept besides a peer: its time ends, somebody connects to this machine's own socket, another thread
 * closes the listener, and the listener was closed before. Prints a line for each. Linux only.
 */
public final class AcceptSteps {
    private AcceptSteps() {}

    /** Goes through the steps. */
    public static void main(String[] args) throws Exception {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName(args[0]));
        listener.setSoTimeout(200);
        System.out.println("timeout: " + accept(listener) + ", " + listener.getSoTimeout());
        strangers(listener);
        System.out.println("strangers: " + accept(listener));
        listener.setSoTimeout(0);
        Thread[] waiting = {waiting(listener), waiting(listener)};
        while (!isAccepting(waiting[0])
                || !isAccepting(waiting[1])
                || !isWaiting(waiting[0]) && !isWaiting(waiting[1])) {
            Thread.onSpinWait(); // one waits for the other, which is in accept
        }
        InetAddress address = listener.getInetAddress();
        int port = listener.getLocalPort();
        listener.close();
        waiting[0].join();
        waiting[1].join();
        boolean same = address.equals(listener.getInetAddress()) && port == listener.getLocalPort();
        System.out.println("closed: " + listener.isBound() + " " + same + ", " + accept(listener));
    }

    private static Thread waiting(ServerSocket listener) {
        Thread thread = new Thread(() -> System.out.println("waiting: " + accept(listener)));
        thread.start();
        return thread;
    }

    /** Past the question whether it is closed. */
    private static boolean isAccepting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("implAccept"));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static String accept(ServerSocket listener) {
        try (Socket accepted = listener.accept()) {
            return accepted.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Connects to all sockets of this process that listen at a loopback address. */
    private static void strangers(ServerSocket listener) throws IOException {
        int found = 0;
        for (int port : loopbackPorts()) {
            if (port != listener.getLocalPort()) {
                for (int i = 0; i < 3; i++) {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                }
                found++;
            }
        }
        System.out.println("found " + found);
    }

    /** Of /proc, where a socket that listens has the state 0A, and its inode in the tenth field. */
    private static Set<Integer> loopbackPorts() throws IOException {
        Set<String> own;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            own = descriptors.map(AcceptSteps::inode).collect(Collectors.toSet());
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp")));
        lines.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[3].equals("0A") && own.contains(fields[9]))
                .map(fields -> fields[1].split(":"))
                .filter(local -> local[0].endsWith("0100007F"))
                .map(local -> Integer.parseInt(local[1], 16))
                .collect(Collectors.toSet());
    }

    private static String inode(Path descriptor) {
        try {
            String link = Files.readSymbolicLink(descriptor).toString();
            return link.startsWith("socket:[") ? link.substring(8, link.length() - 1) : "";
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
