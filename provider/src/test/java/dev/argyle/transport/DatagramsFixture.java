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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The datagrams of one socket, and servers at 127.0.0.1 for its associations. */
abstract class DatagramsFixture extends ConnectorFixture {
    static final int RELAY_PORT = 40_001;

    @TempDir
    Path folder;

    final ScriptedOwner owner = new ScriptedOwner();
    private final List<AutoCloseable> closed = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
    }

    <T extends AutoCloseable> T closed(T afterwards) {
        closed.add(afterwards);
        return afterwards;
    }

    AssociatingServer server(AssociatingServer.Answer answer) throws IOException {
        return closed(new AssociatingServer(answer));
    }

    AssociatingServer granting() throws IOException {
        return closed(AssociatingServer.granting(RELAY_PORT));
    }

    Datagrams datagrams(Connector connector) {
        Datagrams datagrams = connector.datagrams(owner);
        closed(datagrams::close);
        return datagrams;
    }

    Datagrams datagrams(AssociatingServer server) throws Exception {
        return datagrams(connector("proxy=" + server.url()));
    }

    /** The setting that has a file with these records. */
    String routes(String... records) throws IOException {
        return "routes=" + Files.write(Files.createTempFile(folder, "routes", ""), List.of(records));
    }

    /** Looks often: what is waited for takes no time. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    static InetSocketAddress at(String literal, int port) throws IOException {
        return new InetSocketAddress(address(literal), port);
    }

    /** The stand-in of a name. */
    static InetSocketAddress named(Connector connector, String name, int port) throws IOException {
        InetAddress[] standIn = connector.targets().addresses(name);
        assertThat(standIn).hasSize(1);
        return new InetSocketAddress(standIn[0], port);
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
    static void lose(AssociatingServer server, Peer peer) throws IOException {
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
