// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.State;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One routed connect: reaches a server, shakes hands, and goes on to the next server, on the same carrier, where the one
 * has failed. Makes its caller wait for nothing; the caller waits for {@link #awaitsReadable the event} and
 * {@link #advance advances} it. Used by one thread at a time, but for {@link #closing}.
 *
 * <pre>
 *               carrier connected           request sent            reply 0x00
 *   REACHING -----------------------&gt; HANDSHAKE ------------&gt; HANDSHAKE ----------&gt; ESTABLISHED
 *      ^   \                              |    connect.timeout      | handshake.timeout
 *      |    \ refused, no answer          | EOF, reset, bad method  | EOF, reset, reply 0x01
 *      +-----+----------------------------+-------------------------+   the next hop; none left: FAILED
 *                                                                       any other reply, no reply in time: FAILED
 * </pre>
 */
public final class Connect {
    /** What is left where no hop is: the target itself, if the user lets a connect go direct. */
    interface LastResort {
        /** Returns the hops to go on with; is called once. */
        List<Hop> hops() throws IOException;
    }

    private enum Phase {
        REACHING,
        HANDSHAKE,
        ESTABLISHED,
        FAILED
    }

    private final Carrier carrier;
    private final Address target;
    private final List<Hop> hops;
    private final Timeouts timeouts;
    private final ConnectFailures failures;
    private @Nullable LastResort lastResort;

    private Phase phase = Phase.REACHING;
    private int at = -1;
    private boolean used;
    private long deadlineNanos;
    private @Nullable Handshake handshake;
    private ByteBuffer in = ByteBuffer.allocate(0);
    private volatile boolean closing;

    /** @param failures holds why servers are not among the hops, if any */
    Connect(
            Carrier carrier,
            Address target,
            List<Hop> hops,
            @Nullable LastResort lastResort,
            Timeouts timeouts,
            ConnectFailures failures) {
        this.carrier = carrier;
        this.target = target;
        this.hops = new ArrayList<>(hops);
        this.lastResort = lastResort;
        this.timeouts = timeouts;
        this.failures = failures;
    }

    /**
     * Goes as far as it can without waiting.
     *
     * @return whether the connection to the target stands
     * @throws IOException if it cannot be had: of a type that applications catch, with the protocol's as its cause. The
     *     carrier is of no further use
     */
    public boolean advance() throws IOException {
        if (at < 0) {
            carrier.acquire();
            next();
        }
        while (true) {
            try {
                return drive();
            } catch (IOException e) {
                failed(e);
                next();
            }
        }
    }

    /** Whether the next step waits for the carrier to become readable; otherwise it waits for writable. */
    public boolean awaitsReadable() {
        return phase == Phase.HANDSHAKE
                && handshake != null
                && !handshake.output().hasRemaining();
    }

    /** How long the next step may wait, at least 1. */
    public long remainingNanos() {
        return Math.max(1, deadlineNanos - System.nanoTime());
    }

    /** Says that the application closes the carrier: what fails from now on is no server's fault. */
    public void closing() {
        closing = true;
    }

    /** Begins with the next hop that can be begun with. */
    private void next() throws IOException {
        while (++at < hops.size() || resort()) {
            Hop hop = hops.get(at);
            try {
                if (used) {
                    carrier.disconnect();
                }
                used = true;
                phase = Phase.REACHING;
                deadlineNanos = System.nanoTime() + timeouts.reachNanos();
                if (carrier.connect(hop.address())) {
                    reached();
                }
                return;
            } catch (IOException e) {
                failed(e);
            }
        }
        phase = Phase.FAILED;
        throw failures.exception();
    }

    private boolean resort() throws IOException {
        if (lastResort != null) {
            hops.addAll(lastResort.hops());
            lastResort = null;
        }
        return at < hops.size();
    }

    /** Notes a failure of this hop. Throws if it is the last word. */
    private void failed(IOException e) throws IOException {
        if (closing) {
            phase = Phase.FAILED;
            throw new SocketException("Socket closed");
        }
        Hop hop = hops.get(at);
        failures.add(hop, e);
        if (!goesOn(e)) {
            phase = Phase.FAILED;
            throw failures.exception();
        }
        hop.failed();
    }

    /** A server that cannot be reached or makes no sense: the next. One that has judged the request: final. */
    private static boolean goesOn(IOException e) {
        if (e instanceof HopTimeoutException timeout) {
            return !timeout.requested();
        }
        if (e instanceof SocksException socks) {
            return switch (socks.kind()) {
                case REPLY -> socks.code() == ReplyCode.GENERAL_FAILURE;
                case AUTHENTICATION_FAILED -> false;
                case NO_ACCEPTABLE_METHOD, MALFORMED, CLOSED -> true;
            };
        }
        return true;
    }

    private boolean drive() throws IOException {
        if (phase == Phase.REACHING) {
            if (!carrier.finishConnect()) {
                return pending();
            }
            reached();
        }
        while (phase == Phase.HANDSHAKE && handshake != null) {
            ByteBuffer out = handshake.output();
            if (out.hasRemaining()) {
                carrier.write(out);
                if (out.hasRemaining()) {
                    return pending();
                }
            }
            if (!receive(handshake)) {
                return pending();
            }
            if (handshake.state() instanceof State.Established) {
                established();
            }
        }
        return phase == Phase.ESTABLISHED;
    }

    private void reached() throws IOException {
        ServerState server = hops.get(at).server();
        if (server == null) {
            established();
            return;
        }
        handshake = Handshake.connect(target, server.authentications);
        phase = Phase.HANDSHAKE;
    }

    /** Reads no more than the handshake wants next: what follows is the application's. */
    private boolean receive(Handshake shake) throws IOException {
        boolean requested = shake.state() instanceof State.Requested;
        int needed = shake.needed();
        if (in.capacity() < needed) {
            in = ByteBuffer.allocate(Math.max(needed, 32));
        }
        in.clear().limit(needed);
        int n = carrier.read(in);
        if (n < 0) {
            shake.end();
        }
        if (n <= 0) {
            return false;
        }
        shake.input(in.flip());
        if (!requested && shake.state() instanceof State.Requested) {
            deadlineNanos = System.nanoTime() + timeouts.replyNanos();
        }
        return true;
    }

    private boolean pending() throws IOException {
        if (System.nanoTime() - deadlineNanos >= 0) {
            boolean requested = handshake != null && handshake.state() instanceof State.Requested;
            throw new HopTimeoutException(requested, timeouts);
        }
        return false;
    }

    private void established() throws IOException {
        carrier.release();
        hops.get(at).succeeded();
        phase = Phase.ESTABLISHED;
    }
}
