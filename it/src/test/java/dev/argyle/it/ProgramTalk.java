// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A child JVM with the agent, which does with its sockets what a test says. Confined to one thread. */
final class ProgramTalk implements AutoCloseable {
    /** What waits for what will come. */
    static final int LONG_MILLIS = 20_000;

    /** What waits for what must not come. */
    static final int SHORT_MILLIS = 150;

    /** It serves all the tests of a class. */
    private static final Duration LIFE = Duration.ofMinutes(12);

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    final JvmProcess process;
    private final AtomicInteger last = new AtomicInteger();

    private ProgramTalk(JvmProcess process) {
        this.process = process;
    }

    static ProgramTalk start(Class<?> program, String agent) throws IOException, InterruptedException {
        JvmProcess process = Jvm.of(program).agent(agent).timeout(LIFE).start();
        try {
            process.awaitOut("ready\n", TIMEOUT);
        } catch (AssertionError failure) {
            process.close();
            throw failure;
        }
        return new ProgramTalk(process);
    }

    /** Opens a socket of a kind; returns its name. */
    String open(String kind) throws IOException, InterruptedException {
        String name = "s" + last.incrementAndGet();
        String unused = await(begin(name, "open " + kind));
        return name;
    }

    /** Has something done by a socket, and does not wait for it; returns its id. */
    int begin(String name, String command) throws IOException {
        int id = last.incrementAndGet();
        process.say(id + " " + name + " " + command);
        return id;
    }

    /**
     * Waits for an outcome.
     *
     * @throws AssertionError if there is none in time, with the outputs and a thread dump
     */
    String await(int id) throws InterruptedException {
        String end = "\n" + id + " done\n";
        process.awaitOut(end, TIMEOUT);
        String all = process.out();
        String begin = "\n" + id + " ";
        return all.substring(all.indexOf(begin) + begin.length(), all.indexOf(end));
    }

    /** Ends the program. */
    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
