// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A web server that answers each request with its method, a space, its path, a line feed and its body.
 *
 * <p>A visitor is a connection that has sent a request.
 */
final class WebTarget implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Waiting<InetSocketAddress> visitors;
    private final Set<InetSocketAddress> seen = ConcurrentHashMap.newKeySet();

    private WebTarget(HttpServer server, Waiting<InetSocketAddress> visitors) {
        this.server = server;
        this.visitors = visitors;
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "web target");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /** Starts a server, through TLS if there is an identity for it. */
    static WebTarget start(InetAddress at, @Nullable TlsIdentity identity, Waiting<InetSocketAddress> visitors)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(at, 0);
        HttpServer server;
        if (identity == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
            server = secure;
        }
        WebTarget target = new WebTarget(server, visitors);
        server.start();
        return target;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (seen.add(exchange.getRemoteAddress())) {
            visitors.add(exchange.getRemoteAddress());
        }
        try (exchange) {
            byte[] line = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n").getBytes(UTF_8);
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(OK, line.length + body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(line);
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
