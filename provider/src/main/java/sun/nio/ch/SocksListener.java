// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * A listening socket that is opened at a server. The JDK's socket of this machine listens at a loopback address instead of
 * what the program asked for, and is connected to when a peer has come to the server: so its own ways to wait, to be woken and
 * to be closed stay as they are. Safe for use by any thread.
 */
final class SocksListener implements Runnable {
    private static final int BACKLOG = 50;

    private final FileDescriptor fd;
    private final SocksBinding binding;

    /** Whether to listen on as soon as a connection is accepted: nothing tells when a selector waits for the next. */
    private final boolean selectable;

    SocksListener(FileDescriptor fd, SocksBinding binding, boolean selectable) {
        this.fd = fd;
        this.binding = binding;
        this.selectable = selectable;
    }

    /** Has this machine's socket, which is bound, tell. It listens from now on: a peer may have come. */
    void listens() throws IOException {
        Net.listen(fd, BACKLOG);
        binding.tellAt(Net.localAddress(fd));
    }

    /**
     * Returns where the server listens.
     *
     * @throws IOException if that has never been known, or if it is closed
     */
    InetSocketAddress bound() throws IOException {
        return binding.bound();
    }

    /** Accepts what the server has, as {@code Net.accept} does what the kernel has. */
    int accept(FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        binding.begin();
        while (true) {
            int n = Net.accept(fd, newfd, remote);
            if (n <= 0) {
                return n;
            }
            boolean taken = false;
            try {
                SocksAccepted accepted = binding.take(remote[0]);
                if (accepted != null) {
                    take(accepted, newfd, remote);
                    taken = true;
                    return n;
                }
            } finally {
                if (!taken) {
                    // it told of a failure, or somebody on this machine has connected, to whom no port was given
                    SocksDescriptor.DISPATCHER.close(newfd);
                }
            }
        }
    }

    private void take(SocksAccepted accepted, FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        try (SocketChannel channel = accepted.channel()) {
            new DatagramDispatcher().dup(((SelChImpl) channel).getFD(), newfd);
        }
        SocksListeners.ownAddress(newfd, accepted.local());
        remote[0] = accepted.peer();
        if (selectable) {
            binding.begin();
        }
    }

    static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    /** Ends it. */
    void close() {
        binding.close();
    }

    /** Ends it, of a socket that was collected, or never bound. */
    @Override
    public void run() {
        close();
        SocksListeners.forget(fd);
    }
}
