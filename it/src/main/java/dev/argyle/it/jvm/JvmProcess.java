// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM that runs. Closing it destroys it if it still runs.
 *
 * <p>Safe for use by several threads.
 */
public final class JvmProcess implements AutoCloseable {
    private static final Duration DUMP_TIMEOUT = Duration.ofSeconds(15);

    private final String program;
    private final Path home;
    private final Duration timeout;
    private final long deadlineNanos;
    private final Process process;
    private final Output out;
    private final Output err;

    JvmProcess(String program, Path home, Duration timeout, Process process) {
        this.program = program;
        this.home = home;
        this.timeout = timeout;
        this.process = process;
        deadlineNanos = System.nanoTime() + timeout.toNanos();
        out = Output.of(process.getInputStream(), program + " out");
        err = Output.of(process.getErrorStream(), program + " err");
    }

    public long pid() {
        return process.pid();
    }

    /** What the program has written to standard output so far. */
    public String out() {
        return out.text();
    }

    /** What the program has written to standard error so far. */
    public String err() {
        return err.text();
    }

    /** Writes a line to the program's standard input. */
    public void say(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(UTF_8));
        in.flush();
    }

    /**
     * Waits until standard output contains something.
     *
     * @throws AssertionError if it does not in time or the program ends without, with its outputs
     */
    public void awaitOut(String part) throws InterruptedException {
        awaitOut(part, timeout);
    }

    /**
     * The same, no longer than for a time of its own.
     *
     * @throws AssertionError if it does not in time or the program ends without, with its outputs
     */
    public void awaitOut(String part, Duration longest) throws InterruptedException {
        long now = System.nanoTime();
        if (!out.await(part, now + Math.min(longest.toNanos(), deadlineNanos - now))) {
            throw failure("did not say \"" + part + "\"");
        }
    }

    /**
     * Waits until standard error contains something.
     *
     * @throws AssertionError if it does not in time or the program ends without, with its outputs
     */
    public void awaitErr(String part) throws InterruptedException {
        if (!err.await(part, deadlineNanos)) {
            throw failure("did not say \"" + part + "\" as an error");
        }
    }

    /**
     * Waits for the program's end.
     *
     * @throws AssertionError if it does not end in time, with its outputs and a thread dump; it is then destroyed
     */
    public JvmResult await() throws InterruptedException {
        boolean ended = process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!ended) {
            throw failure("did not end in " + timeout);
        }
        // a grandchild that inherited the pipes could hold them open
        out.awaitEnd(deadlineNanos);
        err.awaitEnd(deadlineNanos);
        return new JvmResult(process.exitValue(), out.text(), err.text());
    }

    private AssertionError failure(String what) throws InterruptedException {
        String threads =
                process.isAlive() ? "\n--- threads\n" + threadDump() : "\n--- exit code " + process.exitValue();
        close();
        return new AssertionError(
                program + " " + what + "\n--- out\n" + out.text() + "\n--- err\n" + err.text() + threads);
    }

    /** Asks the JDK's jcmd for the threads; where there is none, says so. */
    private String threadDump() throws InterruptedException {
        Path jcmd = home.resolve("bin").resolve("jcmd");
        if (!Files.isExecutable(jcmd)) {
            return "none: there is no " + jcmd;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "Thread.print")
                    .redirectErrorStream(true);
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            builder.environment().remove("JDK_JAVA_OPTIONS");
            Process dumping = builder.start();
            Output dump = Output.of(dumping.getInputStream(), program + " threads");
            dump.awaitEnd(System.nanoTime() + DUMP_TIMEOUT.toNanos());
            dumping.destroyForcibly();
            return dump.text();
        } catch (IOException failure) {
            return "none: " + failure;
        }
    }

    /** Destroys the program if it still runs, and waits until it is gone. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
