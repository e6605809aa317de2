// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.cli;

import dev.argyle.Argyle;
import dev.argyle.observe.Log;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToIntFunction;

/** Finds the command among the arguments of the command line. */
public final class Commands implements ToIntFunction<String[]> {
    /** What was asked for could not be understood, or what it needs not be read. */
    static final int USAGE = 2;

    private static final String HELP = """
            usage: java [-Dargyle.key=value...] -jar argyle-agent.jar explain host[:port] [--udp] [option...]
                   java -jar argyle-agent.jar --help | --version

            explain says what would become of a connection, or with --udp of a datagram, and why: the decision, the record
            that made it, with its source, the records that it beats, who looks the name up, and where the credentials come
            from. It connects to nothing. It looks up here what the program would.

            An option is what the agent takes: a server, key=value, or a file with them; several are joined with commas.
            System properties, environment and files count as for the agent. An IPv6 address with a port goes in brackets.

            exit status: 0 through a server, 10 direct, 11 refused, 12 the name is looked up here and is not known,
                         2 the command line or the configuration is not understood
            """;

    /** For the class loader that makes it. */
    public Commands() {}

    /** Returns the exit status. */
    @Override
    public int applyAsInt(String[] arguments) {
        return run(arguments, System.getenv(), System.getProperties(), System.out, System.err);
    }

    static int run(
            String[] arguments,
            Map<String, String> environment,
            Properties systemProperties,
            PrintStream out,
            PrintStream err) {
        String command = arguments.length == 0 ? "" : arguments[0];
        switch (command) {
            case "explain" -> {
                return new Explain(environment, systemProperties, out, err)
                        .run(Arrays.asList(arguments).subList(1, arguments.length));
            }
            case "--help", "-h", "help" -> {
                out.print(HELP);
                return 0;
            }
            case "--version" -> {
                out.println(Argyle.version());
                return 0;
            }
            default -> {
                // what else stands there may be a server, with a password
                err.println(Log.PREFIX + (command.isEmpty() ? "no command" : "the first argument is no command"));
                err.print(HELP);
                return USAGE;
            }
        }
    }
}
