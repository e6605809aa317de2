// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a case works with: where the targets are, what is closed at its end, and what it says.
 *
 * <p>What is said is joined by semicolons, in the order of the calls, which only the case's own thread makes.
 */
final class Scene implements AutoCloseable {
    /** The longest a connect or a read of these programs waits where the case does not say. */
    static final int PATIENCE_MILLIS = 10_000;

    /** What does not end on its own has not ended by then; what does has, however loaded the machine is. */
    private static final long SOON_MILLIS = 8_000;

    private final World world;
    private final Map<Integer, String> roles = new TreeMap<>();
    private final Deque<AutoCloseable> toClose = new ConcurrentLinkedDeque<>();
    private final Set<String> visitors = new ConcurrentSkipListSet<>();
    private final StringJoiner said = new StringJoiner("; ");

    Scene(World world) {
        this.world = world;
        roles.putAll(world.roles());
    }

    World world() {
        return world;
    }

    String host() {
        return world.host();
    }

    int port(String role) {
        return world.port(role);
    }

    InetSocketAddress at(String role) {
        return world.at(role);
    }

    /** Has it closed at the end of the case. */
    <T extends AutoCloseable> T closing(T resource) {
        toClose.addFirst(resource);
        return resource;
    }

    /** Makes this program's sockets. */
    SocketFactory sockets() {
        return world.sockets();
    }

    /** A new socket, closed at the end. */
    Socket socket() {
        try {
            return closing(sockets().createSocket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A socket connected to a target. */
    Socket connected(String role) throws IOException {
        return connected(at(role));
    }

    Socket connected(InetSocketAddress target) throws IOException {
        Socket socket = socket();
        socket.connect(target, PATIENCE_MILLIS);
        return socket;
    }

    /** A listener of the program's own beside the targets, which serves each visitor in a thread. */
    InetSocketAddress listen(Peer peer) throws IOException {
        return listen(world.address(), peer);
    }

    InetSocketAddress listen(InetAddress address, Peer peer) throws IOException {
        ServerSocket server = closing(new ServerSocket(ownPort(), 50, address));
        Background.platform("listener", () -> {
            while (true) {
                Socket visitor = closing(server.accept());
                visited(visitor.getInetAddress());
                Background.platform("peer", () -> {
                    peer.serve(visitor);
                    return "";
                });
            }
        });
        return new InetSocketAddress(address, server.getLocalPort());
    }

    /**
     * A free port for a listener of the program's own, with a name in what is said. It is below the ports that systems give
     * out, so that no connecting socket has the same number, and with it the name.
     */
    int ownPort() throws IOException {
        for (int left = 100; ; left--) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (ServerSocket free = new ServerSocket(port)) {
                named("own", free.getLocalPort());
                return port;
            } catch (BindException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    /** Gives a port of this case a name in what is said. */
    private void named(String role, int port) {
        roles.put(port, role);
    }

    /** Notes who reached a listener of ours. */
    void visited(InetAddress visitor) {
        visitors.add(visitor.getHostAddress());
    }

    /** Where the visitors came from. */
    Set<String> visitors() {
        return visitors;
    }

    void say(@Nullable Object value) {
        said.add(Words.of(value, roles));
    }

    void say(String what, @Nullable Object value) {
        said.add(Words.of(what + "=" + (value instanceof Throwable ? Words.of(value, roles) : value), roles));
    }

    /** Says a call's result or what it threw. */
    void of(String what, Callable<?> call) {
        say(what, resultOf(call));
    }

    /** Says that an action was done or what it threw. */
    void does(String what, Action action) {
        of(what, () -> {
            action.run();
            return "done";
        });
    }

    /** The same, and whether it took as long as it should, or ended at all. */
    void timed(String what, long atLeastMillis, Action action) {
        long startNanos = System.nanoTime();
        does(what, action);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        // a poll may end a millisecond early by the clock
        said.add(millis >= atLeastMillis - 5 && millis <= SOON_MILLIS ? "in time" : "after " + millis + " ms");
    }

    /** Says all that a socket says of itself. */
    void state(String when, Socket socket) {
        said.add(Words.of(when + " [" + Sockets.state(socket) + "]", roles));
    }

    String text() {
        return said.toString();
    }

    private static @Nullable Object resultOf(Callable<?> call) {
        try {
            return call.call();
        } catch (Throwable e) {
            return e;
        }
    }

    /** Closes what was registered, the last first. */
    @Override
    public void close() {
        for (AutoCloseable resource : toClose) {
            try {
                resource.close();
            } catch (Exception e) {
                System.err.println("closing " + resource + ": " + e);
            }
        }
    }

    /** Something that may throw. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** The other end of a connection to a listener of the program's own. */
    @FunctionalInterface
    interface Peer {
        void serve(Socket socket) throws Exception;
    }
}
