// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Connector;
import dev.argyle.transport.NameService;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.SocketImpl;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes of ours that are in {@code java.base}, which are resources here. Defined once in a JVM, and given an engine
 * once.
 */
public final class Seam {
    /** A folder that cannot be a package: no module and no class loader takes what is in it for classes of its own. */
    private static final String FOLDER = "argyle-seam/";

    private static final String GATE = "java/net/SocksSocketImplGate";

    /** In an order in which each finds those before it. */
    private static final String[] NAMES = {
        "sun/nio/ch/SocksConnect",
        "sun/nio/ch/SocksDescriptor",
        "sun/nio/ch/SocksDatagramPeer",
        "sun/nio/ch/SocksDatagramEngine",
        "sun/nio/ch/SocksDatagramSocket",
        "sun/nio/ch/SocksDatagramConnection",
        "sun/nio/ch/SocksDatagramSender",
        "sun/nio/ch/SocksDatagramReceiver",
        "sun/nio/ch/SocksAccepted",
        "sun/nio/ch/SocksBinding",
        "sun/nio/ch/SocksEngine",
        "sun/nio/ch/SocksSeam",
        "sun/nio/ch/SocksGuard",
        "sun/nio/ch/SocksChannelConnect",
        "sun/nio/ch/SocksSelectableConnect",
        "sun/nio/ch/SocksAsynchronousConnect",
        "sun/nio/ch/SocksInternals",
        "sun/nio/ch/SocksChannelInternals",
        "sun/nio/ch/SocksDaemon",
        "sun/nio/ch/SocksDeadlines",
        "sun/nio/ch/SocksDatagramInternals",
        "sun/nio/ch/SocksDeadPort",
        "sun/nio/ch/SocksDatagrams",
        "sun/nio/ch/SocksDatagrams$Streams",
        "sun/nio/ch/SocksListener",
        "sun/nio/ch/SocksListenInternals",
        "sun/nio/ch/SocksListeners",
        "sun/nio/ch/SocksChannels"
    };

    /** Those that stand where no code of the JDK's is hooked. */
    private static final String[] PLATFORM_NAMES = {
        "sun/nio/ch/SocksPlatformSocket",
        "sun/nio/ch/SocksPlatformListener",
        "sun/nio/ch/SocksPlatformDatagrams",
        "sun/nio/ch/SocksPlatformDatagrams$Action"
    };

    private Seam() {}

    /** Tells whether they are defined, by whatever copy of this class. */
    public static boolean isDefined() {
        try {
            Class.forName("sun.nio.ch.SocksSeam", false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Defines them, and exports them to the module of this class.
     *
     * @param hooked whether the JDK's code is hooked; where it is not, the factories need more
     * @return a look-up that may define classes in {@code java.net}
     * @throws IllegalStateException if the platform's sockets are not those that it is made for
     * @throws IllegalAccessException if {@code java.net} is not open to the module of this class
     */
    public static MethodHandles.Lookup define(boolean hooked) throws IOException, ReflectiveOperationException {
        requireNioSockets();
        MethodHandles.Lookup net = MethodHandles.privateLookupIn(SocketImpl.class, MethodHandles.lookup());
        Class<?> gate = net.defineClass(bytes(GATE));
        MethodHandles.Lookup javaBase;
        try {
            javaBase = (MethodHandles.Lookup)
                    net.findStatic(gate, "open", MethodType.methodType(MethodHandles.Lookup.class, Module.class))
                            .invokeExact(Seam.class.getModule());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        Class<?> neighbour = Class.forName("sun.nio.ch.IOStatus", false, null);
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(neighbour, javaBase);
        for (String name : NAMES) {
            lookup.defineClass(bytes(name));
        }
        if (!hooked) {
            for (String name : PLATFORM_NAMES) {
                lookup.defineClass(bytes(name));
            }
        }
        return net;
    }

    /**
     * Platform sockets are NioSocketImpl, but on Java 17 the user can ask for those of before.
     *
     * @throws IllegalStateException if the user does
     */
    private static void requireNioSockets() {
        String plain = System.getProperty("jdk.net.usePlainSocketImpl");
        if (plain == null || plain.equalsIgnoreCase("false")) {
            return;
        }
        try {
            Class.forName("java.net.PlainSocketImpl", false, null);
        } catch (ClassNotFoundException e) {
            return;
        }
        throw new IllegalStateException(
                "-Djdk.net.usePlainSocketImpl gives this JVM the socket implementation of before"
                        + " Java 13, which cannot be routed; leave this property out");
    }

    /**
     * Puts an engine behind the seam, which must be defined.
     *
     * @param names the real look-ups that the connector makes
     * @throws IllegalStateException if there is one
     */
    public static void install(Connector connector, NameService names) {
        SocketEngine.install(connector, names);
    }

    /** Returns the class files of those that use what is not public in the JDK. */
    public static List<byte[]> classes() throws IOException {
        List<byte[]> classes = new ArrayList<>();
        for (String name : NAMES) {
            classes.add(bytes(name));
        }
        for (String name : PLATFORM_NAMES) {
            classes.add(bytes(name));
        }
        return classes;
    }

    /** Returns the bytes of a class of the seam. */
    static byte[] bytes(String name) throws IOException {
        String resource = FOLDER + name + ".class";
        // not Class.getResourceAsStream: the loader of the agent's engine knows this alone
        try (InputStream in = Seam.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return in.readAllBytes();
        }
    }
}
