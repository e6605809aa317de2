// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.protocol.Command;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.route.Server;
import dev.argyle.transport.Connect;
import dev.argyle.transport.NoServerException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Makes what the engine throws into what programs are told: the same type, with a {@link Socks5Exception} as its cause. */
final class Failures {
    private Failures() {}

    /** Of what the program has closed, in the JDK's words. */
    static SocketException closed() {
        return new SocketException("Socket closed");
    }

    /** Of a call that has come to no server. */
    static IOException unrouted(IOException e, @Nullable InetSocketAddress target) {
        if (e instanceof UnknownHostException) {
            return e; // the JDK's own, of which no server has a part
        }
        S5 code = e instanceof NoServerException ? S5.S5_ENOSERV : null;
        return withCause(
                new SocketException(message(e)),
                new Socks5Exception(message(e), code, -1, Socks5Exception.Stage.ROUTE, target, null, null));
    }

    /**
     * Of a request, up to its first reply.
     *
     * @param at null if it has come to no server
     */
    static IOException requested(
            IOException e, Command command, @Nullable InetSocketAddress target, Connect.@Nullable FailedAt at) {
        Server server = at == null ? null : at.server();
        Stage stage = at == null ? null : at.stage();
        Socks5Exception.Stage reached = stage == null
                ? Socks5Exception.Stage.SERVER
                : switch (stage) {
                    case METHOD -> Socks5Exception.Stage.METHOD;
                    case AUTHENTICATION -> Socks5Exception.Stage.AUTHENTICATION;
                    case REQUEST -> Socks5Exception.Stage.REQUEST;
                };
        return of(e, command == Command.BIND, reached, target, server == null ? null : server(server));
    }

    /** Of BIND's second reply. */
    static IOException accepted(IOException e, InetSocketAddress expectedPeer, Socks5Server server) {
        return of(e, false, Socks5Exception.Stage.ACCEPT, expectedPeer, server);
    }

    /** Of an accept that may be called again: in the JDK's words. */
    static IOException acceptTimedOut(InetSocketAddress expectedPeer, Socks5Server server) {
        String detail = "no second reply to BIND for " + text(expectedPeer) + " from SOCKS server " + server;
        return withCause(
                new SocketTimeoutException("Accept timed out"),
                new Socks5Exception(detail, null, -1, Socks5Exception.Stage.ACCEPT, expectedPeer, server, null));
    }

    /** Of an association whose relay is of no use. */
    static IOException unusableRelay(Socks5Server server, @Nullable String detail, Exception reason) {
        String message = "No UDP association: SOCKS server " + server + ": " + detail;
        return withCause(
                new SocketException(message),
                new Socks5Exception(message, null, -1, Socks5Exception.Stage.REQUEST, null, server, reason));
    }

    /** Of an association that stood. */
    static IOException ended(Socks5Server server, @Nullable IOException reason) {
        String message = "The UDP association has ended: SOCKS server " + server + ": "
                + (reason == null ? "the server has closed the control connection" : message(reason));
        return withCause(
                new SocketException(message),
                new Socks5Exception(message, null, -1, Socks5Exception.Stage.ASSOCIATION, null, server, reason));
    }

    static Socks5Server server(Server server) {
        return new Socks5Server(server.host(), server.port());
    }

    private static IOException of(
            IOException e,
            boolean firstOfBind,
            Socks5Exception.Stage stage,
            @Nullable InetSocketAddress target,
            @Nullable Socks5Server server) {
        Throwable reason = e.getCause();
        int rep =
                reason instanceof SocksException socks && socks.kind() == SocksException.Kind.REPLY ? socks.code() : -1;
        S5 code = rep < 0 ? null : S5.ofReply(rep);
        if (firstOfBind && rep == ReplyCode.CONNECTION_REFUSED) {
            code = S5.S5_EADDRINUSE;
        }
        String message = message(e);
        if (e instanceof SocketTimeoutException) {
            message += ": " + (target == null ? "UDP association" : text(target))
                    + ": SOCKS server"
                    + (server == null ? "s" : " " + server) + ": at stage " + stage;
        }
        String detail = reason == null ? message : message(reason);
        return withCause(ofSameType(e, message), new Socks5Exception(detail, code, rep, stage, target, server, reason));
    }

    private static IOException ofSameType(IOException e, String message) {
        IOException same = e instanceof SocketTimeoutException
                ? new SocketTimeoutException(message)
                : e instanceof BindException
                        ? new BindException(message)
                        : e instanceof NoRouteToHostException
                                ? new NoRouteToHostException(message)
                                : e instanceof ConnectException
                                        ? new ConnectException(message)
                                        : new SocketException(message);
        for (Throwable suppressed : e.getSuppressed()) {
            same.addSuppressed(suppressed);
        }
        return same;
    }

    /** Without a look-up, and as the other messages have it. */
    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static IOException withCause(IOException e, Socks5Exception cause) {
        e.initCause(cause);
        return e;
    }

    private static String message(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getName() : message;
    }
}
