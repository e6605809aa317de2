// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What carries the bytes of a connect: a descriptor of the application's that never makes its caller wait. Used by
 * one thread at a time from {@link #acquire} to {@link #release}.
 */
public interface Carrier {
    /** Whether it can be connected to an IPv6 address. */
    boolean supportsIPv6();

    /** Whether the application closes it: what fails from then on is no server's fault. Safe for use by any thread. */
    boolean isClosing();

    /** Takes it from the application. */
    void acquire() throws IOException;

    /** Gives it back, connected, as the application had it. */
    void release() throws IOException;

    /** Begins to connect; true if it is connected at once. */
    boolean connect(InetSocketAddress address) throws IOException;

    /** Tells whether the connect has ended. */
    boolean finishConnect() throws IOException;

    /** Reads what is there: the number of octets, 0 if there are none yet, -1 at the end of the stream. */
    int read(ByteBuffer dst) throws IOException;

    /** Writes what is taken now: the number of octets. */
    int write(ByteBuffer src) throws IOException;

    /**
     * Makes it as it was before {@link #connect}, with its options and the address that it was bound to.
     *
     * @throws IOException if the platform cannot
     */
    void disconnect() throws IOException;
}
