// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** Has used all that ours hooks before ours starts. */
public final class Touching {
    private Touching() {}

    public static void premain(String argument, Instrumentation instrumentation) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetAddress.getByName("localhost").getCanonicalHostName();
        ProxySelector.getDefault().select(URI.create("socket://localhost:1"));
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket()) {
            client.connect(new InetSocketAddress(loopback, server.getLocalPort()), 1000);
            server.accept().close();
        }
        System.out.println("touched");
    }
}
