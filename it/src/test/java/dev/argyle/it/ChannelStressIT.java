// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.app.stress.Crowd;
import dev.argyle.it.app.stress.Stress;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Channels and selectors with threads that get in each other's way, and very many of them at once. */
class ChannelStressIT {
    /** Of racing, in each of the runs, which go on at the same time. */
    private static final int SECONDS = 20;

    private static final int PLAIN_SECONDS = 3;
    private static final int THREADS = 3;
    private static final int FEWEST_ROUNDS_IN_A_SECOND = 10;
    private static final int FAILING_SERVERS = 12;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MOST_RETURNS = 5;
    private static final int MOST_CPU_MILLIS = 40;

    private static final int CROWD = 10_000;
    private static final String CROWD_HEAP = "-Xmx64m";

    /** Those that any program has. */
    private static final Set<String> THREADS_OF_THE_JVM = Set.of(
            "main (no daemon)",
            "Reference Handler",
            "Finalizer",
            "Signal Dispatcher",
            "Notification Thread",
            "Service Thread",
            "Common-Cleaner");

    private static final int MOST_THREADS = 3;

    private enum Steps {
        /** Up to which another server is asked. */
        BEFORE_THE_REQUEST(Step.ACCEPTED, Step.GREETING_READ, Step.METHOD_SENT),
        ALL(Step.ACCEPTED, Step.GREETING_READ, Step.METHOD_SENT, Step.REQUEST_READ, Step.TARGET_TRIED);

        private final List<Step> steps;

        Steps(Step... steps) {
            this.steps = List.of(steps);
        }

        Step any(Random random) {
            return steps.get(random.nextInt(steps.size()));
        }
    }

    /** Half of the connections go well, some slowly; the others fail in one of all ways. */
    private static Supplier<List<Fault>> everyFate() {
        Random random = new Random();
        return () -> switch (random.nextInt(16)) {
            case 0 -> List.of(Fault.close(Steps.ALL.any(random)));
            case 1 -> List.of(Fault.reset(Steps.ALL.any(random)));
            case 2 -> List.of(Fault.garbage());
            case 3 -> List.of(Fault.http());
            case 4 -> List.of(new Fault.CutReply(random.nextInt(10), Ending.CLOSE));
            case 5 -> List.of(Fault.reply(1 + random.nextInt(9)));
            case 6 -> List.of(Fault.silence(Steps.ALL.any(random)));
            case 7, 8 -> List.of(Fault.drip());
            default -> List.of();
        };
    }

    /** One connection of eight ends early; so much the client forgives a server once. */
    private static Supplier<List<Fault>> earlyEnds() {
        Random random = new Random();
        return () -> switch (random.nextInt(24)) {
            case 0 -> List.of(Fault.close(Steps.BEFORE_THE_REQUEST.any(random)));
            case 1 -> List.of(Fault.reset(Steps.BEFORE_THE_REQUEST.any(random)));
            case 2 -> List.of(Fault.silence(Step.GREETING_READ));
            default -> List.of();
        };
    }

    private static ScriptedServer server(Supplier<List<Fault>> faults) throws Exception {
        return ScriptedServer.builder().anyOutbound().faultsOfEach(faults).start();
    }

    /** So that its word counts below. */
    @Test
    void plain_keepsEveryPromise() throws Exception {
        try (Race race = new Race("plain", PLAIN_SECONDS, "stalled")) {
            race.assertKept();
        }
    }

    /** All of them at the same time. */
    @TestFactory
    Stream<DynamicTest> routed_keepsEveryPromise() throws Exception {
        List<Race> races = new ArrayList<>();
        races.add(new Race("through a server that works", SECONDS, "stalled", server(List::of)));
        races.add(new Race("through a slow server", SECONDS, "stalled", server(() -> List.of(Fault.drip()))));
        races.add(new Race("through a server that fails in each way", SECONDS, "failures", server(everyFate())));
        races.add(new Race("through servers that fail one after the other", SECONDS, "none", failingServers()));
        return races.stream()
                .map(race -> dynamicTest(race.name, () -> {
                    try (race) {
                        race.assertKept();
                        race.assertNothingDirect();
                    }
                }));
    }

    private static ScriptedServer[] failingServers() throws Exception {
        List<ScriptedServer> servers = new ArrayList<>();
        for (int i = 0; i < FAILING_SERVERS; i++) {
            servers.add(server(earlyEnds()));
        }
        servers.get(0).refuse();
        servers.add(server(List::of));
        return servers.toArray(ScriptedServer[]::new);
    }

    /** The crowd's program, its server and its targets. */
    @Test
    void crowd_plain_isServed() throws Exception {
        try (Targets targets = Targets.start()) {
            JvmResult result = Jvm.of(Crowd.class)
                    .options(CROWD_HEAP)
                    .timeout(LONGEST)
                    .arguments(targets.address().getHostAddress(), targets.echo(), CROWD)
                    .run();

            assertServed(result);
        }
    }

    /** All of them are in the handshake, then all are connected, on the one thread that selects. */
    @Test
    void crowd_routed_isServed() throws Exception {
        Gate gate = new Gate();
        try (ScriptedServer server = ScriptedServer.builder()
                        .echoes()
                        .faults(new Fault.Hold(Step.REQUEST_READ, gate))
                        .start();
                JvmProcess process = Jvm.of(Crowd.class)
                        // the first of them wait for the last
                        .agent("proxy=127.0.0.1:" + server.port()
                                + ",bypass=none,connect.timeout=10m,handshake.timeout=10m")
                        .options(CROWD_HEAP)
                        .timeout(LONGEST)
                        .arguments("127.0.0.2", 7, CROWD)
                        .start()) {
            await().atMost(LONGEST)
                    .pollInterval(Duration.ofMillis(200))
                    .failFast(() -> assertThat(process.err()).doesNotContain("Exception", "Error"))
                    .untilAsserted(() -> assertThat(server.connects()).hasSize(CROWD));
            process.awaitOut("begun\n");
            assertThat(process.out()).isEqualTo("begun\n");
            gate.open();

            assertServed(process.await());
        }
    }

    private static void assertServed(JvmResult result) {
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.lines())
                .contains("heard " + CROWD, "end")
                .anyMatch(line -> line.matches("connected " + CROWD + " threads=[0-9]"));
    }

    /** One run of the program: its targets, its servers, and what it has said. */
    private static final class Race implements AutoCloseable {
        private final String name;
        private final int seconds;
        private final List<ScriptedServer> servers;
        private final Targets targets = Targets.start();
        private final JvmProcess process;
        private JvmResult result = new JvmResult(-1, "", "");

        /** Starts it; {@code stalled} has a target that never answers, {@code failures} are allowed. */
        Race(String name, int seconds, String with, ScriptedServer... servers) throws Exception {
            this.name = name;
            this.seconds = seconds;
            this.servers = List.of(servers);
            Jvm jvm = Jvm.of(Stress.class)
                    .timeout(LONGEST)
                    .arguments(
                            "host=" + targets.address().getHostAddress(),
                            "first=" + targets.speaksFirst("hello"),
                            "echo=" + targets.echo(),
                            "closer=" + targets.closer(),
                            "refused=" + targets.refused(),
                            "seconds=" + seconds,
                            "threads=" + THREADS);
            StringBuilder agent = new StringBuilder();
            for (ScriptedServer server : servers) {
                agent.append(agent.isEmpty() ? "proxy=" : ",").append("socks5h://127.0.0.1:" + server.port());
            }
            // a server that is silent is not waited for, and one that works must not be late on a loaded machine
            switch (with) {
                case "stalled" -> jvm.arguments("stalled=" + targets.full());
                case "failures" -> {
                    agent.append(",connect.timeout=300ms,handshake.timeout=600ms");
                    jvm.arguments("failures=yes");
                }
                default -> agent.append(",connect.timeout=1s");
            }
            if (servers.length > 0) {
                jvm.agent(agent + ",bypass=none");
            }
            process = jvm.start();
        }

        void assertKept() throws InterruptedException {
            result = process.await();
            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.lines()).as(result.toString()).contains("failures 0", "left descriptors 0", "end");
            assertThat(number("wakeups ")).isPositive();
            // a direct connect is over too soon for that to be sure
            assertThat(number("too early ")).isGreaterThan(servers.isEmpty() ? -1 : 0);
            assertThat(number("rounds ")).isGreaterThan((long) seconds * FEWEST_ROUNDS_IN_A_SECOND);
            assertThat(result.lines())
                    .filteredOn(line -> line.startsWith("scenario "))
                    .isNotEmpty()
                    // those that end a connect by themselves may always be the first
                    .allMatch(
                            line -> line.contains("connected") || line.matches("scenario .*(closed|cancelled).*: .*"));
            assertThat(line("left threads ").split(", "))
                    .filteredOn(thread -> !THREADS_OF_THE_JVM.contains(thread))
                    .hasSizeLessThanOrEqualTo(servers.isEmpty() ? 0 : MOST_THREADS)
                    .allMatch(thread -> thread.startsWith("argyle-") && !thread.endsWith("(no daemon)"));
            result.lines().stream()
                    .filter(line -> line.startsWith("idle "))
                    .forEach(line -> assertIdle(line.split("[ =]")));
        }

        private static void assertIdle(String... words) {
            assertThat(Long.parseLong(words[2])).as("returns of select").isLessThanOrEqualTo(MOST_RETURNS);
            assertThat(Long.parseLong(words[4]))
                    .as("CPU of the selecting thread")
                    .isLessThan(MOST_CPU_MILLIS);
            assertThat(Long.parseLong(words[6])).as("CPU of all threads").isLessThan(MOST_CPU_MILLIS);
        }

        private String line(String beginning) {
            return result.lines().stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line " + beginning + " in " + result))
                    .substring(beginning.length());
        }

        private long number(String beginning) {
            return Long.parseLong(line(beginning));
        }

        /** Whoever visited the targets was one of the servers' connections, some of which may be on their way still. */
        void assertNothingDirect() {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(visitors()).isEqualTo(outbound()));
        }

        private Map<InetSocketAddress, Long> visitors() {
            return targets.allVisitors().stream().collect(groupingBy(identity(), counting()));
        }

        private Map<InetSocketAddress, Long> outbound() {
            return servers.stream()
                    .flatMap(server -> server.connects().stream())
                    .map(Exchange::outbound)
                    .filter(Objects::nonNull)
                    .collect(groupingBy(identity(), counting()));
        }

        @Override
        public void close() throws Exception {
            process.close();
            for (ScriptedServer server : servers) {
                server.close();
            }
            targets.close();
        }
    }
}
