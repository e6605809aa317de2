// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.server.ForwardServer;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The targets, the SOCKS server and the forwarders to the targets, in a JVM of their own. The SOCKS server and the
 * forwarders pass octets on by the same relay. Confined to one thread; closing it ends the JVM.
 */
final class Servers implements AutoCloseable {
    /** The address of the targets. */
    static final String TARGETS = "127.0.0.2";

    /** The address of the forwarders. */
    static final String FORWARDERS = "127.0.0.1";

    /** The targets' address as the SOCKS server alone knows it: one of RFC 5737, at which there is nothing. */
    static final String TARGETS_BEHIND_SOCKS = "198.51.100.1";

    /** What a target does. */
    enum Service {
        /** Sends back what it gets. */
        ECHO,
        /** Counts what it gets, and says how much at the end. */
        SINK,
        /** Sends without end. */
        SOURCE
    }

    private static final String READY = "ready";
    private static final String SOCKS = "SOCKS";
    private static final String FORWARDED = "FORWARDED_";

    private final JvmProcess process;
    private final Map<String, Integer> ports = new HashMap<>();

    private Servers(JvmProcess process) {
        this.process = process;
    }

    static Servers start(Path demoJar) throws IOException, InterruptedException {
        Servers servers = new Servers(Jvm.of(Servers.class).classPath(demoJar).start());
        servers.process.awaitOut(READY);
        for (String line : servers.process.out().lines().toList()) {
            int space = line.indexOf(' ');
            if (space > 0) {
                servers.ports.put(line.substring(0, space), Integer.valueOf(line.substring(space + 1)));
            }
        }
        return servers;
    }

    int socksPort() {
        return port(SOCKS);
    }

    /** Where a target listens, at its own address and at the one behind the SOCKS server. */
    int port(Service service) {
        return port(service.name());
    }

    /** Where the forwarder to a target listens. */
    int forwardedPort(Service service) {
        return port(FORWARDED + service);
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalStateException("no port " + name + " in " + ports);
        }
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    /** Serves until its standard input ends, which is at the latest when the process that started it does. */
    public static void main(String[] arguments) throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer socks = ScriptedServer.builder().anyOutbound().start()) {
            socks.name(TARGETS_BEHIND_SOCKS, new InetSocketAddress(targets.address(), 0));
            say(SOCKS, socks.port());
            for (Service service : Service.values()) {
                int port = open(service, targets);
                say(service.name(), port);
                say(
                        FORWARDED + service,
                        ForwardServer.fromAnywhereTo(targets.address(port)).port());
            }
            System.out.println(READY);
            while (System.in.read() >= 0) {
                // nothing is said to this process
            }
        }
    }

    private static int open(Service service, Targets targets) throws IOException {
        return switch (service) {
            case ECHO -> targets.echo();
            case SINK -> targets.halfCloser();
            case SOURCE -> targets.source();
        };
    }

    private static void say(String name, int port) {
        System.out.println(name + " " + port);
    }
}
