// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Small things done with datagram sockets in many cases.
 *
 * <p>Datagrams may be lost, on loopback too: what is asked is asked again, some times.
 */
final class Datagrams {
    /** What the kernel's largest datagram over IPv4, 65507 octets, leaves where a header of 10 goes before it. */
    static final int LARGEST_CARRIED = 65_497;

    /** Longer than any datagram. */
    static final int ROOM = 65_536;

    static final int TRIES = 3;

    /** An answer that is slower is taken for lost: one that comes to the next question is a wrong one. */
    static final int TRY_MILLIS = 6_000;

    /** So long is waited for what must not come. */
    static final int NOTHING_MILLIS = 120;

    private Datagrams() {}

    /** A target whose route is direct. */
    static InetSocketAddress direct(Scene scene, String role) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(scene.world().word("direct")), scene.port(role));
    }

    static byte[] octets(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) (i * 7 + (i >> 8));
        }
        // what begins otherwise is for the target to obey
        if (count > 0) {
            octets[0] = 'x';
        }
        return octets;
    }

    static DatagramPacket packet(byte[] octets, @Nullable SocketAddress to) {
        DatagramPacket packet = new DatagramPacket(octets, octets.length);
        if (to != null) {
            packet.setSocketAddress(to);
        }
        return packet;
    }

    static void send(DatagramSocket socket, @Nullable SocketAddress to, String text) throws IOException {
        socket.send(packet(text.getBytes(US_ASCII), to));
    }

    static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[ROOM], ROOM);
        socket.receive(packet);
        return packet;
    }

    /** What came of a packet. */
    static byte[] content(DatagramPacket packet) {
        return Arrays.copyOfRange(packet.getData(), packet.getOffset(), packet.getOffset() + packet.getLength());
    }

    /** The same as a text, and whom it is from. */
    static String told(DatagramPacket packet) {
        return new String(content(packet), US_ASCII) + " from " + packet.getSocketAddress();
    }

    /**
     * Sends a question, to the peer if there is no address, and puts the first datagram that comes into the packet.
     *
     * @throws SocketTimeoutException if none comes, however often it is asked
     */
    static DatagramPacket ask(DatagramSocket socket, @Nullable SocketAddress to, byte[] question, DatagramPacket answer)
            throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(TRY_MILLIS);
        for (int left = TRIES; ; left--) {
            socket.send(packet(question, to));
            try {
                socket.receive(answer);
                socket.setSoTimeout(before);
                return answer;
            } catch (SocketTimeoutException e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    /** Sends a text and says what comes back, from whom. */
    static String ask(DatagramSocket socket, @Nullable SocketAddress to, String question) throws IOException {
        byte[] octets = question.getBytes(US_ASCII);
        return told(ask(socket, to, octets, new DatagramPacket(new byte[ROOM], ROOM)));
    }

    /** Waits for what must not come: says so, or what did. */
    static String nothing(DatagramSocket socket) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(NOTHING_MILLIS);
        try {
            return told(receive(socket));
        } catch (SocketTimeoutException e) {
            return "nothing";
        } finally {
            socket.setSoTimeout(before);
        }
    }

    /** All getters that name an address, and all flags. */
    static String state(DatagramSocket socket) {
        return "[inet=" + socket.getInetAddress()
                + " peer's port:" + socket.getPort()
                + " remote=" + socket.getRemoteSocketAddress()
                + " address=" + socket.getLocalAddress()
                + " port:" + socket.getLocalPort()
                + " local=" + socket.getLocalSocketAddress()
                + " channel=" + (socket.getChannel() != null)
                + flags(socket) + "]";
    }

    static String flags(DatagramSocket socket) {
        return (socket.isBound() ? " bound" : "")
                + (socket.isConnected() ? " connected" : "")
                + (socket.isClosed() ? " closed" : "");
    }
}
