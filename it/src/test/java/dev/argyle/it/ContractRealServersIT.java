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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
            "port 0",
            ContractDifferences.OWN_ADDRESS);

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

    private static final Set<String> CHANNEL_NAMES = Set.of(
            "channel with an unresolved address",
            "channel with an unresolved address of an unknown name",
            "channel's socket with bad arguments",
            "channel's unreachable target, a network's broadcast address",
            "channel to port 0",
            "asynchronous connect with an unresolved address",
            ChannelContractIT.OWN_ADDRESS);

    private static final Set<String> CHANNEL_RESETS =
            Set.of("channel closed with linger 0 seen by the peer", "channel reset seen by the reader");

    private static final Set<String> CHANNEL_HALF_CLOSES = Set.of(
            "asynchronous half close",
            "channel carries 1 MiB both ways",
            "channel carries 1 MiB both ways by a selector",
            "channel carries 1 MiB both ways, direct buffers",
            "channel half closed by the peer",
            "channel half closed, the rest is read",
            "channel scatters and gathers",
            "channel sends and gets a file");

    /** So much a run shows at least: {@code connects} by the server's log. */
    private record Fewest(int cases, int connects) {}

    @TempDir
    private static Path directory;

    private static ContractProgram sockets() {
        return new ContractProgram(directory);
    }

    private static ContractProgram channels() {
        return new ContractProgram(directory).channels();
    }

    private static String others(Set<String> cases) {
        return cases.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?!(", ")$).*"));
    }

    @Test
    void dante_keepsTheContract() throws Exception {
        try (Dante dante = Dante.start(SETTING)) {
            ContractRun run =
                    sockets().routedThrough("127.0.0.1:" + dante.port()).run();

            assertThat(run.directVisitors()).isEmpty();
            assertKept(run, dante, NAMES, DATAGRAMS, URGENT);
        }
    }

    @Test
    void microsocks_withAPassword_keepsTheContract() throws Exception {
        try (Microsocks microsocks = Microsocks.start(SETTING.user("ann", "s3cr3t"))) {
            ContractRun run = sockets()
                    .routedThrough("ann:s3cr3t@127.0.0.1:" + microsocks.port())
                    .run();

            assertThat(run.directVisitors()).isEmpty();
            assertKept(run, microsocks, NAMES, DATAGRAMS, URGENT, RESETS, HALF_CLOSES);
        }
    }

    @Test
    void openSsh_keepsTheContract() throws Exception {
        try (OpenSsh openSsh = OpenSsh.start(SETTING)) {
            ContractRun run =
                    sockets().routedThrough("127.0.0.1:" + openSsh.port()).run();

            assertKept(run, openSsh, NAMES, DATAGRAMS, URGENT, RESETS);
        }
    }

    @Test
    void dante_keepsTheContractOfChannels() throws Exception {
        try (Dante dante = Dante.start(SETTING)) {
            ContractRun run =
                    channels().routedThrough("127.0.0.1:" + dante.port()).run();

            assertThat(run.directVisitors()).isEmpty();
            assertChannelsKept(run, dante, CHANNEL_NAMES);
        }
    }

    @Test
    void microsocks_withAPassword_keepsTheContractOfChannels() throws Exception {
        try (Microsocks microsocks = Microsocks.start(SETTING.user("ann", "s3cr3t"))) {
            // some of them would wait for what is lost
            ContractRun run = channels()
                    .withoutPending()
                    .only(others(CHANNEL_HALF_CLOSES))
                    .routedThrough("ann:s3cr3t@127.0.0.1:" + microsocks.port())
                    .run();

            assertThat(run.directVisitors()).isEmpty();
            assertChannelsKept(run, microsocks, CHANNEL_NAMES, CHANNEL_RESETS, CHANNEL_HALF_CLOSES);
        }
    }

    @Test
    void openSsh_keepsTheContractOfChannels() throws Exception {
        try (OpenSsh openSsh = OpenSsh.start(SETTING)) {
            ContractRun run = channels()
                    .withoutPending()
                    .routedThrough("127.0.0.1:" + openSsh.port())
                    .run();

            assertChannelsKept(run, openSsh, CHANNEL_NAMES, CHANNEL_RESETS);
        }
    }

    @SafeVarargs
    private static void assertKept(ContractRun run, RealServer server, Set<String>... ways) throws Exception {
        assertKept(ContractComparison.plain(directory), run, server, new Fewest(200, 1000), ways);
    }

    @SafeVarargs
    private static void assertChannelsKept(ContractRun run, RealServer server, Set<String>... ways) throws Exception {
        assertKept(ContractComparison.plainChannels(directory), run, server, new Fewest(120, 250), ways);
    }

    /**
     * Compares the cases but for those that the server has its own way with. The targets cannot tell ssh's connections from
     * direct ones, so the log has to be the witness.
     */
    @SafeVarargs
    private static void assertKept(
            ContractRun plain, ContractRun run, RealServer server, Fewest fewest, Set<String>... ways) {
        Map<String, String> differing = new TreeMap<>(run.outcomes());
        differing.entrySet().removeAll(plain.outcomes().entrySet());
        for (Set<String> way : ways) {
            differing.keySet().removeAll(way);
        }
        assertThat(differing).isEmpty();
        assertThat(run.ended()).isTrue();
        assertThat(run.outcomes()).hasSizeGreaterThanOrEqualTo(fewest.cases);
        assertThat(run.outcomes().values()).noneMatch(outcome -> outcome.startsWith("HUNG"));
        assertThat(server.log().lines().filter(line -> line.contains("127.0.0.2")))
                .hasSizeGreaterThanOrEqualTo(fewest.connects);
    }
}
