// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Carrier;
import dev.argyle.transport.Connect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the platform's in the hands of the engine. Its calls wait, for as long as the connect allows; where the
 * time is over they have done nothing, as if they did not wait, and the connect knows what that means. Used by the thread
 * that connects, but for {@link #isClosing}.
 */
public class SocketCarrier implements Carrier {
    /** What the platform says when a virtual thread is interrupted; it has closed the socket then. */
    public static final String INTERRUPTED = "Closed by interrupt";

    /** Whose socket it is. */
    public interface Owner extends Watchdog.Watched {
        /** Returns the socket, which is not connected at first. */
        Socket socket();

        /** Whether somebody else than {@link #abort} has closed it. Safe for use by any thread. */
        boolean isClosing();

        /**
         * Puts a fresh socket in the place of one that has failed.
         *
         * @throws IOException if there can be none
         */
        void replaceSocket() throws IOException;
    }

    private final Owner owner;
    private boolean connected;
    private volatile boolean interrupted;
    private @Nullable Connect connect;

    /** Takes the socket that the owner has, when it is first used. */
    public SocketCarrier(Owner owner) {
        this.owner = owner;
    }

    /**
     * Goes on until the connection stands.
     *
     * @throws IOException if it cannot be had
     */
    public final void drive(Connect routed) throws IOException {
        connect = routed;
        while (!routed.advance()) {
            // each call has waited already
        }
    }

    /** Whether an interrupt has closed the socket: that of a virtual thread. */
    public final boolean isInterrupted() {
        return interrupted;
    }

    /** Whether the platform's sockets have IPv6. Asked once, and only where a server has such an address. */
    private static final class IPv6 {
        static final boolean SUPPORTED = isSupported();

        private static boolean isSupported() {
            try {
                SocketChannel.open(StandardProtocolFamily.INET6).close();
                return true;
            } catch (UnsupportedOperationException | IOException e) {
                return false;
            }
        }
    }

    @Override
    public boolean supportsIPv6() {
        return IPv6.SUPPORTED;
    }

    @Override
    public boolean isClosing() {
        return interrupted || owner.isClosing();
    }

    @Override
    public void acquire() {
        // the socket is as the application has it, and nothing else uses it before it is connected
    }

    @Override
    public void release() {
        // the owner takes it back
    }

    /** Tells whether this is how the platform says that a virtual thread was interrupted. */
    public static boolean isInterrupt(IOException e) {
        return INTERRUPTED.equals(e.getMessage()) && Thread.currentThread().isInterrupted();
    }

    private Watchdog.Watch watch() {
        Connect routed = connect;
        if (routed == null) {
            throw new IllegalStateException("Not driven");
        }
        return Watchdog.SHARED.watch(owner, routed.remainingNanos());
    }

    /** Passes a failure on, unless it is the end of the time. */
    private void failed(Watchdog.Watch watch, IOException e) throws IOException {
        if (watch.end()) {
            return;
        }
        noteInterrupt(e);
        throw e;
    }

    /** Remembers it if this is how the platform says that a virtual thread was interrupted. */
    protected final void noteInterrupt(IOException e) {
        if (isInterrupt(e)) {
            interrupted = true;
        }
    }

    @Override
    public boolean connect(InetSocketAddress address) throws IOException {
        Watchdog.Watch watch = watch();
        try {
            owner.socket().connect(address);
            connected = !watch.end();
        } catch (IOException e) {
            failed(watch, e);
        } finally {
            watch.end();
        }
        return connected;
    }

    @Override
    public boolean finishConnect() {
        return connected;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        byte[] octets = new byte[dst.remaining()];
        int n = 0;
        Watchdog.Watch watch = watch();
        try {
            n = owner.socket().getInputStream().read(octets);
            if (watch.end()) {
                return 0; // it came too late: the socket is closed
            }
        } catch (IOException e) {
            failed(watch, e);
        } finally {
            watch.end();
        }
        if (n > 0) {
            dst.put(octets, 0, n);
        }
        return n;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        byte[] octets = new byte[src.remaining()];
        src.duplicate().get(octets);
        Watchdog.Watch watch = watch();
        try {
            owner.socket().getOutputStream().write(octets);
            if (watch.end()) {
                return 0;
            }
            src.position(src.limit());
            return octets.length;
        } catch (IOException e) {
            failed(watch, e);
        } finally {
            watch.end();
        }
        return 0;
    }

    /** No platform is asked for what it may not have: another socket takes the place of this one. */
    @Override
    public void disconnect() throws IOException {
        connected = false;
        owner.replaceSocket();
    }
}
