// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/** What the programs have in common: requests that are sent at once, and a line for what became of each. */
public final class Requests {
    private Requests() {}

    /**
     * Sends all requests, then waits for each in turn and prints its answer, or {@code failed} with the classes of the
     * exception and of its causes.
     */
    public static void send(String[] uris, Function<URI, CompletableFuture<String>> client)
            throws InterruptedException {
        List<CompletableFuture<String>> answers =
                Arrays.stream(uris).map(URI::create).map(client).toList();
        for (Future<String> answer : answers) {
            System.out.println(line(answer));
        }
    }

    private static String line(Future<String> answer) throws InterruptedException {
        try {
            return answer.get().strip();
        } catch (ExecutionException e) {
            StringBuilder line = new StringBuilder("failed");
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                line.append(' ').append(cause.getClass().getName());
            }
            return line.toString();
        }
    }
}
