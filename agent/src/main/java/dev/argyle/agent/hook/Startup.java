// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

package dev.argyle.agent.hook;

import dev.argyle.Argyle;
import dev.argyle.config.ConfigurationException;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.observe.Log;
import dev.argyle.config.LogLevel;
import dev.argyle.route.Server;
import java.lang.instrument.Instrumentation;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does before the program starts: read the configuration, check, hook, say so. Keeps away from
 * InetAddress, from {@code java.util.logging} and from whatever else the program wants to be the first to touch.
 */
public final class Startup implements BiConsumer<@Nullable String, Instrumentation> {
    /** For the class loader that makes it. */
    public Startup() {}

    @Override
    public void accept(@Nullable String argument, Instrumentation instrumentation) {
        OwnMachine machine = new OwnMachine();
        Settings settings;
        try {
            settings = SettingsLoader.load(argument, System.getenv(), System.getProperties(), machine);
        } catch (ConfigurationException e) {
            Fatal.halt("Configuration: " + e.getMessage(), null);
            return;
        }
        if (!settings.appliesTo(System.getProperty("sun.java.command"))) {
            return;
        }
        if (SeamClasses.areDefined()) {
            Fatal.halt("The agent is given twice, by -javaagent and JAVA_TOOL_OPTIONS for instance; give it once", null);
        }
        Log log = new Log(settings.quiet() ? LogLevel.OFF : settings.log(), System.err);
        try {
            SeamClasses.define(instrumentation);
            Hooking.install(settings, log, instrumentation);
        } catch (Exception e) {
            Fatal.halt("Cannot hook this JVM, and without it connections would go direct: " + e, e);
        }
        if (!settings.quiet()) {
            System.err.println(banner(settings));
            for (String note : settings.notes()) {
                log.log(LogLevel.WARN, note);
            }
        }
    }

    private static String banner(Settings settings) {
        StringBuilder line = new StringBuilder(Log.PREFIX);
        line.append(Argyle.version()).append(" on Java ").append(System.getProperty("java.version"));
        line.append(": connections go through ");
        String separator = "";
        for (Server server : settings.servers()) {
            line.append(separator).append(server);
            separator = ", then ";
        }
        return line.toString();
    }
}
