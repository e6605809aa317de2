// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.config.Settings;
import dev.argyle.route.Server;
import dev.argyle.route.Transport;
import dev.argyle.transport.BindScope;
import dev.argyle.transport.Connector;
import dev.argyle.transport.Explainer;
import dev.argyle.transport.Explanation;
import dev.argyle.transport.OwnServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine that routes the sockets of this JVM already: the agent's, or that of another copy of this library. It is in
 * another class loader and perhaps of another version, so what it says of itself is a map of the JDK's types, which begins
 * with the version of the map. Safe for use by any thread.
 */
public final class Installed {
    /** The version of the map. */
    static final int PROTOCOL = 2;

    /** Of the map of an explanation: the name of its outcome. */
    public static final String OUTCOME = "outcome";

    /** Of the map of an explanation: what decided, a String. */
    public static final String RECORD = "record";

    /** Of the map of an explanation: the other records, Strings. */
    public static final String BEATEN = "beaten";

    /** Of the map of an explanation: the servers' URLs, Strings. */
    public static final String SERVERS = "servers";

    /** Of the map of an explanation: all of it. */
    public static final String TEXT = "text";

    private static final String AGENT = "dev.argyle.agent.EngineLoader";

    private final boolean agent;
    private final String version;
    private final String way;
    private final String values;
    private final Function<String, InetAddress @Nullable []> addresses;
    private final BiFunction<InetSocketAddress, Boolean, Map<String, Object>> explain;
    private final UnaryOperator<@Nullable Object> bindScope;
    private final UnaryOperator<@Nullable Object> direct;
    private final UnaryOperator<@Nullable Object> named;
    private final BiFunction<@Nullable InetSocketAddress, Boolean, Map<String, Object>> servers;

    private Installed(
            boolean agent,
            String version,
            String way,
            String values,
            Function<String, InetAddress @Nullable []> addresses,
            BiFunction<InetSocketAddress, Boolean, Map<String, Object>> explain,
            UnaryOperator<@Nullable Object> bindScope,
            UnaryOperator<@Nullable Object> direct,
            UnaryOperator<@Nullable Object> named,
            BiFunction<@Nullable InetSocketAddress, Boolean, Map<String, Object>> servers) {
        this.agent = agent;
        this.version = version;
        this.way = way;
        this.values = values;
        this.addresses = addresses;
        this.explain = explain;
        this.bindScope = bindScope;
        this.direct = direct;
        this.named = named;
        this.servers = servers;
    }

    /** Describes an engine to those that find it. */
    public static Map<String, Object> describe(String version, Settings settings, Connector connector) {
        Function<String, InetAddress @Nullable []> addresses = new Function<>() {
            @Override
            public InetAddress @Nullable [] apply(String host) {
                try {
                    return connector.targets().addresses(host);
                } catch (UnknownHostException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return Map.of(
                "protocol",
                PROTOCOL,
                "version",
                version,
                "way",
                settings.routingInWords(),
                "values",
                settings.values(),
                "addresses",
                addresses,
                "explain",
                new Explaining(connector),
                "bindScope",
                new Asked(connector, Asked.BIND_SCOPE),
                "direct",
                new Asked(connector, Asked.DIRECT),
                "named",
                new Asked(connector, Asked.NAMED),
                "servers",
                new InstalledServers(settings, connector));
    }

    /**
     * Marks the calling thread, and returns the mark that it had; or tells the name behind an address. One class, since each
     * costs time at each start.
     */
    private record Asked(Connector connector, int what) implements UnaryOperator<@Nullable Object> {
        static final int BIND_SCOPE = 0;
        static final int DIRECT = 1;
        static final int NAMED = 2;

        @Override
        public @Nullable Object apply(@Nullable Object given) {
            return switch (what) {
                case BIND_SCOPE -> BindScope.set((InetSocketAddress) given);
                case DIRECT -> OwnServers.mark(Boolean.TRUE.equals(given));
                default -> named((InetSocketAddress) Objects.requireNonNull(given));
            };
        }

        private InetSocketAddress named(InetSocketAddress address) {
            try {
                return connector.requests().named(address, Transport.TCP);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Explains an unresolved address, which is UDP's or not. */
    private record Explaining(Connector connector)
            implements BiFunction<InetSocketAddress, Boolean, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(InetSocketAddress target, Boolean udp) {
            return explain(connector.explainer(), target, udp);
        }
    }

    /** Returns an explanation in types of the JDK. */
    public static Map<String, Object> explain(Explainer explainer, InetSocketAddress target, boolean udp) {
        Explanation explanation =
                explainer.explain(target.getHostString(), target.getPort(), udp ? Transport.UDP : Transport.TCP);
        List<String> servers = new ArrayList<>();
        for (Server server : explanation.servers()) {
            servers.add(server.toString());
        }
        return Map.of(
                OUTCOME, explanation.outcome().name(),
                RECORD, explanation.record(),
                BEATEN, explanation.beaten(),
                SERVERS, List.copyOf(servers),
                TEXT, explanation.text());
    }

    /**
     * Finds the engine that is installed, or null. The engine of another copy of this library is found only where
     * {@code java.net} is open to this one.
     *
     * @param ownVersion the version of this build
     * @throws IllegalStateException if it is of a version that this one cannot talk to
     */
    public static @Nullable Installed find(String ownVersion) {
        Map<?, ?> description = agent();
        if (description != null) {
            return read(true, description, ownVersion);
        }
        description = Factories.description();
        return description == null ? null : read(false, description, ownVersion);
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
    private static Installed read(boolean agent, Map<?, ?> description, String ownVersion) {
        if (!Integer.valueOf(PROTOCOL).equals(description.get("protocol"))) {
            throw new IllegalStateException((agent ? "The agent of this JVM" : "The library that routes this JVM")
                    + " is Argyle " + description.get("version") + ", which this library, " + ownVersion
                    + ", cannot work with; use the same version of both");
        }
        return new Installed(
                agent,
                (String) part(description, "version"),
                (String) part(description, "way"),
                (String) part(description, "values"),
                (Function<String, InetAddress @Nullable []>) part(description, "addresses"),
                (BiFunction<InetSocketAddress, Boolean, Map<String, Object>>) part(description, "explain"),
                (UnaryOperator<@Nullable Object>) part(description, "bindScope"),
                (UnaryOperator<@Nullable Object>) part(description, "direct"),
                (UnaryOperator<@Nullable Object>) part(description, "named"),
                (BiFunction<@Nullable InetSocketAddress, Boolean, Map<String, Object>>) part(description, "servers"));
    }

    private static Object part(Map<?, ?> description, String name) {
        return Objects.requireNonNull(description.get(name), name);
    }

    /** Whether it is the agent's: whoever started this JVM has decided on its connections. */
    public boolean isAgent() {
        return agent;
    }

    /** Its version. */
    public String version() {
        return version;
    }

    /** How it sends connections, as {@link Settings#routingInWords} has it. */
    public String way() {
        return way;
    }

    /** All that it was told, as {@link Settings#values} has it. */
    public String values() {
        return values;
    }

    /** Says what would become of a connection, or of a datagram, to an unresolved address. */
    public Map<String, Object> explain(InetSocketAddress target, boolean udp) {
        return explain.apply(target, udp);
    }

    /**
     * Sets the calling thread's scope: what it opens to listen from now on is opened at a server.
     *
     * @param expectedPeer who is to connect; null for no scope
     * @return the scope that it had, to be set again afterwards; null for none
     */
    public @Nullable InetSocketAddress bindScope(@Nullable InetSocketAddress expectedPeer) {
        return (InetSocketAddress) bindScope.apply(expectedPeer);
    }

    /**
     * Marks the calling thread, or takes its mark away: while it is marked, its connections to this engine's servers, and its
     * datagrams to their addresses, go direct.
     *
     * @return whether it was marked before, to be set again afterwards
     */
    public boolean direct(boolean marked) {
        return Boolean.TRUE.equals(direct.apply(marked));
    }

    /**
     * Puts the name behind a stand-in in its place.
     *
     * @param target resolved
     * @return the name, unresolved; the target itself if it is no stand-in
     * @throws IOException if it is a stand-in that this JVM never gave out
     */
    public InetSocketAddress named(InetSocketAddress target) throws IOException {
        try {
            return (InetSocketAddress) Objects.requireNonNull(named.apply(target));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns the servers that the routes choose.
     *
     * @param target null for none in particular
     * @return as {@link InstalledServers} describes them, with their credentials
     * @throws UnknownHostException if the target's name is looked up here and has no address, or no request could carry it
     * @throws IOException if the routes refuse, or there is no decision
     */
    public Map<String, Object> servers(@Nullable InetSocketAddress target, boolean udp) throws IOException {
        try {
            return servers.apply(target, udp);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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
