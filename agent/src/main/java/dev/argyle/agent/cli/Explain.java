// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.cli;

import dev.argyle.config.ConfigurationException;
import dev.argyle.config.HostPort;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.name.StandIns;
import dev.argyle.net.OwnMachine;
import dev.argyle.net.SystemNames;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.Transport;
import dev.argyle.transport.Connector;
import dev.argyle.transport.Explanation;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command that explains a decision. */
final class Explain {
    private static final int DIRECT = 10;
    private static final int REFUSED = 11;
    private static final int UNKNOWN_NAME = 12;

    private Explain() {}

    /** Returns the exit status. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Transport transport = Transport.TCP;
        String destination = null;
        StringBuilder options = new StringBuilder();
        for (String argument : arguments) {
            if (argument.equals("--udp")) {
                transport = Transport.UDP;
            } else if (argument.startsWith("-")) {
                return notUnderstood(
                        "no such option: " + argument + "; there is --udp, and key=value without dashes", err);
            } else if (destination == null) {
                destination = argument;
            } else {
                options.append(options.length() == 0 ? "" : ",").append(argument);
            }
        }
        if (destination == null) {
            return notUnderstood("explain wants a destination: host[:port]", err);
        }
        try {
            return explain(HostPort.parseTarget(destination), transport, options.toString(), out, err);
        } catch (ConfigurationException e) {
            return notUnderstood(String.valueOf(e.getMessage()), err);
        }
    }

    private static int explain(
            HostPort target, Transport transport, @Nullable String options, PrintStream out, PrintStream err)
            throws ConfigurationException {
        Settings settings = SettingsLoader.load(options, System.getenv(), System.getProperties(), new OwnMachine());
        for (String note : settings.notes()) {
            err.println(Log.PREFIX + note);
        }
        if (settings.off()) {
            out.println("SOCKS5C_CONFIG is set to nothing: the agent does nothing, and all goes direct");
            return DIRECT;
        }
        Connector connector = new Connector(
                settings,
                StandIns.ofThisJvm(settings.standIns(), System.nanoTime()),
                new SystemNames(),
                new Log(LogLevel.OFF, err));
        Explanation explanation = connector.explainer().explain(target.host(), target.port(), transport);
        out.print(explanation.text());
        return switch (explanation.outcome()) {
            case SERVER -> 0;
            case DIRECT -> DIRECT;
            case REFUSED -> REFUSED;
            case UNKNOWN_NAME -> UNKNOWN_NAME;
        };
    }

    private static int notUnderstood(String message, PrintStream err) {
        err.println("[argyle] " + message);
        return Commands.USAGE;
    }
}
