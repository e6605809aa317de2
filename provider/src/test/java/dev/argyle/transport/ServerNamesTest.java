// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.argyle.route.Server;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerNamesTest {
    private static final long PATIENT_NANOS = MINUTES.toNanos(1);
    private static final long NEVER_OLD = Long.MAX_VALUE;
    private static final long OLD_AT_ONCE = -1;

    /** Answers each look-up when the test says so. */
    private static final class Resolver extends ForwardNames {
        private record Answer(InetAddress... addresses) {}

        final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        volatile Thread thread;

        @Override
        public InetAddress[] lookUp(String host) throws UnknownHostException {
            thread = Thread.currentThread();
            asked.add(host);
            try {
                Answer answer = answers.take();
                if (answer.addresses.length == 0) {
                    throw new UnknownHostException(host + ": not found");
                }
                return answer.addresses;
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        void knows(int lastOctet) {
            answers.add(new Answer(address(lastOctet)));
        }

        void fails() {
            answers.add(new Answer());
        }

        String awaitAsked() throws InterruptedException {
            String host = asked.poll(10, TimeUnit.SECONDS);
            assertThat(host).as("a look-up").isNotNull();
            return host;
        }
    }

    private final Resolver resolver = new Resolver();
    private final ServerState server = state("proxy.test");

    @AfterEach
    void letLookUpsEnd() {
        // the threads wait for good, as daemons; a look-up in being must not hold its test's objects
        resolver.fails();
    }

    private static ServerState state(String host) {
        return new ServerState(new Server(host, 1080, true, null));
    }

    private static InetAddress address(int lastOctet) {
        return Connects.address(lastOctet, 0).getAddress();
    }

    private ServerNames started(long freshForNanos, ServerState... servers) {
        ServerNames names = new ServerNames(resolver, List.of(servers), freshForNanos);
        names.start();
        return names;
    }

    private static <T> FutureTask<T> inBackground(java.util.concurrent.Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future);
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private static Set<Thread> lookUpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("argyle-server-names"))
                .collect(Collectors.toSet());
    }

    @Test
    void start_names_areLookedUpAheadByOneDaemon() throws Exception {
        Set<Thread> before = lookUpThreads();
        ServerNames names = started(NEVER_OLD, server, state("192.0.2.9"), state("other.test"));
        resolver.knows(1);
        resolver.knows(2);

        assertThat(resolver.awaitAsked()).isEqualTo("proxy.test");
        assertThat(resolver.awaitAsked()).isEqualTo("other.test");
        assertThat(names.addresses(server, PATIENT_NANOS)).containsExactly(address(1));
        Set<Thread> added = lookUpThreads();
        added.removeAll(before);
        assertThat(added).containsExactly(resolver.thread);
        assertThat(resolver.thread.isDaemon()).isTrue();
        assertThat(resolver.thread.getContextClassLoader()).isNull();
    }

    @Test
    void start_literalsOnly_makesNoThread() throws Exception {
        Set<Thread> before = lookUpThreads();
        ServerState literal = state("192.0.2.9");
        ServerNames names = started(OLD_AT_ONCE, literal);

        assertThat(names.addresses(literal, 0)).containsExactly(address(9));
        assertThat(lookUpThreads()).isSubsetOf(before);
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    void addresses_firstLookUpTakesTooLong_timesOutThenIsKnown() throws Exception {
        ServerNames names = started(NEVER_OLD, server);
        resolver.awaitAsked();
        long begin = System.nanoTime();

        assertThatThrownBy(() -> names.addresses(server, MILLISECONDS.toNanos(30)))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(30));
        assertThatThrownBy(() -> names.addresses(server, 0)).isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> names.addresses(server, -5)).isInstanceOf(SocketTimeoutException.class);

        resolver.knows(1);
        assertThat(names.addresses(server, PATIENT_NANOS)).containsExactly(address(1));
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    void addresses_oneNameHangs_theOthersAreKnownMeanwhile() throws Exception {
        ServerState hanging = state("hanging.test");
        ServerNames names = started(NEVER_OLD, server, hanging);
        FutureTask<InetAddress[]> waiting = inBackground(() -> names.addresses(server, PATIENT_NANOS));
        resolver.knows(1);

        assertThat(waiting.get()).containsExactly(address(1));
        assertThat(resolver.awaitAsked()).isEqualTo("proxy.test");
        assertThat(resolver.awaitAsked()).isEqualTo("hanging.test");
    }

    @Test
    void addresses_old_areReturnedAtOnceAndLookedUpAgain() throws Exception {
        ServerNames names = started(OLD_AT_ONCE, server);
        resolver.knows(1);
        resolver.awaitAsked();
        assertThat(names.addresses(server, PATIENT_NANOS)).containsExactly(address(1));

        // until the first round is over nothing is old
        await().pollInterval(1, MILLISECONDS).until(() -> {
            assertThat(names.addresses(server, 0)).containsExactly(address(1));
            return !resolver.asked.isEmpty();
        });
        resolver.knows(2);
        await().pollInterval(1, MILLISECONDS).until(() -> names.addresses(server, 0)[0].equals(address(2)));
    }

    @Test
    void addresses_fresh_areNotLookedUpAgain() throws Exception {
        ServerNames names = started(MINUTES.toNanos(10), server);
        resolver.knows(1);
        resolver.awaitAsked();

        for (int i = 0; i < 1000; i++) {
            assertThat(names.addresses(server, PATIENT_NANOS)).containsExactly(address(1));
        }
        assertThat(resolver.asked).isEmpty();
    }

    @Test
    void addresses_oldAndNowUnknown_stay() throws Exception {
        ServerNames names = started(OLD_AT_ONCE, server);
        resolver.knows(1);
        resolver.awaitAsked();
        names.addresses(server, PATIENT_NANOS);
        await().pollInterval(1, MILLISECONDS).until(() -> {
            names.addresses(server, 0);
            return !resolver.asked.isEmpty();
        });
        resolver.fails();

        await().pollInterval(1, MILLISECONDS).until(() -> server.unknown() != null);
        assertThat(names.addresses(server, 0)).containsExactly(address(1));
    }

    @Test
    void addresses_failedBefore_areLookedUpAgainAndRecover() throws Exception {
        ServerNames names = started(NEVER_OLD, server);
        // the second for the look-up that the call makes if it comes after the first
        resolver.fails();
        resolver.fails();
        assertThatThrownBy(() -> names.addresses(server, PATIENT_NANOS))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("proxy.test")
                .hasRootCauseMessage("proxy.test: not found");

        resolver.knows(1);
        await().ignoreException(UnknownHostException.class)
                .untilAsserted(
                        () -> assertThat(names.addresses(server, PATIENT_NANOS)).containsExactly(address(1)));
    }

    @Test
    void addresses_interrupted_waitsOnAndKeepsTheInterrupt() throws Exception {
        ServerNames names = started(NEVER_OLD, server);
        resolver.awaitAsked();
        CountDownLatch asking = new CountDownLatch(1);
        AtomicReference<InetAddress[]> known = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            asking.countDown();
            try {
                known.set(names.addresses(server, PATIENT_NANOS));
            } catch (UnknownHostException | SocketTimeoutException e) {
                throw new AssertionError(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        asking.await();
        thread.interrupt();
        // it is back in the wait, and the interrupt is with it
        await().pollInterval(1, MILLISECONDS).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        resolver.knows(1);
        thread.join();
        assertThat(known.get()).containsExactly(address(1));
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void addresses_manyWait_forOneLookUp() throws Exception {
        ServerNames names = started(NEVER_OLD, server);
        List<FutureTask<InetAddress[]>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(inBackground(() -> names.addresses(server, PATIENT_NANOS)));
        }
        resolver.awaitAsked();
        resolver.knows(1);

        for (FutureTask<InetAddress[]> each : waiting) {
            assertThat(each.get()).containsExactly(address(1));
        }
        assertThat(resolver.asked).isEmpty();
    }
}
