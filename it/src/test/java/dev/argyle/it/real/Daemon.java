// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A server's process and its log. */
final class Daemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int CONNECT_MILLIS = 1000;
    private static final int FAREWELL_SECONDS = 5;

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a command whose outputs, and its own log if it is told so, go to a file. */
    static Daemon start(Path log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return new Daemon(process, log);
    }

    long pid() {
        return process.pid();
    }

    /** All that the server has logged so far. */
    String log() {
        try {
            return Files.readString(log, ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Waits until the log is as a condition wants it.
     *
     * @throws AssertionError if it does not come to that, with the log
     */
    void awaitLog(String what, Predicate<String> condition) {
        await(what, () -> condition.test(log()));
    }

    /**
     * Waits until the server accepts connections.
     *
     * @throws AssertionError if it does not, with the log
     */
    void awaitListening(InetSocketAddress address) {
        await("listens at " + address, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server has ended with " + process.exitValue());
            }
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(PATIENCE)
                    .until(condition);
        } catch (ConditionTimeoutException | IllegalStateException failure) {
            throw new AssertionError("not seen of the server: " + what + "; its log:\n" + log(), failure);
        }
    }

    /** Ends the process and its children. */
    @Override
    public void close() throws InterruptedException {
        // asked now: who has lost his parent is no descendant any more
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
