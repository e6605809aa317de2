// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import com.sun.nio.sctp.MessageInfo;
import com.sun.nio.sctp.SctpChannel;
import com.sun.nio.sctp.SctpMultiChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * Goes to an address by SCTP.
 *
 * <p>Arguments: {@code host port}. Prints what became of a channel's connect, and of a message of a channel with many peers.
 */
public final class SctpOnce {
    private SctpOnce() {}

    private interface Attempt {
        String make() throws IOException;
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) {
        SocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        print(() -> {
            try (SctpChannel channel = SctpChannel.open()) {
                return "connected " + channel.connect(target);
            }
        });
        print(() -> {
            try (SctpMultiChannel channel = SctpMultiChannel.open()) {
                return "sent " + channel.send(ByteBuffer.allocate(1), MessageInfo.createOutgoing(target, 0));
            }
        });
    }

    /** Where the system has no SCTP, a class cannot be initialised. */
    private static void print(Attempt attempt) {
        try {
            System.out.println(attempt.make());
        } catch (IOException | RuntimeException | LinkageError e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }
}
