// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ssh -D} of OpenSSH 9, through an sshd of its own: CONNECT; method none.
 *
 * <p>sshd is started with keys made for it, for the user who runs the test. It makes connections to targets from the address
 * that the kernel chooses. As root it wants the directory {@code /run/sshd}, which is made if it is not there.
 */
public final class OpenSsh extends RealServer {
    static final Path SERVER = Path.of("/usr/sbin/sshd");
    static final Path CLIENT = Path.of("/usr/bin/ssh");

    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");
    private static final int KEYGEN_SECONDS = 30;

    private final Daemon server;
    private final Daemon client;

    private OpenSsh(Setting setting) throws IOException, InterruptedException {
        super("openssh", setting, SERVER, CLIENT);
        if (setting.hasUser()) {
            throw new IllegalArgumentException("ssh -D knows no users");
        }
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(PRIVILEGE_SEPARATION);
        }
        makeKey("host");
        makeKey("user");
        InetSocketAddress listening = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        Path configuration = write(
                "sshd_config",
                "ListenAddress 127.0.0.1:" + listening.getPort(),
                "HostKey " + file("host"),
                "AuthorizedKeysFile " + file("user.pub"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PermitRootLogin prohibit-password",
                "LogLevel VERBOSE");
        Path serverLog = file("sshd.log");
        Files.createFile(serverLog);
        Mounts mounts = new Mounts();
        mounts.putHosts(directory(), setting.hosts());
        server = Daemon.start(
                serverLog,
                mounts.around(
                        List.of(SERVER.toString(), "-f", configuration.toString(), "-D", "-E", serverLog.toString())));
        Path clientLog = file("ssh.log");
        Files.createFile(clientLog);
        try {
            server.awaitListening(listening);
            client = Daemon.start(clientLog, clientCommand(listening.getPort()));
        } catch (IOException | AssertionError failure) {
            server.close();
            throw failure;
        }
    }

    private List<String> clientCommand(int serverPort) {
        return List.of(
                CLIENT.toString(),
                // twice: the log names the targets
                "-vv",
                "-N",
                "-F",
                "none",
                "-D",
                "127.0.0.1:" + port(),
                "-p",
                Integer.toString(serverPort),
                "-i",
                file("user").toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "ExitOnForwardFailure=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + file("known_hosts"),
                System.getProperty("user.name") + "@127.0.0.1");
    }

    private void makeKey(String name) throws IOException, InterruptedException {
        Process keygen = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-f",
                        file(name).toString())
                .redirectErrorStream(true)
                .redirectOutput(file("ssh-keygen.log").toFile())
                .start();
        if (!keygen.waitFor(KEYGEN_SECONDS, TimeUnit.SECONDS) || keygen.exitValue() != 0) {
            keygen.destroyForcibly();
            throw new IOException("ssh-keygen failed: " + Files.readString(file("ssh-keygen.log")));
        }
    }

    /** Starts sshd and {@code ssh -D}, and waits until it listens. */
    public static OpenSsh start(Setting setting) throws IOException, InterruptedException {
        OpenSsh openSsh = new OpenSsh(setting);
        try {
            openSsh.client.awaitListening(openSsh.address());
            return openSsh;
        } catch (AssertionError failure) {
            openSsh.close();
            throw failure;
        }
    }

    public static OpenSsh start() throws IOException, InterruptedException {
        return start(Setting.PLAIN);
    }

    @Override
    Daemon daemon() {
        return client;
    }

    @Override
    String connectMark(String host, int targetPort) {
        return "dynamic request: socks5 host " + host + " port " + targetPort + " command 1";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        client.close();
        server.close();
        super.close();
    }
}
