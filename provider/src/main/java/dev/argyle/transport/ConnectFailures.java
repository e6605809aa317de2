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
        if (!(reason instanceof SocksException)) {
            return reason instanceof HopTimeoutException && ((HopTimeoutException) reason).requested()
                    ? "Connection timed out"
                    : "No SOCKS server can be reached";
        }
        SocksException socks = (SocksException) reason;
        switch (socks.kind()) {
            case REPLY:
                return reply(socks.code());
            case CLOSED:
                return socks.stage() == Stage.REQUEST ? "Connection refused" : "SOCKS server unusable";
            case AUTHENTICATION_FAILED:
                return "SOCKS authentication failed";
            default:
                return "SOCKS server unusable";
        }
    }

    private static String reply(int code) {
        switch (code) {
            case ReplyCode.NOT_ALLOWED:
                return "Connection not allowed";
            case ReplyCode.NETWORK_UNREACHABLE:
                return "Network is unreachable";
            case ReplyCode.HOST_UNREACHABLE:
                return "No route to host";
            case ReplyCode.CONNECTION_REFUSED:
                return "Connection refused";
            case ReplyCode.TTL_EXPIRED:
                return "Connection timed out";
            case ReplyCode.COMMAND_NOT_SUPPORTED:
                return "Command not supported";
            case ReplyCode.ADDRESS_TYPE_NOT_SUPPORTED:
                return "Address type not supported";
            default:
                return "SOCKS server failure";
        }
    }

    private static IOException ofType(IOException reason, String message) {
        if (reason instanceof NoRouteToHostException) {
            return new NoRouteToHostException(message);
        }
        if (reason instanceof ConnectException) {
            return new ConnectException(message);
        }
        if (reason instanceof SocksException) {
            SocksException socks = (SocksException) reason;
            boolean inReply = socks.kind() == SocksException.Kind.REPLY;
            if (inReply
                    && (socks.code() == ReplyCode.NETWORK_UNREACHABLE || socks.code() == ReplyCode.HOST_UNREACHABLE)) {
                return new NoRouteToHostException(message);
            }
            boolean closedWithoutReply =
                    socks.kind() == SocksException.Kind.CLOSED && socks.stage() == Stage.REQUEST;
            if (closedWithoutReply
                    || inReply
                            && (socks.code() == ReplyCode.NOT_ALLOWED
                                    || socks.code() == ReplyCode.CONNECTION_REFUSED
                                    || socks.code() == ReplyCode.TTL_EXPIRED)) {
                return new ConnectException(message);
            }
        }
        return new SocketException(message);
    }
}
