// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.app.pingpong.PingPong;
import dev.argyle.it.jvm.Jvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes that run {@link PingPong}, each of which gets through in one way, and PySocks's own. */
final class PingPongProcess {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String LOOPBACK = "127.0.0.1";
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path SOCKSIFY = Path.of("/usr/bin/socksify");
    private static final String SCRIPT = "ping-pong.py";
    private static final String SOCKSIFY_FILE = "socks.conf";

    /** Who sends and receives, and how it gets through a server. */
    enum Way {
        DIRECT,
        BY_HAND,
        ARGYLE,
        SOCKSIFY,
        PYSOCKS;

        /** The kinds of {@link PingPong}'s sockets that it is measured with. */
        List<String> kinds() {
            return switch (this) {
                case DIRECT, ARGYLE, SOCKSIFY -> List.of("socket", "connected-socket", "channel", "connected-channel");
                case BY_HAND -> List.of("by-hand");
                case PYSOCKS -> List.of("pysocks");
            };
        }

        /** Whether it is measured what it allocates on Java's heap. */
        boolean allocates() {
            return this != SOCKSIFY && this != PYSOCKS;
        }

        boolean isRouted() {
            return this != DIRECT;
        }
    }

    private final Path directory;
    private final Path home;
    private final Options options;
    private final DatagramServers targets;
    private final int socksPort;

    /** Keeps what the processes need in a directory, which the caller deletes. */
    PingPongProcess(Path directory, Path home, Options options, DatagramServers targets, int socksPort)
            throws IOException {
        this.directory = directory;
        this.home = home;
        this.options = options;
        this.targets = targets;
        this.socksPort = socksPort;
        try (InputStream script = PingPongProcess.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IOException("no " + SCRIPT);
            }
            Files.write(directory.resolve(SCRIPT), script.readAllBytes());
        }
        Files.write(
                directory.resolve(SOCKSIFY_FILE),
                List.of(
                        "route {",
                        "  from: 0.0.0.0/0 to: 0.0.0.0/0 via: " + LOOPBACK + " port = " + socksPort,
                        "  proxyprotocol: socks_v5",
                        "  protocol: tcp udp",
                        "  method: none",
                        "}"));
    }

    /** What keeps a way from being measured on this machine; null: nothing. */
    static @Nullable String lack(Way way) throws IOException, InterruptedException {
        if (way == Way.SOCKSIFY && !Files.isExecutable(SOCKSIFY)) {
            return "there is no " + SOCKSIFY + ": apt-get install dante-client";
        }
        if (way == Way.PYSOCKS && !(Files.isExecutable(PYTHON) && hasPySocks())) {
            return PYTHON + " has no PySocks: apt-get install python3-socks";
        }
        return null;
    }

    private static boolean hasPySocks() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(PYTHON.toString(), "-c", "import socks")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Starts the program, by another command if one is given. */
    Measured start(Way way, String... under) throws IOException {
        Jvm jvm = Jvm.of(PingPong.class)
                .home(home)
                .classPath(options.demoJar())
                .timeout(LONGEST)
                // so that no thread ends, and with it what is known of its CPU
                .options("-XX:-UseDynamicNumberOfCompilerThreads", "-XX:-UseDynamicNumberOfGCThreads")
                .arguments(DatagramServers.TARGETS, targets.echoPort(), targets.sinkPort());
        String[] by = under;
        switch (way) {
            case DIRECT -> {}
            case BY_HAND -> jvm.arguments(LOOPBACK, socksPort);
            case ARGYLE ->
                jvm.options("-javaagent:" + options.agentJar() + "=proxy=socks5h://" + LOOPBACK + ":" + socksPort
                        + ",bypass=none");
            case SOCKSIFY -> {
                jvm.property("java.net.preferIPv4Stack", "true");
                // else loopback is direct
                jvm.variable("SOCKS_AUTOADD_LANROUTES", "no");
                jvm.variable("SOCKS_CONF", directory.resolve(SOCKSIFY_FILE).toString());
                by = and(under, SOCKSIFY.toString());
            }
            case PYSOCKS -> {
                jvm.arguments(LOOPBACK, socksPort);
                // the JVM's command is what the script takes its arguments from
                by = and(under, PYTHON.toString(), directory.resolve(SCRIPT).toString());
            }
        }
        return new Measured(jvm.under(by).start());
    }

    private static String[] and(String[] under, String... more) {
        String[] both = new String[under.length + more.length];
        System.arraycopy(under, 0, both, 0, under.length);
        System.arraycopy(more, 0, both, under.length, more.length);
        return both;
    }
}
