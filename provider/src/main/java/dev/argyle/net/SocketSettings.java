// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the application has made of a socket before it is connected, so that another can be made the same: the options that
 * it has set, in their order, and where it is bound. What it has not set is not copied: a buffer size that is set to its
 * default switches the kernel's own tuning off. Guarded by its owner.
 */
final class SocketSettings {
    private final Map<Object, Object> options = new LinkedHashMap<>();
    private @Nullable InetSocketAddress local;

    /** Notes an option by its number in {@link SocketOptions}. */
    void set(int option, Object value) {
        put(option, value);
    }

    /** Notes an option by its object. */
    <T> void set(SocketOption<T> option, T value) {
        put(option, value);
    }

    /** Two names of an option may be one thing to the kernel: the last word must stay the last. */
    private void put(Object option, Object value) {
        options.remove(option);
        options.put(option, value);
    }

    /** Notes where the socket is bound, an ephemeral port too: the application may have asked for it. */
    void bound(InetAddress host, int port) {
        local = new InetSocketAddress(host, port);
    }

    /**
     * Makes a fresh socket as the application has made the first.
     *
     * @throws IOException if it cannot be bound there
     */
    void applyTo(Socket socket) throws IOException {
        for (Map.Entry<Object, Object> entry : options.entrySet()) {
            if (entry.getKey() instanceof SocketOption<?> option) {
                apply(socket, option, entry.getValue());
            } else {
                apply(socket, (int) entry.getKey(), entry.getValue());
            }
        }
        if (local != null) {
            socket.bind(local);
        }
    }

    private static <T> void apply(Socket socket, SocketOption<T> option, Object value) throws IOException {
        Socket same = socket.setOption(option, option.type().cast(value));
        assert same == socket;
    }

    /** Sets an option by its number, as {@link java.net.SocketImpl#setOption(int, Object)} is given it. */
    static void apply(Socket socket, int option, Object value) throws SocketException {
        switch (option) {
            case SocketOptions.TCP_NODELAY -> socket.setTcpNoDelay((boolean) value);
            case SocketOptions.SO_LINGER -> {
                if (value instanceof Integer seconds) {
                    socket.setSoLinger(true, seconds);
                } else {
                    socket.setSoLinger(false, 0);
                }
            }
            case SocketOptions.SO_SNDBUF -> socket.setSendBufferSize((int) value);
            case SocketOptions.SO_RCVBUF -> socket.setReceiveBufferSize((int) value);
            case SocketOptions.SO_KEEPALIVE -> socket.setKeepAlive((boolean) value);
            case SocketOptions.SO_OOBINLINE -> socket.setOOBInline((boolean) value);
            case SocketOptions.IP_TOS -> socket.setTrafficClass((int) value);
            case SocketOptions.SO_REUSEADDR -> socket.setReuseAddress((boolean) value);
            default -> throw new SocketException("Unknown option " + option);
        }
    }

    /** Reads an option by its number, as {@link java.net.SocketImpl#getOption(int)} returns it. */
    static Object read(Socket socket, int option) throws SocketException {
        return switch (option) {
            case SocketOptions.TCP_NODELAY -> socket.getTcpNoDelay();
            case SocketOptions.SO_LINGER -> {
                int seconds = socket.getSoLinger();
                yield seconds < 0 ? (Object) false : (Object) seconds;
            }
            case SocketOptions.SO_SNDBUF -> socket.getSendBufferSize();
            case SocketOptions.SO_RCVBUF -> socket.getReceiveBufferSize();
            case SocketOptions.SO_KEEPALIVE -> socket.getKeepAlive();
            case SocketOptions.SO_OOBINLINE -> socket.getOOBInline();
            case SocketOptions.IP_TOS -> socket.getTrafficClass();
            case SocketOptions.SO_REUSEADDR -> socket.getReuseAddress();
            case SocketOptions.SO_BINDADDR -> socket.getLocalAddress();
            default -> throw new SocketException("Unknown option " + option);
        };
    }
}
