// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.cli;

import dev.argyle.agent.hook.HookedMachine;
import dev.argyle.agent.hook.RealNames;
import dev.argyle.config.ConfigurationException;
import dev.argyle.config.HookMode;
import dev.argyle.config.HostPort;
import dev.argyle.config.Key;
import dev.argyle.config.Origin;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.name.StandIns;
import dev.argyle.net.SystemNames;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.Transport;
import dev.argyle.transport.Connector;
import dev.argyle.transport.Explanation;
import dev.argyle.transport.NameService;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The command that explains a decision.
 *
 * <pre>
 * arguments = *( "--udp" ) destination *( "--udp" | option )
 * destination = see {@link HostPort}, or an IPv6 address without brackets
 * option = a piece of the agent's argument; with commas between them they are one
 * </pre>
 */
final class Explain {
    private static final int THROUGH_A_SERVER = 0;
    private static final int DIRECT = 10;
    private static final int REFUSED = 11;
    private static final int UNKNOWN_NAME = 12;

    private final Map<String, String> environment;
    private final Properties systemProperties;
    private final PrintStream out;
    private final PrintStream err;

    Explain(Map<String, String> environment, Properties systemProperties, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.systemProperties = systemProperties;
        this.out = out;
        this.err = err;
    }

    /** Returns the exit status. */
    int run(List<String> arguments) {
        Transport transport = Transport.TCP;
        String destination = null;
        StringBuilder options = new StringBuilder();
        for (String argument : arguments) {
            if (argument.equals("--udp")) {
                transport = Transport.UDP;
            } else if (argument.startsWith("-D")) {
                return notUnderstood("a system property goes before -jar: " + name(argument));
            } else if (argument.startsWith("-")) {
                return notUnderstood("no such option: " + name(argument)
                        + "; there is --udp, and key=value as for the agent, without dashes");
            } else if (destination == null) {
                destination = argument;
            } else {
                options.append(options.length() == 0 ? "" : ",").append(argument);
            }
        }
        if (destination == null) {
            return notUnderstood("explain wants a destination, host[:port]");
        }
        if (destination.indexOf('=') >= 0 || destination.indexOf('/') >= 0 || destination.indexOf('@') >= 0) {
            // it may be a server, with a password
            return notUnderstood(
                    "the destination comes first: host[:port] and nothing else, no URL; options follow it");
        }
        try {
            return explain(HostPort.parseTarget(destination), transport, options.toString());
        } catch (ConfigurationException e) {
            return notUnderstood(String.valueOf(e.getMessage()));
        }
    }

    /** Without a value, which may be a secret. */
    private static String name(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals);
    }

    private int explain(HostPort target, Transport transport, String options) throws ConfigurationException {
        Settings settings = SettingsLoader.load(options, environment, systemProperties, new HookedMachine());
        for (String note : settings.notes()) {
            err.println(Log.PREFIX + note);
        }
        if (settings.off()) {
            out.println("SOCKS5C_CONFIG is set to nothing: the agent does nothing, and all goes direct");
            return DIRECT;
        }
        NameService names = settings.hooks() == HookMode.ALL ? new RealNames() : new SystemNames();
        StandIns standIns = StandIns.ofThisJvm(settings.standIns(), System.nanoTime());
        Connector connector = new Connector(settings, standIns, names, new Log(LogLevel.OFF, err));
        Explanation explanation = connector.explainer().explain(target.host(), target.port(), transport);
        out.print(explanation.text());
        Origin mainClass = settings.origins().get(Key.MAIN_CLASS);
        if (mainClass != null) {
            out.println("  but:         only in JVMs that main-class=" + mainClass.value() + " (" + mainClass.source()
                    + ") matches; in others all goes direct");
        }
        return switch (explanation.outcome()) {
            case SERVER -> THROUGH_A_SERVER;
            case DIRECT -> DIRECT;
            case REFUSED -> REFUSED;
            case UNKNOWN_NAME -> UNKNOWN_NAME;
        };
    }

    private int notUnderstood(String message) {
        err.println(Log.PREFIX + message);
        return Commands.USAGE;
    }
}
