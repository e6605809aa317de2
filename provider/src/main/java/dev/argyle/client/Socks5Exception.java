// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a call of {@link Socks5Client} failed by: what AIX has in {@code socks5_errno}, and more. It is the cause of the
 * exception that the call throws, which is of the type that programs catch for such a thing of any socket, and whose message
 * says it in words; {@link #of} finds it there. Immutable, and safe for use by any thread.
 *
 * <pre>
 *   code              REP    thrown
 *   S5_ESRVFAIL       1      SocketException
 *   S5_EPERM          2      ConnectException
 *   S5_ENETUNREACH    3      NoRouteToHostException
 *   S5_EHOSTUNREACH   4      NoRouteToHostException
 *   S5_ECONNREFUSED   5      ConnectException
 *   S5_ETIMEDOUT      6      ConnectException
 *   S5_EOPNOTSUPP     7      SocketException
 *   S5_EAFNOSUPPORT   8      SocketException
 *   null              9-255  SocketException
 *   S5_EADDRINUSE     5      BindException: the first reply to BIND
 *   S5_ENOSERV        none   SocketException
 *   null              none   as the JDK has it: what failed is the way to the server (stage SERVER), or the handshake
 * </pre>
 */
public final class Socks5Exception extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** How far a call had come. */
    public enum Stage {
        /** A server for the destination was looked for, without a question to anybody. */
        ROUTE,
        /** The server was to be reached: its name, if it has one, and the connection to it. */
        SERVER,
        /** The greeting, and the server's choice of a method (RFC 1928 section 3). */
        METHOD,
        /** Authentication, by RFC 1929 for one. */
        AUTHENTICATION,
        /** The request and its reply, of BIND the first (RFC 1928 sections 4 and 6). */
        REQUEST,
        /** BIND's second reply was awaited (RFC 1928 section 4). */
        ACCEPT,
        /** The association stood, and its control connection has ended (RFC 1928 section 6). */
        ASSOCIATION
    }

    private final @Nullable S5 code;
    private final int rep;
    private final Stage stage;
    private final transient @Nullable InetSocketAddress target;
    private final transient @Nullable Socks5Server server;

    Socks5Exception(
            String message,
            @Nullable S5 code,
            int rep,
            Stage stage,
            @Nullable InetSocketAddress target,
            @Nullable Socks5Server server,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.rep = rep;
        this.stage = stage;
        this.target = target;
        this.server = server;
    }

    /**
     * Finds it in what a call has thrown.
     *
     * @return the exception itself, or the first among its causes; null if there is none
     */
    public static @Nullable Socks5Exception of(@Nullable Throwable thrown) {
        Throwable each = thrown;
        while (each != null) {
            if (each instanceof Socks5Exception found) {
                return found;
            }
            each = each.getCause();
        }
        return null;
    }

    /** Returns AIX's code; null if it has none for this: for a reply that it does not know, and where no reply has come. */
    public @Nullable S5 code() {
        return code;
    }

    /** Returns the REP octet of the server's reply, 1 to 255; -1 if none has come. */
    public int rep() {
        return rep;
    }

    /** Returns how far the call had come. */
    public Stage stage() {
        return stage;
    }

    /**
     * Returns what was asked for: the target of a connection, the expected peer of BIND; null for an association, and after
     * this exception was serialized.
     */
    public @Nullable InetSocketAddress target() {
        return target;
    }

    /** Returns the server that failed, of several the last; null if it came to none, and after this exception was serialized. */
    public @Nullable Socks5Server server() {
        return server;
    }
}
