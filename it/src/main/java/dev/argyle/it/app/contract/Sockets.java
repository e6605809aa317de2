// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Small things done with sockets in many cases. */
final class Sockets {
    private Sockets() {}

    /** All getters that name an address, and all flags. */
    static String state(Socket socket) {
        return "getInetAddress=" + socket.getInetAddress()
                + " getPort=" + socket.getPort()
                + " getLocalAddress=" + socket.getLocalAddress()
                + " getLocalPort=" + socket.getLocalPort()
                + " remote=" + socket.getRemoteSocketAddress()
                + " local=" + socket.getLocalSocketAddress()
                + " toString=" + socket
                + " channel=" + socket.getChannel()
                + flags(socket);
    }

    static String flags(Socket socket) {
        return (socket.isBound() ? " bound" : "")
                + (socket.isConnected() ? " connected" : "")
                + (socket.isClosed() ? " closed" : "")
                + (socket.isInputShutdown() ? " inputShutdown" : "")
                + (socket.isOutputShutdown() ? " outputShutdown" : "");
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** Reads that many bytes, fewer only at the end of the stream. */
    static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
    }

    /** Reads to the end of the stream. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    /** Sends "ping" and says what comes back: the connection carries bytes both ways. */
    static String ping(Socket socket) throws IOException {
        write(socket, "ping\n");
        return read(socket, 5).trim();
    }

    /** Echoes until the end of the stream, then closes. */
    static void echo(Socket socket) throws IOException {
        try (socket;
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream()) {
            in.transferTo(out);
        }
    }
}
