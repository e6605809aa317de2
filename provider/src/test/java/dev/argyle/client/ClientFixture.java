// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.argyle.Configuration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of the client have in common: servers, and what is closed in the end. */
@Timeout(60)
abstract class ClientFixture {
    static final InetSocketAddress NAME = InetSocketAddress.createUnresolved("inside.argyle.test", 80);
    static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.7", 81);
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(200);

    /** Ends in a test too, but not before the server has read the request, also where a thread has to wait for its turn. */
    static final Duration AMPLE = Duration.ofSeconds(3);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    ScriptedServer playing(ScriptedServer.Script script) throws IOException {
        return opened(ScriptedServer.playing(script));
    }

    ScriptedServer replying(String... octets) throws IOException {
        return opened(ScriptedServer.replying(octets));
    }

    ScriptedServer failing(int rep) throws IOException {
        return opened(ScriptedServer.failing(rep));
    }

    ScriptedServer silent() throws IOException {
        return playing(ScriptedServer::silence);
    }

    /** A port at which nothing listens, and which nobody else can get. */
    int closedPort() throws IOException {
        Socket holder = opened(new Socket());
        holder.bind(new InetSocketAddress("127.0.0.1", 0));
        return holder.getLocalPort();
    }

    static Socks5Client at(ScriptedServer server) {
        return Socks5Client.at(server.url());
    }

    static Socks5Client of(String more, ScriptedServer... servers) {
        StringBuilder argument = new StringBuilder("bypass=none,").append(more).append("proxy=");
        for (ScriptedServer server : servers) {
            argument.append(server.url()).append(',');
        }
        argument.setLength(argument.length() - 1);
        return Socks5Client.of(Configuration.of(argument.toString()));
    }

    static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(42);
        assertThat(socket.getInputStream().read()).isEqualTo(42);
    }

    /** What a call fails by, which must be of this very type. */
    static Socks5Exception failure(Class<? extends IOException> type, ThrowingCallable call) {
        IOException thrown = catchThrowableOfType(type, call);
        assertThat(thrown).isExactlyInstanceOf(type);
        Socks5Exception failure = Socks5Exception.of(thrown);
        assertThat(failure).isNotNull().isSameAs(thrown.getCause());
        return failure;
    }

    static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 50, new InetSocketAddress("127.0.0.1", 0).getAddress());
    }
}
