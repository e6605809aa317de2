// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.examples;

import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Exception;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Has a server connect to a target, and tells why it cannot.
 *
 * <p>Arguments: {@code server-url host port}. Prints the parts of the failure.
 */
public final class ErrorsExample {
    private ErrorsExample() {}

    /** Connects. */
    public static void main(String[] args) throws IOException {
        Socks5Client client = Socks5Client.at(args[0]);
        InetSocketAddress target = InetSocketAddress.createUnresolved(args[1], Integer.parseInt(args[2]));

        try (Socks5Connection connection = client.connect(target, Duration.ofSeconds(10))) {
            System.out.println("connected to " + connection.target());
        } catch (IOException e) {
            Socks5Exception failure = Socks5Exception.of(e);
            if (failure == null) {
                throw e;
            }
            System.out.println(e.getClass().getSimpleName() + ": " + failure.code() + ", REP " + failure.rep() + " at "
                    + failure.stage() + " of " + failure.server());
            if (failure.code() == S5.S5_ECONNREFUSED) {
                System.out.println("nobody listens at " + failure.target());
            }
        }
    }
}
