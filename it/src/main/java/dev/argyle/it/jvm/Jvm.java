// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A child JVM to be: says which program it runs and how, then starts it.
 *
 * <p>The JDK is the one whose home {@code argyle.test.java} names, else the running one; the agent's jar is {@code
 * argyle.agent.jar}; the class path is {@code argyle.demo.jar} unless told otherwise. Of the environment, what sets a
 * proxy or options for a JVM is left out, so that a test says all that its program hears. Confined to one thread.
 */
public final class Jvm {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(3);

    /** In upper case. */
    private static final Set<String> LEFT_OUT = Set.of(
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "CLASSPATH",
            "ALL_PROXY",
            "NO_PROXY",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "FTP_PROXY",
            "SOCKS5C_CONFIG");

    private static final String OURS = "ARGYLE_";

    private final String mainClass;
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> variables = new TreeMap<>();
    private List<String> under = List.of();
    private List<Path> classPath = List.of();
    private Path home = Path.of(System.getProperty("argyle.test.java", System.getProperty("java.home")));
    private Duration timeout = DEFAULT_TIMEOUT;

    private Jvm(String mainClass) {
        this.mainClass = mainClass;
    }

    /** A JVM that will run this class's {@code main}. */
    public static Jvm of(String mainClass) {
        return new Jvm(mainClass);
    }

    /** A JVM that will run this class's {@code main}; the class must be in its class path. */
    public static Jvm of(Class<?> mainClass) {
        return new Jvm(mainClass.getName());
    }

    /** Uses the JDK with this home. */
    public Jvm home(Path jdk) {
        home = jdk;
        return this;
    }

    /** Runs with the agent and this argument, in its place among the options; an empty one gives the agent none. */
    public Jvm agent(String argument) {
        return options("-javaagent:" + setting("argyle.agent.jar") + (argument.isEmpty() ? "" : "=" + argument));
    }

    /** Adds a system property. */
    public Jvm property(String key, String value) {
        options.add("-D" + key + "=" + value);
        return this;
    }

    /** Adds options of the JVM. */
    public Jvm options(String... added) {
        options.addAll(Arrays.asList(added));
        return this;
    }

    /** Sets an environment variable, also one that is left out otherwise. */
    public Jvm variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Replaces the class path. */
    public Jvm classPath(Path... entries) {
        classPath = List.of(entries);
        return this;
    }

    /** Adds arguments for the program. */
    public Jvm arguments(Object... added) {
        for (Object argument : added) {
            arguments.add(argument.toString());
        }
        return this;
    }

    /** Runs the JVM by another command, for which the JVM's own command is the last of its arguments. */
    public Jvm under(String... command) {
        under = List.of(command);
        return this;
    }

    /** How long the program may run: 3 minutes unless told otherwise. */
    public Jvm timeout(Duration longest) {
        timeout = longest;
        return this;
    }

    /**
     * Runs the program to its end.
     *
     * @throws IOException if the JVM cannot be started
     * @throws AssertionError if the program does not end in time, with its outputs and a thread dump
     */
    public JvmResult run() throws IOException, InterruptedException {
        try (JvmProcess process = start()) {
            return process.await();
        }
    }

    /**
     * Starts the program, for tests that talk with it while it runs.
     *
     * @throws IOException if the JVM cannot be started
     */
    public JvmProcess start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().keySet().removeIf(Jvm::isLeftOut);
        builder.environment().putAll(variables);
        return new JvmProcess(mainClass, home, timeout, builder.start());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(under);
        command.add(home.resolve("bin").resolve("java").toString());
        command.add("-cp");
        command.add(
                classPath.isEmpty()
                        ? setting("argyle.demo.jar")
                        : classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.addAll(options);
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private static boolean isLeftOut(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return LEFT_OUT.contains(name) || name.startsWith(OURS);
    }

    private static String setting(String key) {
        String value = System.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("the system property " + key + " is not set");
        }
        return value;
    }
}
