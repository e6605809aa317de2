// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that knows its answers by heart: one for each time that a visitor has said something, then it leaves. */
final class Answers implements AutoCloseable {
    /** A connection, and what came first of it. */
    record Visit(InetAddress from, String firstWords) {}

    private final ServerSocket listener;
    private final String greeting;
    private final List<String> answers;
    private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

    private Answers(String greeting, List<String> answers) throws IOException {
        this.greeting = greeting;
        this.answers = answers;
        listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
        Thread thread = new Thread(this::accept, "answers");
        thread.setDaemon(true);
        thread.start();
    }

    /** Listens at 127.0.0.2; the octets are those of ISO 8859-1, and an empty greeting is none. */
    static Answers start(String greeting, String... answers) throws IOException {
        return new Answers(greeting, List.of(answers));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket visitor = listener.accept()) {
                answer(visitor);
            } catch (IOException e) {
                // the loop's condition tells whether this was the end or a visitor's
            }
        }
    }

    private void answer(Socket visitor) throws IOException {
        byte[] words = new byte[4096];
        InputStream in = visitor.getInputStream();
        visitor.getOutputStream().write(greeting.getBytes(ISO_8859_1));
        int count = in.read(words);
        visits.add(new Visit(visitor.getInetAddress(), new String(words, 0, Math.max(0, count), ISO_8859_1)));
        for (String answer : answers) {
            if (count < 0) {
                return;
            }
            visitor.getOutputStream().write(answer.getBytes(ISO_8859_1));
            count = in.read(words);
        }
    }

    /** Waits for the next visit. */
    Visit awaitVisit() throws InterruptedException {
        Visit visit = visits.poll(30, TimeUnit.SECONDS);
        if (visit == null) {
            throw new AssertionError("Nobody came");
        }
        return visit;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
