// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A network namespace with SOCKS servers, a target and a DNS server, at addresses that are set aside for documentation
 * (RFC 5737, RFC 3849). A {@link TracedNetwork} leads to it and to nothing else. Takes root.
 */
public final class FarNetwork implements AutoCloseable {
    /** The address of the SOCKS servers. */
    public static final String SERVER = "192.0.2.1";

    /** The address of the DNS server, which knows the names of the target. */
    public static final String RESOLVER = "192.0.2.53";

    /** An address at which nobody answers DNS queries. */
    public static final String NO_RESOLVER = "192.0.2.54";

    public static final String TARGET = "198.51.100.7";
    public static final String TARGET_6 = "2001:db8:7::7";

    /** A name of the target that one SOCKS server knows, and nobody else. */
    public static final String OTHERS_NAME = "other.argyle.test";

    /** What is sent there vanishes. */
    static final String NOWHERE = "192.0.2.250";

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final String SCRIPT = String.join(
            " && ",
            "ip=" + Networks.PROGRAM,
            "$ip link set lo up",
            "for each in " + String.join(" ", SERVER, RESOLVER, NO_RESOLVER, TARGET)
                    + "; do $ip addr add $each/32 dev lo || exit; done",
            "$ip addr add " + TARGET_6 + "/128 dev lo nodad",
            "$ip route add blackhole " + NOWHERE,
            "exec \"$@\"");

    private final JvmProcess program;
    private final Ports ports;
    private final AtomicInteger hosts = new AtomicInteger(1);

    private FarNetwork(JvmProcess program, Ports ports) {
        this.program = program;
        this.ports = ports;
    }

    /**
     * The ports.
     *
     * @param honest of a SOCKS server that does what it is asked for, and knows the target's names
     * @param other of a SOCKS server like that, which knows {@link #OTHERS_NAME} instead
     * @param refusing at which nothing listens
     * @param closing of a SOCKS server that closes when it has read a greeting
     * @param resetting of a SOCKS server that resets when it has read a request
     * @param echo of the target
     * @param http of the target
     * @param echo6 of the target's IPv6 address
     * @param datagramEcho of the target, for UDP
     * @param datagramEcho6 of the target's IPv6 address, for UDP
     * @param withoutUdp of a SOCKS server that refuses associations
     * @param closingForUdp of a SOCKS server that closes instead of granting one
     * @param cutting of a SOCKS server that cuts each second association after its first datagram
     */
    public record Ports(
            int honest,
            int other,
            int refusing,
            int closing,
            int resetting,
            int echo,
            int http,
            int echo6,
            int datagramEcho,
            int datagramEcho6,
            int withoutUdp,
            int closingForUdp,
            int cutting) {}

    /**
     * Starts the servers.
     *
     * @param names of the target
     * @throws org.opentest4j.TestAbortedException if this machine cannot
     */
    public static FarNetwork start(String... names) throws IOException, InterruptedException {
        RealServers.requireRoot();
        RealServers.require(Networks.PROGRAM, TracedNetwork.TRACER);
        JvmProcess program = Jvm.of(FarProgram.class)
                .under("unshare", "-n", "sh", "-c", SCRIPT, "sh")
                .classPath(classes(), Path.of(System.getProperty("argyle.demo.jar")))
                .timeout(TIMEOUT)
                .arguments((Object[]) names)
                .start();
        try {
            program.awaitOut(".\n");
        } catch (AssertionError failure) {
            program.close();
            throw failure;
        }
        List<Integer> said = Stream.of(
                        program.out().replace("ready ", "").replace(".\n", "").split(" "))
                .map(Integer::valueOf)
                .toList();
        return new FarNetwork(
                program,
                new Ports(
                        said.get(0),
                        said.get(1),
                        said.get(2),
                        said.get(3),
                        said.get(4),
                        said.get(5),
                        said.get(6),
                        said.get(7),
                        said.get(8),
                        said.get(9),
                        said.get(10),
                        said.get(11),
                        said.get(12)));
    }

    private static Path classes() {
        try {
            return Path.of(FarProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public Ports ports() {
        return ports;
    }

    /** The command that runs another in this network; the process keeps its id. */
    public String[] command() {
        return new String[] {"nsenter", "--net=" + path()};
    }

    long pid() {
        return program.pid();
    }

    /** What the address of another host ends with, 2 and more; no two are the same. */
    int nextHost() {
        return hosts.incrementAndGet();
    }

    /** Where the kernel shows the namespace. */
    String path() {
        return "/proc/" + program.pid() + "/ns/net";
    }

    @Override
    public void close() throws InterruptedException {
        program.close();
    }
}
