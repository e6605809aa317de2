// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import dev.argyle.it.server.ClosedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A SOCKSv5 server of somebody else's, on an ephemeral port of 127.0.0.1, with its files in a directory of its own.
 *
 * <p>Its log is the proof that a connection went through it.
 */
public abstract class RealServer implements AutoCloseable {
    /** The address from which Dante and microsocks connect to IPv4 targets; OpenSSH cannot be told one. */
    public static final String OUTBOUND = "127.0.0.9";

    private final Path directory;
    private final int port;

    /**
     * @param programs that must be installed
     * @throws org.opentest4j.TestAbortedException if one is not, or if the setting takes root and this is not root
     */
    RealServer(String name, Setting setting, Path... programs) throws IOException {
        RealServers.require(programs);
        if (!setting.hosts().isEmpty()) {
            RealServers.requireRoot();
        }
        directory = Files.createTempDirectory("argyle-" + name);
        port = freePort();
    }

    /** A port that was free a moment ago; the servers cannot be asked which one they got. */
    static int freePort() throws IOException {
        try (ClosedPort closed = ClosedPort.at(InetAddress.getLoopbackAddress())) {
            return closed.port();
        }
    }

    final Path file(String name) {
        return directory.resolve(name);
    }

    final Path write(String name, String... lines) throws IOException {
        return Files.write(file(name), List.of(lines));
    }

    final Path directory() {
        return directory;
    }

    public final int port() {
        return port;
    }

    public final InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The process whose log tells of connections. */
    abstract Daemon daemon();

    /** What the log says once a connection to a target was made or, with OpenSSH, asked for. */
    abstract String connectMark(String host, int targetPort);

    /** All that the server has logged so far. */
    public final String log() {
        return daemon().log();
    }

    /**
     * Waits until the log contains something.
     *
     * @throws AssertionError if it never does, with the log
     */
    public final void awaitLog(String part) {
        daemon().awaitLog("\"" + part + "\"", log -> log.contains(part));
    }

    /**
     * Waits until the log tells of a connection to a target: the host as this server logs it, an address with Dante, as
     * it was asked for with the others.
     *
     * @throws AssertionError if it never does, with the log
     */
    public final void awaitConnect(String host, int targetPort) {
        awaitLog(connectMark(host, targetPort));
    }

    /** Whether the log tells of a connection to a target by now. */
    public final boolean hasConnected(String host, int targetPort) {
        return log().contains(connectMark(host, targetPort));
    }

    /** Ends the server's processes, then deletes its files. */
    @Override
    public void close() throws IOException, InterruptedException {
        daemon().close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
