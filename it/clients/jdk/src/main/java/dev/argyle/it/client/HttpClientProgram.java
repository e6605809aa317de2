// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sends requests at once with one {@link HttpClient}.
 *
 * <p>Arguments: the HTTP version, the connect timeout in milliseconds, and URLs. Of {@code http} and {@code https} it
 * prints the status, the version and the body; to {@code ws} and {@code wss} it says "hello", and prints what comes
 * back.
 */
public final class HttpClientProgram {
    private HttpClientProgram() {}

    public static void main(String[] args) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.valueOf(args[0]))
                .connectTimeout(Duration.ofMillis(Long.parseLong(args[1])))
                .build();
        Requests.send(
                Arrays.copyOfRange(args, 2, args.length),
                uri -> uri.getScheme().startsWith("ws") ? talk(client, uri) : get(client, uri));
    }

    private static CompletableFuture<String> get(HttpClient client, URI uri) {
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() + " " + response.version() + " " + response.body());
    }

    private static CompletableFuture<String> talk(HttpClient client, URI uri) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        client.newWebSocketBuilder()
                .buildAsync(uri, new Listener(answer))
                .thenCompose(socket -> socket.sendText("hello", true))
                .exceptionally(failure -> {
                    answer.completeExceptionally(failure);
                    return null;
                });
        return answer;
    }

    private record Listener(CompletableFuture<String> answer) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return socket.sendClose(WebSocket.NORMAL_CLOSURE, "").thenRun(() -> answer.complete(data.toString()));
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            answer.completeExceptionally(error);
        }
    }
}
