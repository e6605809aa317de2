// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.real.Dante;
import dev.argyle.it.real.Microsocks;
import dev.argyle.it.real.OpenSsh;
import dev.argyle.it.real.RealServer;
import dev.argyle.it.real.Setting;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract through servers that people run. */
class ContractRealServersIT {
    private static final Setting SETTING = Setting.PLAIN.host(ContractProgram.NAME, "127.0.0.2");

    /** Names are looked up at the server, when the program connects; what it says then is the server's word. */
    private static final Set<String> NAMES = Set.of(
            "unknown name by InetAddress.getByName",
            "unknown name in the constructor",
            "unresolved address of an unknown name",
            "unresolved address of the target",
            "unreachable target, a network's broadcast address",
            "port 0");

    /** What a relay of octets does not pass on. */
    private static final Set<String> URGENT =
            Set.of("urgent data received", "urgent data seen inline by the peer", "urgent data sent");

    /** Datagrams, where a Socket can still send them. */
    private static final Set<String> DATAGRAMS = Set.of("new Socket(host, port, false)");

    /** ssh and microsocks make an end of a reset. */
    private static final Set<String> RESETS =
            Set.of("linger 0 close seen by the peer", "reset seen by a blocked reader", "reset seen by the reader");

    /** microsocks ends both ways when one has ended, with what is under way lost. */
    private static final Set<String> HALF_CLOSES = Set.of(
            "8 MiB both ways",
            "TLS half close",
            "TLS large exchange",
            "one write of 2 MiB",
            "output shut down, the rest is read",
            "skip, mark and transferTo",
            "small buffers set before connect carry data",
            "the peer answers after our half close",
            "the peer half closes and goes on reading",
            "two threads write, one reads",
            "virtual thread connects and reads",
            "writes after a read timeout");

    @TempDir
    private static Path directory;

    private static ContractRun plain;

    @BeforeAll
    static void runPlain() throws Exception {
        plain = ContractComparison.plain(directory);
    }

    @Test
    void dante_keepsTheContract() throws Exception {
        try (Dante dante = Dante.start(SETTING)) {
            ContractRun run = new ContractProgram(directory)
                    .routedThrough("127.0.0.1:" + dante.port())
                    .run();

            assertThat(run.directVisitors()).isEmpty();
            assertKept(run, dante, NAMES, DATAGRAMS, URGENT);
        }
    }

    @Test
    void microsocks_withAPassword_keepsTheContract() throws Exception {
        try (Microsocks microsocks = Microsocks.start(SETTING.user("ann", "s3cr3t"))) {
            ContractRun run = new ContractProgram(directory)
                    .routedThrough("ann:s3cr3t@127.0.0.1:" + microsocks.port())
                    .run();

            assertThat(run.directVisitors()).isEmpty();
            assertKept(run, microsocks, NAMES, DATAGRAMS, URGENT, RESETS, HALF_CLOSES);
        }
    }

    @Test
    void openSsh_keepsTheContract() throws Exception {
        try (OpenSsh openSsh = OpenSsh.start(SETTING)) {
            ContractRun run = new ContractProgram(directory)
                    .routedThrough("127.0.0.1:" + openSsh.port())
                    .run();

            assertKept(run, openSsh, NAMES, DATAGRAMS, URGENT, RESETS);
        }
    }

    /**
     * Compares the cases but for those that the server has its own way with. The targets cannot tell ssh's connections from
     * direct ones, so the log has to be the witness.
     */
    @SafeVarargs
    private static void assertKept(ContractRun run, RealServer server, Set<String>... ways) {
        Map<String, String> differing = new TreeMap<>(run.outcomes());
        differing.entrySet().removeAll(plain.outcomes().entrySet());
        for (Set<String> way : ways) {
            differing.keySet().removeAll(way);
        }
        assertThat(differing).isEmpty();
        assertThat(run.outcomes()).containsOnlyKeys(plain.outcomes().keySet());
        assertThat(run.outcomes().values()).noneMatch(outcome -> outcome.startsWith("HUNG"));
        assertThat(server.log().lines().filter(line -> line.contains("127.0.0.2")))
                .hasSizeGreaterThan(1000);
    }
}
