// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.kwik;

import dev.argyle.it.client.Requests;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicStream;

/**
 * Speaks QUIC with servers that send back what they get, each time over a connection of its own.
 *
 * <p>Arguments: URIs {@code udp://host:port/octets}. Prints how many octets have come back as they went. A server with a
 * name has to have its certificate.
 */
public final class KwikProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private KwikProgram() {}

    public static void main(String[] uris) throws InterruptedException {
        Requests.send(uris, uri -> CompletableFuture.supplyAsync(() -> echo(uri)));
    }

    private static String echo(URI uri) {
        byte[] octets = new byte[Integer.parseInt(uri.getPath().substring(1))];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (i * 31 >> 4);
        }
        try {
            QuicClientConnection.Builder builder = QuicClientConnection.newBuilder()
                    .uri(uri)
                    .applicationProtocol("echo")
                    .connectTimeout(TIMEOUT);
            if (uri.getHost().matches("[0-9.]+")) {
                // the addresses of a certificate are nothing to it
                builder.noServerCertificateCheck();
            }
            QuicClientConnection connection = builder.build();
            connection.connect();
            try {
                QuicStream stream = connection.createStream(true);
                try (OutputStream out = stream.getOutputStream()) {
                    out.write(octets);
                }
                byte[] echoed = stream.getInputStream().readAllBytes();
                if (!Arrays.equals(octets, echoed)) {
                    throw new EOFException(echoed.length + " octets came back (expected: " + octets.length + ")");
                }
                return Integer.toString(echoed.length);
            } finally {
                connection.closeAndWait();
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
