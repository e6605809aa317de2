// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.app.Traffic;
import dev.argyle.it.bench.Servers.Service;
import dev.argyle.it.jvm.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A JVM that runs {@link Traffic} and reaches the targets in one way. Confined to one thread; closing it ends the JVM. */
final class TrafficJvm implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** How a program reaches the targets. */
    enum Way {
        DIRECT("direct"),
        FORWARDED("forwarded"),
        JDK("JDK's SOCKS"),
        ARGYLE("Argyle"),
        FACTORIES("Argyle, factories");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        /** The name in a table. */
        String label() {
            return label;
        }
    }

    private final Way way;
    private final Measured program;

    private TrafficJvm(Way way, Measured program) {
        this.way = way;
        this.program = program;
    }

    static TrafficJvm start(Way way, Path home, Options options, Servers servers) throws IOException {
        Jvm jvm = Jvm.of(Traffic.class).home(home).classPath(options.demoJar()).timeout(LONGEST);
        switch (way) {
            case DIRECT -> jvm.arguments(Servers.TARGETS);
            case FORWARDED -> jvm.arguments(Servers.FORWARDERS);
            case JDK -> {
                jvm.property("socksProxyHost", "127.0.0.1");
                jvm.property("socksProxyPort", Integer.toString(servers.socksPort()));
                jvm.arguments(Servers.TARGETS_BEHIND_SOCKS);
            }
            case ARGYLE, FACTORIES -> {
                jvm.options("-javaagent:" + options.agentJar() + "=socks5h://127.0.0.1:" + servers.socksPort()
                        + (way == Way.FACTORIES ? ",hooks=factories" : ""));
                jvm.arguments(Servers.TARGETS_BEHIND_SOCKS);
            }
        }
        for (Service service : List.of(Service.ECHO, Service.SINK, Service.SOURCE)) {
            jvm.arguments(way == Way.FORWARDED ? servers.forwardedPort(service) : servers.port(service));
        }
        return new TrafficJvm(way, new Measured(jvm.start()));
    }

    Way way() {
        return way;
    }

    /**
     * Lets the program measure, and returns its figures.
     *
     * @throws AssertionError if it ends instead
     */
    Map<String, Double> measure(String measurement) throws IOException, InterruptedException {
        return program.measure(measurement);
    }

    @Override
    public void close() throws InterruptedException {
        program.close();
    }
}
