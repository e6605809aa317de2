// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/**
 * Gets a URL through {@link HttpURLConnection} and says how it went.
 *
 * <p>Argument: {@code url}. Prints {@code <status> <body length in bytes>}, or the exception's class and
 * message. The program always ends with status 0.
 */
public final class HttpOnce {
    private HttpOnce() {}

    /** Runs the request. */
    public static void main(String[] args) {
        try {
            HttpURLConnection connection = (HttpURLConnection) new URL(args[0]).openConnection();
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                System.out.println(status + " " + (body == null ? 0 : body.readAllBytes().length));
            }
        } catch (IOException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }
}
