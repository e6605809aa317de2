// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Answers the opening handshake of a WebSocket, then sends each frame back (RFC 6455, frames of less than 126 octets).
 *
 * <p>Safe for use by several threads.
 */
public final class WebSocketTarget implements AutoCloseable {
    /** RFC 6455 §1.3. */
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final String KEY_HEADER = "sec-websocket-key:";
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;
    private static final int LONGER = 126;
    private static final int MASK_OCTETS = 4;

    private final Waiting<InetSocketAddress> visitors;
    private final Listener listener;

    private WebSocketTarget(Listener listener, Waiting<InetSocketAddress> visitors) {
        this.listener = listener;
        this.visitors = visitors;
    }

    /** Listens on an ephemeral port of an address. */
    public static WebSocketTarget start(InetAddress at) throws IOException {
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        Listener listener = Listener.start("web socket", new InetSocketAddress(at, 0), client -> {
            visitors.add((InetSocketAddress) client.getRemoteAddress());
            return () -> serve(client);
        });
        return new WebSocketTarget(listener, visitors);
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /** Where its connections came from, in order. */
    public List<InetSocketAddress> visitors() {
        return visitors.snapshot();
    }

    private static void serve(SocketChannel channel) throws IOException {
        try (Socket socket = channel.socket()) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            open(in, out);
            while (echo(in, out)) {}
        }
    }

    private static void open(DataInputStream in, OutputStream out) throws IOException {
        String key = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, KEY_HEADER, 0, KEY_HEADER.length())) {
                key = line.substring(KEY_HEADER.length()).trim();
            }
        }
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
        out.write(answer.getBytes(ISO_8859_1));
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.readUnsignedByte(); octet != '\n'; octet = in.readUnsignedByte()) {
            line.append((char) octet);
        }
        return line.toString().trim();
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Returns false after the frame that closes. */
    private static boolean echo(DataInputStream in, OutputStream out) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int length = second - MASKED;
        if (length < 0 || length >= LONGER) {
            throw new ProtocolException("not masked, or too long for this server: " + second);
        }
        byte[] mask = in.readNBytes(MASK_OCTETS);
        byte[] frame = new byte[2 + length];
        frame[0] = (byte) first;
        frame[1] = (byte) length;
        in.readFully(frame, 2, length);
        for (int i = 0; i < length; i++) {
            frame[2 + i] ^= mask[i % MASK_OCTETS];
        }
        out.write(frame);
        return (first & OPCODE) != CLOSE;
    }

    /** Closes its connections too. */
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
