// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.DatagramHeader;
import dev.argyle.route.IpLiteral;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The datagrams of one socket, and servers for its associations. */
abstract class DatagramsFixture extends ServerFixture {
    static final int RELAY_PORT = 40_001;

    final ScriptedOwner owner = new ScriptedOwner();

    AnsweringServer granting() throws IOException {
        return granting(RELAY_PORT);
    }

    AnsweringServer granting(int relayPort) throws IOException {
        return server(() -> AnsweringServer.grant(relayPort));
    }

    Datagrams datagrams(Connector connector) {
        Datagrams datagrams = connector.datagrams(owner);
        closed(datagrams::close);
        return datagrams;
    }

    Datagrams datagrams(AnsweringServer server) throws Exception {
        return datagrams(connector("proxy=" + server.url()));
    }

    /** Waits as one who sends does. */
    static InetSocketAddress open(Peer peer) throws IOException {
        InetSocketAddress relay = peer.relay();
        if (relay == null) {
            peer.await();
            relay = peer.relay();
        }
        assertThat(relay).as("an answer after waiting").isNotNull();
        return relay;
    }

    static IOException failure(Peer peer) {
        return catchThrowableOfType(IOException.class, () -> open(peer));
    }

    /** Ends the control connection, and waits until that is known. */
    static void lose(AnsweringServer server, Peer peer) throws IOException {
        server.end();
        await().until(() -> peer.standing() == null);
    }

    /** A datagram as a relay sends it, from an address or a name. */
    static ByteBuffer relayed(String host, int port, String payload) {
        byte[] octets = IpLiteral.parse(host);
        return relayed(octets == null ? Address.name(host, port) : Address.ip(octets, port), payload);
    }

    static ByteBuffer relayed(Address source, String payload) {
        byte[] header = DatagramHeader.of(source);
        byte[] octets = payload.getBytes(US_ASCII);
        // with room behind it, as a receiver has
        return ByteBuffer.allocateDirect(header.length + octets.length + 100)
                .put(header)
                .put(octets)
                .flip();
    }

    static String rest(ByteBuffer datagram) {
        byte[] octets = new byte[datagram.remaining()];
        datagram.duplicate().get(octets);
        return new String(octets, US_ASCII);
    }
}
