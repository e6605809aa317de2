// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.pingpong.PingPong;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A datagram there and back allocates as much with the agent as without, once the code is compiled. */
class DatagramAllocationIT {
    private static final int DATAGRAMS = 4_000;

    /** Until then the compiler is done, or never. */
    private static final int MOST_MEASUREMENTS = 12;

    /** Far less than one object for each: what the measurement itself, or a rare event, may allocate. */
    private static final double SPARE_OCTETS = 2;

    private static Targets targets;
    private static ScriptedServer server;
    private static Program plain;
    private static Program routed;

    @BeforeAll
    static void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
        int echo = targets.datagramEcho();
        Jvm program = Jvm.of(PingPong.class)
                // it serves all the tests
                .timeout(Duration.ofMinutes(10))
                .arguments(targets.address().getHostAddress(), echo, echo);
        plain = new Program(program.start());
        routed = new Program(program.agent("proxy=127.0.0.1:" + server.port() + ",bypass=none")
                .start());
    }

    @AfterAll
    static void stop() throws Exception {
        plain.process.close();
        routed.process.close();
        server.close();
        targets.close();
    }

    private static final class Program {
        private final JvmProcess process;
        private int measurements;

        Program(JvmProcess process) {
            this.process = process;
        }

        /** Octets for a datagram there and back. */
        double measure(String kind) throws IOException, InterruptedException {
            measurements++;
            process.say("allocation " + kind + " " + DATAGRAMS);
            process.awaitOut("done " + measurements + "\n");
            String last = "";
            for (String line : process.out().lines().toList()) {
                last = line.startsWith("octets ") ? line : last;
            }
            return Double.parseDouble(last.substring("octets ".length()));
        }

        /** The least of several, up to the first that is no more than expected. */
        double least(String kind, double expected) throws IOException, InterruptedException {
            double least = measure(kind);
            for (int i = 1; i < MOST_MEASUREMENTS && least > expected; i++) {
                least = Math.min(least, measure(kind));
            }
            return least;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "connected-socket", "channel", "connected-channel"})
    void datagram_thereAndBack_allocatesNoMoreThanPlain(String kind) throws Exception {
        double expected = plain.least(kind, 0);
        int associations = server.associations().size();

        double octets = routed.least(kind, expected + SPARE_OCTETS);

        assertThat(octets)
                .as(String.format(Locale.ROOT, "octets of %s, plain: %.1f", kind, expected))
                .isLessThanOrEqualTo(expected + SPARE_OCTETS);
        assertThat(server.associations()).hasSizeGreaterThan(associations);
    }
}
