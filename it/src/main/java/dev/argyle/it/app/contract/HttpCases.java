// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    /** A server of the program's own; each of its contexts notes the visitor. */
    private static final class Site {
        private final HttpServer server;
        private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
        private final CountDownLatch ended = new CountDownLatch(1);

        Site(Scene scene, HttpServer server) throws IOException {
            this.server = server;
            ExecutorService executor = Executors.newCachedThreadPool(runnable -> {
                Thread thread = new Thread(runnable, "http");
                thread.setDaemon(true);
                return thread;
            });
            server.setExecutor(executor);
            server.createContext("/", exchange -> {
                connections.add(exchange.getRemoteAddress());
                scene.visited(exchange.getRemoteAddress().getAddress());
                serve(exchange);
            });
            server.bind(new InetSocketAddress(scene.world().address(), scene.ownPort()), 10);
            server.start();
            scene.closing(() -> {
                ended.countDown();
                server.stop(0);
                executor.shutdownNow();
            });
        }

        private void serve(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/slow")) {
                try {
                    ended.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] sent = exchange.getRequestBody().readAllBytes();
            byte[] body = (exchange.getRequestMethod() + " " + path + " " + sent.length).getBytes(US_ASCII);
            exchange.sendResponseHeaders(path.equals("/missing") ? 404 : 200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }

        int port() {
            return server.getAddress().getPort();
        }
    }

    private static Site site(Scene scene) throws IOException {
        return new Site(scene, HttpServer.create());
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
        HttpURLConnection connection = open(scene.host(), site(scene).port(), "/page");
        scene.say(fetch(connection));
        scene.say("proxy used", connection.usingProxy());
    }

    private static void getByName(Scene scene) throws Exception {
        scene.say(fetch(open(scene.world().word("name"), site(scene).port(), "/page")));
    }

    private static void noProxy(Scene scene) throws Exception {
        URL url = new URL("http", scene.host(), site(scene).port(), "/direct");
        scene.say(fetch((HttpURLConnection) url.openConnection(Proxy.NO_PROXY)));
    }

    private static void post(Scene scene) throws Exception {
        Site site = site(scene);
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
        Site site = site(scene);
        for (int i = 0; i < 4; i++) {
            scene.say(fetch(open(scene.host(), site.port(), "/" + i)));
        }
        scene.say("connections", site.connections.size());
    }

    private static void notFound(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), site(scene).port(), "/missing");
        scene.say(fetch(connection));
        scene.of("input", connection::getInputStream);
    }

    private static void refused(Scene scene) {
        scene.of("get", () -> fetch(open(scene.host(), scene.port("refused"), "/")));
    }

    private static void connectTimeout(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), scene.port("stalled"), "/");
        connection.setConnectTimeout(300);
        scene.timed("get", 300, 4_000, () -> fetch(connection));
    }

    private static void readTimeout(Scene scene) throws Exception {
        HttpURLConnection connection = open(scene.host(), site(scene).port(), "/slow");
        connection.setReadTimeout(300);
        scene.timed("get", 300, 4_000, () -> fetch(connection));
    }

    private static void https(Scene scene) throws Exception {
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(new HttpsConfigurator(TlsCases.context(scene.world())));
        int port = new Site(scene, server).port();
        for (String host : new String[] {scene.host(), scene.world().word("name")}) {
            HttpsURLConnection connection = (HttpsURLConnection) new URL("https", host, port, "/safe").openConnection();
            connection.setSSLSocketFactory(TlsCases.context(scene.world()).getSocketFactory());
            scene.say(fetch(connection));
        }
    }
}
