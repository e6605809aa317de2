// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** microsocks 1.0 from Debian's {@code microsocks}: CONNECT; methods none and user/password. */
public final class Microsocks extends RealServer {
    static final Path PROGRAM = Path.of("/usr/bin/microsocks");

    private final Daemon daemon;

    private Microsocks(Setting setting) throws IOException {
        super("microsocks", setting, PROGRAM);
        List<String> command = new ArrayList<>(
                List.of(PROGRAM.toString(), "-i", "127.0.0.1", "-p", Integer.toString(port()), "-b", OUTBOUND));
        if (setting.hasUser()) {
            command.addAll(List.of("-u", setting.userName(), "-P", setting.password()));
        }
        Path log = file("log");
        Files.createFile(log);
        Mounts mounts = new Mounts();
        mounts.putHosts(directory(), setting.hosts());
        daemon = Daemon.start(log, mounts.around(command));
    }

    /** Starts microsocks and waits until it listens. */
    public static Microsocks start(Setting setting) throws IOException, InterruptedException {
        Microsocks microsocks = new Microsocks(setting);
        try {
            microsocks.daemon.awaitListening(microsocks.address());
            return microsocks;
        } catch (AssertionError failure) {
            microsocks.close();
            throw failure;
        }
    }

    public static Microsocks start() throws IOException, InterruptedException {
        return start(Setting.PLAIN);
    }

    @Override
    Daemon daemon() {
        return daemon;
    }

    @Override
    String connectMark(String host, int targetPort) {
        return ": connected to " + host + ":" + targetPort + "\n";
    }
}
