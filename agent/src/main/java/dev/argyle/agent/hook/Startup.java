// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.Argyle;
import dev.argyle.config.ConfigurationException;
import dev.argyle.config.HookMode;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.net.Seam;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.OwnHost;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does before the program starts: read the configuration, check, hook, say so. Keeps away from
 * InetAddress, from {@code java.util.logging} and from whatever else the program wants to be the first to touch.
 */
public final class Startup implements BiFunction<@Nullable String, Instrumentation, @Nullable Map<String, Object>> {
    /** For the class loader that makes it. */
    public Startup() {}

    /**
     * Installs the agent.
     *
     * @return what others are told who find the engine installed, or null if this JVM is not meant, or nothing is to be routed
     * @throws IllegalArgumentException if the user must change something; the message says all
     * @throws IllegalStateException if this JVM cannot be hooked
     */
    @Override
    public @Nullable Map<String, Object> apply(@Nullable String argument, Instrumentation instrumentation) {
        OwnHost machine = new HookedMachine();
        Settings settings;
        try {
            settings = SettingsLoader.load(argument, System.getenv(), System.getProperties(), machine);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("Configuration: " + e.getMessage(), e);
        }
        if (!settings.appliesTo(System.getProperty("sun.java.command"))) {
            return null;
        }
        if (settings.off()) {
            if (!settings.quiet()) {
                System.err.println(start() + "SOCKS5C_CONFIG is set to nothing: connections go direct");
            }
            return null;
        }
        if (Seam.isDefined()) {
            throw new IllegalArgumentException(
                    "The agent is given twice, by -javaagent and JAVA_TOOL_OPTIONS for instance; give it once");
        }
        Log log = new Log(settings.quiet() ? LogLevel.OFF : settings.log(), System.err);
        Map<String, Object> description;
        try {
            description = Hooking.install(settings, log, instrumentation);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException | ReflectiveOperationException | UnmodifiableClassException e) {
            throw new IllegalStateException("This JVM cannot be hooked", e);
        }
        if (!settings.quiet()) {
            System.err.println(banner(settings));
            for (String note : settings.notes()) {
                log.log(LogLevel.WARN, note);
            }
        }
        return description;
    }

    private static String banner(Settings settings) {
        StringBuilder line = new StringBuilder(start());
        line.append("connections go ").append(settings.routingInWords());
        return line.append(settings.hooks() == HookMode.FACTORIES ? ", as far as factories reach" : "")
                .toString();
    }

    private static String start() {
        return Log.PREFIX + Argyle.version() + " on Java " + System.getProperty("java.version") + ": ";
    }
}
