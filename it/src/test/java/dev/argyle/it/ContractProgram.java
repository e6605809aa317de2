// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.contract.Contract;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The contract's program to be: says how it runs, then runs it against targets and a server of its own. */
final class ContractProgram {
    /** A name of the targets' address, which the hosts file has or else only the server knows. */
    static final String NAME = "target.test";

    static final String PASSWORD = "changeit";
    private static final Duration LONGEST = Duration.ofMinutes(8);

    private final Path directory;
    private String contract = "sockets";
    private Fault[] faults = {};
    private @Nullable String otherServer;
    private @Nullable Way way;
    private boolean byRecords;
    private boolean loopbackRouted;
    private boolean authenticated;
    private boolean unreachableServer;
    private String pending = "too";
    private boolean deadServer;
    private boolean refusedByTheServer;
    private String only = ".*";

    /** A plain program, until told otherwise; its files go to the directory. */
    ContractProgram(Path directory) {
        this.directory = directory;
    }

    /** The contract of channels and selectors in the place of that of sockets. */
    ContractProgram channels() {
        contract = "channels";
        return this;
    }

    /** All connections through the server, which alone knows the name if look-ups are left to it. */
    ContractProgram routed(Way by) {
        way = by;
        loopbackRouted = true;
        return this;
    }

    /** With the agent's hooks, through another server, given as {@code [user:password@]host:port}, which has to know the name too. */
    ContractProgram routedThrough(String server) {
        otherServer = server;
        return routed(Way.HOOKS);
    }

    /**
     * As with the agent's hooks, by a file of records instead of a server for all, with each address converted to its name
     * in the hosts file first, and with stand-ins of IPv6.
     */
    ContractProgram routedByRecords() {
        byRecords = true;
        return routed(Way.HOOKS);
    }

    /** What routes lets loopback, that is all the targets, go direct. */
    ContractProgram unrouted(Way by) {
        way = by;
        return this;
    }

    /** The server asks for a user name and a password. */
    ContractProgram authenticated() {
        authenticated = true;
        return this;
    }

    ContractProgram faults(Fault... played) {
        faults = played;
        return this;
    }

    /** The server's own port never completes a connection. */
    ContractProgram unreachableServer() {
        unreachableServer = true;
        return this;
    }

    /** Nothing listens at the server's port. */
    ContractProgram deadServer() {
        deadServer = true;
        return this;
    }

    /** The target of whatever is to be refused would take it: that is for the server to do. */
    ContractProgram refusedByTheServer() {
        refusedByTheServer = true;
        return this;
    }

    /** Only the cases whose connects never end, which a server that never answers must not change. */
    ContractProgram pendingOnly() {
        pending = "only";
        return this;
    }

    /** Only the other cases, which do not wait. */
    ContractProgram withoutPending() {
        pending = "none";
        return this;
    }

    /** Only the cases whose whole name matches. */
    ContractProgram only(String regex) {
        only = regex;
        return this;
    }

    ContractRun run() throws Exception {
        ScriptedServer.Builder builder = ScriptedServer.builder().faults(faults);
        if (authenticated) {
            builder.user("contract", PASSWORD);
        }
        try (Targets targets = Targets.start();
                ScriptedServer server = builder.name(NAME, new InetSocketAddress(targets.address(), 0))
                        .start()) {
            Jvm jvm = jvm(targets, server);
            if (!loopbackRouted || byRecords || (way != null && !way.leavesLookUpsToTheServer())) {
                jvm.property(
                        "jdk.net.hosts.file",
                        hostsFile(directory, targets.address().getHostAddress()).toString());
            }
            // few carriers, so that a pinned one is missed
            jvm.property("jdk.virtualThreadScheduler.parallelism", "2")
                    .property("jdk.virtualThreadScheduler.maxPoolSize", "2")
                    .timeout(LONGEST)
                    .arguments(
                            "contract=" + contract,
                            "host=" + targets.address().getHostAddress(),
                            "name=" + NAME,
                            "keystore=" + keyStore(directory, targets.address().getHostAddress()),
                            "password=" + PASSWORD,
                            "echo=" + targets.echo(),
                            "silent=" + targets.silent(),
                            "refused=" + (refusedByTheServer ? targets.echo() : targets.refused()),
                            "stalled=" + targets.full(),
                            "only=" + only,
                            "pending=" + pending);
            return ContractRun.of(jvm.run(), server.connects(), targets.directVisitors());
        }
    }

    private Jvm jvm(Targets targets, ScriptedServer server) throws IOException {
        if (way == null) {
            return Jvm.of(Contract.class);
        }
        InetSocketAddress proxy = server.address();
        if (unreachableServer) {
            proxy = targets.address(targets.full());
        } else if (deadServer) {
            proxy = targets.address(targets.refused());
        }
        String scripted = (authenticated ? "contract:" + PASSWORD + "@" : "")
                + proxy.getAddress().getHostAddress() + ":" + proxy.getPort();
        if (byRecords) {
            Path file = Files.write(
                    directory.resolve("routes"),
                    List.of("0.0.0.0/0 " + scripted, "::/0 " + scripted, "est " + scripted, ".invalid " + scripted));
            return Jvm.of(Contract.class)
                    .agent("routes=" + file + ",bypass=none,names.range=100::/64,names.local=none");
        }
        return way.jvm(
                Contract.class,
                "socks5h://" + (otherServer == null ? scripted : otherServer),
                loopbackRouted ? "none" : NAME);
    }

    /** The files are of all programs with the directory, and some of these may begin at the same time. */
    private static synchronized Path hostsFile(Path directory, String address) throws IOException {
        Path file = directory.resolve("hosts");
        if (Files.exists(file)) {
            return file;
        }
        return Files.write(
                file,
                List.of(
                        address + " " + NAME,
                        // the JDK's reader of this file does not fold case
                        address + " " + NAME.toUpperCase(Locale.ROOT),
                        "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName()));
    }

    /** A certificate for both sides of TLS, made once by keytool. */
    static synchronized Path keyStore(Path directory, String address) throws IOException, InterruptedException {
        Path store = directory.resolve("keys.p12");
        if (Files.exists(store)) {
            return store;
        }
        Path log = directory.resolve("keytool.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "target",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + NAME,
                        "-ext",
                        "san=dns:" + NAME + ",ip:" + address,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool: " + Files.readString(log));
        }
        return store;
    }
}
