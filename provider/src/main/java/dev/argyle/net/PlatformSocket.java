// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the platform's that a {@link RoutedSocket} is made of. The program has its streams, so once they are handed
 * out it answers for the routed one: the stream's close, and that of an interrupted virtual thread, closes the whole, and
 * flight recordings name the target. Safe for use by any thread.
 */
final class PlatformSocket extends Socket implements Watchdog.Watched {
    private volatile @Nullable RoutedSocket owner;

    PlatformSocket() {
        super(Proxy.NO_PROXY);
    }

    /** Makes it answer for the routed socket. */
    void belongTo(RoutedSocket routed) {
        owner = routed;
    }

    /** The routed socket's lock comes before this one's, as when the program closes that. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void close() throws IOException {
        RoutedSocket whole = owner;
        if (whole == null) {
            super.close();
        } else {
            whole.close();
        }
    }

    /** Closes this socket alone. */
    void closeThis() throws IOException {
        super.close();
    }

    /** Closes this socket alone, at once and with its port: a port in TIME_WAIT could not be bound again. */
    @Override
    public void abort() {
        try {
            setSoLinger(true, 0);
        } catch (SocketException e) {
            // it is closed already
        }
        try {
            super.close();
        } catch (IOException e) {
            // nothing is left to be lost
        }
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        RoutedSocket whole = owner;
        return whole == null ? super.getInetAddress() : whole.getInetAddress();
    }

    @Override
    public int getPort() {
        RoutedSocket whole = owner;
        return whole == null ? super.getPort() : whole.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        RoutedSocket whole = owner;
        return whole == null ? super.getRemoteSocketAddress() : whole.getRemoteSocketAddress();
    }
}
