// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * What many programs do: gets a web page with either of the JDK's clients, speaks TLS with a server whose certificate it
 * checks, uses plain sockets and Netty's channels, and asks a DNS server.
 *
 * <p>Arguments: any number of {@code http://host/path} for an HttpURLConnection, {@code httpclient://host/path} for an
 * HttpClient, {@code tls://host:port}, {@code tcp://host:port}, {@code netty://host:port} and {@code
 * dns://server:port/name} for the address of a name. It prints a line for each: {@code answer} with the first line that the
 * other side sent, or {@code failed} with the exception. Of all but the web and DNS it expects that the other side sends
 * back what it gets. It ends with status 0 if all were answered, else 1.
 */
public final class DemoProgram {
    private static final int TIMEOUT_MILLIS = 10_000;

    private DemoProgram() {}

    /** Opens one connection after the other. */
    public static void main(String[] args) throws InterruptedException {
        boolean allAnswered = true;
        for (String arg : args) {
            try {
                System.out.println("answer " + open(URI.create(arg)));
            } catch (IOException | NamingException e) {
                System.out.println("failed " + e);
                allAnswered = false;
            }
        }
        System.exit(allAnswered ? 0 : 1);
    }

    private static String open(URI what) throws IOException, InterruptedException, NamingException {
        return switch (what.getScheme()) {
            case "http" -> web(what.toURL());
            case "httpclient" -> web(URI.create("http://" + what.getHost() + what.getPath()));
            case "tls" -> tls(what.getHost(), what.getPort());
            case "tcp" -> tcp(what.getHost(), what.getPort());
            case "netty" -> NettyOnce.say(what.getHost(), what.getPort(), "hello, " + what.getHost(), TIMEOUT_MILLIS);
            case "dns" -> ask(what);
            default -> throw new IllegalArgumentException(what.toString());
        };
    }

    private static String web(URL url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
            return connection.getResponseCode() + " " + in.readLine();
        } finally {
            connection.disconnect();
        }
    }

    private static String web(URI page) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofMillis(TIMEOUT_MILLIS))
                .build();
        HttpRequest request = HttpRequest.newBuilder(page)
                .timeout(Duration.ofMillis(TIMEOUT_MILLIS))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().lines().findFirst().orElse("");
    }

    private static String tls(String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(host, port)) {
            // the certificate must be for this host, as with https
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return say(socket, "hello, " + host);
        }
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static String tcp(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return say(socket, "hello, " + host);
        }
    }

    private static String say(Socket socket, String line) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        return in.readLine();
    }

    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // of a server of the user's own; JNDI takes a Hashtable
    private static String ask(URI what) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://" + what.getAuthority() + "/");
        environment.put("com.sun.jndi.dns.timeout.initial", Integer.toString(TIMEOUT_MILLIS));
        String name = what.getPath().substring(1);
        DirContext context = new InitialDirContext(environment);
        try {
            return name + " "
                    + context.getAttributes(name, new String[] {"A"}).get("A").get();
        } finally {
            context.close();
        }
    }
}
