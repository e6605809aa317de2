// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

/** HttpURLConnection, which makes its sockets with NO_PROXY and so past the JDK's own SOCKS client. */
final class HttpCases {
    private HttpCases() {}

    static void addTo(Cases cases) {
        cases.add("HTTP GET", HttpCases::get);
        cases.add("HTTP GET by name", HttpCases::getByName);
        cases.add("HTTP GET with NO_PROXY", HttpCases::noProxy);
        cases.add("HTTP POST", HttpCases::post);
        cases.add("HTTP keep-alive", HttpCases::keepAlive);
        cases.add("HTTP not found", HttpCases::notFound);
        cases.add("HTTP refused", HttpCases::refused);
        cases.addPending("HTTP connect timeout", HttpCases::connectTimeout);
        cases.add("HTTP read timeout", HttpCases::readTimeout);
        cases.add("HTTPS GET", HttpCases::https);
    }

    private static HttpURLConnection open(String host, int port, String path) throws IOException {
        return (HttpURLConnection) new URL("http", host, port, path).openConnection();
    }

    private static String fetch(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return status + " " + new String(in.readAllBytes(), US_ASCII);
        }
    }

    private static void get(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), new Site(scene).port(), "/page");
        scene.say(fetch(connection));
        scene.say("proxy used", connection.usingProxy());
    }

    private static void getByName(Scene scene) throws Exception {
        scene.say(fetch(open(scene.world().word("name"), new Site(scene).port(), "/page")));
    }

    private static void noProxy(Scene scene) throws Exception {
        URL url = new URL("http", scene.host(), new Site(scene).port(), "/direct");
        scene.say(fetch((HttpURLConnection) url.openConnection(Proxy.NO_PROXY)));
    }

    private static void post(Scene scene) throws Exception {
        Site site = new Site(scene);
        for (int mode = 0; mode < 3; mode++) {
            HttpURLConnection connection = open(scene.host(), site.port(), "/post");
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            if (mode == 1) {
                connection.setFixedLengthStreamingMode(100_000);
            } else if (mode == 2) {
                connection.setChunkedStreamingMode(1_000);
            }
            try (OutputStream out = connection.getOutputStream()) {
                out.write(new byte[100_000]);
            }
            scene.say(fetch(connection));
        }
    }

    private static void keepAlive(Scene scene) throws Exception {
        Site site = new Site(scene);
        for (int i = 0; i < 4; i++) {
            scene.say(fetch(open(scene.host(), site.port(), "/" + i)));
        }
        scene.say("connections", site.connections());
    }

    private static void notFound(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), new Site(scene).port(), "/missing");
        scene.say(fetch(connection));
        scene.of("input", connection::getInputStream);
    }

    private static void refused(Scene scene) {
        scene.of("get", () -> fetch(open(scene.host(), scene.port("refused"), "/")));
    }

    private static void connectTimeout(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), scene.port("stalled"), "/");
        connection.setConnectTimeout(300);
        scene.timed("get", 300, () -> fetch(connection));
    }

    private static void readTimeout(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), new Site(scene).port(), "/slow");
        connection.setReadTimeout(300);
        scene.timed("get", 300, () -> fetch(connection));
    }

    private static void https(Scene scene) throws Exception {
        int port = Site.secure(scene).port();
        for (String host : new String[] {scene.host(), scene.world().word("name")}) {
            HttpsURLConnection connection = (HttpsURLConnection) new URL("https", host, port, "/safe").openConnection();
            connection.setSSLSocketFactory(TlsCases.context(scene.world()).getSocketFactory());
            scene.say(fetch(connection));
        }
    }
}
