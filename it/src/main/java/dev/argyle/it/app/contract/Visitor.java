// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * Somebody outside who connects to a listener of this program: a target does it, and passes on what this program sends
 * to the target, and the other way round. So the program has both ends of the connection.
 */
final class Visitor {
    private final Socket socket;
    private final InetSocketAddress address;

    private Visitor(Socket socket, InetSocketAddress address) {
        this.socket = socket;
        this.address = address;
    }

    /**
     * Has a listener visited, and returns when the visitor is connected.
     *
     * @throws EOFException if the visitor cannot connect
     */
    static Visitor to(Scene scene, SocketAddress listener) throws IOException {
        InetSocketAddress at = (InetSocketAddress) listener;
        Socket socket = scene.connected("visit");
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        Sockets.write(socket, at.getAddress().getHostAddress() + ":" + at.getPort() + "\n");
        String from = line(socket.getInputStream());
        int colon = from.indexOf(':');
        return new Visitor(
                socket, new InetSocketAddress(from.substring(0, colon), Integer.parseInt(from.substring(colon + 1))));
    }

    /**
     * Has a listener visited that was closed, until nobody can: whoever listens elsewhere for this program learns of the
     * close a moment later.
     */
    static String toClosed(Scene scene, SocketAddress listener) throws IOException {
        long endNanos = System.nanoTime() + Scene.PATIENCE_MILLIS * 1_000_000L;
        while (System.nanoTime() - endNanos < 0) {
            try {
                to(scene, listener).socket().close();
            } catch (EOFException nobody) {
                return "nobody";
            }
            Channels.pause();
        }
        return "somebody still";
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("nobody could visit");
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    /** What is written here the visitor sends, and what it receives is read here. */
    Socket socket() {
        return socket;
    }

    /** Where it connected from. */
    InetSocketAddress address() {
        return address;
    }

    /** Closes the visitor's connection without a word, as a process that dies. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Has both ends talk to each other. */
    void talk(Scene scene, Socket accepted) throws IOException {
        Sockets.write(socket, "question");
        scene.say("asked", Sockets.read(accepted, 8));
        Sockets.write(accepted, "answer");
        scene.say("answered", Sockets.read(socket, 6));
    }

    /** Sends what a buffer of that many octets is to be filled with. */
    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** What it receives. */
    String receive(int octets) throws IOException {
        return Sockets.read(socket, octets);
    }
}
