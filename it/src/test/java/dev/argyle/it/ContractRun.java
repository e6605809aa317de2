// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.contract.Contract;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of the contract's program against targets of its own, plain or hooked.
 *
 * @param outcomes by case, in the program's order
 * @param visitors who reached the program's own listeners, by case
 * @param connects the CONNECT requests that the server saw
 * @param directVisitors who reached the targets and did not come from the server
 */
record ContractRun(
        JvmResult result,
        Map<String, String> outcomes,
        Map<String, Set<String>> visitors,
        List<Exchange> connects,
        List<InetSocketAddress> directVisitors) {

    /** A name of the targets' address: the plain program's hosts file has it, else only the server knows it. */
    static final String NAME = "target.test";

    private static final String PASSWORD = "changeit";
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** Runs the program as it is; its names come from a hosts file. */
    static ContractRun plain(Path directory) throws Exception {
        return run(directory, null);
    }

    /** Runs the same program with the agent, which routes loopback too, through the scripted server. */
    static ContractRun hooked(Path directory) throws Exception {
        return run(directory, "");
    }

    /** The same through another server, given as {@code [user:password@]host:port}. */
    static ContractRun hooked(Path directory, String proxy) throws Exception {
        return run(directory, proxy);
    }

    private static ContractRun run(Path directory, @Nullable String proxy) throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.builder()
                        .name(NAME, new InetSocketAddress(targets.address(), 0))
                        .start()) {
            Jvm jvm = Jvm.of(Contract.class)
                    // few carriers, so that a pinned one is missed
                    .property("jdk.virtualThreadScheduler.parallelism", "2")
                    .property("jdk.virtualThreadScheduler.maxPoolSize", "2")
                    .timeout(LONGEST)
                    .arguments(
                            "host=" + targets.address().getHostAddress(),
                            "name=" + NAME,
                            "keystore=" + keyStore(directory, targets.address().getHostAddress()),
                            "password=" + PASSWORD,
                            "echo=" + targets.echo(),
                            "silent=" + targets.silent(),
                            "refused=" + targets.refused(),
                            "stalled=" + targets.full());
            if (proxy == null) {
                jvm.property("jdk.net.hosts.file", hostsFile(directory, targets).toString());
            } else {
                String through = proxy.isEmpty() ? "127.0.0.1:" + server.port() : proxy;
                jvm.agent("proxy=socks5h://" + through + ",bypass=none");
            }
            JvmResult result = jvm.run();
            Map<String, String> outcomes = new LinkedHashMap<>();
            Map<String, Set<String>> visitors = new LinkedHashMap<>();
            for (String line : result.lines()) {
                int separator = line.indexOf(": ");
                if (line.startsWith("case ")) {
                    outcomes.put(line.substring("case ".length(), separator), line.substring(separator + 2));
                } else if (line.startsWith("visitor ")) {
                    visitors.computeIfAbsent(line.substring("visitor ".length(), separator), key -> new TreeSet<>())
                            .add(line.substring(separator + 2));
                }
            }
            return new ContractRun(result, outcomes, visitors, server.connects(), targets.directVisitors());
        }
    }

    private static Path hostsFile(Path directory, Targets targets) throws IOException {
        String address = targets.address().getHostAddress();
        return Files.write(
                directory.resolve("hosts"),
                List.of(
                        address + " " + NAME,
                        // the JDK's reader of this file does not fold case
                        address + " " + NAME.toUpperCase(java.util.Locale.ROOT),
                        "127.0.0.1 localhost "
                                + java.net.InetAddress.getLocalHost().getHostName()));
    }

    /** A certificate for both sides of TLS, made once by keytool. */
    private static Path keyStore(Path directory, String address) throws IOException, InterruptedException {
        Path store = directory.resolve("keys.p12");
        if (Files.exists(store)) {
            return store;
        }
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
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
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool: " + Files.readString(directory.resolve("keytool.log")));
        }
        return store;
    }
}
