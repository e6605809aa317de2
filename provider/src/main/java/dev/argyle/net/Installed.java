// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine that routes the sockets of this JVM already: the agent's. It is in another class loader and perhaps of
 * another version, so what it says of itself is a map of the JDK's types, which begins with the version of the map.
 * Safe for use by any thread.
 */
public final class Installed {
    /** The version of the map. */
    public static final int PROTOCOL = 1;

    private static final String AGENT = "dev.argyle.agent.EngineLoader";

    private final String version;
    private final String servers;
    private final Function<String, InetAddress @Nullable []> addresses;

    private Installed(String version, String servers, Function<String, InetAddress @Nullable []> addresses) {
        this.version = version;
        this.servers = servers;
        this.addresses = addresses;
    }

    /**
     * Describes an engine to those that find it.
     *
     * @param servers as a user reads them
     * @param addresses gives the stand-in of a name that must not be looked up here, and null for any other; an
     *     UnknownHostException is wrapped in an UncheckedIOException
     */
    public static Map<String, Object> describe(
            String version, String servers, Function<String, InetAddress @Nullable []> addresses) {
        return Map.of("protocol", PROTOCOL, "version", version, "servers", servers, "addresses", addresses);
    }

    /**
     * Finds the engine that is installed, or null.
     *
     * @param ownVersion the version of this build
     * @throws IllegalStateException if it is of a version that this one cannot talk to
     */
    public static @Nullable Installed find(String ownVersion) {
        Map<?, ?> description = agent();
        return description == null ? null : read(description, ownVersion);
    }

    private static @Nullable Map<?, ?> agent() {
        try {
            Class<?> loader = Class.forName(AGENT, false, ClassLoader.getSystemClassLoader());
            return (Map<?, ?>) loader.getMethod("installed").invoke(null);
        } catch (ClassNotFoundException e) {
            return null;
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(
                    "The agent of this JVM is of a version that cannot be asked; use the agent and the library of the same"
                            + " version",
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @SuppressWarnings("unchecked") // as describe makes it, in any version with this protocol
    static Installed read(Map<?, ?> description, String ownVersion) {
        if (!Integer.valueOf(PROTOCOL).equals(description.get("protocol"))) {
            throw new IllegalStateException("The agent of this JVM is Argyle " + description.get("version")
                    + ", which the library, " + ownVersion
                    + ", cannot work with; use the agent and the library of the same version");
        }
        return new Installed((String) part(description, "version"), (String) part(description, "servers"), (Function<
                        String, InetAddress @Nullable []>)
                part(description, "addresses"));
    }

    private static Object part(Map<?, ?> description, String name) {
        return Objects.requireNonNull(description.get(name), name);
    }

    /** Its version. */
    public String version() {
        return version;
    }

    /** Its servers, as a user reads them. */
    public String servers() {
        return servers;
    }

    /**
     * Returns the addresses of a name: its stand-in, if the name must not be looked up here.
     *
     * @throws UnknownHostException if it has none
     */
    public InetAddress[] addresses(String host) throws UnknownHostException {
        try {
            InetAddress[] standIn = addresses.apply(host);
            return standIn == null ? InetAddress.getAllByName(host) : standIn;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw e;
        }
    }
}
