// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The services that programs under test connect to, each on an ephemeral port of one address, with their visitors.
 *
 * <p>Each method that starts a service returns its port. Safe for use by several threads.
 */
public final class Targets implements AutoCloseable {
    private static final int BUFFER_OCTETS = 64 * 1024;

    private final InetAddress address;
    private final InetAddress proxied;
    private final Relay relay;
    private final Visitor visitor;
    private final Map<Integer, Target> targets = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private final List<Path> directories = new ArrayList<>();

    private Targets(InetAddress address, InetAddress proxied) throws IOException {
        this.address = address;
        this.proxied = proxied;
        relay = Relay.start("targets relay");
        visitor = new Visitor(address, relay);
    }

    /** Targets at 127.0.0.2, whose visitors through the server come from {@link ScriptedServer#OUTBOUND}. */
    public static Targets start() throws IOException {
        return at(ScriptedServer.loopback(2), ScriptedServer.OUTBOUND);
    }

    /** Targets at an address, whose visitors through the server come from another. */
    public static Targets at(InetAddress address, InetAddress proxied) throws IOException {
        return new Targets(address, proxied);
    }

    /** Sends back what it gets, until the end of the stream. */
    public int echo() throws IOException {
        return serve("echo", client -> relay.echo(client, new Tally()));
    }

    /** Sends a line, then what it gets. */
    public int speaksFirst(String line) throws IOException {
        return serve("speaks first", client -> {
            write(client, line + "\n");
            relay.echo(client, new Tally());
        });
    }

    /** Accepts, then neither reads nor writes. */
    public int silent() throws IOException {
        return serve("silent", client -> new Gate().pass());
    }

    /** Closes as soon as it has accepted. */
    public int closer() throws IOException {
        return serve("closer", SocketChannel::close);
    }

    /** Resets after the first octet that it gets. */
    public int resetter() throws IOException {
        return serve("resetter", client -> {
            client.read(ByteBuffer.allocate(1));
            Relay.reset(client);
        });
    }

    /** Reads all and forgets it, then closes. */
    public int discard() throws IOException {
        return serve("discard", client -> {
            count(client);
            client.close();
        });
    }

    /** Reads to the end of the stream, then answers with the decimal number of octets and closes. */
    public int halfCloser() throws IOException {
        return serve("half closer", client -> {
            write(client, Long.toString(count(client)));
            client.close();
        });
    }

    /** Sends zeros until the visitor closes. */
    public int source() throws IOException {
        return serve("source", client -> {
            ByteBuffer zeros = ByteBuffer.allocateDirect(BUFFER_OCTETS);
            while (true) {
                client.write(zeros.clear());
            }
        });
    }

    /**
     * Connects where it is told to, from this address and any port: to a program that listens.
     *
     * <p>The program says {@code host:port} and a line feed, and is answered with a line like that, where it is visited
     * from. Then what it says is what the visitor says, and what the visitor hears comes back: ends and resets, too. If
     * nobody listens there, its connection is closed.
     */
    public int visit() throws IOException {
        return serve("visit", visitor::serve);
    }

    /** Connects from this address to somebody who listens, and sends back what it gets; tells from which port. */
    public InetSocketAddress visit(InetSocketAddress listening) throws IOException {
        return visitor.visit(listening);
    }

    /** A port at which nothing listens, and which nobody else can get. */
    public int refused() throws IOException {
        ClosedPort closed = ClosedPort.at(address);
        return add(new Target(closed.address(), closed, new Waiting<>()));
    }

    /** A port whose connections are never completed, as behind a firewall that drops: its backlog is full (Linux). */
    public int full() throws IOException {
        FullBacklog full = FullBacklog.at(address);
        return add(new Target(full.address(), full, new Waiting<>()));
    }

    /** Sends each datagram back. */
    public int datagramEcho() throws IOException {
        return receive("echo", (datagram, from, socket, other) -> socket.send(datagram, from));
    }

    /** Sends each datagram back from another port than it came to. */
    public int datagramEchoFromAnotherPort() throws IOException {
        return receive("echo from another port", (datagram, from, socket, other) -> other.send(datagram, from));
    }

    /** Sends each datagram back so many times. */
    public int datagramFlood(int times) throws IOException {
        return receive("flood", (datagram, from, socket, other) -> {
            for (int i = 0; i < times; i++) {
                socket.send(datagram.rewind(), from);
            }
        });
    }

    /** Receives datagrams and never answers. */
    public int datagramSilent() throws IOException {
        return receive("silent", (datagram, from, socket, other) -> {
            // counted already
        });
    }

    /** Answers DNS queries by UDP; it knows these addresses by names in lower case. */
    public int dns(Map<String, InetAddress> addresses) throws IOException {
        DnsAnswers answers = new DnsAnswers(addresses);
        return receive("dns", (datagram, from, socket, other) -> {
            if (answers.answer(datagram)) {
                socket.send(datagram, from);
            }
        });
    }

    /** How many datagrams have come to a service, from whomever. */
    public long datagrams(int port) {
        if (target(port).service() instanceof DatagramTarget receiver) {
            return receiver.received();
        }
        throw new IllegalArgumentException("no datagrams come to port " + port);
    }

    /** A web server: answers with method, space, path, line feed and the request's body. */
    public int http() throws IOException {
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        WebTarget web = WebTarget.start(address, null, visitors);
        return add(new Target(web.address(), web, visitors));
    }

    /** The same through TLS, with a certificate for these names and addresses. */
    public Secure https(String... names) throws IOException, InterruptedException {
        TlsIdentity identity = TlsIdentity.make(directory(), names);
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        WebTarget web = WebTarget.start(address, identity, visitors);
        return new Secure(add(new Target(web.address(), web, visitors)), identity.trustStore());
    }

    /** Sends back through TLS what it gets, with a certificate for these names and addresses. */
    public Secure tlsEcho(String... names) throws IOException, InterruptedException {
        TlsIdentity identity = TlsIdentity.make(directory(), names);
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        TlsEcho echo = TlsEcho.start(address, identity, visitors);
        return new Secure(add(new Target(echo.address(), echo, visitors)), identity.trustStore());
    }

    /**
     * A service behind TLS.
     *
     * @param trustStore a PKCS12 file with its certificate, for {@code javax.net.ssl.trustStore}
     */
    public record Secure(int port, Path trustStore) {
        /** The password of the trust store, which guards nothing. */
        public String password() {
            return TlsIdentity.STORE_PASSWORD;
        }
    }

    /** The address and port of a service. */
    public InetSocketAddress address(int port) {
        return target(port).address();
    }

    public InetAddress address() {
        return address;
    }

    /**
     * Where the connections that a service has accepted came from, in order; for datagrams each address and port once.
     */
    public List<InetSocketAddress> visitors(int port) {
        return target(port).visitors();
    }

    /**
     * Waits for so many visitors of a service, and returns all.
     *
     * @throws AssertionError if they do not come in {@value Waiting#PATIENCE_SECONDS} seconds
     */
    public List<InetSocketAddress> awaitVisitors(int port, int count) throws InterruptedException {
        return target(port).awaitVisitors(count);
    }

    /** Where the visitors of all services came from. */
    public List<InetSocketAddress> allVisitors() {
        return targets.values().stream()
                .flatMap(target -> target.visitors().stream())
                .toList();
    }

    /** The visitors of all services that did not come from the server. */
    public List<InetSocketAddress> directVisitors() {
        return allVisitors().stream()
                .filter(visitor -> !visitor.getAddress().equals(proxied))
                .toList();
    }

    private Target target(int port) {
        Target target = targets.get(port);
        if (target == null) {
            throw new IllegalArgumentException("no target at port " + port);
        }
        return target;
    }

    /** What a service does with a visitor. */
    private interface Service {
        void serve(SocketChannel client) throws IOException, InterruptedException;
    }

    private int serve(String name, Service service) throws IOException {
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        Listener listener = Listener.start("target " + name, new InetSocketAddress(address, 0), client -> {
            visitors.add((InetSocketAddress) client.getRemoteAddress());
            return () -> service.serve(client);
        });
        return add(new Target(listener.address(), listener, visitors));
    }

    private int receive(String name, DatagramTarget.Service service) throws IOException {
        Waiting<InetSocketAddress> visitors = new Waiting<>();
        DatagramTarget receiver = DatagramTarget.start("target " + name, address, service, visitors);
        return add(new Target(receiver.address(), receiver, visitors));
    }

    private int add(Target target) {
        targets.put(target.address().getPort(), target);
        return target.address().getPort();
    }

    private synchronized Path directory() throws IOException {
        Path directory = Files.createTempDirectory("argyle-targets");
        directories.add(directory);
        return directory;
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (octets.hasRemaining()) {
            client.write(octets);
        }
    }

    private static long count(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
        long total = 0;
        for (int count = client.read(buffer); count >= 0; count = client.read(buffer.clear())) {
            total += count;
        }
        return total;
    }

    /** Ends all services and deletes their files. */
    @Override
    public void close() throws Exception {
        for (Target target : targets.values()) {
            target.service().close();
        }
        relay.close();
        synchronized (this) {
            for (Path directory : directories) {
                try (Stream<Path> files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        }
    }
}
