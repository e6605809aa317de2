// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.DatagramCommands;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A child JVM with the agent, which does with its datagram sockets what a test says. Confined to one thread. */
final class DatagramTalk implements AutoCloseable {
    /** What waits for what will come. */
    static final int LONG_MILLIS = 20_000;

    /** What waits for what must not come. */
    static final int SHORT_MILLIS = 150;

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final JvmProcess process;
    private final AtomicInteger last = new AtomicInteger();

    private DatagramTalk(JvmProcess process) {
        this.process = process;
    }

    static DatagramTalk start(String agent) throws IOException, InterruptedException {
        JvmProcess process =
                Jvm.of(DatagramCommands.class).agent(agent).timeout(TIMEOUT).start();
        DatagramTalk talk = new DatagramTalk(process);
        try {
            process.awaitOut("ready\n");
        } catch (AssertionError failure) {
            process.close();
            throw failure;
        }
        return talk;
    }

    /** Opens a socket of a kind. */
    Talker open(String kind) throws IOException, InterruptedException {
        Talker talker = new Talker("s" + last.incrementAndGet());
        talker.ask("open " + kind);
        return talker;
    }

    String err() {
        return process.err();
    }

    /** Ends the program. */
    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    /** One socket of it. */
    final class Talker {
        private final String name;

        private Talker(String name) {
            this.name = name;
        }

        /** Has something done, and does not wait for it; returns its id. */
        int begin(String command) throws IOException {
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
            process.awaitOut(end);
            String all = process.out();
            String begin = "\n" + id + " ";
            return all.substring(all.indexOf(begin) + begin.length(), all.indexOf(end));
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
