// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Has sockets do what is told line by line on standard input.
 *
 * <p>A line is {@code <id> <socket> <command> <argument>...}, and is answered by {@code <id> <outcome>} and
 * {@code <id> done}. A socket's first command is {@code open <kind>}. Each socket takes its commands in turn, in a thread
 * for those that wait for others, one for its close and one for the rest, so that no wait keeps anything else waiting.
 *
 * <p>Where a command fails, the outcome is the exception. The program ends with its input.
 */
final class SocketCommands {
    private static final String OPEN = "open";
    private static final String CLOSE = "close";

    private final Map<String, Commanded> sockets = new HashMap<>();
    private final String waits;
    private final Opening opening;

    /** Makes a socket of a kind. */
    interface Opening {
        Commanded open(String kind) throws IOException;
    }

    /** One socket. */
    abstract static class Commanded {
        private final ExecutorService waiting = Executors.newSingleThreadExecutor();
        private final ExecutorService closing = Executors.newSingleThreadExecutor();
        private final ExecutorService others = Executors.newSingleThreadExecutor();

        /** Does anything but {@code open} and {@code close}; returns the outcome. */
        abstract String run(String command, String[] arguments) throws IOException;

        abstract void close() throws IOException;
    }

    private SocketCommands(String waits, Opening opening) {
        this.waits = waits;
        this.opening = opening;
    }

    /** Obeys until the program's end. The command {@code waits} is the one that waits for others. */
    static void obey(String waits, Opening opening) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        SocketCommands commands = new SocketCommands(waits, opening);
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            commands.begin(words[0], words[1], words[2], Arrays.copyOfRange(words, 3, words.length));
        }
        System.exit(0);
    }

    private void begin(String id, String name, String command, String[] arguments) throws IOException {
        if (command.equals(OPEN)) {
            sockets.put(name, opening.open(arguments[0]));
            say(id, "opened");
            return;
        }
        Commanded socket = Objects.requireNonNull(sockets.get(name));
        thread(socket, command).execute(() -> {
            String outcome;
            try {
                outcome = run(socket, command, arguments);
            } catch (IOException | RuntimeException failure) {
                outcome = failure.toString();
            }
            say(id, outcome.replace('\n', ' '));
        });
    }

    private ExecutorService thread(Commanded socket, String command) {
        if (command.equals(CLOSE)) {
            return socket.closing;
        }
        return command.equals(waits) ? socket.waiting : socket.others;
    }

    private static String run(Commanded socket, String command, String[] arguments) throws IOException {
        if (command.equals(CLOSE)) {
            socket.close();
            return "closed";
        }
        return socket.run(command, arguments);
    }

    private static synchronized void say(String id, String outcome) {
        System.out.println(id + " " + outcome + "\n" + id + " done");
    }
}
