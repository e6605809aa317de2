// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.Configuration;
import dev.argyle.net.Connectors;
import dev.argyle.net.Installed;
import dev.argyle.net.SocketCarrier;
import dev.argyle.protocol.Command;
import dev.argyle.route.Route;
import dev.argyle.route.Transport;
import dev.argyle.transport.Connect;
import dev.argyle.transport.Connector;
import dev.argyle.transport.NoServerException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks SOCKSv5 servers (RFC 1928) for what a program wants of them, as AIX's {@code socks5tcp_connect}, {@code
 * socks5tcp_bind}, {@code socks5tcp_accept}, {@code socks5udp_associate}, {@code socks5udp_sendto} and {@code
 * socks5_getserv} do, for programs that know of SOCKS. Nothing that it is asked for goes past a server. Immutable, and safe
 * for use by any thread.
 *
 * <p>Which server that is, is said when the client is made: the one that the routes of a configuration choose for each target,
 * of several the first that can be used; or a given one.
 *
 * <p>A target may be an {@linkplain InetSocketAddress#createUnresolved unresolved} name. It goes to the server as a name if
 * the server resolves names ({@code socks5h}); else it is looked up here, as it is for a name that the configuration has
 * looked up here.
 *
 * <p>All calls that wait do so in the calling thread. A timeout is that of the whole call; {@link Duration#ZERO} is none, and
 * the configuration's {@code connect.timeout} and {@code handshake.timeout} hold in either case. An interrupt does not end the
 * wait of a platform thread for a {@link Socket}; that of a virtual thread closes the socket, as the JDK has it, and one of
 * any thread closes a channel.
 *
 * <p>What fails throws exceptions of the types that programs catch of any socket, with a {@link Socks5Exception} as their cause;
 * nothing else has changed then, but that a given socket or channel is closed. Where the same is wrong with a socket as
 * without SOCKS (it is closed, it is connected), the exceptions are the JDK's own, and it stays as it is.
 */
public final class Socks5Client {
    private final Servers servers;

    private Socks5Client(Servers servers) {
        this.servers = servers;
    }

    /** Returns a client of the servers that the routes of a configuration choose for each target. */
    public static Socks5Client of(Configuration configuration) {
        return new Socks5Client(new Servers.ByRoutes(Connectors.of(configuration)));
    }

    /**
     * Returns a client of one server, whatever the target. System properties and environment have no say.
     *
     * @param serverUrl as the key {@code proxy} has it, for instance {@code socks5h://user:password@host:1080}
     * @throws IllegalArgumentException if it is no server, or more than one; the message says what to write, and shows no
     *     secret
     */
    public static Socks5Client at(String serverUrl) {
        Configuration configuration = Configuration.of(Map.of("proxy", serverUrl, "bypass", "none"));
        Connector connector = Connectors.of(configuration);
        if (!(connector.requests().general() instanceof Route.Via via)
                || via.servers().size() != 1) {
            throw new IllegalArgumentException(
                    "one server is wanted, such as socks5h://host:1080; got " + configuration);
        }
        return new Socks5Client(new Servers.Given(connector, via));
    }

    /**
     * Returns a client of the servers that the agent of this JVM chooses, or what was installed by {@link
     * dev.argyle.Argyle#install()}.
     *
     * @throws IllegalStateException if nothing routes this JVM, or if agent and library are of versions that do not fit
     */
    public static Socks5Client installed() {
        Installed engine = Engine.installed();
        if (engine == null) {
            throw new IllegalStateException("Neither the agent nor Argyle.install routes this JVM");
        }
        return new Socks5Client(new Servers.ByEngine(engine, new ConcurrentHashMap<>()));
    }

    /**
     * Returns the server that a connection to a target is asked of: {@code socks5_getserv}. Of several it is the one that is
     * tried first now. Connects to nothing; may wait for the look-up of a name.
     *
     * @return null if there is none: the routes have the target reached directly, or refuse it
     * @throws UnknownHostException if the target's name is looked up here, and has no address
     * @throws SocketException if the address stands in for a name, and was not given out by this JVM
     */
    public @Nullable Socks5Server server(InetSocketAddress target) throws IOException {
        Objects.requireNonNull(target, "target");
        try {
            return Failures.server(servers.choose(target, Transport.TCP).first());
        } catch (NoServerException e) {
            return null;
        }
    }

    /**
     * Has a server connect to a target, over a fresh socket: {@code socks5tcp_connect} (RFC 1928, CONNECT). Servers that
     * cannot be reached, or fail, are followed by the next.
     *
     * @param target an address, or an unresolved name
     * @param timeout zero for none of the caller's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws UnknownHostException if the target's name is looked up here and has no address, or no request could carry it
     * @throws SocketTimeoutException if the timeout ends before
     * @throws ConnectException if the target refuses, the server's rules do, its TTL expires, the server does not reply within
     *     {@code handshake.timeout}, or cannot be reached
     * @throws NoRouteToHostException if the server cannot reach the target or its network, or cannot be reached itself
     * @throws SocketException if there is no server for the target, or it fails in another way, or the routes refuse; of a
     *     virtual thread also if it is interrupted
     */
    public Socks5Connection connect(InetSocketAddress target, Duration timeout) throws IOException {
        Call call = new Call(servers, Command.CONNECT, Objects.requireNonNull(target, "target"), Deadline.in(timeout));
        Servers.Choice choice = call.choose();
        FreshSocket fresh = new FreshSocket();
        boolean stands = false;
        try {
            SocketCarrier carrier = new SocketCarrier(fresh);
            Connect connect = call.begin(carrier, choice, null);
            call.drive(carrier, connect);
            stands = true;
            return connection(fresh.socket(), target, connect);
        } finally {
            if (!stands) {
                fresh.abort();
            }
        }
    }

    /**
     * The same over a given socket, with its options and the local address that it is bound to. It connects once, so one server
     * is tried, the first.
     *
     * @param socket open and not connected; with its timeout for reads, which has no say here
     * @throws IllegalArgumentException if the timeout is negative
     * @throws SocketException also if the socket is closed, or connected already: it stays as it is then; or if it is closed
     *     meanwhile
     * @throws IOException as for {@link #connect(InetSocketAddress, Duration)}; the socket is closed
     */
    public Socks5Connection connect(Socket socket, InetSocketAddress target, Duration timeout) throws IOException {
        Call call = new Call(servers, Command.CONNECT, Objects.requireNonNull(target, "target"), Deadline.in(timeout));
        GivenSocket given = new GivenSocket(socket);
        boolean stands = false;
        try {
            Servers.Choice choice = call.choose().withOneServer();
            SocketCarrier carrier = new SocketCarrier(given);
            Connect connect = call.begin(carrier, choice, null);
            call.drive(carrier, connect);
            given.release();
            stands = true;
            return connection(socket, target, connect);
        } finally {
            if (!stands) {
                given.abort();
            }
        }
    }

    /**
     * The same over a given channel in blocking mode.
     *
     * @param channel open, in blocking mode and not connected
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalBlockingModeException if the channel is in non-blocking mode
     * @throws AlreadyConnectedException if it is connected
     * @throws ClosedChannelException if it is closed, or closed meanwhile by another thread or an interrupt ({@link
     *     java.nio.channels.AsynchronousCloseException}, {@link java.nio.channels.ClosedByInterruptException})
     * @throws IOException as for {@link #connect(InetSocketAddress, Duration)}; the channel is closed
     */
    public Socks5Connection connect(SocketChannel channel, InetSocketAddress target, Duration timeout)
            throws IOException {
        Call call = new Call(servers, Command.CONNECT, Objects.requireNonNull(target, "target"), Deadline.in(timeout));
        require(channel, true);
        ChannelCarrier carrier = new ChannelCarrier(channel);
        boolean stands = false;
        try {
            Connect connect = call.begin(carrier, call.choose().withOneServer(), null);
            carrier.belongTo(connect);
            call.drive(carrier, connect);
            stands = true;
            return connection(channel.socket(), target, connect);
        } finally {
            if (!stands) {
                carrier.abort();
            }
        }
    }

    /**
     * Begins to have a server connect to a target, over a channel in non-blocking mode: {@code socks5tcp_connect} that gives
     * {@code EINPROGRESS}. May wait for look-ups of names, the server's or the target's, and for nothing else; {@code
     * connect.timeout} and {@code handshake.timeout} hold.
     *
     * @param channel open, in non-blocking mode and not connected; not to be used until the attempt has ended, but for being
     *     registered with a selector
     * @return what to go on with when the channel is ready
     * @throws IllegalBlockingModeException if the channel is in blocking mode
     * @throws AlreadyConnectedException if it is connected
     * @throws ConnectionPendingException if it is being connected
     * @throws ClosedChannelException if it is closed
     * @throws IOException as for {@link #connect(InetSocketAddress, Duration)}, if that is known at once; the channel is
     *     closed
     */
    public Socks5Connect begin(SocketChannel channel, InetSocketAddress target) throws IOException {
        Call call = new Call(
                servers, Command.CONNECT, Objects.requireNonNull(target, "target"), Deadline.in(Duration.ZERO));
        require(channel, false);
        ChannelCarrier carrier = new ChannelCarrier(channel);
        boolean begun = false;
        try {
            Connect connect = call.begin(carrier, call.choose().withOneServer(), null);
            Socks5Connect pending = new Socks5Connect(call, connect, carrier, target);
            Socks5Connection unused = pending.finish();
            begun = true;
            return pending;
        } finally {
            if (!begun) {
                carrier.abort();
            }
        }
    }

    /**
     * Has a server listen for a connection from a peer: {@code socks5tcp_bind} (RFC 1928, BIND). Over a fresh socket, so that
     * servers that cannot be used are followed by the next.
     *
     * @param expectedPeer who is to connect: an address, of which most servers heed no port, or an unresolved name; {@code
     *     0.0.0.0} or {@code ::} for anybody. It also chooses the server, or where it is anybody, the configuration does for
     *     what no record covers
     * @param timeout of this call, up to the first reply; zero for none of the caller's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws UnknownHostException if the peer's name is looked up here and has no address, or no request could carry it
     * @throws SocketTimeoutException if the timeout ends before
     * @throws BindException if the address to listen at is in use at the server
     * @throws ConnectException if the server's rules refuse, or it does not reply within {@code handshake.timeout}, or cannot
     *     be reached
     * @throws NoRouteToHostException if the server says so, or cannot be reached itself
     * @throws SocketException if there is no server for the peer, or it fails in another way or has no BIND, or the routes
     *     refuse; of a virtual thread also if it is interrupted
     */
    public Socks5Listener bind(InetSocketAddress expectedPeer, Duration timeout) throws IOException {
        Call call = new Call(
                servers, Command.BIND, Objects.requireNonNull(expectedPeer, "expectedPeer"), Deadline.in(timeout));
        Servers.Choice choice = call.choose();
        return bind(call, choice, new FreshSocket(), null, expectedPeer);
    }

    /**
     * The same over a given socket, which is what accept then gives. It connects once, so one server is tried, the first.
     *
     * @param socket open and not connected, as for {@link #connect(Socket, InetSocketAddress, Duration)}
     * @throws IllegalArgumentException if the timeout is negative
     * @throws SocketException also if the socket is closed, or connected already: it stays as it is then; or if it is closed
     *     meanwhile
     * @throws IOException as for {@link #bind(InetSocketAddress, Duration)}; the socket is closed
     */
    public Socks5Listener bind(Socket socket, InetSocketAddress expectedPeer, Duration timeout) throws IOException {
        Call call = new Call(
                servers, Command.BIND, Objects.requireNonNull(expectedPeer, "expectedPeer"), Deadline.in(timeout));
        GivenSocket given = new GivenSocket(socket);
        boolean chosen = false;
        try {
            Servers.Choice choice = call.choose().withOneServer();
            chosen = true;
            return bind(call, choice, given, given, expectedPeer);
        } finally {
            if (!chosen) {
                given.abort();
            }
        }
    }

    private static Socks5Listener bind(
            Call call,
            Servers.Choice choice,
            SocketCarrier.Owner owner,
            @Nullable GivenSocket given,
            InetSocketAddress expectedPeer)
            throws IOException {
        boolean stands = false;
        try {
            ListenerCarrier carrier = new ListenerCarrier(owner);
            Connect connect = call.begin(carrier, choice, null);
            call.drive(carrier, connect);
            Socks5Listener listener = new Socks5Listener(carrier, given, connect, expectedPeer);
            stands = true;
            return listener;
        } finally {
            if (!stands) {
                owner.abort();
            }
        }
    }

    /**
     * Has a server relay datagrams, as {@link #associate(InetSocketAddress, Duration)} from any free port.
     *
     * @throws IOException as for that
     */
    public Socks5Datagrams associate(Duration timeout) throws IOException {
        return associate(null, timeout);
    }

    /**
     * Has a server relay datagrams: {@code socks5udp_associate} (RFC 1928, UDP ASSOCIATE). The server is the one that the
     * configuration has for what no record covers; those that cannot be used, or carry no datagrams, are followed by the next.
     *
     * @param local where datagrams are sent from, and the connection to the server too, but for the port; null for any
     * @param timeout zero for none of the caller's
     * @throws IllegalArgumentException if the timeout is negative
     * @throws UnresolvedAddressException if the local address is unresolved
     * @throws SocketTimeoutException if the timeout ends before
     * @throws BindException if the local address is in use, or none of this machine's
     * @throws ConnectException if the server's rules refuse, or it cannot be reached
     * @throws NoRouteToHostException if the server says so, or cannot be reached itself
     * @throws ClosedChannelException if the thread is interrupted
     * @throws SocketException if there is no server, or it fails in another way, has no UDP, or names a relay that datagrams
     *     cannot or must not go to ({@code udp.relay})
     */
    public Socks5Datagrams associate(@Nullable InetSocketAddress local, Duration timeout) throws IOException {
        return Associating.associate(new Call(servers, Command.UDP_ASSOCIATE, null, Deadline.in(timeout)), local);
    }

    private static void require(SocketChannel channel, boolean blocking) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (channel.isBlocking() != blocking) {
            throw new IllegalBlockingModeException();
        }
        if (channel.isConnected()) {
            throw new AlreadyConnectedException();
        }
        if (channel.isConnectionPending()) {
            throw new ConnectionPendingException();
        }
    }

    static Socks5Connection connection(Socket socket, InetSocketAddress target, Connect connect) {
        Connect.Granted granted = Call.granted(connect);
        return new Socks5Connection(
                socket, target, Call.socketAddress(granted.bound()), Failures.server(granted.server()));
    }
}
