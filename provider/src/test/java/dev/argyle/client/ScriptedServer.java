// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS server at 127.0.0.1 without authentication that reads each request and then does as it is told, on a thread of its own. */
final class ScriptedServer implements AutoCloseable {
    /** A reply of success; BND is 192.0.2.9:4660. */
    static final String SUCCESS = "05000001 C0000209 1234";

    static final InetSocketAddress BOUND = new InetSocketAddress("192.0.2.9", 0x1234);

    /** What it does with a visitor whose request has been read. */
    interface Script {
        void play(Socket visitor) throws Exception;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    private final List<Socket> visitors = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Script script;

    private ScriptedServer(Script script, boolean greets) throws IOException {
        this.script = script;
        start(() -> accept(greets));
    }

    /** Does so. */
    static ScriptedServer playing(Script script) throws IOException {
        return new ScriptedServer(script, true);
    }

    /** Replies with these octets, in hexadecimal, one array after the other, and goes on as an echo. */
    static ScriptedServer replying(String... octets) throws IOException {
        return playing(visitor -> {
            for (String each : octets) {
                send(visitor, each);
            }
            echo(visitor);
        });
    }

    /** Replies with a code, as short as some do, and leaves. */
    static ScriptedServer failing(int rep) throws IOException {
        return playing(visitor -> send(visitor, "05" + HexFormat.of().toHexDigits((byte) rep)));
    }

    /** Does so at once, without a word of SOCKS. */
    static ScriptedServer raw(Script script) throws IOException {
        return new ScriptedServer(script, false);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(boolean greets) {
        while (!listener.isClosed()) {
            try {
                Socket visitor = listener.accept();
                visitors.add(visitor);
                start(() -> serve(visitor, greets));
            } catch (IOException e) {
                // the loop's condition tells whether this was the end
            }
        }
    }

    private void serve(Socket visitor, boolean greets) {
        try (visitor) {
            if (greets) {
                readRequest(visitor);
            }
            script.play(visitor);
        } catch (Exception e) {
            // the visitor has left, or the server is closed
        }
    }

    private void readRequest(Socket visitor) throws IOException {
        DataInputStream in = new DataInputStream(visitor.getInputStream());
        in.readUnsignedByte();
        in.readNBytes(in.readUnsignedByte());
        send(visitor, "0500");
        byte[] head = in.readNBytes(4);
        String host = head[3] == 3
                ? new String(in.readNBytes(in.readUnsignedByte()), US_ASCII)
                : InetAddress.getByAddress(in.readNBytes(head[3] == 1 ? 4 : 16)).getHostAddress();
        requests.add(head[1] + " " + host + " " + in.readUnsignedShort());
    }

    static void send(Socket visitor, String octets) throws IOException {
        OutputStream out = visitor.getOutputStream();
        out.write(HexFormat.of().parseHex(octets.replace(" ", "")));
    }

    /** Keeps a visitor, and says nothing, until it leaves or the server is closed. */
    static void silence(Socket visitor) throws IOException {
        while (visitor.getInputStream().read() >= 0) {
            // not answered
        }
    }

    /** Sends back what comes. */
    static void echo(Socket visitor) throws IOException {
        visitor.getInputStream().transferTo(visitor.getOutputStream());
    }

    Socks5Server server() {
        return new Socks5Server("127.0.0.1", listener.getLocalPort());
    }

    String url() {
        return "socks5h://" + server();
    }

    /** Each request as {@code command host port}. */
    List<String> requests() {
        return requests;
    }

    /** Those who have come, in their order. */
    List<Socket> visitors() {
        return visitors;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket visitor : visitors) {
            visitor.close();
        }
    }
}
