// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jdk.net.ExtendedSocketOptions;

/**
 * Connects a socket whose options are set and which may be bound, and tells what of that the connect has changed.
 *
 * <p>Arguments: {@code host port timeoutMillis none|ephemeral|explicit platform|virtual}. Prints {@code ok <echo>} or what
 * {@link Attempts#report} has, {@code before <everything>} and {@code after <everything>}, which are equal unless something
 * was changed, and {@code local <address>:<port>}.
 */
public final class OneDescriptor {
    private static final String BIND_ADDRESS = "127.0.0.3";
    private static final int BUFFER_OCTETS = 40_000;
    private static final int LINGER_SECONDS = 7;
    private static final int MINIMIZE_DELAY = 0x10;
    private static final int IDLE_SECONDS = 77;

    private static final List<SocketOption<?>> OPTIONS = List.of(
            StandardSocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.IP_TOS,
            ExtendedSocketOptions.TCP_KEEPIDLE);

    private OneDescriptor() {}

    /** Makes the one connection, on a thread of the wanted kind. */
    public static void main(String[] args) throws Exception {
        Runnable body = () -> {
            try {
                connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])), Integer.parseInt(args[2]), args[3]);
            } catch (IOException e) {
                System.out.println(Attempts.report(e));
            }
        };
        Thread thread = args[4].equals("virtual") ? virtual(body) : new Thread(body);
        thread.start();
        thread.join();
    }

    /** By reflection, since the program is compiled for Java 17. */
    private static Thread virtual(Runnable body) throws ReflectiveOperationException {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (Thread) Class.forName("java.lang.Thread$Builder")
                    .getMethod("unstarted", Runnable.class)
                    .invoke(builder, body);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void connect(InetSocketAddress target, int timeoutMillis, String bind) throws IOException {
        Set<String> others = sockets();
        try (Socket socket = new Socket()) {
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_OCTETS);
            socket.setOption(StandardSocketOptions.SO_LINGER, LINGER_SECONDS);
            socket.setOption(StandardSocketOptions.IP_TOS, MINIMIZE_DELAY);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            if (!bind.equals("none")) {
                socket.bind(new InetSocketAddress(BIND_ADDRESS, bind.equals("explicit") ? freePort() : 0));
            }
            boolean bound = socket.isBound();
            Set<String> own = sockets();
            own.removeAll(others);
            System.out.println("before " + state(socket, bound, own));
            try {
                socket.connect(target, timeoutMillis);
            } finally {
                if (!socket.isClosed()) {
                    System.out.println("after " + state(socket, bound, own));
                    System.out.println(
                            "local " + socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort());
                }
            }
            System.out.println("ok " + Attempts.speak(socket));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress(BIND_ADDRESS, 0));
            return free.getLocalPort();
        }
    }

    private static String state(Socket socket, boolean bound, Set<String> own) throws IOException {
        StringBuilder text = new StringBuilder();
        for (SocketOption<?> option : OPTIONS) {
            text.append(option).append('=').append(socket.getOption(option)).append(' ');
        }
        if (bound) {
            text.append(socket.getLocalSocketAddress()).append(' ');
        }
        // the JDK makes sockets of its own when it likes; this program's are these, or gone
        Set<String> open = sockets();
        open.retainAll(own);
        return text + "descriptor=" + open;
    }

    /** The kernel's numbers of this process's sockets. */
    private static Set<String> sockets() throws IOException {
        Set<String> sockets = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)) {
                    String link = Files.readSymbolicLink(descriptor).toString();
                    if (link.startsWith("socket:")) {
                        sockets.add(link);
                    }
                }
            }
        }
        return sockets;
    }
}
