// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.contract.Contract;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ContractProgram} for what listens: the address at which the plain program does is that of the server, so that
 * both say the same.
 */
final class ListenContractProgram {
    /** What no rule of these tests is for, and whose route is direct. */
    private static final String LOCAL = "127.0.0.5";

    private static final Duration LONGEST = Duration.ofMinutes(8);

    private final Path directory;
    private Fault[] faults = {};
    private List<Fault[]> first = List.of();
    private @Nullable String bind;
    private @Nullable String otherServer;
    private String only = ".*";

    /** A plain program, until told otherwise; its files go to the directory. */
    ListenContractProgram(Path directory) {
        this.directory = directory;
    }

    /** With the agent, and this value of the key. */
    ListenContractProgram bind(String rules) {
        bind = rules;
        return this;
    }

    /** Through another server at 127.0.0.1. */
    ListenContractProgram through(int port) {
        otherServer = "127.0.0.1:" + port;
        return this;
    }

    ListenContractProgram faults(Fault... played) {
        faults = played;
        return this;
    }

    /** For the first requests, one after the other. */
    ListenContractProgram faultsOfFirst(List<Fault[]> played) {
        first = played;
        return this;
    }

    /** Only the cases whose whole name matches. */
    ListenContractProgram only(String regex) {
        only = regex;
        return this;
    }

    /**
     * Runs it to its end. Of the result, the requests are those that the scripted server saw, and the direct visitors
     * are those that asked for visits past the server.
     */
    ContractRun run() throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.builder().faults(faults).start()) {
            for (Fault[] each : first) {
                server.faultsForNext(1, each);
            }
            Jvm jvm = Jvm.of(Contract.class);
            if (bind != null) {
                jvm.agent("proxy=socks5h://" + (otherServer == null ? "127.0.0.1:" + server.port() : otherServer)
                        + ",bypass=none," + LOCAL + ",bind=" + bind);
            }
            int visit = targets.visit();
            String host = targets.address().getHostAddress();
            // few carriers, so that a pinned one is missed
            jvm.property("jdk.virtualThreadScheduler.parallelism", "2")
                    .property("jdk.virtualThreadScheduler.maxPoolSize", "2")
                    .timeout(LONGEST)
                    .arguments(
                            "contract=listening",
                            "host=" + host,
                            "listen=" + ScriptedServer.OUTBOUND.getHostAddress(),
                            "local=" + LOCAL,
                            "keystore=" + ContractProgram.keyStore(directory, host),
                            "password=" + ContractProgram.PASSWORD,
                            "echo=" + targets.echo(),
                            "visit=" + visit,
                            "only=" + only);
            return ContractRun.of(
                    jvm.run(),
                    server.exchanges(),
                    targets.visitors(visit).stream()
                            .filter(visitor -> !visitor.getAddress().equals(ScriptedServer.OUTBOUND))
                            .toList());
        }
    }
}
