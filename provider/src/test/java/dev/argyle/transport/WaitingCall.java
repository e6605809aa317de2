// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A call in a thread of its own, which waits, or has ended. */
final class WaitingCall<T> {
    private static final int PATIENCE_SECONDS = 10;

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    /** What is called. */
    interface Call<T> {
        T run() throws IOException;
    }

    private WaitingCall(Call<T> call) {
        thread = new Thread(() -> {
            try {
                result.complete(call.run());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
    }

    static <T> WaitingCall<T> of(Call<T> call) {
        WaitingCall<T> waiting = new WaitingCall<>(call);
        waiting.thread.start();
        ServerFixture.await().until(() -> waiting.result.isDone() || waiting.thread.getState() == Thread.State.WAITING);
        return waiting;
    }

    void interrupt() {
        thread.interrupt();
    }

    T result() throws Exception {
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What the call has failed by. */
    Throwable failure() throws Exception {
        try {
            result();
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("no failure");
    }
}
