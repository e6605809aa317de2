// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.DatagramCommands;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A child JVM with the agent, which does with its datagram sockets what a test says. Confined to one thread. */
final class DatagramTalk implements AutoCloseable {
    /** What waits for what will come. */
    static final int LONG_MILLIS = ProgramTalk.LONG_MILLIS;

    /** What waits for what must not come. */
    static final int SHORT_MILLIS = ProgramTalk.SHORT_MILLIS;

    private final ProgramTalk program;

    private DatagramTalk(ProgramTalk program) {
        this.program = program;
    }

    static DatagramTalk start(String agent) throws IOException, InterruptedException {
        return new DatagramTalk(ProgramTalk.start(DatagramCommands.class, agent));
    }

    /** Opens a socket of a kind. */
    Talker open(String kind) throws IOException, InterruptedException {
        return new Talker(program.open(kind));
    }

    /** Waits until standard error, which is not read in step with the outcomes, contains something. */
    void awaitErr(String part) throws InterruptedException {
        program.process.awaitErr(part);
    }

    String err() {
        return program.process.err();
    }

    /** Ends the program. */
    @Override
    public void close() throws InterruptedException {
        program.close();
    }

    /** One socket of it. */
    final class Talker {
        private final String name;

        private Talker(String name) {
            this.name = name;
        }

        /** Has something done, and does not wait for it; returns its id. */
        int begin(String command) throws IOException {
            return program.begin(name, command);
        }

        /**
         * Waits for an outcome.
         *
         * @throws AssertionError if there is none in time, with the outputs and a thread dump
         */
        String await(int id) throws InterruptedException {
            return program.await(id);
        }

        String ask(String command) throws IOException, InterruptedException {
            return await(begin(command));
        }

        String connect(InetSocketAddress target) throws IOException, InterruptedException {
            return ask("connect " + host(target));
        }

        String send(String text, InetSocketAddress target) throws IOException, InterruptedException {
            return ask("send " + text + " " + host(target));
        }

        String write(String text) throws IOException, InterruptedException {
            return ask("write " + text);
        }

        /** Receives what will come. */
        String receive() throws IOException, InterruptedException {
            return ask("receive " + LONG_MILLIS);
        }

        String close() throws IOException, InterruptedException {
            return ask("close");
        }
    }

    static String host(InetSocketAddress target) {
        return target.getHostString() + " " + target.getPort();
    }
}
