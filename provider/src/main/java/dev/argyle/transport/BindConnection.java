// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.AddressType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** The control connection of a {@link Binding}, which becomes the peer's. Confined to the daemon. */
final class BindConnection extends ControlConnection {
    private final Binding binding;
    private @Nullable Connect connect;
    private @Nullable InetSocketAddress bound;
    private @Nullable SecondReply second;

    BindConnection(Binding binding, Selector selector) {
        super(binding, selector, null);
        this.binding = binding;
    }

    void begin(Connect begun) {
        connect = begun;
    }

    long remainingNanos() {
        return connect == null ? Long.MAX_VALUE : connect.remainingNanos();
    }

    /** Returns where the server listens; null while it is not known. */
    @Nullable
    InetSocketAddress first() throws IOException {
        Connect pending = connect;
        if (pending != null && advance(pending)) {
            Connect.Granted granted = pending.granted();
            if (granted == null) {
                throw new IllegalStateException("a BIND without a server");
            }
            SecondReply awaited = pending.secondReply();
            second = awaited;
            connect = null;
            bound = first(granted, awaited);
        }
        return bound;
    }

    private static InetSocketAddress first(Connect.Granted granted, SecondReply awaited) throws IOException {
        Address reply = granted.bound();
        if (reply.type() == AddressType.DOMAINNAME || reply.port() == 0) {
            throw awaited.unusable(false, "it listens at " + reply + ", which is no address to connect to");
        }
        InetAddress address = address(reply);
        return new InetSocketAddress(
                address.isAnyLocalAddress() ? granted.address().getAddress() : address, reply.port());
    }

    /** Returns who has connected to it; null if nobody has. */
    @Nullable
    InetSocketAddress second() throws IOException {
        SecondReply awaited = second;
        Address who = awaited == null ? null : awaited.advance();
        if (awaited == null || who == null) {
            return null;
        }
        if (who.type() == AddressType.DOMAINNAME) {
            throw awaited.unusable(true, who + " has connected, which is no address");
        }
        return new InetSocketAddress(address(who), who.port());
    }

    private static InetAddress address(Address reply) {
        try {
            return InetAddress.getByAddress(reply.octets());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean supportsIPv6() {
        return binding.supportsIPv6();
    }

    @Override
    public boolean isClosing() {
        return binding.isClosed();
    }
}
