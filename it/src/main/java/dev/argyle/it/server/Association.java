// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import dev.argyle.it.server.Disturbance.Origin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedServer} saw of one association (RFC 1928 §7), and how a test disturbs it while it runs.
 *
 * <p>The request is in its {@link #exchange}, which counts the octets of payloads on their way up, and of headers and
 * payloads on their way down. Safe for use by several threads.
 */
public final class Association {
    /** The datagrams whose headers are kept; those that come later are counted alone. */
    private static final int KEPT = 1000;

    private final AssociationSockets sockets;
    private final DatagramRelay thread;
    private final Exchange exchange;
    private final Waiting<Datagram> datagrams = new Waiting<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();

    /** Used by the relay's thread alone. */
    private Datagram last = new Datagram(0, 0, 0, "", 0, 0);

    private volatile InetSocketAddress relay;
    private volatile Disturber disturber;
    private volatile @Nullable InetSocketAddress client;
    private volatile @Nullable InetSocketAddress outbound;

    Association(AssociationSockets sockets, DatagramRelay thread, Exchange exchange, InetSocketAddress relay) {
        this.sockets = sockets;
        this.thread = thread;
        this.exchange = exchange;
        this.relay = relay;
        disturber = new Disturber(List.of());
    }

    /** The control connection. */
    public Exchange exchange() {
        return exchange;
    }

    /** Where the relay receives the client's datagrams. */
    public InetSocketAddress relay() {
        return relay;
    }

    /** Where the client sends from, or null before its first datagram. */
    public @Nullable InetSocketAddress client() {
        return client;
    }

    /** Where the relay last began to send to targets from, or null. */
    public @Nullable InetSocketAddress outbound() {
        return outbound;
    }

    /** The headers of the first {@value #KEPT} datagrams that came from the client, also of those that were dropped. */
    public List<Datagram> datagrams() {
        return datagrams.snapshot();
    }

    /**
     * Waits for so many datagrams from the client, at most {@value #KEPT}, and returns the headers of all.
     *
     * @throws AssertionError if they do not come in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<Datagram> awaitDatagrams(int count) throws InterruptedException {
        return datagrams.await(count, datagram -> true, "datagrams of " + this);
    }

    /** How many datagrams with a header that can be read came from the client. */
    public long received() {
        return received.get();
    }

    /** How many datagrams went to targets, also those that the kernel did not take. */
    public long up() {
        return up.get();
    }

    /** How many datagrams went to the client, also those that the kernel did not take. */
    public long down() {
        return down.get();
    }

    /** How many datagrams came from anybody but the client, and were dropped. */
    public long strangers() {
        return strangers.get();
    }

    /** How many datagrams of the client were dropped: malformed ones, fragments, and those to unknown names. */
    public long malformed() {
        return malformed.get();
    }

    /** Plays these disturbances from now on, in place of earlier ones; none makes the relay honest again. */
    public void disturb(Disturbance... played) {
        disturber = new Disturber(List.of(played));
    }

    /**
     * Sends the client a datagram of any octets: {@link RelayOctets} makes them.
     *
     * @throws IOException if it is not known where the client is, or the association has ended
     */
    public void sendToClient(Origin origin, byte[] octets) throws IOException, InterruptedException {
        thread.call(() -> sockets.sendToClient(origin, octets));
    }

    /** Goes on at another port, of which the client is not told; what comes to the old one is lost. */
    public void restart() throws IOException, InterruptedException {
        thread.call(sockets::restart);
    }

    /** Ends the control connection in this way, and the relay with it; {@code SILENCE} ends the relay alone. */
    public void end(Ending ending) throws IOException, InterruptedException {
        thread.call(() -> sockets.end(ending));
    }

    Disturber disturber() {
        return disturber;
    }

    void relay(InetSocketAddress another) {
        relay = another;
    }

    void client(InetSocketAddress from) {
        client = from;
    }

    void outbound(InetSocketAddress from) {
        outbound = from;
    }

    /** Notes a datagram; null: its header is that of the one before. */
    void saw(@Nullable Datagram header, int octets) {
        if (header != null) {
            last = header;
        }
        if (received.getAndIncrement() < KEPT) {
            datagrams.add(new Datagram(
                    last.reserved(), last.fragment(), last.addressType(), last.host(), last.port(), octets));
        }
    }

    void up(int octets) {
        up.lazySet(up.get() + 1);
        exchange.upCounter().lazySet(exchange.upCounter().get() + octets);
    }

    void down(int octets) {
        down.lazySet(down.get() + 1);
        exchange.downCounter().lazySet(exchange.downCounter().get() + octets);
    }

    void droppedStranger() {
        strangers.incrementAndGet();
    }

    void droppedMalformed() {
        malformed.incrementAndGet();
    }

    void failed(IOException failure) {
        exchange.problem(failure.toString());
    }

    @Override
    public String toString() {
        return "Association[" + exchange + ", relay=" + relay + ", client=" + client + ", received=" + received
                + ", up=" + up + ", down=" + down + ", strangers=" + strangers + ", malformed=" + malformed + "]";
    }
}
