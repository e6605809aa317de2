// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Small things done with what listens, in many cases. */
final class Listeners {
    private Listeners() {}

    /** Where visitors can reach this program, with any port that is free. */
    static InetSocketAddress address(Scene scene) {
        return new InetSocketAddress(scene.world().word("listen"), 0);
    }

    static ServerSocket socket(Scene scene) throws IOException {
        return scene.closing(new ServerSocket(0, 10, address(scene).getAddress()));
    }

    static ServerSocketChannel channel(Scene scene) throws IOException {
        return scene.closing(ServerSocketChannel.open()).bind(address(scene));
    }

    static ServerSocketChannel nonBlocking(Scene scene) throws IOException {
        ServerSocketChannel channel = channel(scene);
        channel.configureBlocking(false);
        return channel;
    }

    static AsynchronousServerSocketChannel asynchronous(Scene scene) throws IOException {
        return scene.closing(AsynchronousServerSocketChannel.open()).bind(address(scene));
    }

    /** Has a listener visited at the address that it has now, and accepts. */
    static Meeting meet(Scene scene, ServerSocket server) throws IOException {
        SocketAddress address = server.getLocalSocketAddress();
        Visitor visitor = Visitor.to(scene, address);
        return new Meeting(visitor, scene.closing(server.accept()), address);
    }

    static Meeting meet(Scene scene, ServerSocketChannel server) throws IOException {
        SocketAddress address = server.getLocalAddress();
        Visitor visitor = Visitor.to(scene, address);
        return new Meeting(visitor, scene.closing(accepted(server)).socket(), address);
    }

    /** The socket that a thread's accept has given. */
    static Socket accepted(Background accept) throws InterruptedException {
        Object outcome = accept.outcome();
        if (outcome instanceof SocketChannel channel) {
            return channel.socket();
        }
        if (outcome instanceof Socket socket) {
            return socket;
        }
        throw new IllegalStateException("nobody was accepted: " + outcome);
    }

    /** Accepts, in either mode. */
    static SocketChannel accepted(ServerSocketChannel server) throws IOException {
        long endNanos = System.nanoTime() + Scene.PATIENCE_MILLIS * 1_000_000L;
        for (SocketChannel channel = server.accept(); ; channel = server.accept()) {
            if (channel != null) {
                return channel;
            }
            if (System.nanoTime() - endNanos > 0) {
                throw new IOException("nobody to accept");
            }
            Channels.pause();
        }
    }

    static String state(ServerSocket server) {
        return "address=" + server.getInetAddress() + " getLocalPort=" + server.getLocalPort() + " local="
                + server.getLocalSocketAddress() + " toString=" + server + " bound=" + server.isBound() + " closed="
                + server.isClosed();
    }

    /** Of one moment: a channel's port may change as soon as somebody has visited. */
    static String flags(ServerSocketChannel server) {
        return (server.isOpen() ? " open" : " closed")
                + (server.isBlocking() ? " blocking" : "")
                + (server.isRegistered() ? " registered" : "");
    }

    /**
     * Both ends of a connection.
     *
     * @param address the listener's, when the visitor came
     */
    record Meeting(Visitor visitor, Socket accepted, SocketAddress address) {
        void talk(Scene scene) throws IOException {
            visitor.talk(scene, accepted);
        }

        /** Says whether the accepted socket's addresses are those of visitor and listener. */
        void addresses(Scene scene) {
            scene.say("from the visitor", visitor.address().equals(accepted.getRemoteSocketAddress()));
            scene.say("to the listener", address.equals(accepted.getLocalSocketAddress()));
        }
    }
}
