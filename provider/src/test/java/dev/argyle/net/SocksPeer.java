// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A listener at 127.0.0.1 that plays a script with each visitor, on a thread of its own. A SOCKS server of its is the
 * target too: after its reply it goes on as the target would.
 */
final class SocksPeer implements AutoCloseable {
    /** Chooses no authentication, then succeeds. */
    static final String SUCCESS = "05000001 7F000001 0050";

    /** What to do with a visitor. */
    interface Script {
        void play(Socket visitor) throws IOException;
    }

    private final Closeable holder;
    private final InetSocketAddress address;
    private final List<Socket> visitors = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Script script;

    private SocksPeer(Closeable holder, SocketAddress address, Script script) {
        this.holder = holder;
        this.address = (InetSocketAddress) address;
        this.script = script;
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** A port at which nothing listens, and which nobody else can get. */
    static SocksPeer refusing() throws IOException {
        Socket holder = new Socket();
        holder.bind(new InetSocketAddress(loopback(), 0));
        return new SocksPeer(holder, holder.getLocalSocketAddress(), visitor -> {});
    }

    static SocksPeer playing(Script script) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, loopback());
        SocksPeer peer = new SocksPeer(listener, listener.getLocalSocketAddress(), script);
        Thread thread = new Thread(() -> peer.accept(listener), "peer");
        thread.setDaemon(true);
        thread.start();
        return peer;
    }

    /** A SOCKS server without authentication that replies with these octets, in hexadecimal, and goes on as the target. */
    static SocksPeer replying(String reply, Script target) throws IOException {
        SocksPeer peer = playing(visitor -> {});
        peer.script = visitor -> {
            peer.handshake(visitor, reply);
            target.play(visitor);
        };
        return peer;
    }

    /** An honest SOCKS server. */
    static SocksPeer serving(Script target) throws IOException {
        return replying(SUCCESS, target);
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket visitor = listener.accept();
                visitors.add(visitor);
                Thread thread = new Thread(() -> play(visitor), "peer's visitor");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // the loop's condition tells whether this was the end
            }
        }
    }

    private void play(Socket visitor) {
        try (visitor) {
            script.play(visitor);
        } catch (IOException e) {
            // the visitor has left, or the peer is closed
        }
    }

    private void handshake(Socket visitor, String reply) throws IOException {
        DataInputStream in = new DataInputStream(visitor.getInputStream());
        OutputStream out = visitor.getOutputStream();
        in.readUnsignedByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(hex("0500"));
        byte[] head = in.readNBytes(4);
        int type = head[3];
        String host;
        if (type == 3) {
            host = new String(in.readNBytes(in.readUnsignedByte()), US_ASCII);
        } else {
            host = InetAddress.getByAddress(in.readNBytes(type == 1 ? 4 : 16)).getHostAddress();
        }
        requests.add(type + " " + host + " " + in.readUnsignedShort());
        out.write(hex(reply));
    }

    static byte[] hex(String octets) {
        return HexFormat.of().parseHex(octets.replace(" ", ""));
    }

    /** Keeps a visitor, and says nothing, until the peer is closed or the visitor has left. */
    static void silence(Socket visitor) throws IOException {
        while (visitor.getInputStream().read() >= 0) {
            // not answered
        }
    }

    /** Sends back what comes. */
    static void echo(Socket visitor) throws IOException {
        visitor.getInputStream().transferTo(visitor.getOutputStream());
    }

    InetSocketAddress address() {
        return address;
    }

    int port() {
        return address.getPort();
    }

    String url() {
        return "socks5h://127.0.0.1:" + port();
    }

    /** Each request as {@code type host port}. */
    List<String> requests() {
        return requests;
    }

    /** The ports that the visitors came from. */
    List<Integer> visitorPorts() {
        List<Integer> ports = new ArrayList<>();
        for (Socket visitor : visitors) {
            ports.add(visitor.getPort());
        }
        return ports;
    }

    int visits() {
        return visitors.size();
    }

    @Override
    public void close() throws IOException {
        holder.close();
        for (Socket visitor : visitors) {
            visitor.close();
        }
    }
}
