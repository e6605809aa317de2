// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * What has gone wrong in a connect so far, and the exception that tells it: of a type that applications catch for a target
 * that behaves so, naming the target and each server tried, with the last failure as its cause. Thread-confined.
 */
final class ConnectFailures {
    private record Failure(String hop, IOException reason) {}

    private final Address target;
    private final List<Failure> failures = new ArrayList<>();

    ConnectFailures(Address target) {
        this.target = target;
    }

    void add(Hop hop, IOException reason) {
        add(hop.name(), reason);
    }

    void add(String hop, IOException reason) {
        failures.add(new Failure(hop, reason));
    }

    /** The exception for the last failure, which names those before it too. */
    IOException exception() {
        Failure last = failures.get(failures.size() - 1);
        StringBuilder message = new StringBuilder();
        message.append(what(last.reason)).append(": ").append(target).append(": ");
        message.append(last.hop).append(": ").append(detail(last.reason));
        for (int i = 0; i < failures.size() - 1; i++) {
            Failure before = failures.get(i);
            message.append(i == 0 ? "; tried before: " : ", ");
            message.append(before.hop).append(": ").append(detail(before.reason));
        }
        IOException exception = ofType(last.reason, message.toString());
        exception.initCause(last.reason);
        return exception;
    }

    private static String detail(IOException reason) {
        String message = reason.getMessage();
        return message == null ? reason.getClass().getName() : message;
    }

    /** In the words of the JDK where it has words for this. */
    private static String what(IOException reason) {
        if (reason instanceof SocksException socks) {
            return switch (socks.kind()) {
                case REPLY -> reply(socks.code());
                case CLOSED -> isClosedWithoutReply(socks) ? "Connection refused" : "SOCKS server unusable";
                case AUTHENTICATION_FAILED -> "SOCKS authentication failed";
                case NO_ACCEPTABLE_METHOD, MALFORMED -> "SOCKS server unusable";
            };
        }
        return reason instanceof HopTimeoutException timeout && timeout.requested()
                ? "Connection timed out"
                : "No SOCKS server can be reached";
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

    /** OpenSSH says so that the target refuses, or cannot be reached. */
    private static boolean isClosedWithoutReply(SocksException socks) {
        return socks.kind() == SocksException.Kind.CLOSED && socks.stage() == Stage.REQUEST;
    }

    private static IOException ofType(IOException reason, String message) {
        if (reason instanceof SocksException socks) {
            if (isClosedWithoutReply(socks)) {
                return new ConnectException(message);
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
        return reason instanceof ConnectException ? new ConnectException(message) : new SocketException(message);
    }
}
