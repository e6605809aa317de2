// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** A client that speaks octets written by hand, in hexadecimal digits. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final HexFormat HEX = HexFormat.of();

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    public RawClient(InetSocketAddress server) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(server, TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends octets; white space between the digits is for the reader. */
    public RawClient send(String hex) throws IOException {
        out.write(HEX.parseHex(hex.replaceAll("\\s", "")));
        return this;
    }

    public RawClient sendText(String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Receives so many octets. */
    public String receive(int count) throws IOException {
        byte[] octets = new byte[count];
        in.readFully(octets);
        return HEX.formatHex(octets);
    }

    public String receiveText(int count) throws IOException {
        byte[] octets = new byte[count];
        in.readFully(octets);
        return new String(octets, ISO_8859_1);
    }

    /** Receives what one read gives. */
    public String receiveOnce() throws IOException {
        byte[] octets = new byte[1024];
        int count = in.read(octets);
        return HEX.formatHex(octets, 0, Math.max(count, 0));
    }

    /** Receives all up to the end of the stream. */
    public String receiveAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return HEX.formatHex(all.toByteArray());
    }

    /** Greets with method 0 and takes the answer. */
    public RawClient greet() throws IOException {
        send("05 01 00");
        expect("0500");
        return this;
    }

    /** Greets with method 2 and logs in. */
    public RawClient logIn(String name, String password) throws IOException {
        send("05 01 02");
        expect("0502");
        sendText("\1" + (char) name.length() + name + (char) password.length() + password);
        return this;
    }

    /** Asks for a connection to an IPv4 address or, if the host is not one, to a name. */
    public RawClient request(String host, int port) throws IOException {
        return request(1, host, port);
    }

    /** Asks the server to listen for a peer with this IPv4 address or, if the host is not one, with this name. */
    public RawClient bind(String host, int port) throws IOException {
        return request(2, host, port);
    }

    private RawClient request(int command, String host, int port) throws IOException {
        if (host.matches("[0-9.]+")) {
            StringBuilder octets = new StringBuilder("05" + HEX.toHexDigits((byte) command) + "0001");
            for (String part : host.split("\\.")) {
                octets.append(HEX.toHexDigits(Byte.parseByte(part)));
            }
            return send(octets + HEX.toHexDigits((short) port));
        }
        return sendText("\5" + (char) command + "\0\3" + (char) host.length() + host + (char) (port >> 8)
                + (char) (port & 0xFF));
    }

    /** Takes a reply with an IPv4 address; returns its REP. */
    public int reply() throws IOException {
        String reply = receive(10);
        if (!reply.startsWith("05") || !reply.startsWith("0001", 4)) {
            throw new AssertionError("no reply with an IPv4 address: " + reply);
        }
        return HexFormat.fromHexDigits(reply, 2, 4);
    }

    /** Takes a reply with REP 0 and an IPv4 address; returns BND. */
    public InetSocketAddress bound() throws IOException {
        String reply = receive(10);
        if (!reply.startsWith("05000001")) {
            throw new AssertionError("no success with an IPv4 address: " + reply);
        }
        InetAddress address = InetAddress.getByAddress(HEX.parseHex(reply, 8, 16));
        return new InetSocketAddress(address, HexFormat.fromHexDigits(reply, 16, 20));
    }

    /** Connects through the server without authentication. */
    public RawClient connect(String host, int port) throws IOException {
        greet().request(host, port);
        int rep = reply();
        if (rep != 0) {
            throw new AssertionError("REP " + rep);
        }
        return this;
    }

    private void expect(String hex) throws IOException {
        String got = receive(hex.length() / 2);
        if (!got.equals(hex)) {
            throw new AssertionError("expected " + hex + ", got " + got);
        }
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** How long a receive may wait from now on. */
    public void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Leaves with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
