// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.net.SocketCarrier;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a BIND. For the second reply it is read under the socket's own timeout, which leaves it open when the time is
 * over. Used by one thread at a time, but for {@link #close}.
 */
final class ListenerCarrier extends SocketCarrier {
    private final Owner owner;
    private volatile boolean closing;
    private @Nullable Deadline deadline;

    ListenerCarrier(Owner owner) {
        super(owner);
        this.owner = owner;
    }

    Socket socket() {
        return owner.socket();
    }

    /** Says until when reads wait from now on. */
    void await(Deadline until) {
        deadline = until;
    }

    /** Closes the socket under whoever waits. */
    void close() throws IOException {
        closing = true;
        owner.socket().close();
    }

    @Override
    public boolean isClosing() {
        return closing || super.isClosing();
    }

    /** Returns 0 also where the time for accept is over. */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        Deadline until = deadline;
        if (until == null) {
            return super.read(dst);
        }
        byte[] octets = new byte[dst.remaining()];
        int n;
        try {
            owner.socket().setSoTimeout(until.leftMillis());
            n = owner.socket().getInputStream().read(octets);
        } catch (SocketTimeoutException e) {
            return 0;
        } catch (SocketException e) {
            noteInterrupt(e);
            throw e;
        }
        if (n > 0) {
            dst.put(octets, 0, n);
        }
        return n;
    }
}
