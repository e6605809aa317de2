// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.MulticastSocket;

/** The datagram sockets of the platform where none of its code is hooked. Stateless. */
public final class SocksPlatformDatagrams {
    private SocksPlatformDatagrams() {}

    /**
     * Opens one as {@code DatagramSocket} does where no factory is set: an interrupt does not close it, as it would a
     * channel.
     */
    public static MulticastSocket open() throws IOException {
        return (MulticastSocket) DefaultSelectorProvider.get()
                .openUninterruptibleDatagramChannel()
                .socket();
    }
}
