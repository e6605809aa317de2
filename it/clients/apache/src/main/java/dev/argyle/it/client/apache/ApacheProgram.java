// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.apache;

import dev.argyle.it.client.Requests;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.FutureCallback;

/**
 * Gets pages at once with the default client.
 *
 * <p>Arguments: URLs. Prints status and body of each.
 */
public final class ApacheProgram {
    private ApacheProgram() {}

    public static void main(String[] urls) throws IOException, InterruptedException {
        try (CloseableHttpAsyncClient client = HttpAsyncClients.createDefault()) {
            client.start();
            Requests.send(urls, url -> get(client, url));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback completes one that can be shared
    private static CompletableFuture<String> get(CloseableHttpAsyncClient client, URI url) {
        SimpleHttpRequest request = SimpleRequestBuilder.get(url).build();
        CompletableFuture<String> answer = new CompletableFuture<>();
        client.execute(request, new FutureCallback<>() {
            @Override
            public void completed(SimpleHttpResponse response) {
                answer.complete(response.getCode() + " " + response.getBodyText());
            }

            @Override
            public void failed(Exception failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void cancelled() {
                answer.completeExceptionally(new CancellationException());
            }
        });
        return answer;
    }
}
