// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.observe.LogLevel;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration. Immutable; shows no secret.
 *
 * @param routes what goes where
 * @param servers at least one, in the order in which they are tried; all of them, or none, resolve names
 * @param connectTimeoutMillis at least 1
 * @param handshakeTimeoutMillis at least 1
 * @param mainClass which JVMs the settings are for; null: all
 * @param hooks what the agent installs
 * @param nativeTransports what the agent does about transports that are not the JDK's
 * @param quiet whether the line at start-up is left out
 * @param origins for each key that has a value: that value as it may be shown, and where it came from
 * @param notes what was found and deliberately not used, for instance an {@code ALL_PROXY} that is not SOCKSv5
 */
public record Settings(
        RouteTable routes,
        List<Server> servers,
        int connectTimeoutMillis,
        int handshakeTimeoutMillis,
        OnFailure onFailure,
        @Nullable MainClassFilter mainClass,
        HookMode hooks,
        NativeTransportMode nativeTransports,
        LogLevel log,
        boolean quiet,
        Map<Key, Origin> origins,
        List<String> notes) {
    /** @throws IllegalArgumentException if there is no server, if only some resolve names, or if a time is below 1 ms */
    public Settings {
        servers = List.copyOf(servers);
        notes = List.copyOf(notes);
        origins = inKeyOrder(origins);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server");
        }
        for (Server server : servers) {
            if (server.remoteNames() != servers.get(0).remoteNames()) {
                throw new IllegalArgumentException("socks5 and socks5h in one list");
            }
        }
        if (connectTimeoutMillis < 1 || handshakeTimeoutMillis < 1) {
            throw new IllegalArgumentException("timeouts of " + connectTimeoutMillis + " and " + handshakeTimeoutMillis
                    + " ms (expected: 1 or more)");
        }
    }

    /**
     * Returns whether the settings are for this JVM.
     *
     * @param command the value of the system property {@code sun.java.command}; null where a program made the JVM itself
     *     and there is none. The settings then apply: a JVM that nothing is known of must not go direct
     */
    public boolean appliesTo(@Nullable String command) {
        return mainClass == null || command == null || command.isEmpty() || mainClass.matches(command);
    }

    /** Returns the servers as a user reads them, without credentials. */
    public String serversInWords() {
        StringBuilder text = new StringBuilder();
        for (Server server : servers) {
            text.append(text.length() == 0 ? "" : ", then ").append(server);
        }
        return text.toString();
    }

    /**
     * Returns all keys that have a say in how connections go, with their values and without secrets: two that are equal
     * do the same, if their credentials are the same.
     */
    public String values() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Key, Origin> entry : origins.entrySet()) {
            Key key = entry.getKey();
            if (key != Key.CONFIG && key != Key.HOOKS && key != Key.NATIVE_TRANSPORTS && key != Key.MAIN_CLASS) {
                text.append(text.length() == 0 ? "" : ", ").append(key);
                text.append('=').append(entry.getValue().value());
            }
        }
        return text.toString();
    }

    /** Not an EnumMap: that asks reflection for the constants, which costs milliseconds at start-up. */
    private static Map<Key, Origin> inKeyOrder(Map<Key, Origin> origins) {
        Map<Key, Origin> ordered = new LinkedHashMap<>();
        for (Key key : Key.values()) {
            Origin origin = origins.get(key);
            if (origin != null) {
                ordered.put(key, origin);
            }
        }
        return Collections.unmodifiableMap(ordered);
    }

    /** Returns the servers as URLs without credentials, and the main settings. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Settings[");
        for (Map.Entry<Key, Origin> entry : origins.entrySet()) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ");
            text.append(entry.getKey()).append('=').append(entry.getValue().value());
        }
        return text.append(']').toString();
    }
}
