// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Connector;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.DatagramSocket;
import java.net.DatagramSocketImplFactory;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImplFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plug-in points that hold for the whole JVM: sets the SocketImplFactories, the DatagramSocketImplFactory, and a
 * ProxySelector that lets no JDK client do the same work again. Needs {@code java.net} to be open to its module.
 */
public final class Factories {
    private static final String FACTORY = "java.net.Socks5SocketImplFactory";
    private static final String SERVER_FACTORY = "java.net.Socks5ServerSocketImplFactory";
    private static final String DATAGRAM_FACTORY = "java.net.Socks5DatagramSocketImplFactory";

    private Factories() {}

    /**
     * Installs them. Once in a JVM.
     *
     * @param description what others are told who find the engine installed
     * @throws IllegalStateException if {@code java.net} is not open, if another factory is set, or if this JDK is not one
     *     that is known; the message says what to do
     */
    public static void install(Connector connector, Map<String, Object> description) {
        requireNone(factory(), "SocketImplFactory", "connections");
        requireNone(
                factory(ServerSocket.class, SocketImplFactory.class),
                "SocketImplFactory of ServerSocket",
                "listening sockets");
        requireNone(
                factory(DatagramSocket.class, DatagramSocketImplFactory.class),
                "DatagramSocketImplFactory",
                "datagrams");
        try {
            MethodHandles.Lookup net = Seam.define(false);
            net.defineClass(Seam.bytes("java/net/Socks5SocketImpl"));
            Class<?> type = net.defineClass(Seam.bytes(FACTORY.replace('.', '/')));
            net.defineClass(Seam.bytes("java/net/Socks5ServerSocketImpl"));
            Class<?> serverType = net.defineClass(Seam.bytes(SERVER_FACTORY.replace('.', '/')));
            net.defineClass(Seam.bytes("java/net/Socks5DatagramSocketImpl"));
            Class<?> datagramType = net.defineClass(Seam.bytes(DATAGRAM_FACTORY.replace('.', '/')));
            requireKnownSockets();
            Seam.install(connector, new SystemNames());
            set((SocketImplFactory) net.findConstructor(type, MethodType.methodType(void.class, Map.class))
                    .invoke(description));
            setOfServers((SocketImplFactory) net.findConstructor(serverType, MethodType.methodType(void.class))
                    .invoke());
            set((DatagramSocketImplFactory) net.findConstructor(datagramType, MethodType.methodType(void.class))
                    .invoke());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("This JVM's sockets cannot be routed: " + e, e);
        }
        ProxySelector before = ProxySelector.getDefault();
        if (before != null) {
            ProxySelector.setDefault(new WithoutSocks(before));
        }
    }

    /** @throws IllegalStateException if there is a factory */
    private static void requireNone(@Nullable Object factory, String kind, String what) {
        if (factory != null) {
            throw new IllegalStateException("A " + kind + " is set already, "
                    + factory.getClass().getName() + ", and the JDK takes one only: " + what
                    + " cannot be routed beside it. Leave it out, install before it is set, or use the agent, which needs no"
                    + " factory");
        }
    }

    /** They are worked with below their surface. */
    private static void requireKnownSockets() throws ClassNotFoundException {
        try {
            Class.forName("sun.nio.ch.SocksPlatformSocket", true, null);
            Class.forName("sun.nio.ch.SocksPlatformListener", true, null);
            Class.forName("sun.nio.ch.SocksPlatformDatagrams", true, null);
        } catch (ExceptionInInitializerError e) {
            throw new IllegalStateException(
                    "This JDK's platform sockets are not as this version of Argyle knows them, Java "
                            + System.getProperty("java.runtime.version") + ": " + e.getCause(),
                    e);
        }
    }

    /** The way of the JDK, which programs of its day have too. */
    @SuppressWarnings("deprecation")
    private static void set(SocketImplFactory factory) throws IOException {
        Socket.setSocketImplFactory(factory);
    }

    /** The way of the JDK, which programs of its day have too. */
    @SuppressWarnings("deprecation")
    private static void setOfServers(SocketImplFactory factory) throws IOException {
        ServerSocket.setSocketFactory(factory);
    }

    /** The way of the JDK, which programs of its day have too. */
    @SuppressWarnings("deprecation")
    private static void set(DatagramSocketImplFactory factory) throws IOException {
        DatagramSocket.setDatagramSocketImplFactory(factory);
    }

    /** What the engine that a factory belongs to says of itself; null if no factory of ours is set, or if it is out of reach. */
    static @Nullable Map<?, ?> description() {
        if (!Seam.isDefined() || !isOpen()) {
            return null;
        }
        Object factory = factory();
        if (factory == null || !factory.getClass().getName().equals(FACTORY)) {
            return null;
        }
        try {
            return (Map<?, ?>) MethodHandles.privateLookupIn(factory.getClass(), MethodHandles.lookup())
                    .findVarHandle(factory.getClass(), "description", Map.class)
                    .get(factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The factory of another copy of this library is of another version", e);
        }
    }

    private static boolean isOpen() {
        return Socket.class.getModule().isOpen("java.net", Factories.class.getModule());
    }

    private static @Nullable Object factory() {
        return factory(Socket.class, SocketImplFactory.class);
    }

    private static @Nullable Object factory(Class<?> sockets, Class<?> type) {
        if (!isOpen()) {
            Module own = Factories.class.getModule();
            throw new IllegalStateException("The package java.net is not open to Argyle, which is needed to install it;"
                    + " start Java with --add-opens java.base/java.net="
                    + (own.isNamed() ? own.getName() : "ALL-UNNAMED"));
        }
        try {
            VarHandle factory = MethodHandles.privateLookupIn(sockets, MethodHandles.lookup())
                    .findStaticVarHandle(sockets, "factory", type);
            return factory.getVolatile();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This JDK's " + sockets.getSimpleName() + " is not as this version of Argyle knows it: " + e, e);
        }
    }
}
