// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;

/** The shape of the JDK's class of this name, for the compiler alone. */
final class Net {
    // assigned below, so that the compiler copies no value
    static final short POLLIN;
    static final short POLLOUT;
    static final short POLLERR;
    static final short POLLNVAL;
    static final short POLLCONN;
    static final int SHUT_RDWR;

    static {
        POLLIN = 0;
        POLLOUT = 0;
        POLLERR = 0;
        POLLNVAL = 0;
        POLLCONN = 0;
        SHUT_RDWR = 0;
    }

    private Net() {}

    static boolean isIPv6Available() {
        throw new UnsupportedOperationException();
    }

    static int connect(FileDescriptor fd, InetAddress remote, int remotePort) throws IOException {
        throw new UnsupportedOperationException();
    }

    static int connect(ProtocolFamily family, FileDescriptor fd, SocketAddress remote) throws IOException {
        throw new UnsupportedOperationException();
    }

    static int connect(ProtocolFamily family, FileDescriptor fd, InetAddress remote, int remotePort)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    static FileDescriptor socket(ProtocolFamily family, boolean stream) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void shutdown(FileDescriptor fd, int how) throws IOException {
        throw new UnsupportedOperationException();
    }

    static InetAddress inet4LoopbackAddress() {
        throw new UnsupportedOperationException();
    }

    static boolean pollConnectNow(FileDescriptor fd) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void bind(ProtocolFamily family, FileDescriptor fd, InetAddress addr, int port) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void bind(FileDescriptor fd, InetAddress addr, int port) throws IOException {
        throw new UnsupportedOperationException();
    }

    static Object getSocketOption(FileDescriptor fd, SocketOption<?> name) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void setSocketOption(FileDescriptor fd, SocketOption<?> name, Object value) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void listen(FileDescriptor fd, int backlog) throws IOException {
        throw new UnsupportedOperationException();
    }

    static int accept(FileDescriptor fd, FileDescriptor newfd, InetSocketAddress[] isaa) throws IOException {
        throw new UnsupportedOperationException();
    }

    static InetSocketAddress localAddress(FileDescriptor fd) throws IOException {
        throw new UnsupportedOperationException();
    }
}
