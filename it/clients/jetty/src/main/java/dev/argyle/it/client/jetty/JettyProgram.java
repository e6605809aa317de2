// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.jetty;

import dev.argyle.it.client.Requests;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.HttpClient;

/**
 * Gets pages at once with the default client.
 *
 * <p>Arguments: URLs. Prints status and body of each.
 */
public final class JettyProgram {
    private JettyProgram() {}

    public static void main(String[] urls) throws Exception {
        HttpClient client = new HttpClient();
        client.start();
        try {
            Requests.send(urls, url -> get(client, url));
        } finally {
            client.stop();
        }
    }

    private static CompletableFuture<String> get(HttpClient client, URI url) {
        return new CompletableResponseListener(client.newRequest(url))
                .send()
                .thenApply(response -> response.getStatus() + " " + response.getContentAsString());
    }
}
