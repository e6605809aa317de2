// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.cli;

import dev.argyle.Argyle;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** Finds the command among the arguments of the command line. */
public final class Commands implements ToIntFunction<String[]> {
    /** What was asked for could not be understood, or what it needs not be read. */
    static final int USAGE = 2;

    private static final String HELP = """
            usage: java [-Dargyle.key=value...] -jar argyle-agent.jar explain host[:port] [--udp] [key=value,...]...
                   java -jar argyle-agent.jar --help | --version

            explain says what would become of a connection, or with --udp of a datagram, and why: the decision, the record
            that made it with its source, the records that it beats, who looks the name up, where credentials come from.
            Options are those of the agent: a server, key=value, or a file with them. System properties, environment and
            files count as for the agent. An IPv6 address with a port goes in brackets.

            exit status: 0 through a server, 10 direct, 11 refused, 12 the name is looked up here and is not known,
                         2 the command line or the configuration is not understood
            """;

    /** For the class loader that makes it. */
    public Commands() {}

    /** Returns the exit status. */
    @Override
    public int applyAsInt(String[] arguments) {
        return run(arguments, System.out, System.err);
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        String command = arguments.length == 0 ? "" : arguments[0];
        switch (command) {
            case "explain" -> {
                return Explain.run(Arrays.asList(arguments).subList(1, arguments.length), out, err);
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
                err.println("[argyle] " + (command.isEmpty() ? "no command" : "no such command: " + command));
                err.print(HELP);
                return USAGE;
            }
        }
    }
}
