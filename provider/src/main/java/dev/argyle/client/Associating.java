// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.protocol.SocksException;
import dev.argyle.transport.Connect;
import dev.argyle.transport.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** Has a server relay datagrams. Stateless. */
final class Associating {
    private Associating() {}

    static Socks5Datagrams associate(Call call, @Nullable InetSocketAddress local) throws IOException {
        Servers.Choice choice = call.choose();
        DatagramChannel datagrams = DatagramChannel.open();
        boolean stands = false;
        try {
            datagrams.bind(local);
            Socks5Datagrams associated = associate(call, choice, datagrams, local);
            stands = true;
            return associated;
        } finally {
            if (!stands) {
                datagrams.close();
            }
        }
    }

    private static Socks5Datagrams associate(
            Call call, Servers.Choice choice, DatagramChannel datagrams, @Nullable InetSocketAddress local)
            throws IOException {
        // relays know clients by the address of this connection
        InetAddress own = local == null || local.getAddress().isAnyLocalAddress() ? null : local.getAddress();
        ChannelCarrier carrier = ChannelCarrier.fresh(own == null ? null : new InetSocketAddress(own, 0));
        boolean stands = false;
        try {
            Connect connect = call.begin(carrier, choice, () -> {
                SocketChannel control = carrier.channel();
                return Requests.ownAddress(
                        ((InetSocketAddress) control.getLocalAddress()).getAddress(),
                        ((InetSocketAddress) control.getRemoteAddress()).getAddress(),
                        (InetSocketAddress) datagrams.getLocalAddress());
            });
            carrier.belongTo(connect);
            call.drive(carrier, connect);
            Connect.Granted granted = Call.granted(connect);
            Socks5Server server = Failures.server(granted.server());
            InetSocketAddress relay = relay(choice, granted, server);
            connect(datagrams, relay, server);
            Socks5Datagrams associated = new Socks5Datagrams(choice, server, relay, carrier.channel(), datagrams);
            stands = true;
            return associated;
        } finally {
            if (!stands) {
                carrier.abort();
            }
        }
    }

    private static InetSocketAddress relay(Servers.Choice choice, Connect.Granted granted, Socks5Server server)
            throws IOException {
        try {
            return choice.requests().relay(granted, choice.via(), true);
        } catch (SocksException e) {
            throw Failures.unusableRelay(server, e.getMessage(), e);
        }
    }

    private static void connect(DatagramChannel datagrams, InetSocketAddress relay, Socks5Server server)
            throws IOException {
        boolean former = Engine.mark();
        try {
            datagrams.connect(relay);
        } catch (UnsupportedAddressTypeException e) {
            throw Failures.unusableRelay(server, "its relay is " + relay + ", and this machine has no IPv6", e);
        } catch (SocketException e) {
            throw Failures.unusableRelay(server, "its relay " + relay + " cannot be reached: " + e.getMessage(), e);
        } finally {
            Engine.restore(former);
        }
    }
}
