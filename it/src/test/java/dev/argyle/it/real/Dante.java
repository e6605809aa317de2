// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Dante 1.4 from Debian's {@code dante-server}: CONNECT, BIND and UDP ASSOCIATE; methods none and user/password.
 *
 * <p>Takes root. Its user exists for it alone, in a mount namespace.
 */
public final class Dante extends RealServer {
    static final Path PROGRAM = Path.of("/usr/sbin/danted");

    private final Daemon daemon;

    private Dante(Setting setting) throws IOException, InterruptedException {
        super("dante", setting, PROGRAM);
        Path log = file("log");
        Files.createFile(log);
        Path configuration = write(
                "danted.conf",
                "logoutput: " + log,
                "internal: 127.0.0.1 port = " + port(),
                "external: " + OUTBOUND,
                "external: ::1",
                "clientmethod: none",
                "socksmethod: " + (setting.hasUser() ? "username" : "none"),
                "user.privileged: root",
                "user.unprivileged: nobody",
                "client pass {",
                "  from: 0/0 to: 0/0",
                "}",
                "socks pass {",
                "  from: 0/0 to: 0/0",
                "  command: connect bind udpassociate",
                "  log: connect disconnect error",
                "}",
                "socks pass {",
                "  from: 0/0 to: 0/0",
                "  command: bindreply udpreply",
                "  log: connect disconnect error",
                "}");
        Mounts mounts = new Mounts();
        mounts.putHosts(directory(), setting.hosts());
        if (setting.hasUser()) {
            String name = setting.userName();
            mounts.put(
                    "/etc/passwd",
                    directory(),
                    List.of(
                            "root:x:0:0::/root:/bin/sh",
                            "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin",
                            name + ":x:54321:65534::/nonexistent:/usr/sbin/nologin"));
            mounts.put(
                    "/etc/shadow",
                    directory(),
                    List.of("root:*:::::::", "nobody:*:::::::", name + ":" + crypt(setting.password()) + ":::::::"));
        }
        daemon = Daemon.start(
                log, mounts.around(List.of(PROGRAM.toString(), "-f", configuration.toString(), "-N", "1")));
    }

    /** Starts Dante and waits until it listens. */
    public static Dante start(Setting setting) throws IOException, InterruptedException {
        RealServers.requireRoot();
        Dante dante = new Dante(setting);
        try {
            dante.daemon.awaitListening(dante.address());
            return dante;
        } catch (AssertionError failure) {
            dante.close();
            throw failure;
        }
    }

    public static Dante start() throws IOException, InterruptedException {
        return start(Setting.PLAIN);
    }

    /** Hashes a password as {@code /etc/shadow} wants it, with the crypt of Debian's perl-base; told by a pipe. */
    private static String crypt(String password) throws IOException, InterruptedException {
        Process perl = new ProcessBuilder("perl", "-e", "print crypt(<STDIN>, '$6$argyle$')").start();
        try (var in = perl.getOutputStream()) {
            in.write(password.getBytes(US_ASCII));
        }
        String hash = new String(perl.getInputStream().readAllBytes(), US_ASCII);
        if (perl.waitFor() != 0 || !hash.startsWith("$6$")) {
            throw new IOException("perl cannot hash the password");
        }
        return hash;
    }

    @Override
    Daemon daemon() {
        return daemon;
    }

    @Override
    String connectMark(String host, int targetPort) {
        return " " + host + "." + targetPort + "\n";
    }

    /**
     * Waits until the log tells that a connection to an address has ended, with the octets that went each way.
     *
     * @throws AssertionError if it never does, with the log
     */
    public void awaitDisconnect(String targetAddress, int targetPort, long up, long down) {
        String target = Pattern.quote(" " + targetAddress + "." + targetPort + " -> ");
        Pattern line = Pattern.compile(
                "tcp/connect \\]: " + down + " -> .* -> " + up + ", " + up + " -> .*" + target + down + ": ");
        daemon.awaitLog(line.pattern(), log -> line.matcher(log).find());
    }
}
