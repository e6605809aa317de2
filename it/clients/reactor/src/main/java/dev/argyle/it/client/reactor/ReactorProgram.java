// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.reactor;

import dev.argyle.it.client.Requests;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import reactor.netty.http.client.HttpClient;

/**
 * Gets pages at once with the default client, which looks names up with the JDK and not with a DNS client of its own.
 *
 * <p>Arguments: URLs. Prints status and body of each.
 */
public final class ReactorProgram {
    private ReactorProgram() {}

    public static void main(String[] urls) throws InterruptedException {
        HttpClient client = HttpClient.create().resolver(DefaultAddressResolverGroup.INSTANCE);
        Requests.send(urls, url -> get(client, url));
    }

    private static CompletableFuture<String> get(HttpClient client, URI url) {
        return client.get()
                .uri(url)
                .responseSingle((response, body) -> body.asString()
                        .defaultIfEmpty("")
                        .map(text -> response.status().code() + " " + text))
                .toFuture();
    }
}
