// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has gone wrong in a connect so far, and the exception that tells it: of a type that applications catch for a target
 * that behaves so, naming the target and each server tried, with the last failure as its cause. Thread-confined.
 */
final class ConnectFailures {
    /**
     * One of them.
     *
     * @param server null for the target itself
     * @param stage of the handshake, null if the hop was not reached
     * @param second whether it is the second reply of BIND that failed
     */
    private record Failure(
            String hop, @Nullable Server server, @Nullable Stage stage, boolean second, IOException reason) {}

    private final Command command;
    private final @Nullable Address target;
    private final List<Failure> failures = new ArrayList<>();
    private boolean anyServer;

    /** @param target of the connect, or who is expected to connect; null for an association that a socket needs for its datagrams */
    ConnectFailures(Command command, @Nullable Address target) {
        this.command = command;
        this.target = target;
    }

    /** @param stage of the handshake, null if the hop was not reached */
    void add(Hop hop, @Nullable Stage stage, IOException reason) {
        anyServer |= hop.server() != null;
        failures.add(new Failure(hop.name(), serverOf(hop), stage, false, reason));
    }

    /** The second reply of a BIND. */
    void addSecond(Hop hop, IOException reason) {
        anyServer = true;
        failures.add(new Failure(hop.name(), serverOf(hop), Stage.REQUEST, true, reason));
    }

    /** A server that has no address to be reached at. */
    void addUnreachable(Server server, IOException reason) {
        anyServer = true;
        failures.add(new Failure("SOCKS server " + server.host(), server, null, false, reason));
    }

    /** The target itself has no address to be reached at. */
    void addDirect(IOException reason) {
        failures.add(new Failure(Hop.DIRECTLY, null, null, false, reason));
    }

    private static @Nullable Server serverOf(Hop hop) {
        return hop.server() == null ? null : hop.server().server;
    }

    /** Where the last of them was; null if there is none. */
    Connect.@Nullable FailedAt last() {
        if (failures.isEmpty()) {
            return null;
        }
        Failure last = failures.get(failures.size() - 1);
        return new Connect.FailedAt(last.server, last.stage);
    }

    /** The exception for the last failure, which names those before it too; the JDK's own where no server had a part. */
    IOException exception() {
        Failure last = failures.get(failures.size() - 1);
        if (!anyServer) {
            return last.reason;
        }
        StringBuilder message = new StringBuilder();
        switch (command) {
            case CONNECT -> message.append(what(last)).append(": ").append(target);
            case BIND ->
                message.append(what(last))
                        .append(last.second ? ": a connection from " : ": listening for ")
                        .append(target)
                        .append(" (BIND)");
            case UDP_ASSOCIATE -> message.append("No UDP association");
        }
        message.append(": ");
        message.append(last.hop).append(": ").append(detail(last));
        for (int i = 0; i < failures.size() - 1; i++) {
            Failure before = failures.get(i);
            message.append(i == 0 ? "; tried before: " : ", ");
            message.append(before.hop).append(": ").append(detail(before));
        }
        if (command == Command.UDP_ASSOCIATE && hasNoUdp(last.reason)) {
            message.append("; this server carries no datagrams");
            if (target == null) {
                message.append(": udp=off, or records with NONE udp, let them go direct");
            }
        }
        IOException exception = command == Command.UDP_ASSOCIATE && target == null
                ? new SocketException(message.toString())
                : ofType(last, message.toString());
        exception.initCause(last.reason);
        return exception;
    }

    private static String detail(Failure failure) {
        String message = failure.reason.getMessage();
        if (message == null) {
            message = failure.reason.getClass().getName();
        }
        Stage stage = failure.stage;
        if (stage == null
                || failure.reason instanceof SocksException
                || failure.reason instanceof HopTimeoutException) {
            return message;
        }
        return message
                + switch (stage) {
                    case METHOD -> " after the greeting";
                    case AUTHENTICATION -> " during authentication";
                    case REQUEST -> " after the request";
                };
    }

    /** In the words of the JDK where it has words for this. */
    private String what(Failure failure) {
        IOException reason = failure.reason;
        if (reason instanceof SocksException socks) {
            return switch (socks.kind()) {
                case REPLY -> isAddressInUse(failure) ? "Address already in use" : reply(socks.code());
                case CLOSED -> isRefusal(reason) ? "Connection refused" : "SOCKS server unusable";
                case AUTHENTICATION_FAILED -> "SOCKS authentication failed";
                case NO_ACCEPTABLE_METHOD, MALFORMED -> "SOCKS server unusable";
            };
        }
        if (reason instanceof HopTimeoutException timeout && timeout.requested()) {
            return "Connection timed out";
        }
        return failure.stage == null ? "No SOCKS server can be reached" : "SOCKS server unusable";
    }

    private static String reply(int code) {
        return switch (code) {
            case ReplyCode.NOT_ALLOWED -> "Connection not allowed";
            case ReplyCode.NETWORK_UNREACHABLE -> "Network is unreachable";
            case ReplyCode.HOST_UNREACHABLE -> "No route to host";
            case ReplyCode.CONNECTION_REFUSED -> "Connection refused";
            case ReplyCode.TTL_EXPIRED -> "Connection timed out";
            case ReplyCode.COMMAND_NOT_SUPPORTED -> "Command not supported";
            case ReplyCode.ADDRESS_TYPE_NOT_SUPPORTED -> "Address type not supported";
            default -> "SOCKS server failure";
        };
    }

    /** Nothing has been connected yet that could have refused: AIX's {@code S5_EADDRINUSE}. */
    private boolean isAddressInUse(Failure failure) {
        return command == Command.BIND
                && !failure.second
                && failure.reason instanceof SocksException socks
                && socks.kind() == SocksException.Kind.REPLY
                && socks.code() == ReplyCode.CONNECTION_REFUSED;
    }

    private boolean isRefusal(IOException reason) {
        return command == Command.CONNECT && isClosedWithoutReply(reason);
    }

    /** OpenSSH says so that the target refuses, or cannot be reached. */
    static boolean isClosedWithoutReply(IOException reason) {
        return reason instanceof SocksException socks
                && socks.kind() == SocksException.Kind.CLOSED
                && socks.stage() == Stage.REQUEST;
    }

    /** What servers without UDP do when they are asked for an association. */
    static boolean hasNoUdp(IOException reason) {
        return isClosedWithoutReply(reason)
                || (reason instanceof SocksException socks
                        && socks.kind() == SocksException.Kind.REPLY
                        && socks.code() == ReplyCode.COMMAND_NOT_SUPPORTED);
    }

    private IOException ofType(Failure failure, String message) {
        IOException reason = failure.reason;
        if (reason instanceof SocksException socks) {
            if (isRefusal(socks)) {
                return new ConnectException(message);
            }
            if (isAddressInUse(failure)) {
                return new BindException(message);
            }
            if (socks.kind() != SocksException.Kind.REPLY) {
                return new SocketException(message);
            }
            return switch (socks.code()) {
                case ReplyCode.NETWORK_UNREACHABLE, ReplyCode.HOST_UNREACHABLE -> new NoRouteToHostException(message);
                case ReplyCode.NOT_ALLOWED, ReplyCode.CONNECTION_REFUSED, ReplyCode.TTL_EXPIRED ->
                    new ConnectException(message);
                default -> new SocketException(message);
            };
        }
        if (reason instanceof NoRouteToHostException) {
            return new NoRouteToHostException(message);
        }
        if (reason instanceof BindException) { // the program's own address, with which it cannot go there
            return new BindException(message);
        }
        return reason instanceof ConnectException ? new ConnectException(message) : new SocketException(message);
    }
}
