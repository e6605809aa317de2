// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import java.util.function.ToIntFunction;
import java.util.jar.JarFile;

/** What {@code java -jar argyle-agent.jar} starts. */
public final class Main {
    private static final String ENTRY = "dev.argyle.agent.cli.Commands";

    /** As for a command line that is not understood. */
    private static final int USAGE = 2;

    private Main() {}

    /**
     * Runs a command and ends the JVM with its exit status.
     *
     * @param arguments the command and its arguments
     * @throws Exception if the jar cannot be read
     */
    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
        if (EngineLoader.installed() != null) {
            System.err.println(
                    "[argyle] the agent routes this JVM too, by JAVA_TOOL_OPTIONS or JDK_JAVA_OPTIONS; unset them"
                            + " for this command, and give the agent's options as its arguments");
            System.exit(USAGE);
        }
        ToIntFunction<String[]> commands =
                (ToIntFunction<String[]>) EngineLoader.entry(new JarFile(Agent.ownJar(), false), ENTRY);
        int status = commands.applyAsInt(arguments);
        System.out.flush();
        System.exit(status);
    }
}
