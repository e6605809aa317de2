// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.argyle.Configuration;
import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a routed socket says to servers, and what it makes of their ways. */
@Timeout(60)
class RoutedSocketTest {
    private static final InetSocketAddress INSIDE = InetSocketAddress.createUnresolved("inside.argyle.test", 80);

    private final List<SocksPeer> peers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (SocksPeer peer : peers) {
            peer.close();
        }
    }

    private SocksPeer peer(SocksPeer peer) {
        peers.add(peer);
        return peer;
    }

    private SocksPeer echo() throws IOException {
        return peer(SocksPeer.serving(SocksPeer::echo));
    }

    private SocksPeer silent() throws IOException {
        return peer(SocksPeer.playing(SocksPeer::silence));
    }

    private static SocketFactory factory(String more, SocksPeer... servers) {
        StringBuilder argument = new StringBuilder("bypass=none,").append(more).append("proxy=");
        for (SocksPeer server : servers) {
            argument.append(server.url()).append(',');
        }
        argument.setLength(argument.length() - 1);
        return new Socks5SocketFactory(Configuration.of(argument.toString()));
    }

    private static SocketFactory factory(SocksPeer... servers) {
        return factory("", servers);
    }

    private static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(42);
        assertThat(socket.getInputStream().read()).isEqualTo(42);
    }

    @Test
    void connect_name_isSentAsName() throws IOException {
        SocksPeer server = echo();

        try (Socket socket = factory(server).createSocket("inside.argyle.test", 80)) {
            assertEchoes(socket);
            assertThat(socket.getInetAddress().getHostName()).isEqualTo("inside.argyle.test");
            assertThat(socket.getPort()).isEqualTo(80);
        }
        assertThat(server.requests()).containsExactly("3 inside.argyle.test 80");
    }

    @Test
    void connect_unresolvedAddress_isSentAsName() throws IOException {
        SocksPeer server = echo();

        try (Socket socket = factory(server).createSocket()) {
            socket.connect(INSIDE, 10_000);

            assertEchoes(socket);
            assertThat(socket.isConnected()).isTrue();
        }
        assertThat(server.requests()).containsExactly("3 inside.argyle.test 80");
    }

    @Test
    void connect_address_isSentAsAddress() throws IOException {
        SocksPeer server = echo();

        try (Socket socket = factory(server).createSocket("192.0.2.7", 81)) {
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(new InetSocketAddress("192.0.2.7", 81));
        }
        try (Socket socket = factory(server).createSocket(InetAddress.getByName("2001:db8::7"), 82)) {
            assertThat(socket.getPort()).isEqualTo(82);
        }
        assertThat(server.requests()).containsExactly("1 192.0.2.7 81", "4 2001:db8:0:0:0:0:0:7 82");
    }

    @Test
    void connect_nameTooLong_isUnknown() throws IOException {
        SocketFactory factory = factory(echo());
        String name = "a".repeat(256);

        assertThatThrownBy(() -> factory.createSocket(name, 80)).isInstanceOf(UnknownHostException.class);
        try (Socket socket = factory.createSocket()) {
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved(name, 80)))
                    .isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void createSocket_unknownNameThatIsLookedUpHere_failsAsThePlatformDoes() {
        SocketFactory factory = new Socks5SocketFactory(Configuration.of("socks5://127.0.0.1:1"));
        String name = "not a host";

        Throwable plain = catchThrowable(() -> SocketFactory.getDefault().createSocket(name, 80));
        assertThatThrownBy(() -> factory.createSocket(name, 80))
                .isExactlyInstanceOf(UnknownHostException.class)
                .hasMessage(plain.getMessage());
    }

    @Test
    void connect_standInOfAnotherConfiguration_isRefused() throws IOException {
        SocksPeer server = echo();
        InetAddress foreign;
        try (Socket socket = factory(server).createSocket("inside.argyle.test", 80)) {
            foreign = InetAddress.getByAddress(socket.getInetAddress().getAddress());
        }
        SocketFactory other = factory(server);

        assertThatThrownBy(() -> other.createSocket(foreign, 80))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("not given out");
        assertThat(server.requests()).hasSize(1);
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                arguments("0501", SocketException.class, "SOCKS server failure"),
                arguments("0502", ConnectException.class, "Connection not allowed"),
                arguments("0503", NoRouteToHostException.class, "Network is unreachable"),
                arguments("0504", NoRouteToHostException.class, "No route to host"),
                arguments("0505", ConnectException.class, "Connection refused"),
                arguments("0507", SocketException.class, "Command not supported"),
                arguments("05FF", SocketException.class, "SOCKS server failure"),
                arguments("", ConnectException.class, "Connection refused"),
                arguments("HTTP", SocketException.class, "SOCKS server unusable"));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void connect_serverDoesNotConnect_throwsWhatApplicationsCatch(String reply, Class<?> type, String beginning)
            throws IOException {
        String octets = reply.equals("HTTP") ? "485454502f312e31" : reply.isEmpty() ? "" : reply + "000100000000 0000";
        SocketFactory factory = factory(peer(SocksPeer.replying(octets, visitor -> {})));
        Socket socket = factory.createSocket();

        Throwable failure = catchThrowable(() -> socket.connect(INSIDE));

        assertThat(failure).isExactlyInstanceOf(type).hasMessageStartingWith(beginning + ": inside.argyle.test:80: ");
        assertThat(socket.isConnected()).isFalse();
        assertThatThrownBy(() -> socket.connect(INSIDE)).isInstanceOf(SocketException.class);
        assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    }

    /** What a socket is after a connect has failed: closed or not, by the JDK's release. */
    @Test
    void connect_failed_leavesAsThePlatformDoes() throws IOException {
        SocketFactory routed = factory(peer(SocksPeer.replying("05050001000000000000", visitor -> {})));

        assertThat(afterFailure(routed)).isEqualTo(afterFailure(SocketFactory.getDefault()));
    }

    private List<String> afterFailure(SocketFactory factory) throws IOException {
        List<String> seen = new ArrayList<>();
        Socket socket = factory.createSocket();
        InetSocketAddress target = peer(SocksPeer.refusing()).address();
        seen.add(catchThrowable(() -> socket.connect(target)).getClass().toString());
        seen.add(socket.isClosed() + " " + socket.isConnected() + " " + socket.isBound() + " " + socket);
        seen.add(String.valueOf(catchThrowable(() -> socket.connect(target))));
        seen.add(String.valueOf(catchThrowable(() -> socket.setTcpNoDelay(true))));
        seen.add(String.valueOf(catchThrowable(socket::getTrafficClass)));
        seen.add(String.valueOf(catchThrowable(() -> socket.sendUrgentData(1))));
        seen.add(String.valueOf(catchThrowable(() -> socket.bind(null))));
        return seen;
    }

    @Test
    void connect_firstServerRefuses_theNextIsUsed() throws IOException {
        SocksPeer gone = peer(SocksPeer.refusing());
        SocksPeer second = echo();

        try (Socket socket = factory(gone, second).createSocket("inside.argyle.test", 80)) {
            assertEchoes(socket);
        }
        assertThat(second.requests()).hasSize(1);
    }

    @Test
    void connect_firstServerFails_theSocketStaysAsItWasMade() throws IOException {
        SocksPeer first = peer(SocksPeer.replying("05010001000000000000", visitor -> {}));
        SocksPeer second = echo();
        Socket socket = factory(first, second).createSocket();
        socket.setTcpNoDelay(true);
        socket.setSoLinger(true, 3);
        socket.setSoTimeout(4321);
        socket.setKeepAlive(true);
        socket.setOOBInline(true);
        socket.setTrafficClass(0x10);
        socket.setReceiveBufferSize(30_000);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        List<Object> before = options(socket);
        socket.bind(new InetSocketAddress("127.0.0.5", 0));
        int port = socket.getLocalPort();

        socket.connect(INSIDE);

        assertEchoes(socket);
        assertThat(options(socket)).isEqualTo(before);
        assertThat(socket.getLocalPort()).isEqualTo(port);
        assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getByName("127.0.0.5"));
        assertThat(first.visitorPorts()).containsExactly(port);
        assertThat(second.visitorPorts()).containsExactly(port);
        socket.close();
    }

    private static List<Object> options(Socket socket) throws IOException {
        return List.of(
                socket.getTcpNoDelay(),
                socket.getSoLinger(),
                socket.getSoTimeout(),
                socket.getKeepAlive(),
                socket.getOOBInline(),
                socket.getTrafficClass(),
                socket.getReceiveBufferSize(),
                socket.getSendBufferSize());
    }

    @Test
    void connect_buffersNotSet_stayTheKernels() throws IOException {
        SocksPeer first = peer(SocksPeer.replying("05010001000000000000", visitor -> {}));
        SocksPeer second = echo();

        try (Socket failedOver = factory(first, second).createSocket("inside.argyle.test", 80);
                Socket plain = new Socket("127.0.0.1", second.port())) {
            assertThat(failedOver.getSendBufferSize()).isEqualTo(plain.getSendBufferSize());
            assertThat(failedOver.getReceiveBufferSize()).isEqualTo(plain.getReceiveBufferSize());
        }
    }

    @Test
    void connect_firstServerIsSilent_theNextIsUsedAfterConnectTimeout() throws IOException {
        SocksPeer second = echo();

        try (Socket socket = factory("connect.timeout=3s,", silent(), second).createSocket("inside.argyle.test", 80)) {
            assertEchoes(socket);
        }
        assertThat(second.requests()).hasSize(1);
    }

    @Test
    void connect_noReply_endsAfterHandshakeTimeout() throws IOException {
        SocksPeer server = peer(SocksPeer.replying("", SocksPeer::silence));
        SocketFactory factory = factory("handshake.timeout=300ms,", server, echo());

        assertThatThrownBy(() -> factory.createSocket("inside.argyle.test", 80))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection timed out: inside.argyle.test:80")
                .hasMessageContaining("no reply to the request within 300 ms (handshake.timeout)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void connect_applicationsTimeout_endsEverything(int servers) throws IOException {
        SocksPeer[] silent = new SocksPeer[servers];
        for (int i = 0; i < servers; i++) {
            silent[i] = silent();
        }
        Socket socket = factory(silent).createSocket();
        long begin = System.nanoTime();

        assertThatThrownBy(() -> socket.connect(INSIDE, 400))
                .isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Connect timed out");

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(400), Duration.ofSeconds(20));
    }

    @Test
    void connect_readTimeoutOfTheApplication_isNotTheHandshakes() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        SocksPeer server = peer(SocksPeer.playing(visitor -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            visitor.getOutputStream().write(SocksPeer.hex("0500" + SocksPeer.SUCCESS));
            SocksPeer.silence(visitor);
        }));
        Socket socket = factory(server).createSocket();
        socket.setSoTimeout(1);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread connecting = new Thread(() -> end.set(catchThrowable(() -> socket.connect(INSIDE))));

        connecting.start();
        await().until(() -> server.visits() == 1);
        assertThat(socket.getSoTimeout()).isEqualTo(1);
        socket.setSoTimeout(50);
        go.countDown();
        join(connecting);

        assertThat(end.get()).isNull();
        assertThat(socket.getSoTimeout()).isEqualTo(50);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("Read timed out");
        socket.close();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A server that answers nothing, and one in a backlog that nobody accepts from, end the same. */
    @Test
    void close_whileConnecting_endsTheConnect() throws IOException {
        SocksPeer server = silent();
        SocksPeer second = echo();
        Socket socket = factory(server, second).createSocket();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread connecting = new Thread(() -> end.set(catchThrowable(() -> socket.connect(INSIDE))));

        connecting.start();
        await().until(() -> server.visits() == 1);
        socket.close();
        join(connecting);

        assertThat(end.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThat(socket.isClosed()).isTrue();
        assertThat(socket.isConnected()).isFalse();
        assertThat(second.visits()).isZero();
    }

    @Test
    void connect_twiceAtOnce_theSecondWaitsAndFails() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        SocksPeer server = peer(SocksPeer.serving(SocksPeer::echo));
        Socket socket = factory(server).createSocket();
        List<Throwable> ends = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                join(go);
                Throwable end = catchThrowable(() -> socket.connect(INSIDE));
                if (end != null) {
                    ends.add(end);
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        threads.forEach(RoutedSocketTest::join);

        assertThat(ends).hasSize(3).allSatisfy(end -> assertThat(end).isInstanceOf(SocketException.class));
        assertThat(server.visits()).isEqualTo(1);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connect_interruptedPlatformThread_goesOn() throws IOException {
        SocksPeer server = echo();
        Thread.currentThread().interrupt();

        try (Socket socket = factory(server).createSocket("inside.argyle.test", 80)) {
            assertEchoes(socket);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void interrupt_virtualThreadConnects_closes() throws IOException {
        if (!VirtualThreads.exist()) {
            assertThat(Runtime.version().feature()).isLessThan(21);
            return;
        }
        SocksPeer server = silent();
        SocksPeer second = echo();
        Socket socket = factory(server, second).createSocket();
        AtomicReference<Throwable> end = new AtomicReference<>();

        Thread connecting = VirtualThreads.start(() -> end.set(catchThrowable(() -> socket.connect(INSIDE))));
        await().until(() -> server.visits() == 1);
        connecting.interrupt();
        join(connecting);

        assertThat(end.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(second.visits()).isZero();
        assertThatThrownBy(socket::getTrafficClass).isInstanceOf(SocketException.class);
    }

    @Test
    void interrupt_virtualThreadReads_closesTheWhole() throws IOException {
        if (!VirtualThreads.exist()) {
            assertThat(Runtime.version().feature()).isLessThan(21);
            return;
        }
        SocksPeer server = echo();
        Socket socket = factory(server).createSocket("inside.argyle.test", 80);
        AtomicReference<Throwable> end = new AtomicReference<>();
        CountDownLatch reading = new CountDownLatch(1);

        Thread reader = VirtualThreads.start(() -> {
            reading.countDown();
            end.set(catchThrowable(() -> socket.getInputStream().read()));
        });
        join(reading);
        reader.interrupt();
        join(reader);

        assertThat(end.get()).isExactlyInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void onFailureDirect_noServer_connectsDirectly() throws IOException {
        SocksPeer gone = peer(SocksPeer.refusing());
        SocksPeer target = peer(SocksPeer.playing(SocksPeer::echo));

        try (Socket socket = factory("on-failure=direct,log=off,", gone).createSocket("127.0.0.1", target.port())) {
            assertEchoes(socket);
            assertThat(socket.getRemoteSocketAddress()).isEqualTo(target.address());
        }
    }

    @Test
    void read_inAFlightRecording_namesTheTarget(@TempDir Path folder) throws IOException {
        SocksPeer server = echo();
        Path file = folder.resolve("reads.jfr");

        try (Recording recording = new Recording()) {
            recording.enable("jdk.SocketRead").withoutThreshold();
            recording.start();
            try (Socket socket = factory(server).createSocket("inside.argyle.test", 80)) {
                assertEchoes(socket);
            }
            recording.stop();
            recording.dump(file);
        }

        List<String> reads = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            reads.add(event.getString("host") + " " + event.getInt("port"));
        }
        assertThat(reads).containsOnlyOnce("inside.argyle.test 80");
    }

    /** Urgent data is the platform's affair: here the peer takes it out of the stream. */
    @Test
    void sendUrgentData_connected_isSent() throws IOException {
        try (Socket socket = factory(echo()).createSocket("inside.argyle.test", 80)) {
            socket.sendUrgentData(1);
            assertEchoes(socket);
        }
    }
}
