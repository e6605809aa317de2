// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.server.ClosedPort;
import dev.argyle.it.server.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Dante's server, as far as it is installed. Confined to one thread; closing it ends its processes. */
final class Dante implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/danted");
    private static final long PATIENCE_SECONDS = 20;
    private static final long POLL_MILLIS = 20;

    private final Path directory;
    private final int port;
    private final Process process;

    private Dante(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** What keeps it from running on this machine; null: nothing. */
    static @Nullable String lack() {
        if (!Files.isExecutable(PROGRAM)) {
            return "there is no " + PROGRAM + ": apt-get install dante-server";
        }
        return System.getProperty("user.name").equals("root") ? null : "Dante takes root";
    }

    /**
     * Starts it and waits until it listens.
     *
     * @throws IOException if it does not in time, with what it says
     */
    static Dante start() throws IOException, InterruptedException {
        int port;
        try (ClosedPort closed = ClosedPort.at(InetAddress.getLoopbackAddress())) {
            port = closed.port();
        }
        Path directory = Files.createTempDirectory("argyle-dante");
        Path log = Files.createFile(directory.resolve("log"));
        Path configuration = Files.write(
                directory.resolve("danted.conf"),
                List.of(
                        "logoutput: " + log,
                        "internal: 127.0.0.1 port = " + port,
                        "external: " + ScriptedServer.OUTBOUND.getHostAddress(),
                        "clientmethod: none",
                        "socksmethod: none",
                        "user.privileged: root",
                        "user.unprivileged: nobody",
                        "client pass { from: 0/0 to: 0/0 }",
                        "socks pass { from: 0/0 to: 0/0 command: udpassociate udpreply }"));
        Process process = new ProcessBuilder(PROGRAM.toString(), "-f", configuration.toString(), "-N", "1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Dante dante = new Dante(directory, port, process);
        if (!dante.listens()) {
            String said = Files.readString(log);
            dante.close();
            throw new IOException("Dante does not listen: " + said);
        }
        return dante;
    }

    private boolean listens() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.isAlive() && System.nanoTime() - end < 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        return false;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // asked now: who has lost his parent is no descendant any more
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        for (String file : List.of("log", "danted.conf")) {
            Files.delete(directory.resolve(file));
        }
        Files.delete(directory);
    }
}
