// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.io.Closeable;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Has used all that ours hooks before ours starts. */
public final class Touching {
    private Touching() {}

    public static void premain(String argument, Instrumentation instrumentation) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetAddress.getByName("localhost").getCanonicalHostName();
        ProxySelector.getDefault().select(URI.create("socket://localhost:1"));
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket()) {
            client.connect(new InetSocketAddress(loopback, server.getLocalPort()), 1000);
            server.accept().close();
            SocketAddress address = server.getLocalSocketAddress();
            try (Selector selector = Selector.open();
                    SocketChannel channel = SocketChannel.open();
                    SocketChannel adapted = SocketChannel.open();
                    AsynchronousSocketChannel asynchronous = AsynchronousSocketChannel.open()) {
                channel.configureBlocking(false);
                channel.connect(address);
                channel.register(selector, SelectionKey.OP_CONNECT);
                selector.select();
                channel.finishConnect();
                server.accept().close();
                adapted.socket().connect(address);
                server.accept().close();
                asynchronous.connect(address).get();
                server.accept().close();
            }
        }
        try (DatagramSocket receiver = new DatagramSocket(0, loopback);
                DatagramSocket sender = new DatagramSocket();
                DatagramChannel connected = DatagramChannel.open()) {
            sender.send(new DatagramPacket(new byte[1], 1, receiver.getLocalSocketAddress()));
            connected.connect(receiver.getLocalSocketAddress());
            connected.write(ByteBuffer.allocate(1));
            DatagramPacket packet = new DatagramPacket(new byte[1], 1);
            for (int i = 0; i < 2; i++) {
                receiver.receive(packet);
            }
            receiver.send(new DatagramPacket(new byte[1], 1, connected.getLocalAddress()));
            connected.read(ByteBuffer.allocate(1));
        }
        loopback.isReachable(1000);
        touchSctp();
        System.out.println("touched");
    }

    /** There may be no such module, or the system may not have what it needs: its classes have been loaded at least. */
    private static void touchSctp() throws ReflectiveOperationException {
        for (String channel : new String[] {"SctpChannel", "SctpMultiChannel"}) {
            try {
                Closeable opened = (Closeable) Class.forName("com.sun.nio.sctp." + channel)
                        .getMethod("open")
                        .invoke(null);
                opened.close();
            } catch (ClassNotFoundException | InvocationTargetException | IOException e) {
                System.err.println(channel + ": " + e);
            }
        }
    }
}
