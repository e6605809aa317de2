// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Configuration;
import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Gets a URL with OkHttp, which takes a socket factory, and its look-up of names too.
 *
 * <p>Arguments: {@code configuration url}. Prints {@code <status> <body>}, or the exception.
 */
public final class OkHttpByFactory {
    private OkHttpByFactory() {}

    /** Runs the request. */
    public static void main(String[] args) {
        Socks5SocketFactory sockets = new Socks5SocketFactory(Configuration.of(args[0]));
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(sockets)
                .dns(host -> List.of(sockets.addresses(host)))
                .build();
        try (Response response =
                client.newCall(new Request.Builder().url(args[1]).build()).execute()) {
            System.out.println(response.code() + " " + response.body().string().strip());
        } catch (IOException e) {
            System.out.println(e);
        }
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
