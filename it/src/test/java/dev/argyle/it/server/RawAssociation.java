// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/** A {@link RawClient} with an association, whose datagrams it makes by hand. */
public final class RawAssociation implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int BUFFER_OCTETS = 65_535;
    private static final HexFormat HEX = HexFormat.of();

    private final RawClient control;
    private final DatagramSocket socket;
    private final InetSocketAddress relay;

    private RawAssociation(RawClient control, InetSocketAddress at) throws IOException {
        this.control = control;
        socket = new DatagramSocket(0, control.local().getAddress());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        relay = at;
    }

    /** Associates with zeros for DST. */
    public static RawAssociation open(InetSocketAddress server) throws IOException {
        return open(server, "01 00000000 0000");
    }

    /** Associates with this ATYP, DST.ADDR and DST.PORT, in hexadecimal digits; the reply must have an IPv4 address. */
    static RawAssociation open(InetSocketAddress server, String destination) throws IOException {
        RawClient control = new RawClient(server);
        String reply = control.greet().send("05 03 00" + destination).receive(10);
        if (!reply.startsWith("05000001")) {
            throw new AssertionError("no relay at an IPv4 address: " + reply);
        }
        InetAddress at = InetAddress.getByAddress(HEX.parseHex(reply.substring(8, 16)));
        return new RawAssociation(control, new InetSocketAddress(at, HexFormat.fromHexDigits(reply, 16, 20)));
    }

    RawClient control() {
        return control;
    }

    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    InetSocketAddress relay() {
        return relay;
    }

    /** Sends the relay any octets. */
    public RawAssociation send(byte[] octets) throws IOException {
        socket.send(new DatagramPacket(octets, octets.length, relay));
        return this;
    }

    /** Sends a target a payload. */
    public RawAssociation send(InetSocketAddress target, String payload) throws IOException {
        return send(RelayOctets.of(target, payload));
    }

    /** Receives a datagram: its header in hexadecimal digits, a space, its payload as text. */
    String receive(int headerOctets) throws IOException {
        DatagramPacket packet = receivePacket();
        byte[] octets = packet.getData();
        return HEX.formatHex(octets, 0, headerOctets) + " "
                + new String(octets, headerOctets, packet.getLength() - headerOctets, ISO_8859_1);
    }

    /** Receives a datagram behind a header with an IPv4 address: its payload as text. */
    public String receiveText() throws IOException {
        return receive(10).substring(21);
    }

    DatagramPacket receivePacket() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[BUFFER_OCTETS], BUFFER_OCTETS);
        socket.receive(packet);
        return packet;
    }

    /** How long a receive may wait from now on. */
    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() throws IOException {
        control.close();
        socket.close();
    }
}
