// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The shape of the JDK's class of this name, for the compiler alone. */
final class Net {
    // assigned below, so that the compiler copies no value
    static final short POLLIN;
    static final short POLLOUT;

    static {
        POLLIN = 0;
        POLLOUT = 0;
    }

    private Net() {}

    static boolean isIPv6Available() {
        throw new UnsupportedOperationException();
    }

    static int connect(FileDescriptor fd, InetAddress remote, int remotePort) throws IOException {
        throw new UnsupportedOperationException();
    }

    static boolean pollConnectNow(FileDescriptor fd) throws IOException {
        throw new UnsupportedOperationException();
    }

    static void bind(FileDescriptor fd, InetAddress addr, int port) throws IOException {
        throw new UnsupportedOperationException();
    }

    static InetSocketAddress localAddress(FileDescriptor fd) throws IOException {
        throw new UnsupportedOperationException();
    }
}
