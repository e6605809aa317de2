// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Binds a listening socket, which another thread closes meanwhile, as soon as there is a line on standard input.
 *
 * <p>Prints {@code closing} when that has been closed or waits for the bind to end, then what came of the bind.
 */
public final class CloseWhileBinding {
    private CloseWhileBinding() {}

    /** Binds. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws Exception {
        ServerSocket listener = new ServerSocket();
        Thread told = new Thread(() -> closeWhenTold(listener));
        told.start();
        String outcome = "bound";
        try {
            listener.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            outcome = e.toString();
        }
        told.join();
        System.out.println(outcome);
    }

    private static void closeWhenTold(ServerSocket listener) {
        try {
            int unused = System.in.read();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread closing = new Thread(() -> close(listener));
        closing.start();
        while (closing.isAlive() && closing.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        System.out.println("closing");
    }

    private static void close(ServerSocket listener) {
        try {
            listener.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
