// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server of the program's own, which notes its visitors. */
final class Site {
    private final HttpServer server;
    private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);

    Site(Scene scene) throws IOException {
        this(scene, HttpServer.create());
    }

    private Site(Scene scene, HttpServer server) throws IOException {
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

    /** The same over TLS. */
    static Site secure(Scene scene) throws Exception {
        HttpsServer server = HttpsServer.create();
        server.setHttpsConfigurator(new HttpsConfigurator(TlsCases.context(scene.world())));
        return new Site(scene, server);
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

    /** How many connections have brought requests. */
    int connections() {
        return connections.size();
    }
}
