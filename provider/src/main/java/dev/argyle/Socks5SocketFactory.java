// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import dev.argyle.net.Installed;
import dev.argyle.net.RoutedSocket;
import dev.argyle.net.Seam;
import dev.argyle.transport.Connector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that connect through SOCKSv5 servers, for everything that takes a {@link SocketFactory}: HTTP clients, JDBC
 * drivers, LDAP, mail. It needs no agent and no flag. Safe for use by any thread.
 *
 * <p>A socket of this factory is as one of the platform's: options, timeouts, interrupts, states and exceptions are those
 * of {@link Socket}, and so are the streams. {@link Socket#getInetAddress} names the target and not the server. It connects
 * by the configuration's routes, which may let a target go direct. {@link javax.net.ssl.SSLSocketFactory} can be layered
 * over it.
 *
 * <p>Host names stay names with {@code socks5h}: those given to {@link #createSocket(String, int)}, and those of an {@link
 * InetSocketAddress#createUnresolved unresolved address} that a socket is connected to. A program that looks a name up
 * itself, as {@code new InetSocketAddress(host, port)} does, connects to the address.
 *
 * <p>In a JVM whose sockets are routed already, by Argyle's agent or by {@link Argyle#install()}, this factory makes plain
 * ones: the configuration of that holds, and nothing goes through two servers.
 */
public final class Socks5SocketFactory extends SocketFactory {
    private static @Nullable Configuration system; // guarded by the class
    private static @Nullable Socks5SocketFactory shared; // guarded by the class

    private final @Nullable Connector connector;
    private volatile @Nullable Installed installed;

    /**
     * Makes a factory with the configuration of the system: system properties, environment variables, and the file that they
     * name. For those who are given the name of this class. All factories made so share what they learn of the servers, as
     * long as the configuration stays the same.
     *
     * @throws IllegalArgumentException as for {@link Configuration#ofSystem}; not where an agent routes already
     * @throws IllegalStateException if the agent of this JVM is of a version that this one cannot talk to
     */
    public Socks5SocketFactory() {
        Installed engine = Installed.find(Argyle.version());
        installed = engine;
        connector = engine == null ? ofSystem().connector() : null;
    }

    /**
     * Makes a factory. What is made of the same configuration shares what is learnt of the servers.
     *
     * @throws NullPointerException if there is no configuration
     * @throws IllegalStateException if the agent of this JVM is of a version that this one cannot talk to
     */
    public Socks5SocketFactory(Configuration configuration) {
        Objects.requireNonNull(configuration, "configuration");
        Installed engine = Installed.find(Argyle.version());
        installed = engine;
        connector = engine == null ? configuration.connector() : null;
    }

    /** Drivers make a factory for each connection, which must not begin anew each time. */
    private static synchronized Configuration ofSystem() {
        Configuration now = Configuration.ofSystem();
        Configuration known = system;
        if (known == null || !known.equals(now)) {
            known = now;
            system = now;
        }
        return known;
    }

    /**
     * Returns the factory with the configuration of the system, the same each time. For those who are given the name of this
     * class and ask it, as the JDK's LDAP client does.
     *
     * @throws IllegalArgumentException as for {@link #Socks5SocketFactory()}
     * @throws IllegalStateException as for {@link #Socks5SocketFactory()}
     */
    public static synchronized SocketFactory getDefault() {
        Socks5SocketFactory made = shared;
        if (made == null) {
            made = new Socks5SocketFactory();
            shared = made;
        }
        return made;
    }

    /** An agent was there before this factory; a program may install the engine at any time. */
    private @Nullable Installed installed() {
        Installed engine = installed;
        if (engine == null && Seam.isDefined()) {
            engine = Installed.find(Argyle.version());
            installed = engine;
        }
        return engine;
    }

    /**
     * Makes a socket that is not connected.
     *
     * @throws SocketException if it cannot be made
     */
    @Override
    public Socket createSocket() throws SocketException {
        return connector == null || installed() != null ? new Socket() : new RoutedSocket(connector);
    }

    /**
     * Makes a socket and connects it, as {@link Socket#Socket(String, int)} does.
     *
     * @param host null for this machine
     * @throws UnknownHostException if the host is looked up here and has no address
     * @throws IllegalArgumentException if the port is none
     * @throws IOException if the connection cannot be had
     */
    @Override
    public Socket createSocket(@Nullable String host, int port) throws IOException {
        return connect(resolve(host, port), null);
    }

    /**
     * Makes a socket, binds it and connects it, as {@link Socket#Socket(String, int, InetAddress, int)} does.
     *
     * @param host null for this machine
     * @param localHost null for any address of this machine's
     * @param localPort 0 for any that is free
     * @throws UnknownHostException if the host is looked up here and has no address
     * @throws IllegalArgumentException if one of the ports is none
     * @throws IOException if the connection cannot be had
     */
    @Override
    public Socket createSocket(@Nullable String host, int port, @Nullable InetAddress localHost, int localPort)
            throws IOException {
        return connect(resolve(host, port), new InetSocketAddress(localHost, localPort));
    }

    /**
     * Makes a socket and connects it, as {@link Socket#Socket(InetAddress, int)} does.
     *
     * @throws NullPointerException if there is no host
     * @throws IllegalArgumentException if the port is none
     * @throws IOException if the connection cannot be had
     */
    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(address(host, port), null);
    }

    /**
     * Makes a socket, binds it and connects it, as {@link Socket#Socket(InetAddress, int, InetAddress, int)} does.
     *
     * @param localHost null for any address of this machine's
     * @param localPort 0 for any that is free
     * @throws NullPointerException if there is no host
     * @throws IllegalArgumentException if one of the ports is none
     * @throws IOException if the connection cannot be had
     */
    @Override
    public Socket createSocket(InetAddress host, int port, @Nullable InetAddress localHost, int localPort)
            throws IOException {
        return connect(address(host, port), new InetSocketAddress(localHost, localPort));
    }

    /**
     * Returns the addresses of a host, for clients that look names up before they connect and can be told how: OkHttp's
     * {@code Dns}, Apache HttpClient's {@code DnsResolver}. A name that the server is to look up gets a stand-in address,
     * which carries it: a socket of this factory that is connected to it sends the server the name.
     *
     * @throws UnknownHostException if the host is looked up here and has no address
     */
    public InetAddress[] addresses(String host) throws UnknownHostException {
        Installed engine = installed();
        if (engine != null) {
            return engine.addresses(host);
        }
        InetAddress[] standIn = connector == null ? null : connector.targets().addresses(host);
        return standIn == null ? InetAddress.getAllByName(host) : standIn;
    }

    private static InetSocketAddress address(InetAddress host, int port) {
        return new InetSocketAddress(Objects.requireNonNull(host), port);
    }

    private InetSocketAddress resolve(@Nullable String host, int port) throws UnknownHostException {
        if (host == null) {
            return new InetSocketAddress(InetAddress.getByName(null), port);
        }
        InetAddress first;
        try {
            first = addresses(host)[0];
        } catch (UnknownHostException e) {
            return InetSocketAddress.createUnresolved(host, port); // the connect says so, in the platform's words
        }
        return new InetSocketAddress(first, port);
    }

    private Socket connect(InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
        } catch (IOException | RuntimeException e) {
            try {
                socket.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        return socket;
    }
}
