// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import dev.argyle.config.ConfigurationException;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.name.StandIns;
import dev.argyle.net.Connectors;
import dev.argyle.net.Installed;
import dev.argyle.net.OwnMachine;
import dev.argyle.net.SystemNames;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.transport.Connector;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which servers there are and what goes through them: the keys of the agent, with the same values and the same defaults.
 * The keys {@code main-class}, {@code hooks} and {@code native-transports} are the agent's alone and say nothing here. Immutable, and safe for use by
 * any thread.
 *
 * <p>All that is made of one configuration shares what is learnt of its servers: their addresses, and which of them have
 * failed lately.
 */
public final class Configuration {
    static {
        Connectors.setSource(configuration -> ((Configuration) configuration).connector());
    }

    private final Settings settings;
    private @Nullable Connector connector; // guarded by this
    private boolean started; // guarded by this

    private Configuration(Settings settings) {
        this.settings = settings;
    }

    /**
     * Makes a configuration of a text, as it stands behind the agent's jar: a server, or {@code key=value,...}. System
     * properties and environment have no say.
     *
     * @param argument for instance {@code socks5h://bastion:1080,bypass=.corp.example}
     * @throws IllegalArgumentException if a key or a value is not understood, if a file that is named cannot be read, or if
     *     neither a server nor routes are named; the message says what to write, and shows no secret
     */
    public static Configuration of(String argument) {
        try {
            return new Configuration(SettingsLoader.load(argument, new OwnMachine()));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Makes a configuration of keys and their values. System properties and environment have no say.
     *
     * @param values for instance {@code Map.of("proxy", "socks5h://bastion:1080")}
     * @throws IllegalArgumentException as for {@link #of(String)}
     */
    public static Configuration of(Map<String, String> values) {
        try {
            return new Configuration(SettingsLoader.load(values, new OwnMachine()));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Makes a configuration of the system properties {@code argyle.key}, the environment variables {@code ARGYLE_KEY}, the
     * files that they name, and, where these name neither a server nor routes, the conventions of others:
     * {@code SOCKS5C_CONFIG}, {@code ALL_PROXY}, and the JDK's {@code socksProxyHost}.
     *
     * @throws IllegalArgumentException as for {@link #of(String)}
     */
    public static Configuration ofSystem() {
        try {
            return new Configuration(
                    SettingsLoader.load(null, System.getenv(), System.getProperties(), new OwnMachine()));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Says what would become of a connection, and why, if this configuration were installed: of a socket, and of a name that
     * the program leaves to the server where it may. Waits for look-ups that the connection would wait for; connects to
     * nothing.
     *
     * @param host a name, or an address as text
     * @param port 1 to 65535; 0 for none in particular, which only records for all ports match
     * @throws IllegalArgumentException if the host is empty or the port out of range
     */
    public Explanation explain(String host, int port) {
        return explain(host, port, false);
    }

    /**
     * Says what would become of a datagram; else as {@link #explain}.
     *
     * @throws IllegalArgumentException if the host is empty or the port out of range
     */
    public Explanation explainDatagram(String host, int port) {
        return explain(host, port, true);
    }

    private Explanation explain(String host, int port, boolean udp) {
        return new Explanation(
                Installed.explain(idleConnector().explainer(), InetSocketAddress.createUnresolved(host, port), udp));
    }

    Settings settings() {
        return settings;
    }

    Log log() {
        return new Log(settings.quiet() ? LogLevel.OFF : settings.log(), System.err);
    }

    /** Returns what connects by this configuration. */
    synchronized Connector connector() {
        startConnector();
        return idleConnector();
    }

    /** Begins to look up, in the background, the servers that are given by name; once. */
    synchronized void startConnector() {
        if (!started) {
            started = true;
            idleConnector().start();
        }
    }

    /**
     * Returns the same for those that only ask in which order the servers are, or may not come to connect: nothing is looked
     * up for them.
     */
    synchronized Connector idleConnector() {
        Connector made = connector;
        if (made == null) {
            Log log = log();
            made = new Connector(
                    settings, StandIns.ofThisJvm(settings.standIns(), System.nanoTime()), new SystemNames(), log);
            for (String note : settings.notes()) {
                log.log(LogLevel.WARN, note);
            }
            connector = made;
        }
        return made;
    }

    /** Tells whether another configuration has the same values, wherever each comes from. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Configuration that
                && settings.servers().equals(that.settings.servers())
                && settings.values().equals(that.settings.values());
    }

    @Override
    public int hashCode() {
        return settings.values().hashCode();
    }

    /** Returns the keys that have a value, without secrets. */
    @Override
    public String toString() {
        return settings.toString();
    }
}
