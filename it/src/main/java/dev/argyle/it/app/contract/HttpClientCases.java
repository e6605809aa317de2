// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** java.net.http.HttpClient, all of whose connections are non-blocking channels. */
final class HttpClientCases {
    private static final int AT_ONCE = 20;

    private HttpClientCases() {}

    static void addTo(Cases cases) {
        cases.add("HttpClient GET", HttpClientCases::get);
        cases.add("HttpClient GET by name", HttpClientCases::getByName);
        cases.add("HttpClient POST", HttpClientCases::post);
        cases.add("HttpClient keep-alive", HttpClientCases::keepAlive);
        cases.add("HttpClient with 20 requests at once", HttpClientCases::atOnce);
        cases.add("HttpClient refused", HttpClientCases::refused);
        cases.add("HttpClient refused, asynchronously", HttpClientCases::refusedAsynchronously);
        cases.addPending("HttpClient connect timeout", HttpClientCases::connectTimeout);
        cases.addPending("HttpClient request timeout while connecting", HttpClientCases::requestTimeout);
        cases.addPending("HttpClient interrupted while connecting", HttpClientCases::interrupted);
        cases.add("HttpClient request timeout", HttpClientCases::slow);
        cases.add("HttpClient over TLS", HttpClientCases::https);
    }

    private static HttpRequest.Builder request(String host, int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path));
    }

    private static String send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        return said(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static String said(HttpResponse<String> response) {
        return response.statusCode() + " " + response.version() + " " + response.body();
    }

    private static void get(Scene scene) throws Exception {
        int port = new Site(scene).port();
        scene.say(send(
                HttpClient.newHttpClient(), request(scene.host(), port, "/page").build()));
        HttpClient old =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        scene.say(send(old, request(scene.host(), port, "/missing").build()));
    }

    private static void getByName(Scene scene) throws Exception {
        int port = new Site(scene).port();
        scene.say(send(
                HttpClient.newHttpClient(),
                request(scene.world().word("name"), port, "/page").build()));
    }

    private static void post(Scene scene) throws Exception {
        HttpRequest post = request(scene.host(), new Site(scene).port(), "/post")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[500_000]))
                .build();
        scene.say(send(HttpClient.newHttpClient(), post));
    }

    private static void keepAlive(Scene scene) throws Exception {
        Site site = new Site(scene);
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 4; i++) {
            scene.say(send(client, request(scene.host(), site.port(), "/" + i).build()));
        }
        scene.say("connections", site.connections());
    }

    private static void atOnce(Scene scene) throws Exception {
        Site site = new Site(scene);
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            HttpRequest request = request(scene.host(), site.port(), "/" + i).build();
            responses.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }
        int right = 0;
        for (int i = 0; i < AT_ONCE; i++) {
            String body = responses.get(i).get(15, TimeUnit.SECONDS).body();
            right += body.equals("GET /" + i + " 0") ? 1 : 0;
        }
        scene.say("right", right);
    }

    private static void refused(Scene scene) {
        HttpRequest request = request(scene.host(), scene.port("refused"), "/").build();
        HttpClient plain = HttpClient.newHttpClient();
        HttpClient timed =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        for (HttpClient client : List.of(plain, timed)) {
            scene.of("get", () -> send(client, request));
            scene.of("cause", () -> causeOf(client, request));
        }
    }

    private static @Nullable Object causeOf(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return send(client, request);
        } catch (IOException e) {
            return e.getCause();
        }
    }

    private static void refusedAsynchronously(Scene scene) throws Exception {
        HttpRequest request = request(scene.host(), scene.port("refused"), "/").build();
        try {
            HttpClient.newHttpClient()
                    .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .get(10, TimeUnit.SECONDS);
            scene.say("answered");
        } catch (ExecutionException e) {
            scene.say("failed", e.getCause());
        }
    }

    private static HttpRequest toStalled(Scene scene) {
        return request(scene.host(), scene.port("stalled"), "/").build();
    }

    private static void connectTimeout(Scene scene) {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofMillis(400)).build();
        scene.timed("get", 400, () -> send(client, toStalled(scene)));
        scene.of("cause", () -> causeOf(client, toStalled(scene)));
    }

    private static void requestTimeout(Scene scene) {
        HttpRequest request = request(scene.host(), scene.port("stalled"), "/")
                .timeout(Duration.ofMillis(400))
                .build();
        scene.timed("get", 400, () -> send(HttpClient.newHttpClient(), request));
    }

    private static void interrupted(Scene scene) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Background get = Background.platform("get", () -> send(client, toStalled(scene)));
        get.awaitBlockedIn("send");
        get.thread().interrupt();
        Object outcome = get.outcome();
        scene.say("get", outcome instanceof Throwable thrown ? thrown.getClass().getName() : outcome);
    }

    private static void slow(Scene scene) throws Exception {
        HttpRequest request = request(scene.host(), new Site(scene).port(), "/slow")
                // in which it connects
                .timeout(Duration.ofSeconds(2))
                .build();
        scene.of("get", () -> {
            try {
                return send(HttpClient.newHttpClient(), request);
            } catch (HttpTimeoutException e) {
                return e.getClass().getSimpleName() + " " + e.getMessage();
            }
        });
    }

    private static void https(Scene scene) throws Exception {
        int port = Site.secure(scene).port();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TlsCases.context(scene.world()))
                .build();
        for (String host : new String[] {scene.host(), scene.world().word("name")}) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + host + ":" + port + "/safe"))
                    .build();
            scene.say(send(client, request));
        }
    }
}
