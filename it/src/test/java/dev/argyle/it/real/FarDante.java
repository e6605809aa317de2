// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Dante in a {@link FarNetwork}: it takes clients at {@link FarNetwork#SERVER}, and connects and listens from there. Takes
 * root.
 */
public final class FarDante implements AutoCloseable {
    /** The port of SOCKS; the network has no other use for it. */
    public static final int PORT = 1080;

    private final Daemon daemon;

    private FarDante(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param directory for the files, which are left there
     * @param name of the target, which it knows
     * @throws org.opentest4j.TestAbortedException if this machine cannot
     */
    public static FarDante start(FarNetwork far, Path directory, String name) throws IOException, InterruptedException {
        RealServers.requireRoot();
        RealServers.require(Dante.PROGRAM);
        Path log = Files.createFile(directory.resolve("dante.log"));
        Path configuration = Files.write(
                directory.resolve("danted.conf"),
                List.of(
                        "logoutput: " + log,
                        "internal: " + FarNetwork.SERVER + " port = " + PORT,
                        "external: " + FarNetwork.SERVER,
                        "clientmethod: none",
                        "socksmethod: none",
                        "user.privileged: root",
                        "user.unprivileged: nobody",
                        "client pass {",
                        "  from: 0/0 to: 0/0",
                        "}",
                        "socks pass {",
                        "  from: 0/0 to: 0/0",
                        "  command: connect bind bindreply",
                        "  log: connect disconnect error",
                        "}"));
        Mounts mounts = new Mounts();
        mounts.putHosts(directory, Map.of(name, FarNetwork.TARGET));
        List<String> command = new ArrayList<>(List.of(far.command()));
        command.addAll(mounts.around(List.of(Dante.PROGRAM.toString(), "-f", configuration.toString(), "-N", "1")));
        FarDante dante = new FarDante(Daemon.start(log, command));
        try {
            dante.daemon.awaitLog("runs", said -> said.contains(" running\n"));
            return dante;
        } catch (AssertionError failure) {
            dante.close();
            throw failure;
        }
    }

    /** How many connections it has made to an address and port. */
    public long connects(String target, int port) {
        return count("tcp/connect \\[: .* " + Pattern.quote(target + "." + port) + "\n");
    }

    /** How often it was asked to listen for a peer: an address or a name, as it was asked for. */
    public long binds(String peer) {
        return count("tcp/bind \\[: .* " + Pattern.quote(peer) + "\\.\\d+\n");
    }

    /** How many connections from an address it has taken where it was asked to listen. */
    public long visits(String peer) {
        return count("tcp/bindreply \\[: " + Pattern.quote(peer) + "\\.");
    }

    private long count(String line) {
        return Pattern.compile(line).matcher(daemon.log()).results().count();
    }

    /** All that it has logged so far. */
    public String log() {
        return daemon.log();
    }

    @Override
    public void close() throws InterruptedException {
        daemon.close();
    }
}
