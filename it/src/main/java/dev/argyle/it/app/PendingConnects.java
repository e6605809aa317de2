// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;

/**
 * Begins connects that do not wait, tells that it has the thread back, then waits for them.
 *
 * <p>Arguments: {@code host port}. Prints {@code pending} for as long as nothing has come of them, then {@code connected}.
 */
public final class PendingConnects {
    private PendingConnects() {}

    /** Runs both kinds in one thread. */
    @SuppressWarnings("AddressSelection") // an application's usual call
    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open();
                AsynchronousSocketChannel asynchronous = AsynchronousSocketChannel.open()) {
            channel.configureBlocking(false);
            boolean connected = channel.connect(target);
            channel.register(selector, SelectionKey.OP_CONNECT);
            Future<Void> future = asynchronous.connect(target);
            boolean ready = selector.selectNow() > 0 || channel.finishConnect() || selector.select(50) > 0;
            System.out.println(connected || ready || future.isDone() ? "too early" : "pending");
            while (selector.selectedKeys().isEmpty()) {
                selector.select();
            }
            System.out.println(channel.finishConnect() ? "connected" : "not connected");
            future.get();
            System.out.println("connected");
        }
    }
}
