// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.Reply;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.protocol.State;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One routed connect: reaches a server, shakes hands, and goes on to the next server, on the same carrier, where the one
 * has failed. Makes its caller wait for nothing; the caller waits for {@link #awaitsReadable the event} and
 * {@link #advance advances} it. Used by one thread at a time.
 *
 * <pre>
 *   LOOKING_UP
 *      | hops known
 *      v        carrier connected           request sent            reply 0x00
 *   REACHING -----------------------&gt; HANDSHAKE ------------&gt; HANDSHAKE ----------&gt; ESTABLISHED
 *      ^   \                              |    connect.timeout      | handshake.timeout
 *      |    \ refused, no answer          | EOF, reset, bad method  | EOF, reset, reply 0x01
 *      +-----+----------------------------+-------------------------+   the next hop; none left: FAILED
 *                                                                       any other reply, no reply in time: FAILED,
 *                                                                       unless the {@link Request} goes on
 * </pre>
 *
 * Where the application sets a timeout, it ends everything, and what is left of it is shared out among the hops that
 * are left, so that a first server that does not answer leaves time for the second.
 */
public final class Connect {
    /** Where hops come from, which may have to be looked up. */
    interface HopSource {
        /**
         * Returns the hops to go on with, or null while they are not known. Is not called again once it has returned some
         * or thrown.
         *
         * @param late whether the time for it is over, and what is not known has failed
         * @throws IOException if there are none
         */
        @Nullable
        List<Hop> hops(boolean late) throws IOException;

        /** How long it may take at first, of the time that reaching a server may take. Where it goes on after that, as long again. */
        default long limitNanos(long reachNanos) {
            return reachNanos;
        }
    }

    /** What is asked of the servers. */
    interface Request {
        /** Begins the handshake with a server that has been reached. */
        Handshake handshake(ServerState server) throws IOException;

        /**
         * Looks at what the server has granted.
         *
         * @throws SocksException if it is of no use, as if the server had not made sense
         */
        default void granted(Reply reply, InetSocketAddress server) throws SocksException {}

        /** Who is expected to connect, of a BIND; what it is of no use for else. */
        default Address expected() {
            throw new IllegalStateException("no BIND");
        }

        /** Whether the next server is asked after this reply. */
        default boolean goesOn(int replyCode) {
            return replyCode == ReplyCode.GENERAL_FAILURE;
        }

        /** Whether the next server is asked when this one has not replied in time. */
        default boolean goesOnWithoutReply() {
            return false;
        }

        /** Is told of a server that has failed, and is followed by the next. */
        default void failed(Hop hop, IOException reason) {
            hop.failed();
        }
    }

    /**
     * What came of a connect.
     *
     * @param server that was used
     * @param address of the server
     * @param bound BND.ADDR and BND.PORT of the reply, the first one of BIND
     */
    public record Granted(Server server, InetSocketAddress address, Address bound) {}

    /**
     * Where a connect has failed.
     *
     * @param server null for the target itself
     * @param stage of the handshake; null if the server was not reached
     */
    public record FailedAt(
            @Nullable Server server, @Nullable Stage stage) {}

    /** Longer than any kernel tries. */
    static final long UNLIMITED_NANOS = Long.MAX_VALUE / 2;

    private enum Phase {
        LOOKING_UP,
        REACHING,
        HANDSHAKE,
        ESTABLISHED,
        FAILED
    }

    private final Carrier carrier;
    private final Request request;
    private final List<Hop> hops = new ArrayList<>();
    private final Timeouts timeouts;
    private final long endNanos;
    private final ConnectFailures failures;
    private @Nullable HopSource source;
    private @Nullable HopSource lastResort;

    private Phase phase = Phase.LOOKING_UP;
    private boolean begun;
    private int at = -1;
    private boolean used;
    private long stepNanos;
    private long stepEndNanos;
    private @Nullable Handshake handshake;
    private @Nullable Granted granted;
    private ByteBuffer in = ByteBuffer.allocate(0);

    /**
     * @param source of what is tried first
     * @param lastResort of what is tried when all that has failed: the target itself, if the user lets a connect go direct
     * @param endNanos when the application's timeout ends
     * @param failures holds why servers are not among the hops, if any
     */
    Connect(
            Carrier carrier,
            Request request,
            HopSource source,
            @Nullable HopSource lastResort,
            Timeouts timeouts,
            long endNanos,
            ConnectFailures failures) {
        this.carrier = carrier;
        this.request = request;
        this.source = source;
        this.lastResort = lastResort;
        this.timeouts = timeouts;
        this.endNanos = endNanos;
        this.failures = failures;
    }

    /**
     * Goes as far as it can without waiting.
     *
     * @return whether the connection to the target stands
     * @throws SocketTimeoutException if the application's timeout has ended
     * @throws IOException if it cannot be had: of a type that applications catch, with the protocol's as its cause. The
     *     carrier is of no further use
     */
    public boolean advance() throws IOException {
        if (phase == Phase.FAILED) {
            throw new SocketException("The connect has failed before");
        }
        boolean threw = true;
        try {
            boolean connected = goOn();
            threw = false;
            return connected;
        } finally {
            if (threw) {
                phase = Phase.FAILED;
            }
        }
    }

    private boolean goOn() throws IOException {
        if (!begun) {
            if (carrier.isClosing()) {
                throw closed();
            }
            carrier.acquire();
            begun = true;
            begin(source == null ? timeouts.reachNanos() : source.limitNanos(timeouts.reachNanos()));
        }
        while (true) {
            if (phase == Phase.LOOKING_UP) {
                if (!lookedUp()) {
                    return false;
                }
                continue;
            }
            try {
                return drive();
            } catch (IOException e) {
                failed(e);
                next();
            }
        }
    }

    /** Whether the next step waits for a name that is being looked up, and for nothing of the carrier. */
    public boolean isLookingUp() {
        return phase == Phase.LOOKING_UP;
    }

    /** Whether the next step waits for the carrier to become readable; otherwise it waits for writable. */
    public boolean awaitsReadable() {
        return phase == Phase.HANDSHAKE
                && handshake != null
                && !handshake.output().hasRemaining();
    }

    /** Returns where the last failure was, also one that is not the end; null if there was none. */
    public @Nullable FailedAt failedAt() {
        return failures.last();
    }

    /** Returns what came of it, once it stands; null if no server has a part in it. */
    public @Nullable Granted granted() {
        return granted;
    }

    /**
     * Returns what awaits the second reply of a BIND, once the first has come.
     *
     * @throws IllegalStateException if it has not, or there is no second
     */
    public SecondReply secondReply() {
        Handshake shake = handshake;
        if (phase != Phase.ESTABLISHED || shake == null) {
            throw new IllegalStateException("no reply has come");
        }
        return new SecondReply(carrier, shake, hops.get(at), request.expected());
    }

    /** How long the next step may wait, at least 1. */
    public long remainingNanos() {
        long now = System.nanoTime();
        return Math.max(1, Math.min(stepEndNanos - now, endNanos - now));
    }

    /** Begins with the next hop that can be begun with; where there is none, the last resort is what is left. */
    private void next() throws IOException {
        while (++at < hops.size()) {
            Hop hop = hops.get(at);
            if (used) {
                dissolve();
            }
            used = true;
            phase = Phase.REACHING;
            handshake = null;
            begin(hop.server() == null ? UNLIMITED_NANOS : timeouts.reachNanos());
            try {
                if (carrier.connect(hop.address())) {
                    reached();
                }
                return;
            } catch (IOException e) {
                failed(e);
            }
        }
        at = hops.size() - 1;
        source = lastResort;
        lastResort = null;
        phase = Phase.LOOKING_UP;
        handshake = null;
        begin(timeouts.reachNanos());
    }

    /** Begins with the hops of the source, if they are known by now. */
    private boolean lookedUp() throws IOException {
        HopSource from = source;
        if (from == null) {
            throw System.nanoTime() - endNanos >= 0 ? timedOut() : failures.exception();
        }
        List<Hop> more = List.of();
        boolean late = System.nanoTime() - stepEndNanos >= 0;
        try {
            more = from.hops(late);
        } catch (IOException e) {
            failures.addDirect(e);
        }
        if (more == null) {
            if (late) {
                begin(timeouts.reachNanos());
            }
            return false;
        }
        source = null;
        hops.addAll(more);
        next();
        return true;
    }

    /** Starts the clock for this hop, which must leave the others their share of the application's time. */
    private void begin(long nanos) {
        long now = System.nanoTime();
        int left = hops.size() - at + (lastResort == null ? 0 : 1);
        stepNanos = Math.min(nanos, (endNanos - now) / left);
        stepEndNanos = now + stepNanos;
    }

    /** If the platform cannot, the servers that are left are not to blame, and the connect ends here. */
    private void dissolve() throws IOException {
        try {
            carrier.disconnect();
        } catch (IOException e) {
            if (carrier.isClosing()) {
                throw closed();
            }
            IOException exception = failures.exception();
            exception.addSuppressed(e);
            throw exception;
        }
    }

    /** Notes a failure of this hop. Throws if it is the last word. */
    private void failed(IOException e) throws IOException {
        if (carrier.isClosing()) {
            throw closed();
        }
        if (phase == Phase.ESTABLISHED) {
            throw e;
        }
        Hop hop = hops.get(at);
        failures.add(hop, handshake == null ? null : handshake.stage(), e);
        if (e instanceof SocketTimeoutException) {
            if (!requested()) {
                hop.failed();
            }
            throw e;
        }
        if (!goesOn(e)) {
            throw failures.exception();
        }
        if (!(e instanceof BindException)) { // which is the program's own address, and no fault of the server
            request.failed(hop, e);
        }
        if (ConnectFailures.isClosedWithoutReply(e)) {
            // probably the target's refusal, of which the server has judged: no reason to go direct
            lastResort = null;
        }
    }

    static SocketException closed() {
        return new SocketException("Socket closed");
    }

    /** In the JDK's words. */
    private static SocketTimeoutException timedOut() {
        return new SocketTimeoutException("Connect timed out");
    }

    private boolean requested() {
        return handshake != null && handshake.state() instanceof State.Requested;
    }

    /** A server that cannot be reached or makes no sense: the next. One that has judged the request: final. */
    private boolean goesOn(IOException e) {
        if (e instanceof HopTimeoutException timeout) {
            return !timeout.requested() || request.goesOnWithoutReply();
        }
        if (e instanceof SocksException socks) {
            return switch (socks.kind()) {
                case REPLY -> request.goesOn(socks.code());
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
                return pending(); // the answer is not there yet: a read would be in vain
            }
            if (!receive(handshake)) {
                return pending();
            }
            if (handshake.state() instanceof State.Established last) {
                granted(last.reply());
            } else if (handshake.state() instanceof State.Bound first) {
                granted(first.reply());
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
        handshake = request.handshake(server);
        phase = Phase.HANDSHAKE;
    }

    /** Reads no more than the handshake wants next: what follows is the application's. */
    private boolean receive(Handshake shake) throws IOException {
        boolean requested = shake.state() instanceof State.Requested;
        int needed = shake.needed();
        if (needed == 0) {
            throw new IllegalStateException("Nothing is awaited in state " + shake.state());
        }
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
            stepNanos = timeouts.replyNanos();
            stepEndNanos = System.nanoTime() + stepNanos;
        }
        return true;
    }

    private boolean pending() throws IOException {
        long now = System.nanoTime();
        if (now - endNanos >= 0) {
            throw timedOut();
        }
        if (now - stepEndNanos >= 0) {
            throw hopTimeout();
        }
        return false;
    }

    private HopTimeoutException hopTimeout() {
        String limit = " within " + TimeUnit.NANOSECONDS.toMillis(stepNanos) + " ms (";
        if (requested()) {
            return new HopTimeoutException("no reply to the request" + limit + "handshake.timeout)", true);
        }
        limit += stepNanos < timeouts.reachNanos() ? "its share of the application's timeout)" : "connect.timeout)";
        if (phase == Phase.REACHING) {
            return new HopTimeoutException("not reached" + limit, false);
        }
        String silent = "connected, but the handshake got no answer" + limit;
        boolean greeted = handshake != null && handshake.stage() == Stage.METHOD;
        return new HopTimeoutException(
                greeted ? silent + "; a server that expects TLS or HTTP is silent like this" : silent, false);
    }

    private void granted(Reply reply) throws IOException {
        Hop hop = hops.get(at);
        request.granted(reply, hop.address());
        if (hop.server() != null) {
            granted = new Granted(hop.server().server, hop.address(), reply.bound());
        }
        established();
    }

    private void established() throws IOException {
        phase = Phase.ESTABLISHED;
        hops.get(at).succeeded();
        carrier.release();
    }
}
