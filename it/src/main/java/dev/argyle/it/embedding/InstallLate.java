// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import java.io.IOException;
import java.net.Socket;

/**
 * Sets a SocketImplFactory of its own, installs the library by the system properties, and prints the exception's class and
 * message, and which threads of the library's there are.
 */
public final class InstallLate {
    private InstallLate() {}

    /** Installs too late. */
    @SuppressWarnings("deprecation") // programs have it still
    public static void main(String[] args) throws IOException {
        Socket.setSocketImplFactory(() -> {
            throw new AssertionError("no socket is made");
        });
        try {
            Argyle.install();
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
        System.out.println(Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("argyle"))
                .toList());
    }
}
