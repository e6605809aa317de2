// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network namespace whose default routes lead to a {@link FarNetwork}, so that whatever a program in it sends is a
 * packet on its way, and with tcpdump in it, which sees each. Takes root. Confined to one thread.
 *
 * <p>By itself it is silent, but for what the kernel says to its link in IPv6, which is left out of the trace: the
 * neighbours know each other.
 */
public final class TracedNetwork implements AutoCloseable {
    static final Path TRACER = Path.of("/usr/bin/tcpdump");

    /** A name of the target that the hosts file has. */
    public static final String LISTED = "listed.argyle.test";

    private static final String LINK = "02:00:00:00:00:02";
    private static final String GATEWAY = "203.0.113.1";
    private static final String GATEWAY_6 = "2001:db8:2::1";
    private static final String GATEWAY_LINK = "02:00:00:00:00:01";
    private static final int FIRST_MARK = 20_000;

    /** The kernel keeps a place of this size for each packet: only a few, and so misses some, where it is large. */
    private static final String SNAPSHOT_OCTETS = "256";

    private static final String TOTALS = "tcpdump: ";
    private static final String MISSED = " dropped by kernel\n";
    private static final String NONE_MISSED = ", 0 packets" + MISSED;

    private final FarNetwork far;
    private final Path directory;
    private final String address;
    private final String address6;
    private final Daemon tracer;
    private final String path;
    private int marks;
    private int told;

    private TracedNetwork(FarNetwork far, Path directory, int... ports) throws IOException {
        this.far = far;
        this.directory = directory;
        // not those of an earlier network, whose connections the far end may still try to end
        int host = far.nextHost();
        address = "203.0.113." + host;
        address6 = "2001:db8:2::" + host;
        String servers = IntStream.of(ports).mapToObj(Integer::toString).collect(Collectors.joining(" or "));
        Path log = directory.resolve("trace");
        Files.createFile(log);
        tracer = Daemon.start(
                log,
                List.of(
                        "unshare",
                        "-n",
                        TRACER.toString(),
                        "-i",
                        "any",
                        "-n",
                        "-t",
                        "-l",
                        "--immediate-mode",
                        "-s",
                        SNAPSHOT_OCTETS,
                        "(ip or ip6) and not (tcp and host " + FarNetwork.SERVER + " and port (" + servers
                                + ")) and not (ip6 dst net ff02::/16 and not udp)"));
        path = "/proc/" + tracer.pid() + "/ns/net";
    }

    /**
     * Makes the network and waits until its packets are seen.
     *
     * @param directory for the files, which are left there
     * @param ports of the servers to which connections are left out of the trace
     */
    public static TracedNetwork start(FarNetwork far, Path directory, int... ports)
            throws IOException, InterruptedException {
        TracedNetwork network = new TracedNetwork(far, directory, ports);
        try {
            network.tracer.awaitLog("listens", log -> log.contains("listening on any"));
            network.link();
            network.mark();
            return network;
        } catch (AssertionError | IOException failure) {
            network.tracer.close();
            throw failure;
        }
    }

    /** The near end is the last to be up: it takes packets from then on. */
    private void link() throws IOException, InterruptedException {
        configure(
                path,
                "link set lo up",
                "link add near address " + LINK + " type veth peer name far address " + GATEWAY_LINK + " netns "
                        + far.pid());
        configure(
                far.path(),
                "link set far addrgenmode none",
                "addr add " + GATEWAY + "/24 dev far",
                "addr add " + GATEWAY_6 + "/64 dev far nodad",
                "link set far up",
                "neigh replace " + address + " lladdr " + LINK + " dev far nud permanent",
                "neigh replace " + address6 + " lladdr " + LINK + " dev far nud permanent");
        configure(
                path,
                "link set near addrgenmode none",
                "addr add " + address + "/24 dev near",
                "addr add " + address6 + "/64 dev near nodad",
                "link set near up",
                "neigh replace " + GATEWAY + " lladdr " + GATEWAY_LINK + " dev near nud permanent",
                "neigh replace " + GATEWAY_6 + " lladdr " + GATEWAY_LINK + " dev near nud permanent",
                "route add default via " + GATEWAY,
                "route add ::/0 via " + GATEWAY_6);
    }

    private static void configure(String path, String... commands) throws IOException, InterruptedException {
        run(path, String.join("\n", commands) + "\n", Networks.PROGRAM.toString(), "-batch", "-");
    }

    private static void run(String path, String input, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + path));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", all) + ": " + said);
        }
    }

    /** The command that runs another in this network, with these files of {@code /etc}; the process keeps its id. */
    public String[] command(String resolver) throws IOException {
        Mounts mounts = new Mounts();
        mounts.put("/etc/hosts", directory, List.of("127.0.0.1 localhost", FarNetwork.TARGET + " " + LISTED));
        mounts.put("/etc/nsswitch.conf", directory, List.of("hosts: files dns"));
        mounts.put("/etc/resolv.conf", directory, List.of("nameserver " + resolver, "options timeout:1 attempts:1"));
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + path));
        all.addAll(mounts.around(List.of()));
        return all.toArray(new String[0]);
    }

    /**
     * All that went through the network since it was asked the last time but connections to the servers, a line for
     * each packet.
     *
     * @throws AssertionError if the tracer has missed a packet
     */
    public List<String> packets() throws IOException, InterruptedException {
        int from = told;
        mark();
        // the tracer says on SIGUSR1 how much it has seen
        run(path, "", "sh", "-c", "kill -USR1 " + tracer.pid());
        int end = told;
        tracer.awaitLog("its totals", log -> log.indexOf(MISSED, end) > 0);
        String log = tracer.log();
        if (log.indexOf(NONE_MISSED, end) < 0) {
            throw new AssertionError("The tracer has missed packets:\n" + log);
        }
        return log.substring(from, end)
                .lines()
                .filter(line -> !line.contains(FarNetwork.NOWHERE) && !line.startsWith(TOTALS))
                .toList();
    }

    /** Sends a packet and waits until the trace has it: what was sent before is in the trace then. */
    private void mark() throws IOException, InterruptedException {
        int port = FIRST_MARK + marks++;
        String seen = " > " + FarNetwork.NOWHERE + "." + port + ": ";
        run(path, "", "bash", "-c", "echo > /dev/udp/" + FarNetwork.NOWHERE + "/" + port);
        tracer.awaitLog("the packet" + seen, log -> endOfLine(log, seen) > 0);
        told = endOfLine(tracer.log(), seen);
    }

    /** Where the line ends that contains something; 0 if there is none yet. */
    private static int endOfLine(String log, String part) {
        int at = log.indexOf(part);
        return at < 0 ? 0 : log.indexOf('\n', at) + 1;
    }

    /** Takes the network down, and what still runs in it with it. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            // at once: the kernel takes its time when the last process leaves, and the next network needs the place
            configure(far.path(), "link del far");
        } finally {
            tracer.close();
        }
    }
}
