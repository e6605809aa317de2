// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What a benchmark is told on its command line.
 *
 * <pre>
 * options = *( "--rounds" number | "--jdk" home | "--agent" jar )      ; --jdk may be given more than once
 * </pre>
 *
 * @param rounds how often each measured program runs, and is counted
 * @param homes the JDKs to measure; the running one if none is given
 * @param agentJar the agent; where the build puts it if it is not given
 * @param demoJar the jar that this class is in
 */
record Options(int rounds, List<Path> homes, Path agentJar, Path demoJar) {
    private static final int WARM_UP_ROUNDS = 5;

    /** The rounds before those that count: none before one alone, which shows that all goes, and no more. */
    int warmUpRounds() {
        return rounds == 1 ? 0 : Math.min(WARM_UP_ROUNDS, rounds);
    }

    /**
     * Parses the options.
     *
     * @throws IllegalArgumentException if one is unknown or malformed, or a file is not there
     */
    static Options parse(String[] arguments, int defaultRounds) {
        int rounds = defaultRounds;
        List<Path> homes = new ArrayList<>();
        Path demoJar = ownJar();
        Path agentJar =
                demoJar.resolve("../../../agent/target/argyle-agent.jar").normalize();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--jdk" -> homes.add(Path.of(value));
                case "--agent" -> agentJar = Path.of(value).toAbsolutePath();
                default ->
                    throw new IllegalArgumentException(
                            "unknown option " + arguments[i] + " (known: --rounds, --jdk, --agent)");
            }
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds " + rounds + " (expected: 1 or more)");
        }
        if (homes.isEmpty()) {
            homes.add(Path.of(System.getProperty("java.home")));
        }
        for (Path home : homes) {
            requireFile(home.resolve("bin").resolve("java"));
        }
        requireFile(agentJar);
        return new Options(rounds, List.copyOf(homes), agentJar, demoJar);
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no " + file);
        }
    }

    private static Path ownJar() {
        try {
            return Path.of(Options.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The version of a JDK, as it says itself. */
    static String version(Path home) throws IOException {
        Properties release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        }
        return release.getProperty("JAVA_VERSION", home.toString()).replace("\"", "");
    }
}
