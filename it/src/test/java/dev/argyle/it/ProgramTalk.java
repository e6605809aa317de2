// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import java.io.IOException;
import java.time.Duration;

/** A child JVM with the agent, which does with its sockets what a test says. Confined to one thread. */
abstract class ProgramTalk implements AutoCloseable {
    /** What waits for what will come. */
    static final int LONG_MILLIS = 20_000;

    /** What waits for what must not come. */
    static final int SHORT_MILLIS = 150;

    /** It serves all the tests of a class. */
    private static final Duration LIFE = Duration.ofMinutes(12);

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    final JvmProcess process;
    private int last;

    /** Starts it, and waits until it listens to what it is told. */
    ProgramTalk(Class<?> program, String agent) throws IOException, InterruptedException {
        process = Jvm.of(program).agent(agent).timeout(LIFE).start();
        try {
            process.awaitOut("ready\n", TIMEOUT);
        } catch (AssertionError failure) {
            process.close();
            throw failure;
        }
    }

    /** Waits until standard error, which is not read in step with the outcomes, contains something. */
    final void awaitErr(String part) throws InterruptedException {
        process.awaitErr(part);
    }

    final String err() {
        return process.err();
    }

    /** Ends the program. */
    @Override
    public final void close() throws InterruptedException {
        process.close();
    }

    /** One socket of it. */
    abstract class ProgramSocket {
        private final String name = "s" + ++last;

        /** Opens a socket of a kind. */
        ProgramSocket(String kind) throws IOException, InterruptedException {
            assertThat(ask("open " + kind)).isEqualTo("opened");
        }

        /** Has something done, and does not wait for it; returns its id. */
        final int begin(String command) throws IOException {
            int id = ++last;
            process.say(id + " " + name + " " + command);
            return id;
        }

        /**
         * Waits for an outcome.
         *
         * @throws AssertionError if there is none in time, with the outputs and a thread dump
         */
        final String await(int id) throws InterruptedException {
            String end = "\n" + id + " done\n";
            process.awaitOut(end, TIMEOUT);
            String all = process.out();
            String begin = "\n" + id + " ";
            return all.substring(all.indexOf(begin) + begin.length(), all.indexOf(end));
        }

        final String ask(String command) throws IOException, InterruptedException {
            return await(begin(command));
        }

        final String close() throws IOException, InterruptedException {
            return ask("close");
        }
    }
}
