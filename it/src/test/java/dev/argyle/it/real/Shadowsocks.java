// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * shadowsocks 3.3 from Debian's {@code shadowsocks-libev}: CONNECT and UDP ASSOCIATE; no authentication. Its {@code
 * ss-local} is the SOCKSv5 server, whose datagrams all go through the one port at which it listens; its {@code ss-server}
 * does what is asked for and logs it.
 */
public final class Shadowsocks extends RealServer {
    static final Path LOCAL = Path.of("/usr/bin/ss-local");
    private static final Path SERVER = Path.of("/usr/bin/ss-server");

    /** Keeps nothing secret: both ends are here. */
    private static final String PASSWORD = "loopback";

    private final Daemon local;
    private final Daemon server;
    private final InetSocketAddress between = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());

    private Shadowsocks(Setting setting) throws IOException {
        super("shadowsocks", setting, LOCAL, SERVER);
        Path log = file("log");
        Files.createFile(log);
        Mounts mounts = new Mounts();
        mounts.putHosts(directory(), setting.hosts());
        List<String> common = List.of(
                "-s",
                "127.0.0.1",
                "-p",
                Integer.toString(between.getPort()),
                "-k",
                PASSWORD,
                "-m",
                "aes-256-gcm",
                "-u");
        server = Daemon.start(log, mounts.around(command(SERVER, common, "-b", OUTBOUND, "-v")));
        local = Daemon.start(
                file("local.log"), command(LOCAL, common, "-b", "127.0.0.1", "-l", Integer.toString(port())));
    }

    private static List<String> command(Path program, List<String> common, String... more) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(common);
        command.addAll(List.of(more));
        return command;
    }

    /** Starts both programs and waits until they listen. */
    public static Shadowsocks start(Setting setting) throws IOException, InterruptedException {
        Shadowsocks shadowsocks = new Shadowsocks(setting);
        try {
            shadowsocks.server.awaitListening(shadowsocks.between);
            shadowsocks.local.awaitListening(shadowsocks.address());
            return shadowsocks;
        } catch (AssertionError failure) {
            shadowsocks.close();
            throw failure;
        }
    }

    public static Shadowsocks start() throws IOException, InterruptedException {
        return start(Setting.PLAIN);
    }

    @Override
    Daemon daemon() {
        return server;
    }

    @Override
    String connectMark(String host, int targetPort) {
        return "connect to " + host + ":" + targetPort + "\n";
    }

    /** Waits until the log tells of the first datagram to a target. */
    public void awaitDatagram(String host, int targetPort) {
        awaitLog("[udp] cache miss: " + host + ":" + targetPort + " <-> ");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        local.close();
        super.close();
    }
}
