// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import dev.argyle.net.Factories;
import dev.argyle.net.Installed;
import dev.argyle.observe.LogLevel;
import dev.argyle.transport.Connector;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Sends the sockets of this JVM through SOCKSv5, for programs that do so themselves. Safe for use by any thread.
 *
 * <p>What it reaches are the sockets that are made by {@code new Socket()} or {@code new Socket(Proxy.NO_PROXY)}, and all
 * that is built on them, in whatever library; {@code DatagramSocket}; and {@code ServerSocket}, where it is to listen at a
 * server. It does not reach channels and what is built on them, and sockets that are made with a proxy of their own. A host name that the program looks up is looked up on this machine; to have the
 * server look it up, connect to an {@linkplain java.net.InetSocketAddress#createUnresolved unresolved} address. The agent
 * reaches more.
 */
public final class Argyle {
    private static final String NOT_ROUTED = "Neither the agent nor Argyle.install routes this JVM";

    private static @Nullable Configuration installed; // guarded by the class

    private Argyle() {}

    /** Returns the version of this build, as the jar's manifest has it. */
    public static String version() {
        String version = Argyle.class.getPackage().getImplementationVersion();
        return version == null ? "of a build tree" : version;
    }

    /**
     * Installs what the system properties and the environment say.
     *
     * @throws IllegalArgumentException as for {@link Configuration#ofSystem}
     * @throws IllegalStateException as for {@link #install(Configuration)}
     */
    public static void install() {
        install(Configuration.ofSystem());
    }

    /**
     * Sets the {@link java.net.SocketImplFactory} of {@link java.net.Socket}, that of {@link java.net.ServerSocket} and the
     * {@link java.net.DatagramSocketImplFactory} of this JVM, for the rest of its life. The package {@code java.net} must be open to Argyle: {@code --add-opens
     * java.base/java.net=ALL-UNNAMED} where it is on the class path, {@code --add-opens
     * java.base/java.net=dev.argyle.provider} where it is on the module path.
     *
     * <p>Does nothing where {@code SOCKS5C_CONFIG} is set to nothing and no other source names a server.
     *
     * <p>Does nothing if the same has been installed before, and leaves everything to the agent if this JVM has one: whoever
     * started the JVM decides. If the agent has been told something else, a line in the log says so.
     *
     * @throws IllegalStateException if {@code java.net} is not open, if something else was installed or another factory set
     *     before, if agent and library are of versions that do not fit, or if this JDK is not one that is known. Nothing is
     *     routed then; the message says what to do
     */
    public static synchronized void install(Configuration configuration) {
        Configuration before = installed;
        if (before != null) {
            if (!before.equals(configuration)) {
                throw differs(before.settings().routingInWords(), configuration);
            }
            return;
        }
        Installed other = Installed.find(version());
        if (other == null) {
            if (configuration.settings().off()) {
                return;
            }
            Connector idle = configuration.idleConnector();
            Factories.install(idle, Installed.describe(version(), configuration.settings(), idle));
            configuration.startConnector();
        } else if (!other.values().equals(configuration.settings().values())) {
            if (!other.isAgent()) {
                throw differs(other.way(), configuration);
            }
            configuration.log().log(
                    LogLevel.WARN,
                    "the agent routes this JVM, " + other.way() + "; what the program wants to install is not used: "
                            + configuration);
        }
        installed = configuration;
    }

    /**
     * Says what would become of a connection, and why, by what routes this JVM: the agent, or what has been installed. Waits
     * for look-ups that the connection would wait for; connects to nothing.
     *
     * @param host a name, or an address as text
     * @param port 1 to 65535; 0 for none in particular, which only records for all ports match
     * @throws IllegalArgumentException if the host is empty or the port out of range
     * @throws IllegalStateException if nothing routes this JVM, or if agent and library are of versions that do not fit
     */
    public static Explanation explain(String host, int port) {
        return new Explanation(running().explain(InetSocketAddress.createUnresolved(host, port), false));
    }

    /**
     * Says what would become of a datagram; else as {@link #explain}.
     *
     * @throws IllegalArgumentException if the host is empty or the port out of range
     * @throws IllegalStateException if nothing routes this JVM, or if agent and library are of versions that do not fit
     */
    public static Explanation explainDatagram(String host, int port) {
        return new Explanation(running().explain(InetSocketAddress.createUnresolved(host, port), true));
    }

    /**
     * Runs a block in which what the calling thread opens to listen is opened at a SOCKS server, by BIND, as {@code bind}
     * has it for the sockets that its rules name: there a peer can connect to it that cannot reach this machine. FTP's data
     * socket is the case. A {@link java.net.ServerSocket} or channel that is bound in the block says that it listens at the
     * server's address, and stays there when the block has ended; one that was bound before it stays here. Without the agent,
     * this is so for a ServerSocket alone.
     *
     * <p>The scope is the calling thread's alone: what other threads bind, also those that the block starts, is no part of it.
     * A block within a block has its own scope, and the outer one holds again behind it, however the inner one ends.
     *
     * <pre>{@code
     * ServerSocket data = Argyle.callWithBind(
     *         new InetSocketAddress(control.getInetAddress(), 0), () -> new ServerSocket(0, 1));
     * }</pre>
     *
     * @param expectedPeer who is to connect: the DST of the BIND request (RFC 1928 section 4). The routes choose the server for
     *     it: where they say direct, the block's sockets listen here as ever, and where they refuse, {@code bind} throws a
     *     {@link java.net.SocketException}. The port may be 0, which many servers take for any; an unresolved name goes to the
     *     server as a name. {@code 0.0.0.0} and {@code ::} are anybody, and the server is the one for what no record covers
     * @param block is run once, by the calling thread
     * @return what the block returns
     * @throws NullPointerException if there is no peer or no block
     * @throws IllegalStateException if nothing routes this JVM, or if agent and library are of versions that do not fit. The
     *     block is not run then
     * @throws Exception what the block throws
     */
    public static <T extends @Nullable Object> T callWithBind(InetSocketAddress expectedPeer, Callable<T> block)
            throws Exception {
        Objects.requireNonNull(expectedPeer, "expectedPeer");
        Objects.requireNonNull(block, "block");
        Installed engine = Installed.find(version());
        if (engine == null) {
            throw new IllegalStateException(NOT_ROUTED);
        }
        InetSocketAddress outer = engine.bindScope(expectedPeer);
        try {
            return block.call();
        } finally {
            engine.bindScope(outer);
        }
    }

    private static Installed running() {
        Installed engine = Installed.find(version());
        if (engine == null) {
            throw new IllegalStateException(NOT_ROUTED + "; Configuration.explain tells what a configuration would do");
        }
        return engine;
    }

    private static IllegalStateException differs(String before, Configuration configuration) {
        return new IllegalStateException("Argyle is installed in this JVM with another configuration, " + before
                + ", and the JDK takes a factory only once; wanted: " + configuration);
    }
}
