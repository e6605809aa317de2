// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

/**
 * Asks, on Java 17, for the sockets of before Java 13, as a program can until it makes the first, then runs {@link
 * ConnectOnce}.
 */
public final class PlainSocket {
    private PlainSocket() {}

    public static void main(String[] args) {
        System.setProperty("jdk.net.usePlainSocketImpl", "true");
        ConnectOnce.main(args);
    }
}
