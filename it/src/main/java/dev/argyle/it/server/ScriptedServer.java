// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKSv5 server on an ephemeral loopback port, which records what it sees and misbehaves as a test asks (RFC 1928,
 * RFC 1929; CONNECT, BIND and UDP ASSOCIATE, methods 0 and 2).
 *
 * <p>It connects to targets from {@link #OUTBOUND}, so that a target can tell who came through it, and listens there for a
 * BIND's peer, which may be anybody. Names are what the test says they are; there is no DNS. Safe for use by several
 * threads.
 */
public final class ScriptedServer implements AutoCloseable {
    /** The address from which servers connect to targets, unless told otherwise: 127.0.0.9. */
    public static final InetAddress OUTBOUND = loopback(9);

    private final Listener listener;
    private final Relay relay;
    private final DatagramRelay datagrams;
    private final Session.Setup setup;
    private final Waiting<Exchange> exchanges = new Waiting<>();
    private final Queue<List<Fault>> scripts = new ConcurrentLinkedQueue<>();
    private volatile Supplier<List<Fault>> faults;

    private ScriptedServer(Builder builder) throws IOException {
        faults = builder.faults;
        relay = Relay.start("scripted server relay");
        datagrams = DatagramRelay.start("scripted server datagrams");
        List<Integer> methods = builder.methods;
        if (methods.isEmpty()) {
            methods = List.of(builder.users.isEmpty() ? Socks.NO_AUTHENTICATION : Socks.USERNAME_PASSWORD);
        }
        setup = new Session.Setup(
                builder.names,
                builder.outbound,
                builder.echoes,
                methods,
                Map.copyOf(builder.users),
                relay,
                datagrams,
                builder.relayAddress);
        listener = Listener.start("scripted server", new InetSocketAddress(builder.address, 0), this::serve);
    }

    /** Starts an honest server on 127.0.0.1 that asks for no authentication. */
    public static ScriptedServer start() throws IOException {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    static InetAddress loopback(int lastOctet) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastOctet});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Listener.Task serve(SocketChannel client) throws IOException {
        List<Fault> script = scripts.poll();
        Exchange exchange = new Exchange(
                (InetSocketAddress) client.getRemoteAddress(),
                script == null ? faults.get() : script,
                exchanges::changed);
        exchanges.add(exchange);
        return new Session(setup, exchange, client)::run;
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    public int port() {
        return address().getPort();
    }

    /** Makes a host of requests, a name or an address, stand for an address; its port 0 keeps the request's port. */
    public void name(String host, InetSocketAddress stands) {
        setup.names().put(host, stands);
    }

    /** Plays these faults for every connection from now on; none makes the server honest again. */
    public void faults(Fault... played) {
        List<Fault> each = List.of(played);
        faults = () -> each;
    }

    /** Plays these faults for the next connections, after those that earlier calls have spoken for. */
    public void faultsForNext(int connections, Fault... played) {
        for (int i = 0; i < connections; i++) {
            scripts.add(List.of(played));
        }
    }

    /** Refuses connections from now on; the port stays this server's, and connections in being go on. */
    public void refuse() throws IOException, InterruptedException {
        listener.refuse();
    }

    /** Listens again, on the same port, after {@link #refuse}. */
    public void resume() throws IOException {
        listener.resume();
    }

    /** Every connection that was accepted, in order, whatever became of it. */
    public List<Exchange> exchanges() {
        return exchanges.snapshot();
    }

    /** The connections whose request was CONNECT, in the order in which they were accepted. */
    public List<Exchange> connects() {
        return exchanges.snapshot().stream().filter(ScriptedServer::isConnect).toList();
    }

    /**
     * Waits for so many CONNECT requests, and returns them.
     *
     * @throws AssertionError if they do not come in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<Exchange> awaitConnects(int count) throws InterruptedException {
        return exchanges.await(count, ScriptedServer::isConnect, "CONNECT requests");
    }

    /** The associations whose relays were opened, in the order in which their connections were accepted. */
    public List<Association> associations() {
        return exchanges.snapshot().stream()
                .map(Exchange::association)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Waits for so many associations, and returns them.
     *
     * @throws AssertionError if they do not come in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<Association> awaitAssociations(int count) throws InterruptedException {
        exchanges.await(count, exchange -> exchange.association() != null, "associations");
        return associations();
    }

    /** The connections whose BIND made the server listen, in the order in which they were accepted. */
    public List<Exchange> binds() {
        return exchanges.snapshot().stream().filter(ScriptedServer::isBind).toList();
    }

    /**
     * Waits until the server listens, or has listened, for the peers of so many BINDs, and returns these.
     *
     * @throws AssertionError if it does not come to that in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<Exchange> awaitBinds(int count) throws InterruptedException {
        return exchanges.await(count, ScriptedServer::isBind, "BINDs");
    }

    /**
     * Waits for so many connections of which something is true, and returns them.
     *
     * @throws AssertionError if they do not come in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<Exchange> awaitExchanges(int count, Predicate<Exchange> condition) throws InterruptedException {
        return exchanges.await(count, condition, "matching exchanges");
    }

    private static boolean isConnect(Exchange exchange) {
        return exchange.command() == Socks.CONNECT;
    }

    private static boolean isBind(Exchange exchange) {
        return exchange.listening() != null;
    }

    /** Stops to listen and closes every connection. */
    @Override
    public void close() throws IOException, InterruptedException {
        listener.close();
        relay.close();
        datagrams.close();
    }

    @Override
    public String toString() {
        return "ScriptedServer[" + address() + "]";
    }

    /** Says how a server is to be. */
    public static final class Builder {
        private final Names names = new Names();
        private final Map<String, String> users = new HashMap<>();
        private List<Integer> methods = List.of();
        private Supplier<List<Fault>> faults = List::of;
        private boolean echoes;
        private InetAddress address = loopback(1);
        private @Nullable InetAddress outbound = OUTBOUND;
        private @Nullable InetAddress relayAddress;

        private Builder() {}

        /** The address to listen at; 127.0.0.1 unless told otherwise. */
        public Builder address(InetAddress listening) {
            address = listening;
            return this;
        }

        /** The address of the relays of associations; the one that the client connected to unless told otherwise. */
        public Builder relayAddress(InetAddress receiving) {
            relayAddress = receiving;
            return this;
        }

        /**
         * The address to connect to targets from, where they are of its family, and to listen at for the peers of BINDs;
         * {@link #OUTBOUND} unless told otherwise.
         */
        public Builder outbound(InetAddress local) {
            outbound = local;
            return this;
        }

        /**
         * Lets the kernel choose address and port towards targets, and listens where the client connected to: for more
         * connections a minute than there are ports.
         */
        public Builder anyOutbound() {
            outbound = null;
            return this;
        }

        /** The same as {@link ScriptedServer#name}. */
        public Builder name(String host, InetSocketAddress stands) {
            names.put(host, stands);
            return this;
        }

        /** Knows a user, and asks for user name and password where {@link #methods} does not say otherwise. */
        public Builder user(String userName, String password) {
            users.put(userName, password);
            return this;
        }

        /** The METHOD octets that the server accepts, the best first. */
        public Builder methods(Integer... accepted) {
            methods = List.of(accepted);
            return this;
        }

        /** The same as {@link ScriptedServer#faults}. */
        public Builder faults(Fault... played) {
            List<Fault> each = List.of(played);
            faults = () -> each;
            return this;
        }

        /** Asks for the faults of each connection, in the order in which they come; on one thread, that must not block. */
        public Builder faultsOfEach(Supplier<List<Fault>> chosen) {
            faults = chosen;
            return this;
        }

        /** Plays every target itself, and sends back what it gets: a connection takes one descriptor instead of three. */
        public Builder echoes() {
            echoes = true;
            return this;
        }

        public ScriptedServer start() throws IOException {
            return new ScriptedServer(this);
        }
    }
}
