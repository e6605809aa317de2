// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.contract.Contract;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.DatagramTargets;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link ContractProgram} for datagrams: their targets, and a server that carries them. */
final class DatagramContractProgram {
    /** A second name of the targets' address, as unknown to all but the server as {@link ContractProgram#NAME}. */
    static final String OTHER_NAME = "other.test";

    /** From where real servers, too, send to targets. */
    private static final InetAddress OUTBOUND = ScriptedServer.OUTBOUND;

    private static final String TARGETS = "127.0.0.2";
    private static final String DIRECT = "127.0.0.4";

    /** This program's own sockets, the direct targets, and broadcasts, which no server carries. */
    private static final String BYPASS = "none,127.0.0.1," + DIRECT + ",127.255.255.255";

    private static final Duration LONGEST = Duration.ofMinutes(8);

    private final Path directory;
    private Fault[] faults = {};
    private @Nullable Way way;
    private @Nullable String otherServer;
    private boolean allDirect;
    private String only = ".*";

    /** A plain program, until told otherwise; its files go to the directory. */
    DatagramContractProgram(Path directory) {
        this.directory = directory;
    }

    /** The targets' datagrams through the server. */
    DatagramContractProgram routed(Way by) {
        way = by;
        return this;
    }

    /** With the agent's hooks, through another server at 127.0.0.1, which has to know the names too. */
    DatagramContractProgram routedThrough(int port) {
        otherServer = "127.0.0.1:" + port;
        return routed(Way.HOOKS);
    }

    /** What routes lets all the targets go direct. */
    DatagramContractProgram unrouted(Way by) {
        allDirect = true;
        return routed(by);
    }

    DatagramContractProgram faults(Fault... played) {
        faults = played;
        return this;
    }

    /** Only the cases whose whole name matches. */
    DatagramContractProgram only(String regex) {
        only = regex;
        return this;
    }

    /**
     * Runs it to its end. Of the result, the requests are those that the scripted server saw, and the direct visitors
     * are senders that are not the server's address; IPv6 has one for all.
     */
    ContractRun run() throws Exception {
        InetSocketAddress named = new InetSocketAddress(TARGETS, 0);
        try (DatagramTargets targets = DatagramTargets.at(named.getAddress());
                DatagramTargets direct = DatagramTargets.at(InetAddress.getByName(DIRECT));
                DatagramTargets ipv6 = DatagramTargets.at(InetAddress.getByName("::1"));
                ScriptedServer server = ScriptedServer.builder()
                        .name(ContractProgram.NAME, named)
                        .name(OTHER_NAME, named)
                        .faults(faults)
                        .start()) {
            JvmResult result = jvm(server)
                    // few carriers, so that a pinned one is missed
                    .property("jdk.virtualThreadScheduler.parallelism", "2")
                    .property("jdk.virtualThreadScheduler.maxPoolSize", "2")
                    .timeout(LONGEST)
                    .arguments(
                            "contract=datagrams",
                            "host=" + TARGETS,
                            "direct=" + DIRECT,
                            "name=" + ContractProgram.NAME,
                            "otherName=" + OTHER_NAME,
                            "echo=" + targets.echo(),
                            "second=" + targets.second(),
                            "silent=" + targets.silent(),
                            "dead=" + targets.dead(),
                            "echo6=" + ipv6.echo(),
                            "directEcho=" + direct.echo(),
                            "directDead=" + direct.dead(),
                            "only=" + only)
                    .run();
            List<Exchange> requests = server.exchanges();
            return ContractRun.of(
                    result,
                    requests,
                    targets.visitors().stream()
                            .filter(visitor -> !visitor.getAddress().equals(OUTBOUND))
                            .toList());
        }
    }

    private Jvm jvm(ScriptedServer server) throws IOException {
        if (way == null) {
            return Jvm.of(Contract.class).property("jdk.net.hosts.file", hostsFile());
        }
        String proxy = otherServer == null ? "127.0.0.1:" + server.port() : otherServer;
        String bypass = allDirect ? ContractProgram.NAME + "," + OTHER_NAME : BYPASS;
        Jvm jvm = way.jvm(Contract.class, "socks5h://" + proxy, bypass);
        return allDirect || !way.leavesLookUpsToTheServer() ? jvm.property("jdk.net.hosts.file", hostsFile()) : jvm;
    }

    private String hostsFile() throws IOException {
        return Files.write(
                        Files.createTempFile(directory, "hosts", ""),
                        List.of(
                                TARGETS + " " + ContractProgram.NAME,
                                TARGETS + " " + OTHER_NAME,
                                "127.0.0.1 localhost "
                                        + InetAddress.getLocalHost().getHostName()))
                .toString();
    }
}
