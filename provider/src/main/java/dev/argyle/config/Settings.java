// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.name.StandInBlock;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.BindRules;
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
 * @param routing what goes where
 * @param localNames which names are looked up here although they are routed
 * @param standIns the blocks that stand-in addresses are taken from, at least one
 * @param reverseNames whether addresses are looked up for the fragments of the routes
 * @param uncarried what becomes of that which cannot be carried
 * @param uncovered what becomes of that which no record covers, and which is direct therefore
 * @param udp what becomes of datagrams whose route is a server
 * @param udpRelay where a server's relay of datagrams may be
 * @param binds which listening sockets are opened at a server
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
        Routing routing,
        LocalNames localNames,
        List<StandInBlock> standIns,
        boolean reverseNames,
        GuardMode uncarried,
        GuardMode uncovered,
        UdpMode udp,
        UdpRelay udpRelay,
        BindRules binds,
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
    /** @throws IllegalArgumentException if there is no block of stand-ins, or if a time is below 1 ms */
    public Settings {
        standIns = List.copyOf(standIns);
        notes = List.copyOf(notes);
        origins = inKeyOrder(origins);
        if (standIns.isEmpty()) {
            throw new IllegalArgumentException("no block of stand-ins");
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

    /** Returns what goes where. */
    public RouteTable routes() {
        return routing.table();
    }

    /** Returns all servers, each object once: first those for what no record covers. There may be none. */
    public List<Server> servers() {
        return routing.table().servers();
    }

    /** Returns whether the user has said that nothing is to be routed. */
    public boolean off() {
        return routing.off();
    }

    /** Returns how connections go, as a user reads it behind "connections go", without credentials. */
    public String routingInWords() {
        return routing.inWords();
    }

    /**
     * Returns where a server's user name and password are written, for instance {@code agent argument}, {@code file /x:3},
     * {@code ALL_PROXY} or {@code -Djava.net.socks.username}; null for a server without, or of other settings.
     */
    public @Nullable String credentialsSource(Server server) {
        return routing.credentialsSources().get(server);
    }

    /**
     * Returns all keys that have a say in how connections go, with their values, and the records that files have, without
     * secrets: two that are equal do the same, if their credentials are the same.
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
        return text.append('\n').append(routing.records()).toString();
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
