// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.BindingServer.LISTENS;
import static dev.argyle.transport.BindingServer.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One listening socket at a server, from its first BIND to its close. */
class BindingTest extends DatagramsFixture {
    private static final String ANYBODY = "05020001000000000000";
    private static final String GENERAL_FAILURE = "05010001 00000000 0000";
    private static final String NOT_ALLOWED = "05020001 00000000 0000";

    private BindingServer binding(BindingServer.Answer answer) throws IOException {
        return closed(new BindingServer(answer));
    }

    private BindingServer listening() throws IOException {
        return binding(() -> LISTENS);
    }

    private Binding through(SelectorProvider provider, BindingServer... servers) throws Exception {
        List<String> urls = new ArrayList<>();
        for (BindingServer server : servers) {
            urls.add(server.url());
        }
        Connector connector = connector("proxy=" + String.join(",", urls) + ",bind=*");
        Binding binding = connector.listening().listen(address("0.0.0.0"), 0, provider, true);
        assertThat(binding).isNotNull();
        closed(binding::close);
        return binding;
    }

    private Binding through(BindingServer... servers) throws Exception {
        return through(SelectorProvider.provider(), servers);
    }

    /** This machine's socket, which is told. */
    private ServerSocket told(Binding binding) throws IOException {
        ServerSocket told = closed(new ServerSocket(0, 50, address("127.0.0.1")));
        binding.tellAt((InetSocketAddress) told.getLocalSocketAddress());
        return told;
    }

    /** Once, as the hook does that accepts. */
    private static Binding.Accepted take(ServerSocket told, Binding binding) throws IOException {
        try (Socket teller = told.accept()) {
            return binding.take((InetSocketAddress) teller.getRemoteSocketAddress());
        }
    }

    private Binding.Accepted accept(ServerSocket told, Binding binding) throws IOException {
        binding.begin();
        Binding.Accepted accepted = take(told, binding);
        assertThat(accepted).isNotNull();
        closed(accepted.channel());
        return accepted;
    }

    private static String read(SocketChannel channel, int octets) throws IOException {
        channel.configureBlocking(true);
        ByteBuffer read = ByteBuffer.allocate(octets);
        while (read.hasRemaining() && channel.read(read) >= 0) {
            // until all has come, or it ends
        }
        return new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII);
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    /** Another thread, which runs until it waits, or has done. */
    private static <T> CompletableFuture<T> waiting(Task<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.run());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> result.isDone() || thread.getState() == Thread.State.WAITING);
        return result;
    }

    private static Throwable failure(CompletableFuture<?> result) {
        try {
            result.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("no failure");
    }

    // ---- the first reply

    @Test
    void bound_firstReply_isWhereTheServerListens() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
        assertThat(binding.bound()).as("without another BIND").isEqualTo(at("203.0.113.7", 8000));

        server.assertAsked(ANYBODY);
    }

    @Test
    void begin_twice_asksOnce() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);

        binding.begin();
        binding.begin();

        assertThat(binding.bound()).isNotNull();
        server.assertAsked(ANYBODY);
    }

    @ParameterizedTest
    @CsvSource({
        "05000001 00000000 1F40, 127.0.0.1",
        "05000004 00000000000000000000000000000000 1F40, 127.0.0.1",
        "05000004 20010DB8000000000000000000000007 1F40, 2001:db8::7"
    })
    void bound_addressOfTheReply_isItOrTheServers(String reply, String expected) throws Exception {
        assertThat(through(binding(() -> reply)).bound()).isEqualTo(at(expected, 8000));
    }

    @ParameterizedTest
    @CsvSource({"05000003 0A 626F756E642E74657374 1F40, bound.test:8000", "05000001 CB007107 0000, 203.0.113.7:0"})
    void bound_noAddressToConnectTo_failsInWordsAndCanBeTriedAgain(String reply, String said) throws Exception {
        BindingServer server = binding(() -> reply);
        Binding binding = through(server);

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable: listening for 0.0.0.0:0 (BIND): SOCKS server 127.0.0.1:"
                        + server.port() + ": it listens at " + said + ", which is no address to connect to");
        await().until(() -> server.asked(0).isLeft());
        server.answer(() -> LISTENS);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
    }

    @Test
    void bound_portInUse_isTheJdksException() throws Exception {
        BindingServer server = binding(() -> "05050001 00000000 0000");
        BindingServer second = listening();
        Binding binding = through(server, second);

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(BindException.class)
                .hasMessageStartingWith("Address already in use: listening for 0.0.0.0:0 (BIND): ");
        assertThat(second.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {GENERAL_FAILURE, AssociatingServer.NOT_SUPPORTED})
    void bound_serverThatDoesNotListen_isFollowedByTheNext(String reply) throws Exception {
        BindingServer second = listening();

        assertThat(through(binding(() -> reply), second).bound()).isEqualTo(at("203.0.113.7", 8000));

        assertThat(second.count()).isEqualTo(1);
    }

    @Test
    void bound_twoThreadsAndAFailure_areBothTold() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        BindingServer server = binding(() -> {
            asked.await();
            return NOT_ALLOWED;
        });
        Binding binding = through(server);
        CompletableFuture<InetSocketAddress> one = waiting(binding::bound);
        CompletableFuture<InetSocketAddress> two = waiting(binding::bound);

        asked.countDown();

        assertThat(failure(one)).isExactlyInstanceOf(ConnectException.class);
        assertThat(failure(two)).isExactlyInstanceOf(ConnectException.class);
    }

    @Test
    void bound_failure_hasTheStackOfWhoAsked() throws Exception {
        Binding binding = through(binding(() -> NOT_ALLOWED));

        assertThatThrownBy(binding::bound)
                .extracting(Throwable::getStackTrace)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.array(StackTraceElement[].class))
                .anyMatch(element -> element.getClassName().equals(BindingTest.class.getName()));
    }

    @Test
    void close_whileAsked_endsTheWaitAndTheConnection() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        BindingServer server = binding(() -> {
            never.await();
            return "";
        });
        Binding binding = through(server);
        CompletableFuture<InetSocketAddress> bound = waiting(binding::bound);
        BindingServer.Asked asked = server.asked(0);

        binding.close();

        assertThat(failure(bound)).isExactlyInstanceOf(SocketException.class).hasMessage("Socket closed");
        never.countDown();
        await().until(asked::isLeft);
        binding.begin();
        assertThatThrownBy(binding::bound).hasMessage("Socket closed");
        assertThat(server.count()).isEqualTo(1);
    }

    // ---- the second

    @Test
    void take_peer_isTheOneOfTheReplyAndItsDataFollow() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        server.asked(0).say(PEER + "68656C6C6F");
        Binding.Accepted accepted = accept(told, binding);

        assertThat(accepted.peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(accepted.local()).isEqualTo(at("203.0.113.7", 8000));
        assertThat(accepted.channel().getOption(StandardSocketOptions.SO_KEEPALIVE))
                .as("the program's to set")
                .isFalse();
        assertThat(read(accepted.channel(), 5)).isEqualTo("hello");
        accepted.channel().close();
        await().until(() -> server.asked(0).isLeft());
        assertThat(server.count()).as("the next accept begins").isEqualTo(1);
    }

    @Test
    void take_replyInPieces_isPutTogether() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER.substring(0, 6));
        Binding binding = through(server);
        binding.bound();

        server.asked(0).say(PEER.substring(6));

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void tellAt_peerHasComeBefore_isTold() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void take_stranger_isNobody() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        Socket early = closed(new Socket(told.getInetAddress(), told.getLocalPort()));

        assertThat(take(told, binding)).isNull();
        assertThat(early.getInputStream().read()).isEqualTo(-1);
        server.asked(0).say(PEER);
        Binding.Accepted accepted = accept(told, binding);
        closed(new Socket(told.getInetAddress(), told.getLocalPort()));

        assertThat(accepted.peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(take(told, binding)).isNull();
    }

    @Test
    void take_manyPeers_hasABindForEach() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        for (int i = 0; i < 20; i++) {
            binding.begin();
            server.asked(i).say(PEER);
            assertThat(accept(told, binding).peer()).isEqualTo(at("198.51.100.5", 4711));
        }

        assertThat(server.count()).isEqualTo(20);
    }

    @Test
    void bound_afterAnAccept_beginsAndTellsTheNewPort() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        server.asked(0).say(PEER);
        accept(told(binding), binding);

        server.answer(() -> "05000001 CB007107 1F41");

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8001));
        server.assertAsked(ANYBODY, ANYBODY);
    }

    @Test
    void take_secondReplyFails_throwsAndTheNextBinds() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        server.asked(0).say(NOT_ALLOWED);

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection not allowed: a connection from 0.0.0.0:0 (BIND): SOCKS server ");
        assertThat(server.asked(0).isLeft()).isTrue();

        server.answer(() -> LISTENS + PEER);
        assertThat(accept(told, binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void take_secondReplyHasAName_throwsInWords() throws Exception {
        BindingServer server = binding(() -> LISTENS + "05000003 09 706565722E74657374 1F40");
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable: a connection from 0.0.0.0:0 (BIND): SOCKS server 127.0.0.1:"
                        + server.port() + ": peer.test:8000 has connected, which is no address");
        await().until(() -> server.asked(0).isLeft());
    }

    @Test
    void take_serverEndsInBetween_throwsInWords() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        BindingServer.Asked asked = server.asked(0);
        asked.say("");
        asked.end();

        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageContaining("without the second reply to BIND");
    }

    @Test
    void bound_bindThatFailsLater_isWhereItListenedAndTheAcceptTells() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        accept(told, binding);
        server.answer(() -> NOT_ALLOWED);

        assertThat(binding.bound()).isEqualTo(at("203.0.113.7", 8000));
        assertThatThrownBy(() -> accept(told, binding))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessageStartingWith("Connection not allowed: listening for ");
    }

    @Test
    void begin_afterFailuresInARow_waitsBeforeItAsks() throws Exception {
        BindingServer server = binding(() -> LISTENS + NOT_ALLOWED);
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> accept(told, binding)).isInstanceOf(ConnectException.class);
        }

        assertThat(server.asked(2).atNanos() - server.asked(1).atNanos())
                .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        server.answer(() -> LISTENS + PEER);
        accept(told, binding);
        server.answer(() -> LISTENS + NOT_ALLOWED);
        long before = System.nanoTime();
        assertThatThrownBy(() -> accept(told, binding)).isInstanceOf(ConnectException.class);
        assertThat(System.nanoTime() - before).as("a new row").isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    // ---- telling

    @Test
    void tell_cannotBe_isTriedAgain() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        binding.tellAt(at("203.0.113.99", 9)); // where no socket of this machine can be
        await().until(() -> binding.remainingNanos() != Long.MAX_VALUE);

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
    }

    @Test
    void close_whileItCannotTell_isLookedAtNoMore() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        Binding binding = through(server);
        binding.bound();
        binding.tellAt(at("203.0.113.99", 9));
        await().until(() -> binding.remainingNanos() != Long.MAX_VALUE);

        binding.close();

        await().until(() -> binding.remainingNanos() == Long.MAX_VALUE);
        await().until(() -> server.asked(0).isLeft());
    }

    // ---- the end

    @Test
    void close_listening_endsTheConnection() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);

        binding.close();
        binding.close();

        await().until(() -> server.asked(0).isLeft());
        closed(new Socket(told.getInetAddress(), told.getLocalPort()));
        assertThat(take(told, binding)).isNull();
    }

    @Test
    void close_peerHasCome_endsItsConnection() throws Exception {
        BindingServer server = listening();
        Binding binding = through(server);
        binding.bound();
        ServerSocket told = told(binding);
        server.asked(0).say(PEER);
        try (Socket teller = told.accept()) {
            binding.close();

            assertThat(binding.take((InetSocketAddress) teller.getRemoteSocketAddress()))
                    .isNull();
            assertThat(teller.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> server.asked(0).isLeft());
    }

    @Test
    void close_asThePeerComes_leavesNothingOpen() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        for (int i = 0; i < 50; i++) {
            Binding binding = through(server);
            if (i % 2 == 0) {
                binding.bound();
            } else {
                binding.begin();
            }
            binding.close();
        }

        await().until(() -> {
            for (int i = 0; i < server.count(); i++) {
                if (!server.asked(i).isLeft()) {
                    return false;
                }
            }
            return true;
        });
    }

    // ---- what the platform cannot

    /** The JDK's, which fails where a test says so. */
    private static class Failing extends SelectorProvider {
        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return provider().openDatagramChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return provider().openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return provider().openPipe();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            return provider().openSelector();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return provider().openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return provider().openSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
            return provider().openSocketChannel(family);
        }
    }

    @Test
    void bound_noDescriptorForTheDaemon_fails() throws Exception {
        Binding binding = through(
                new Failing() {
                    @Override
                    public AbstractSelector openSelector() throws IOException {
                        throw new IOException("Too many open files");
                    }
                },
                listening());

        assertThatThrownBy(binding::bound).isInstanceOf(IOException.class).hasMessage("Too many open files");
        binding.close();
        assertThatThrownBy(binding::bound).hasMessage("Socket closed");
    }

    @Test
    void bound_fault_isToldToWhoWaits() throws Exception {
        Binding binding = through(
                new Failing() {
                    @Override
                    public SocketChannel openSocketChannel() {
                        throw new AssertionError("a fault");
                    }
                },
                listening());

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Argyle has failed: java.lang.AssertionError: a fault");
    }

    @Test
    void tell_fault_isTriedAgain() throws Exception {
        BindingServer server = binding(() -> LISTENS + PEER);
        CountDownLatch faults = new CountDownLatch(2);
        Binding binding = through(
                new Failing() {
                    @Override
                    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
                        if (faults.getCount() > 0) {
                            faults.countDown();
                            throw new OutOfMemoryError("a fault");
                        }
                        return super.openSocketChannel(family);
                    }
                },
                server);
        binding.bound();

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(faults.getCount()).isZero();
    }
}
