// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket that is opened at a server. The JDK's socket of this machine listens at a loopback address instead of
 * what the program asked for, and is connected to when a peer has come to the server: so its own ways to wait, to be woken and
 * to be closed stay as they are. Safe for use by any thread.
 */
final class SocksListener implements Runnable {
    private static final int BACKLOG = 50;

    private final FileDescriptor fd;

    /** Whether to listen on as soon as a connection is accepted: nothing tells when a selector waits for the next. */
    private final boolean selectable;

    private volatile @Nullable SocksBinding binding;
    private volatile boolean listening;
    private volatile boolean closed;
    private volatile int receiveBuffer;

    SocksListener(FileDescriptor fd, boolean selectable) {
        this.fd = fd;
        this.selectable = selectable;
    }

    /**
     * Decides on the socket.
     *
     * @return false if it listens here
     */
    boolean open(InetAddress host, int port) throws IOException {
        SocksBinding made = SocksSeam.engine().listen(host, port, DefaultSelectorProvider.get(), Net.isIPv6Available());
        if (made == null) {
            return false;
        }
        binding = made;
        if (closed) {
            made.close();
        }
        return true;
    }

    private SocksBinding binding() throws SocketException {
        SocksBinding opened = binding;
        if (opened == null) {
            throw new SocketException("Not bound");
        }
        return opened;
    }

    /** Has this machine's socket, which is bound, tell. It listens from now on: a peer may have come. */
    void listens() throws IOException {
        Net.listen(fd, BACKLOG);
        receiveBuffer = receiveBufferOfNoChoice();
        binding().tellAt(Net.localAddress(fd));
        listening = true;
    }

    /** Whether it is bound; until then the socket is as one that is not. */
    boolean isListening() {
        return listening;
    }

    /**
     * Returns where the server listens.
     *
     * @throws IOException if that has never been known, or if it is closed
     */
    InetSocketAddress bound() throws IOException {
        return binding().bound();
    }

    /** Accepts what the server has, as {@code Net.accept} does what the kernel has. */
    int accept(FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        SocksBinding opened = binding();
        opened.begin();
        while (true) {
            int n = Net.accept(fd, newfd, remote);
            if (n <= 0) {
                return n;
            }
            boolean taken = false;
            try {
                SocksAccepted accepted = opened.take(remote[0]);
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
                if (selectable) {
                    opened.begin();
                }
            }
        }
    }

    private void take(SocksAccepted accepted, FileDescriptor newfd, InetSocketAddress[] remote) throws IOException {
        int chosen = receiveBuffer(fd);
        try (SocketChannel channel = accepted.channel()) {
            new DatagramDispatcher().dup(((SelChImpl) channel).getFD(), newfd);
        }
        if (chosen != receiveBuffer) {
            // what is accepted has that of its listener
            Net.setSocketOption(newfd, StandardSocketOptions.SO_RCVBUF, chosen);
        }
        SocksListeners.ownAddress(newfd, accepted.local());
        remote[0] = accepted.peer();
    }

    /** That of a socket for which the program has not chosen any: it is the kernel's to adapt. */
    private static int receiveBufferOfNoChoice() throws IOException {
        FileDescriptor fresh = Net.socket(StandardProtocolFamily.INET, true);
        try {
            return receiveBuffer(fresh);
        } finally {
            SocksDescriptor.DISPATCHER.close(fresh);
        }
    }

    private static int receiveBuffer(FileDescriptor socket) throws IOException {
        return (Integer) Net.getSocketOption(socket, StandardSocketOptions.SO_RCVBUF);
    }

    /** That of IPv4, which sockets of both families have; that of IPv6 may be none of the socket's. */
    static InetAddress loopback() {
        return Net.inet4LoopbackAddress();
    }

    /** Its socket is closed. */
    void close() {
        closed = true;
        end();
    }

    boolean isClosed() {
        return closed;
    }

    private void end() {
        SocksBinding opened = binding;
        if (opened != null) {
            opened.close();
        }
    }

    /** Ends it, of a socket that was collected, or never bound. */
    @Override
    public void run() {
        end();
        SocksListeners.forget(fd);
    }
}
