// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.argyle.Configuration;
import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Connection;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Server;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** What the tests of a call need: a server, a client of it, and targets that tell who has come past it. */
abstract class Page {
    /** Longer than anything that is not to fail takes. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(300);

    /** A name that the server alone knows. */
    static final String NAME = "db.inside.test";

    @TempDir
    Path folder;

    Targets targets;
    ScriptedServer server;
    Socks5Client client;

    @BeforeEach
    final void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.builder()
                .name(NAME, new InetSocketAddress(targets.address(), 0))
                .start();
        client = Socks5Client.at(url(server.address()));
    }

    @AfterEach
    final void stop() throws Exception {
        server.close();
        assertThat(targets.directVisitors()).as("visitors past the server").isEmpty();
        targets.close();
    }

    static String url(InetSocketAddress address) {
        return "socks5h://" + of(address);
    }

    /** A server as calls name it. */
    static Socks5Server of(InetSocketAddress address) {
        return new Socks5Server(address.getAddress().getHostAddress(), address.getPort());
    }

    /** A client of the servers that the records of a socks5c.conf choose, with nothing direct that these do not have. */
    final Socks5Client routing(String... records) throws IOException {
        Path file = Files.write(folder.resolve("socks5c.conf"), List.of(records));
        return Socks5Client.of(Configuration.of("routes=" + file + ",bypass=none,names.reverse=off"));
    }

    /** The codes that a server's reply stands for: REP, code, and the type of the exception. */
    static Stream<Arguments> codes() {
        return Stream.of(
                arguments(1, S5.S5_ESRVFAIL, SocketException.class),
                arguments(2, S5.S5_EPERM, ConnectException.class),
                arguments(3, S5.S5_ENETUNREACH, NoRouteToHostException.class),
                arguments(4, S5.S5_EHOSTUNREACH, NoRouteToHostException.class),
                arguments(5, S5.S5_ECONNREFUSED, ConnectException.class),
                arguments(6, S5.S5_ETIMEDOUT, ConnectException.class),
                arguments(7, S5.S5_EOPNOTSUPP, SocketException.class),
                arguments(8, S5.S5_EAFNOSUPPORT, SocketException.class));
    }

    /** The replies that neither the page nor the RFC knows, which are failures all the same. */
    static IntStream unknownReplies() {
        return IntStream.rangeClosed(0x09, 0xFF);
    }

    /** What a call failed by; what it throws is of exactly this type. */
    static Socks5Exception failure(Class<? extends IOException> type, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isExactlyInstanceOf(type);
        return Objects.requireNonNull(Socks5Exception.of(thrown), thrown::toString);
    }

    /** What a call does that may take so long. */
    interface Timed {
        void call(Duration timeout) throws IOException;
    }

    /**
     * What a call failed by whose time was over when it had got as far with a silent server as a condition says: on a
     * loaded machine the first times may be over sooner.
     */
    final Socks5Exception timedOut(Predicate<Exchange> condition, Timed call) {
        for (Duration timeout = SHORT; ; timeout = timeout.multipliedBy(2)) {
            Duration given = timeout;
            int before = server.exchanges().size();
            Socks5Exception failure = failure(SocketTimeoutException.class, () -> call.call(given));
            List<Exchange> all = server.exchanges();
            if (all.size() > before && condition.test(all.get(before)) || given.compareTo(PATIENCE) > 0) {
                return failure;
            }
        }
    }

    /** Says something and reads as much. */
    static void assertEchoes(Socks5Connection connection) throws IOException {
        Socket socket = connection.socket();
        socket.getOutputStream().write("ping".getBytes(US_ASCII));
        assertThat(socket.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("ping");
    }
}
