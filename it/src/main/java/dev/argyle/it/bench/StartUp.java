// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.app.ChannelOnce;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Hello;
import dev.argyle.it.bench.Servers.Service;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * What the agent adds to the start of a program: CPU and time of whole processes, without an agent, with an empty one and
 * with this one, with its hooks and with the factories alone, which leave a channel direct, in alternation. The floor is the
 * empty agent, since {@code -javaagent} itself switches off a part of what the JDK has prepared for a quick start.
 *
 * <p>The CPU is that of the whole process from its start to its end, all threads, as the kernel counts it; bash reads it.
 *
 * <p>Arguments: those of {@link Options}; 15 rounds.
 */
public final class StartUp {
    private static final int DEFAULT_ROUNDS = 15;

    private static final String NONE = "no agent";
    private static final String EMPTY = "empty agent";
    private static final String ARGYLE = "Argyle";
    private static final String FACTORIES = "factories";
    private static final List<String> KINDS = List.of(NONE, EMPTY, ARGYLE, FACTORIES);

    private static final String CPU = "cpu";
    private static final String WALL = "wall";

    private record Times(double cpuMillis, double wallMillis) {}

    private final Options options;
    private final Servers servers;
    private final Path programJar;
    private final Path emptyAgentJar;

    private StartUp(Options options, Servers servers, Path directory) throws IOException {
        this.options = options;
        this.servers = servers;
        programJar = jar(
                directory.resolve("program.jar"), new Attributes(), Hello.class, ConnectOnce.class, ChannelOnce.class);
        Attributes premain = new Attributes();
        premain.putValue("Premain-Class", EmptyAgent.class.getName());
        emptyAgentJar = jar(directory.resolve("empty-agent.jar"), premain, EmptyAgent.class);
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, DEFAULT_ROUNDS);
        Path directory = Files.createTempDirectory("argyle-startup");
        try (Servers servers = Servers.start(options.demoJar())) {
            StartUp startUp = new StartUp(options, servers, directory);
            for (Path home : options.homes()) {
                startUp.measure(home);
            }
            Files.delete(startUp.programJar);
            Files.delete(startUp.emptyAgentJar);
        } finally {
            Files.delete(directory);
        }
    }

    private void measure(Path home) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "Java %s, %d rounds. Medians, in ms; what is added to the empty agent, and the ratio to it, are the medians"
                        + " over the rounds.%n%n",
                Options.version(home),
                options.rounds());
        System.out.println("                            CPU  added  ratio     wall  added  ratio");
        print("Hello", rounds(home, Hello.class));
        print("First socket", rounds(home, ConnectOnce.class));
        print("First channel", rounds(home, ChannelOnce.class));
        System.out.println();
    }

    private Rounds rounds(Path home, Class<?> program) throws IOException, InterruptedException {
        Rounds rounds = new Rounds();
        for (int round = 0; round <= options.rounds(); round++) {
            for (String kind : KINDS) {
                Times times = run(home, program, kind);
                if (round > 0) {
                    rounds.add(kind, CPU, times.cpuMillis);
                    rounds.add(kind, WALL, times.wallMillis);
                }
            }
        }
        return rounds;
    }

    private static void print(String program, Rounds rounds) {
        for (String kind : KINDS) {
            System.out.printf(
                    Locale.ROOT,
                    "%-13s %-12s %5.0f  %+5.0f  %5.2f    %5.0f  %+5.0f  %5.2f%n",
                    kind.equals(NONE) ? program : "",
                    kind,
                    rounds.median(kind, CPU),
                    rounds.difference(kind, EMPTY, CPU),
                    rounds.ratio(kind, EMPTY, CPU),
                    rounds.median(kind, WALL),
                    rounds.difference(kind, EMPTY, WALL),
                    rounds.ratio(kind, EMPTY, WALL));
        }
    }

    private Times run(Path home, Class<?> program, String kind) throws IOException, InterruptedException {
        Jvm jvm = Jvm.of(program)
                .home(home)
                .classPath(programJar)
                .under("bash", "-c", "TIMEFORMAT=$'%R\\n%U\\n%S'; time \"$@\"", "bash");
        if (kind.equals(EMPTY)) {
            jvm.options("-javaagent:" + emptyAgentJar);
        } else if (!kind.equals(NONE)) {
            jvm.options("-javaagent:" + options.agentJar() + "=socks5h://127.0.0.1:" + servers.socksPort()
                    + (kind.equals(FACTORIES) ? ",hooks=factories" : ""));
        }
        String expected = "hello";
        if (program != Hello.class) {
            expected = "ok ";
            boolean routed = kind.equals(ARGYLE) || kind.equals(FACTORIES) && program == ConnectOnce.class;
            jvm.arguments(routed ? Servers.TARGETS_BEHIND_SOCKS : Servers.TARGETS, servers.port(Service.ECHO));
        }
        JvmResult result = jvm.run();
        if (result.exitCode() != 0 || !result.out().startsWith(expected)) {
            throw new IllegalStateException(program.getName() + " with " + kind + ": " + result);
        }
        return times(result);
    }

    /** The last three lines of standard error: seconds that passed, of user CPU, of system CPU. */
    private static Times times(JvmResult result) {
        List<String> lines = result.err().lines().toList();
        double wall = seconds(lines.get(lines.size() - 3));
        double user = seconds(lines.get(lines.size() - 2));
        double system = seconds(lines.get(lines.size() - 1));
        return new Times(1000 * (user + system), 1000 * wall);
    }

    /** With the decimal point, or comma, of the locale. */
    private static double seconds(String text) {
        return Double.parseDouble(text.replace(',', '.'));
    }

    private static Path jar(Path file, Attributes attributes, Class<?>... classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putAll(attributes);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> type : classes) {
                String name = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(name));
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    if (in == null) {
                        throw new IOException("no " + name);
                    }
                    in.transferTo(jar);
                }
            }
        }
        return file;
    }
}
